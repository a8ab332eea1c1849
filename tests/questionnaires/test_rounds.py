"""The next round: last year's activity copied, without answers, its notice to be looked at again."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import Role
from consult.core.errors import Refused
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.identity import with_ids
from consult.core.text import LocalisedText
from consult.core.translation import Gate
from consult.db.session import Database
from consult.participation import entrances, measures, quotas
from consult.participation import queries as door_queries
from consult.participation.guard import Guard
from consult.participation.models import DRAFTS, Channel, Intake, Measures
from consult.privacy import queries as privacy
from consult.privacy import service as notices
from consult.privacy.models import Period
from consult.processes.models import Activity
from consult.questionnaires import fieldwork, queries, rounds, service
from consult.responses.models import Response
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_edition, make_question, make_questionnaire
from tests.factories.responses import make_submission
from tests.factories.results import make_responses

SURVEY = with_ids(
    make_questionnaire(make_question("age", QuestionType.INTEGER, concept="age"), locales=("en", "fr")),
    {make_question("age", QuestionType.INTEGER).id: "qaaaaaaaaaa"},
)


def last_year(session: Session, now: dt.datetime) -> Activity:
    process = make_process(session, gate=Gate.BEGUN)
    activity = make_activity(session, process, slug="survey", opens_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    edition = make_edition(session, activity, SURVEY)
    make_draft(session, activity, make_questionnaire(locales=("en", "fr")))
    make_notice(session, activity)
    make_responses(session, edition, SURVEY, [{"age": 30}])
    make_submission(session, activity, {"qaaaaaaaaaa": 40}, now=now)
    return activity


def test_the_questionnaire_and_the_notice_are_copied_and_nothing_else(session: Session, now: dt.datetime) -> None:
    activity = last_year(session, now)
    made = rounds.next_round(session, activity, title="Survey 2027", by=None, now=now)
    assert (made.round, made.previous_id, made.process_id, made.slug) == (
        2,
        activity.id,
        activity.process_id,
        "survey-2027",
    )
    assert (made.state(now), made.locales, made.unit, made.time_zone) == ("draft", ["en", "fr"], "person", "UTC")
    draft = queries.draft(session, made.id)
    assert draft is not None
    assert document.decode(draft.document) == SURVEY, "the newest edition, not the draft of last year"
    assert queries.latest_edition(session, made.id) is None
    for model in (Response, Intake):
        assert session.scalar(select(func.count()).select_from(model).where(model.activity_id == made.id)) == 0
        assert session.scalar(select(func.count()).select_from(model)) == 1


def test_the_copied_notice_has_to_be_looked_at_before_opening(session: Session, now: dt.datetime) -> None:
    made = rounds.next_round(session, last_year(session, now), title="Survey 2027", by=None, now=now)
    service.publish(session, made, by=None, now=now)
    found = privacy.notice(session, made.id)
    assert found is not None
    assert privacy.missing(session, made.id, made.locales) == ["en", "fr"]
    found_codes = {problem.code for problem in fieldwork.hindrances(session, made, now=now)}
    assert found_codes == {"questionnaires.notice.missing"}
    notices.write(session, made, notices.Particulars.of(found), by=None, now=now)
    assert fieldwork.hindrances(session, made, now=now) == []


def test_a_file_for_the_next_round_keeps_the_ids_of_the_last(session: Session, now: dt.datetime) -> None:
    made = rounds.next_round(session, last_year(session, now), title="Survey 2027", by=None, now=now)
    again = make_questionnaire(make_question("age", QuestionType.INTEGER), make_question("job", QuestionType.TEXT))
    saved = service.save_draft(session, made, again, origin="a.xlsx", by=None, now=now)
    ids = {question.name: question.id for question in document.decode(saved.document).questions()}
    assert ids["age"] == "qaaaaaaaaaa"


def test_there_is_one_next_round_and_none_without_an_edition(session: Session, now: dt.datetime) -> None:
    with pytest.raises(Refused, match=r"edition\.missing"):
        rounds.next_round(session, make_activity(session), title="Survey 2027", by=None, now=now)
    activity = last_year(session, now)
    second = rounds.next_round(session, activity, title="Survey 2027", by=None, now=now)
    with pytest.raises(Refused, match=r"round\.taken"):
        rounds.next_round(session, activity, title="Survey 2028", by=None, now=now)
    make_edition(session, second, SURVEY)
    assert rounds.next_round(session, second, title="Survey 2028", by=None, now=now).round == 3


def test_the_officer_plans_it_at_the_desk(client: FlaskClient, database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = last_year(session, now)
        person = make.user(session, activity.process.lead_institution, Role.OFFICER)
    sign_in(client, person)
    desk = "/en/desk/activities/survey"
    assert "Plan the next round" in client.get(desk).text
    page = client.get(f"{desk}/next-round")
    assert page.text.count("<h1") == 1
    assert 'href="#title"' in client.post(f"{desk}/next-round", data={"csrf_token": token(client)}).text
    sent = client.post(f"{desk}/next-round", data={"csrf_token": token(client), "title": "Survey 2027"})
    assert sent.location.endswith("/desk/activities/survey-2027")
    made = client.get(sent.location).text
    assert "Round 2" in made
    assert "Still missing:" in made
    assert "Survey 2027" in client.get(desk).text
    again = client.post(f"{desk}/next-round", data={"csrf_token": token(client), "title": "Survey 2027"})
    assert "There is a next round" in again.text


def test_the_next_round_lets_in_whom_the_last_did(client: FlaskClient, database: Database, now: dt.datetime) -> None:
    decided = Guard(seconds=5, hourly=50, counted=False, work=True)
    words = {"invitation": LocalisedText({"en": "Come"}), "reminder": LocalisedText({"en": "Come still"})}
    with database.transaction() as session:
        activity = last_year(session, now)
        entrances.decide(session, activity, open_link=False, invited=True, by=None, now=now)
        entrances.word(session, activity, **words, by=None, now=now)
        measures.decide(session, activity, decided, by=None, now=now)
        session.add(Period(activity_id=activity.id, kind=DRAFTS, length=7, promised=30))
        quotas.put(session, activity, channel=Channel.INVITED, profile="", most=100, mixed=0, by=None, now=now)
        person = make.user(session, activity.process.lead_institution, Role.OFFICER)
    sign_in(client, person)
    client.get("/en/desk/activities/survey/next-round")
    form = {"csrf_token": token(client), "title": "Survey 2027"}
    assert client.post("/en/desk/activities/survey/next-round", data=form).status_code == 302
    with database.reading() as session:
        made = session.scalars(select(Activity.id).where(Activity.round == 2)).one()
        ways = entrances.entrance(session, made)
        assert (ways.open_link, ways.invited) == (False, True)
        assert {"invitation": ways.invitation, "reminder": ways.reminder} == words
        assert door_queries.guard_of(session.get(Measures, made)) == decided
        drafts = session.get_one(Period, (made, DRAFTS))
        assert (drafts.length, drafts.promised, drafts.begun_on) == (7, 7, None)
        assert quotas.of(session, made) == []
