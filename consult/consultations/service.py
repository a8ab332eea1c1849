"""What a consultation asks, and when it can open."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.consultations import queries
from consult.consultations.models.asked import Consultation, Phase
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.text import LocalisedText
from consult.participation import entrances
from consult.processes.models import Activity
from consult.processes.service import lock


@dataclass(frozen=True, slots=True)
class Particulars:
    """What officers decide about a consultation; the fields are those of `models.asked.Consultation`."""

    purpose: LocalisedText
    policy: LocalisedText
    phases: Sequence[Phase]
    locales: Sequence[str]
    """Further locales in which it is offered, beside that in which it is written."""
    before: bool = True
    propose: bool = True
    focal_id: uuid.UUID | None = None


def describe(
    session: Session, activity: Activity, wanted: Particulars, *, by: Actor | None, now: dt.datetime
) -> Consultation:
    """Decide what a consultation asks, how it is moderated and in which locales it is offered.

    Refuses `consultations.purpose` and `consultations.policy` where they are missing in an offered locale, and
    `consultations.phases` without any phase.
    """
    lock(session, activity)
    source = activity.locales[0]
    locales = [source, *(code for code in activity.process.locales if code in wanted.locales and code != source)]
    found = [
        Problem(code, {"locale": locale}, Place(field=f"{name}-{locale}"))
        for code, name, text in (
            ("consultations.purpose", "purpose", wanted.purpose),
            ("consultations.policy", "policy", wanted.policy),
        )
        for locale in text.missing(locales)
    ]
    if not wanted.phases:
        found.append(Problem("consultations.phases", place=Place(field="phases")))
    refuse_if_any(found)
    kept = queries.consultation(session, activity.id)
    kept.purpose, kept.policy, kept.focal_id = wanted.purpose, wanted.policy, wanted.focal_id
    kept.phases = [str(phase) for phase in Phase if phase in wanted.phases]
    kept.before, kept.propose = wanted.before, wanted.propose
    activity.locales = locales
    session.add(kept)
    note(session, activity, "describe", {"phases": kept.phases, "locales": locales, "before": kept.before}, by, now)
    return kept


def lacking(session: Session, activity: Activity, _now: dt.datetime) -> list[Problem]:
    """Why a consultation cannot open yet: it says nothing of its purpose, or a phase has nothing in it."""
    kept = queries.consultation(session, activity.id)
    if not kept.phases:
        return [Problem("consultations.unset")]
    found = []
    entrance = entrances.entrance(session, activity.id)
    if not (entrance.open_link or entrance.invited):
        found.append(Problem("consultations.entrance"))
    if Phase.READ in kept.phases and queries.latest_version(session, activity.id) is None:
        found.append(Problem("consultations.text.missing"))
    if Phase.ASK in kept.phases and not queries.questions(session, activity.id):
        found.append(Problem("consultations.questions.missing"))
    if Phase.VOTE in kept.phases and not queries.has_statements(session, activity.id):
        found.append(Problem("consultations.statements.missing"))
    return found
