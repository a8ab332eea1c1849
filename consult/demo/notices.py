"""What the demo's participants are told about their data."""

from __future__ import annotations

from consult.demo import content
from consult.privacy import service as privacy
from consult.privacy.template import suggested
from consult.privacy.words import USUAL_RIGHTS
from consult.processes.models import Activity


def notice(facts: content.DemoNotice, activity: Activity) -> privacy.Particulars:
    """What the demo's participants are told: its own words, else the usual ones."""
    usual = suggested(activity)
    further = {name: usual[name] for name in ("recipients", "transfers", "automated", "source")}
    return privacy.Particulars(
        controller=facts.controller,
        purpose=facts.purpose,
        basis=facts.basis,
        special=facts.special,
        rights=USUAL_RIGHTS,
        contact=facts.contact,
        months=facts.months,
        **further,
    )
