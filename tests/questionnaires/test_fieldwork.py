"""Opening, closing, reopening and scheduling."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.questionnaire.standing import Wanted, with_standing
from consult.jobs.models import Job
from consult.privacy import service as notices
from consult.privacy.service import Particulars
from consult.processes.models import Activity
from consult.questionnaires import fieldwork, service, standing
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_questionnaire

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ready(session: Session) -> Activity:
    """A draft activity that lacks nothing to be opened."""
    activity = make_activity(session)
    make_edition(session, activity)
    make_notice(session, activity)
    return activity


def test_an_activity_is_opened_closed_and_reopened(session: Session, ready: Activity, now: dt.datetime) -> None:
    fieldwork.open_now(session, ready, by=None, now=now)
    assert ready.state(now) == "open"
    fieldwork.close_now(session, ready, by=None, now=now + HOUR)
    assert ready.state(now + HOUR) == "closed"
    ready.sealed_at = now + HOUR
    fieldwork.reopen(session, ready, closes_at=now + 4 * HOUR, by=None, now=now + 2 * HOUR)
    assert (ready.state(now + 3 * HOUR), ready.state(now + 4 * HOUR), ready.sealed_at) == ("open", "closed", None)
    verbs = [entry.action for entry in session.scalars(select(Entry).order_by(Entry.at))]
    assert verbs == ["questionnaires.open", "questionnaires.close", "questionnaires.reopen"]
    jobs = session.scalars(select(Job).order_by(Job.run_at)).all()
    assert [(job.kind, job.payload, job.run_at) for job in jobs] == [
        ("responses.seal", {"activity": str(ready.id)}, now + HOUR),
        ("responses.seal", {"activity": str(ready.id)}, now + 4 * HOUR),
    ]


def test_nobody_is_let_in_before_everything_is_there(session: Session, now: dt.datetime) -> None:
    activity = make_activity(session, make_process(session, public=False))
    table = [
        (
            lambda: None,
            {"questionnaires.edition.missing", "questionnaires.notice.missing", "questionnaires.process.hidden"},
        ),
        (
            lambda: make_edition(session, activity),
            {"questionnaires.notice.missing", "questionnaires.process.hidden"},
        ),
        (
            lambda: make_notice(session, activity, locales=("en", "fr")),
            {"questionnaires.notice.missing", "questionnaires.process.hidden"},
        ),
        (lambda: make_notice(session, activity), {"questionnaires.process.hidden"}),
    ]
    for prepare, codes in table:
        prepare()
        for attempt in (
            lambda: fieldwork.open_now(session, activity, by=None, now=now),
            lambda: fieldwork.schedule(session, activity, opens_at=now + HOUR, closes_at=None, by=None, now=now),
        ):
            with pytest.raises(Refused) as refusal:
                attempt()
            assert {problem.code for problem in refusal.value.problems} == codes
    assert activity.state(now) == "draft"


def test_what_is_not_open_cannot_be_closed_and_so_on(session: Session, ready: Activity, now: dt.datetime) -> None:
    def refused(attempt: object) -> None:
        with pytest.raises(Refused, match=r"questionnaires\.state"):
            attempt(session, ready, by=None, now=now)  # type: ignore[operator]

    refused(fieldwork.close_now)
    refused(lambda *args, **rest: fieldwork.reopen(*args, closes_at=None, **rest))
    fieldwork.open_now(session, ready, by=None, now=now - HOUR)
    refused(fieldwork.open_now)
    fieldwork.close_now(session, ready, by=None, now=now)
    refused(fieldwork.open_now)
    refused(lambda *args, **rest: fieldwork.schedule(*args, opens_at=now + HOUR, closes_at=None, **rest))


def test_a_schedule_is_set_changed_and_taken_back(session: Session, ready: Activity, now: dt.datetime) -> None:
    def schedule(opens: int | None, closes: int | None, at: int = 0) -> str:
        moments = [None if hours is None else now + hours * HOUR for hours in (opens, closes)]
        fieldwork.schedule(session, ready, opens_at=moments[0], closes_at=moments[1], by=None, now=now + at * HOUR)
        return ready.state(now + at * HOUR)

    assert schedule(1, 5) == "scheduled"
    assert schedule(2, 6) == "scheduled"
    assert schedule(None, None) == "draft"
    assert schedule(1, 5) == "scheduled"
    assert schedule(1, 9, at=2) == "open"
    assert ready.state(now + 9 * HOUR) == "closed"


@pytest.mark.parametrize(
    ("opens", "closes", "at", "code"),
    [
        (-1, None, 0, "questionnaires.opening.past"),
        (0, None, 0, "questionnaires.opening.past"),
        (None, 4, 0, "questionnaires.closing.alone"),
        (3, 2, 0, "questionnaires.closing.early"),
        (3, 3, 0, "questionnaires.closing.early"),
        (1, 1, 2, "questionnaires.closing.past"),
        (3, 5, 2, "questionnaires.opening.fixed"),
    ],
)
def test_moments_that_make_no_sense_are_refused(
    session: Session, ready: Activity, now: dt.datetime, opens: int | None, closes: int | None, at: int, code: str
) -> None:
    fieldwork.schedule(session, ready, opens_at=now + HOUR, closes_at=now + 5 * HOUR, by=None, now=now)
    moments = [None if hours is None else now + hours * HOUR for hours in (opens, closes)]
    with pytest.raises(Refused) as refusal:
        fieldwork.schedule(session, ready, opens_at=moments[0], closes_at=moments[1], by=None, now=now + at * HOUR)
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_consent_that_the_notice_promises_is_asked(session: Session, ready: Activity, now: dt.datetime) -> None:
    make_notice(session, ready).special = "consent"
    session.flush()
    assert [one.code for one in fieldwork.hindrances(session, ready, now=now)] == ["questionnaires.consent.missing"]
    asking = with_standing(make_questionnaire(), Wanted(consent=True))
    make_edition(session, ready, asking, number=2)
    assert fieldwork.hindrances(session, ready, now=now) == []


def test_nobody_is_asked_without_the_consent_that_the_notice_promises_while_it_is_open(
    session: Session, ready: Activity, now: dt.datetime
) -> None:
    notice = make_notice(session, ready)
    fieldwork.open_now(session, ready, by=None, now=now)
    promising = replace(Particulars.of(notice), special="consent")
    with pytest.raises(Refused, match=r"questionnaires\.consent\.missing"):
        notices.write(session, ready, promising, by=None, now=now)
    asking = with_standing(make_questionnaire(), Wanted(consent=True))
    service.save_draft(session, ready, asking, origin="a.xlsx", decided=True, by=None, now=now)
    service.publish(session, ready, by=None, now=now)
    notices.write(session, ready, promising, asks_consent=standing.asks_consent(session, ready), by=None, now=now)
    standing.decide(session, ready, Wanted(), by=None, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.consent\.missing"):
        service.publish(session, ready, by=None, now=now)
    fieldwork.close_now(session, ready, by=None, now=now)
    service.publish(session, ready, by=None, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.consent\.missing"):
        fieldwork.reopen(session, ready, closes_at=None, by=None, now=now)
