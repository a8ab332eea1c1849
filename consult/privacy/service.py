"""Writing the notice of an activity."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.text import LocalisedText
from consult.privacy.models import Notice
from consult.processes.models import Activity
from consult.processes.service import lock

LONGEST: Final = 120
"""Months for which responses can be kept at most."""


def write(
    session: Session,
    activity: Activity,
    *,
    controller: LocalisedText,
    purpose: LocalisedText,
    contact: str,
    months: int,
    by: Actor | None,
    now: dt.datetime,
) -> Notice:
    """Write an activity's notice or change it; before opening it may be incomplete.

    Refuses `privacy.months` (outside 1–120), `privacy.months.promised` (longer than was said to whoever could answer
    already), and while people can answer `privacy.incomplete` for every locale in
    which a text or the contact would be missing.
    """
    lock(session, activity)
    found = []
    notice = session.get(Notice, activity.id) or Notice(activity_id=activity.id)
    if not 1 <= months <= LONGEST:
        found.append(Problem("privacy.months", {"longest": LONGEST}, Place(field="months")))
    elif activity.state(now) in ("open", "closed") and notice.months is not None and months > notice.months:
        found.append(Problem("privacy.months.promised", {"longest": notice.months}, Place(field="months")))
    if activity.state(now) in ("scheduled", "open"):
        for name, text in (("controller", controller), ("purpose", purpose)):
            found += [
                Problem("privacy.incomplete", place=Place(field=f"{name}-{locale}"))
                for locale in text.missing(activity.locales)
            ]
        if not contact:
            found.append(Problem("privacy.incomplete", place=Place(field="contact")))
    refuse_if_any(found)
    notice.controller, notice.purpose, notice.contact, notice.months = controller, purpose, contact, months
    notice.confirmed = True
    session.add(notice)
    session.flush()
    record(
        session,
        actor=by,
        action="privacy.write",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details={"months": months, "locales": sorted(set(controller) & set(purpose))},
    )
    return notice


def take_over(session: Session, activity: Activity, earlier: Activity) -> None:
    """Copy the notice of an earlier round. It is not complete before somebody has looked at it and saved it."""
    found = session.get(Notice, earlier.id)
    if found is not None:
        session.add(
            Notice(
                activity_id=activity.id,
                controller=found.controller,
                purpose=found.purpose,
                contact=found.contact,
                months=found.months,
                confirmed=False,
            )
        )
        session.flush()
