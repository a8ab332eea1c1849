"""The document being written, and its publication as an immutable edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Problem, Refused, refuse_if_any
from consult.core.questionnaire import document, lint
from consult.core.questionnaire.definition import Questionnaire
from consult.core.text import LocalisedText, clean
from consult.privacy import queries as privacy
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import queries
from consult.questionnaires.models import Edition, Revision


def save_draft(
    session: Session,
    activity: Activity,
    questionnaire: Questionnaire,
    *,
    origin: str,
    warnings: Iterable[Problem] = (),
    by: Actor | None,
    now: dt.datetime,
) -> Revision:
    """Make a questionnaire the activity's draft; the states before it stay. The same one again changes nothing."""
    lock(session, activity)
    encoded = document.encode(questionnaire)
    before = queries.draft(session, activity.id)
    if before is not None and before.document == encoded:
        return before
    revision = Revision(
        activity_id=activity.id,
        number=before.number + 1 if before else 1,
        document=encoded,
        origin=clean(origin)[-200:],
        warnings=[_stored(problem) for problem in warnings],
        created_at=now,
        created_by=by.id if by else None,
    )
    session.add(revision)
    session.flush()
    record(
        session,
        actor=by,
        action="questionnaires.save_draft",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details={"revision": revision.number},
    )
    return revision


def _stored(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code,
        "params": dict(problem.params),
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
    }


def publish(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> Edition:
    """Publish the draft as the next edition: never changed again, answered by everybody who begins from now on.

    Refuses `questionnaires.draft.missing`, `questionnaires.edition.same` (the draft is the latest edition), whatever
    `lint` finds wrong, and for an activity that people can take part in `questionnaires.notice.missing` for each new
    locale without a data-protection notice.
    """
    lock(session, activity)
    draft = queries.draft(session, activity.id)
    if draft is None:
        raise Refused.because("questionnaires.draft.missing")
    questionnaire = document.decode(draft.document)
    refuse_if_any(lint.lint(questionnaire).errors)
    latest = queries.latest_edition(session, activity.id)
    digest = document.digest(draft.document)
    if latest is not None and latest.hash == digest:
        raise Refused.because("questionnaires.edition.same", number=latest.number)
    if activity.state(now) in ("scheduled", "open"):
        refuse_if_any(without_notice(session, activity, questionnaire.locales))
    edition = Edition(
        activity_id=activity.id,
        number=latest.number + 1 if latest else 1,
        hash=digest,
        document=draft.document,
        published_at=now,
        published_by=by.id if by else None,
    )
    session.add(edition)
    activity.locales = list(questionnaire.locales)
    activity.title = LocalisedText({**questionnaire.title, **activity.title})
    session.flush()
    record(
        session,
        actor=by,
        action="questionnaires.publish",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details={"edition": edition.number, "hash": digest, "locales": activity.locales},
    )
    return edition


def without_notice(session: Session, activity: Activity, locales: Iterable[str]) -> list[Problem]:
    """A problem for each locale in which participants would not be told what happens to their data."""
    return [
        Problem("questionnaires.notice.missing", {"locale": locale})
        for locale in privacy.missing(session, activity.id, locales)
    ]
