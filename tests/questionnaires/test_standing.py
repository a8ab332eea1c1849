"""What is asked before all else is decided at the desk, lands in the draft and survives another import."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.errors import Refused
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.standing import Wanted, wanted
from consult.processes.models import Activity
from consult.questionnaires import queries, service, standing
from tests.factories.processes import make_activity
from tests.factories.questionnaires import make_draft, make_question, make_questionnaire

CONSENT = Wanted(consent=True, least_age=16, guardians=True)


@pytest.fixture
def activity(session: Session) -> Activity:
    """An activity whose draft is not published."""
    made = make_activity(session, locales=("en", "fr", "ar"))
    make_draft(session, made, make_questionnaire())
    return made


def test_what_is_decided_stands_in_the_draft_and_in_the_trail(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    standing.decide(session, activity, CONSENT, by=None, now=now)
    draft = queries.draft(session, activity.id)
    assert draft is not None
    assert draft.number == 2
    assert wanted(document.decode(draft.document)).least_age == 16
    assert "questionnaires.save_draft" in session.scalars(select(Entry.action)).all()
    assert not standing.asks_consent(session, activity), "nothing is published yet"
    service.publish(session, activity, by=None, now=now)
    assert standing.asks_consent(session, activity)


def test_another_file_keeps_them_and_a_decision_takes_them_away(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    standing.decide(session, activity, CONSENT, by=None, now=now)
    later = make_questionnaire(make_question("work", QuestionType.TEXT, locales=("en", "fr", "ar")))
    draft = service.save_draft(session, activity, later, origin="later.xlsx", by=None, now=now)
    assert wanted(document.decode(draft.document)).consent
    draft = standing.decide(session, activity, Wanted(), by=None, now=now)
    assert wanted(document.decode(draft.document)) == Wanted()


def test_consent_is_proposed_where_questions_are_sensitive() -> None:
    plain = make_questionnaire(make_question("work", QuestionType.TEXT))
    delicate = make_questionnaire(make_question("health", QuestionType.TEXT, sensitive=True))
    assert not standing.asked(plain).consent
    assert standing.asked(delicate).consent


def test_an_age_is_an_age(session: Session, activity: Activity, now: dt.datetime) -> None:
    with pytest.raises(Refused) as refusal:
        standing.decide(session, activity, Wanted(least_age=3), by=None, now=now)
    assert [problem.code for problem in refusal.value.problems] == ["questionnaires.standing.age"]
