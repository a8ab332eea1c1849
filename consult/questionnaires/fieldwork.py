"""From when to when people can take part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.questionnaire import document
from consult.jobs.service import enqueue
from consult.privacy import queries as privacy
from consult.processes.models import Activity, Kind
from consult.processes.service import lock
from consult.questionnaires import approving, queries
from consult.questionnaires.models import Trial
from consult.questionnaires.service import without_consent, without_notice
from consult.questionnaires.trail import note


@dataclass(frozen=True, slots=True)
class Manner:
    """What opening and closing mean for a kind of activity; a slice above adds its own in `consult/app.py`."""

    asks: Callable[[Session, Activity, dt.datetime], list[Problem]]
    """Why nothing can be asked yet."""
    sealing: str
    """The job that finishes what came, at closing."""


def hindrances(session: Session, activity: Activity, *, now: dt.datetime) -> list[Problem]:
    """Why people cannot be let in yet: nothing to ask, no notice in a locale, a hidden process."""
    found = MANNERS[Kind(activity.kind)].asks(session, activity, now)
    found += without_notice(session, activity, activity.locales, now=now)
    if not activity.process.public:
        found.append(Problem("questionnaires.process.hidden"))
    return found


def _asks(session: Session, activity: Activity, now: dt.datetime) -> list[Problem]:
    """Whether anything is published, and approved of.

    Where the notice says that people expressly agree to special categories of data, they must be asked. What is open
    needs no approval: it had one when it opened, or needed none then.
    """
    found = []
    latest = queries.latest_edition(session, activity.id)
    if latest is None:
        found.append(Problem("questionnaires.edition.missing"))
    else:
        if activity.state(now) != "open":
            found += approving.lacking(session, activity, approving.of_edition(session, latest))
        found += without_consent(session, activity, document.decode(latest.document))
    return found


MANNERS: Final = {Kind.QUESTIONNAIRE: Manner(_asks, "responses.seal")}


def open_now(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> None:
    """Let people take part from this moment. Refuses `questionnaires.state` and every hindrance."""
    _begin(session, activity, ("draft", "scheduled"), now)
    if activity.closes_at is not None and activity.closes_at <= now:
        activity.closes_at = None
    activity.opens_at = now
    forget_trial(session, activity, by=by, now=now)
    _note(session, activity, "open", by, now)


def close_now(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> None:
    """Let nobody take part from this moment. Refuses `questionnaires.state`."""
    lock(session, activity)
    _expect(activity, ("open",), now)
    activity.closes_at = now
    _note(session, activity, "close", by, now)


def reopen(
    session: Session, activity: Activity, *, closes_at: dt.datetime | None, by: Actor | None, now: dt.datetime
) -> None:
    """Let people take part again, until a moment if one is given.

    Refuses `questionnaires.state`, every hindrance, `questionnaires.closing.past`, and `questionnaires.erased` where
    data of it were erased after the closing.
    """
    _begin(session, activity, ("closed",), now)
    if privacy.erased_at_all(session, activity.id):
        raise Refused.because("questionnaires.erased")
    if closes_at is not None and closes_at <= now:
        raise Refused(Problem("questionnaires.closing.past", place=Place(field="closes_at")))
    activity.closes_at, activity.sealed_at = closes_at, None
    _note(session, activity, "reopen", by, now)


def schedule(
    session: Session,
    activity: Activity,
    *,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Set when people can take part; without an opening the activity is a draft again.

    Refuses `questionnaires.state` (closed), `questionnaires.opening.past`, `questionnaires.opening.fixed` (it is open
    already), `questionnaires.closing.alone` (a closing without an opening), `questionnaires.closing.past`,
    `questionnaires.closing.early` (not after the opening), and every hindrance.
    """
    lock(session, activity)
    _expect(activity, ("draft", "scheduled", "open"), now)
    refuse_if_any(_problems(activity, opens_at, closes_at, now))
    if opens_at is not None:
        refuse_if_any(hindrances(session, activity, now=now))
    activity.opens_at, activity.closes_at = opens_at, closes_at
    _note(session, activity, "schedule", by, now)


def forget_trial(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> None:
    """Delete the trial's link; what was answered by it goes with it, and its files once that is committed."""
    if session.scalar(delete(Trial).where(Trial.activity_id == activity.id).returning(Trial.activity_id)):
        enqueue(session, "responses.end_trials", {"deleted": True}, run_at=now)
        note(session, activity, "delete_trial", {}, by, now)


def _problems(
    activity: Activity, opens_at: dt.datetime | None, closes_at: dt.datetime | None, now: dt.datetime
) -> list[Problem]:
    found = []
    if activity.state(now) == "open":
        if opens_at != activity.opens_at:
            found.append(Problem("questionnaires.opening.fixed", place=Place(field="opens_at")))
    elif opens_at is not None and opens_at <= now:
        found.append(Problem("questionnaires.opening.past", place=Place(field="opens_at")))
    if closes_at is not None:
        if opens_at is None:
            found.append(Problem("questionnaires.closing.alone", place=Place(field="opens_at")))
        elif closes_at <= now:
            found.append(Problem("questionnaires.closing.past", place=Place(field="closes_at")))
        elif closes_at <= opens_at:
            found.append(Problem("questionnaires.closing.early", place=Place(field="closes_at")))
    return found


def _begin(session: Session, activity: Activity, states: tuple[str, ...], now: dt.datetime) -> None:
    lock(session, activity)
    _expect(activity, states, now)
    refuse_if_any(hindrances(session, activity, now=now))


def _expect(activity: Activity, states: tuple[str, ...], now: dt.datetime) -> None:
    if activity.state(now) not in states:
        raise Refused.because("questionnaires.state")


def _note(session: Session, activity: Activity, verb: str, by: Actor | None, now: dt.datetime) -> None:
    """Have the responses sealed at closing, and write down who set which moments."""
    session.flush()
    moments = {
        name: moment.isoformat()
        for name, moment in (("opens_at", activity.opens_at), ("closes_at", activity.closes_at))
        if moment is not None
    }
    if activity.closes_at is not None:
        # A closing that was moved leaves its job behind: the task looks whether the activity is closed.
        sealing = MANNERS[Kind(activity.kind)].sealing
        key = f"{sealing} {activity.id} {moments['closes_at']}"
        payload = {"activity": str(activity.id)}
        enqueue(session, sealing, payload, run_at=activity.closes_at, key=key)
    note(session, activity, verb, moments, by, now)
