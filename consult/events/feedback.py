"""The feedback of participants: a short questionnaire, linked to an event and to nobody who was there.

It is an activity of its own in the same process, answered under an open link. What was expected of it stands beside
what was released (`results.expected`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import msgspec
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Question, Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.events.models.planned import Event
from consult.events.trail import note
from consult.privacy import service as privacy
from consult.processes import service as processes
from consult.processes.models import Activity, Kind, Unit
from consult.questionnaires import service as questionnaires

FILE: Final = Path(__file__).with_name("feedback.json")
LEAST: Final = 1
MOST: Final = 5
"""The ends of the scale of its questions."""


def questionnaire(locales: Sequence[str]) -> Questionnaire:
    """The feedback questionnaire in those of some locales in which it was written; else in its first."""
    written = msgspec.json.decode(FILE.read_bytes())
    wanted = [locale for locale in locales if locale in written["locales"]] or written["locales"][:1]
    found = _only(written, wanted, frozenset(written["locales"]))
    return document.decode(msgspec.json.encode({**found, "locales": wanted}))


def _only(part: Any, wanted: Sequence[str], written: frozenset[str]) -> Any:
    if isinstance(part, list):
        return [_only(one, wanted, written) for one in part]
    if not isinstance(part, dict):
        return part
    if part and part.keys() <= written:
        return {locale: part[locale] for locale in wanted}
    return {name: _only(one, wanted, written) for name, one in part.items()}


def scales() -> Sequence[Question]:
    """Its questions that are answered by a number."""
    return [one for one in questionnaire(LOCALES).questions() if one.type is QuestionType.RANGE]


def make(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> Activity:
    """Make the feedback questionnaire of an event, as a draft that officers publish and open.

    Its notice is that of the event, which officers complete. Refuses `events.unset`, and
    `events.feedback.there` where there is one.
    """
    _decided(session, activity)
    asked = questionnaire(activity.locales)
    made = processes.plan(
        session,
        activity.process,
        kind=Kind.QUESTIONNAIRE,
        title=asked.title[asked.source],
        unit=Unit.PERSON,
        time_zone=activity.time_zone,
        by=by,
        now=now,
    )
    source = activity.locales[0]
    made.locales = list(asked.locales)
    made.title = LocalisedText(
        {locale: f"{asked.title[locale]}: {activity.title.resolve(locale, source).text}" for locale in asked.locales}
    )
    questionnaires.save_draft(session, made, asked, origin=FILE.name, by=by, now=now)
    privacy.take_over(session, made, activity)
    mine = update(Event).where(Event.activity_id == activity.id, Event.feedback_id.is_(None))
    linked = session.execute(mine.values(feedback_id=made.id).execution_options(synchronize_session="fetch"))
    if cast(CursorResult[tuple[()]], linked).rowcount != 1:
        raise Refused.because("events.feedback.there")
    note(session, activity, "ask_feedback", {"activity": made.slug}, by, now)
    return made


def asked(session: Session, event: Event) -> Activity | None:
    """The activity in which participants of an event are asked; none yet."""
    return session.get(Activity, event.feedback_id) if event.feedback_id else None


def expect(
    session: Session, activity: Activity, means: Mapping[str, float], *, by: Actor | None, now: dt.datetime
) -> None:
    """Set which mean is expected of each question, by its name. Refuses `events.unset`, and
    `events.feedback.scale` off the scale."""
    names = [one.name for one in scales()]
    refuse_if_any(
        Problem("events.feedback.scale", {"least": LEAST, "most": MOST}, Place(field=name))
        for name, mean in means.items()
        if name not in names or not LEAST <= mean <= MOST
    )
    _decided(session, activity).expected = dict(means)
    session.flush()
    note(session, activity, "expect", dict(means), by, now)


def _decided(session: Session, activity: Activity) -> Event:
    found = session.get(Event, activity.id)
    if found is None:
        raise Refused.because("events.unset")
    return found
