"""Approval by a second person: of exactly one state, by somebody else, before anybody is asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import Role, User
from consult.app import create_app
from consult.audit.models import Entry
from consult.config import Keys, Settings
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.media import accept
from consult.db.session import Database
from consult.files import Folder
from consult.mail.models import Message
from consult.mail.service import open_message
from consult.processes.models import Activity
from consult.questionnaires import approving, fieldwork, media, queries, service, translating, wordings
from consult.questionnaires.translating import Typed
from tests.factories.accounts import sign_in, token, user
from tests.factories.media import FILES, sounding_questionnaire
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity
from tests.factories.questionnaires import make_question, make_questionnaire

FORM = make_questionnaire(locales=("en",))
OTHER = make_questionnaire(make_question("name", QuestionType.TEXT), locales=("en",))


def actor(person: User) -> Actor:
    return Actor(person.id, person.name)


@pytest.fixture
def activity(session: Session, now: dt.datetime) -> Activity:
    """Published, with a notice, in a process in which a second person approves."""
    made = make_activity(session, slug="survey")
    made.process.approval = True
    make_notice(session, made)
    service.save_draft(session, made, FORM, origin="a.xlsx", by=None, now=now)
    service.publish(session, made, by=None, now=now)
    return made


@pytest.fixture
def people(session: Session) -> tuple[Actor, Actor]:
    return actor(user(session)), actor(user(session))


def hash_of(session: Session, activity: Activity) -> str:
    draft = queries.draft(session, activity.id)
    assert draft is not None
    return approving.of_draft(session, activity, draft)


def decide(session: Session, activity: Activity, by: Actor, now: dt.datetime) -> None:
    approving.decide(session, activity, seen=hash_of(session, activity), approves=True, reason="", by=by, now=now)


def approve(session: Session, activity: Activity, one: Actor, other: Actor, now: dt.datetime) -> None:
    approving.ask(session, activity, seen=hash_of(session, activity), by=one, now=now)
    decide(session, activity, other, now)


def test_it_opens_only_after_another_person_has_approved_of_this_edition(
    session: Session, activity: Activity, people: tuple[Actor, Actor], now: dt.datetime
) -> None:
    one, other = people
    with pytest.raises(Refused, match=r"questionnaires\.approval\.missing"):
        fieldwork.open_now(session, activity, by=one, now=now)
    seen = hash_of(session, activity)
    with pytest.raises(Refused, match=r"questionnaires\.state"):
        approving.decide(session, activity, seen=seen, approves=True, reason="", by=other, now=now)
    approving.ask(session, activity, seen=seen, by=one, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.approval\.own"):
        approving.decide(session, activity, seen=seen, approves=True, reason="", by=one, now=now)
    approving.decide(session, activity, seen=seen, approves=True, reason="", by=other, now=now)
    fieldwork.open_now(session, activity, by=one, now=now)
    actions = session.scalars(select(Entry.action)).all()
    assert {"questionnaires.ask_approval", "questionnaires.approve", "questionnaires.open"} <= set(actions)


def test_a_refusal_has_a_reason_and_can_be_followed_by_another_request(
    session: Session, activity: Activity, people: tuple[Actor, Actor], now: dt.datetime
) -> None:
    one, other = people
    seen = hash_of(session, activity)
    approving.ask(session, activity, seen=seen, by=one, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.approval\.reason"):
        approving.decide(session, activity, seen=seen, approves=False, reason="  ", by=other, now=now)
    approving.decide(session, activity, seen=seen, approves=False, reason="Leading", by=other, now=now)
    (found,) = approving.approvals(session, activity)
    assert (found.state, found.reason) == ("refused", "Leading")
    with pytest.raises(Refused, match=r"questionnaires\.approval\.missing"):
        fieldwork.open_now(session, activity, by=one, now=now)
    approve(session, activity, one, other, now)
    assert fieldwork.hindrances(session, activity, now=now) == []


def test_a_changed_questionnaire_needs_a_new_approval_also_while_it_is_open(
    session: Session, activity: Activity, people: tuple[Actor, Actor], now: dt.datetime
) -> None:
    one, other = people
    approve(session, activity, one, other, now)
    fieldwork.open_now(session, activity, by=one, now=now)
    seen = hash_of(session, activity)
    service.save_draft(session, activity, OTHER, origin="b.xlsx", by=other, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.approval\.missing"):
        service.publish(session, activity, by=one, now=now)
    with pytest.raises(Refused, match=r"questionnaires\.state"):
        approving.ask(session, activity, seen=seen, by=one, now=now)
    approving.ask(session, activity, seen=hash_of(session, activity), by=one, now=now)
    # Who wrote it is no second person either.
    with pytest.raises(Refused, match=r"questionnaires\.approval\.own"):
        approving.decide(
            session, activity, seen=hash_of(session, activity), approves=True, reason="", by=other, now=now
        )
    third = actor(user(session))
    approving.decide(session, activity, seen=hash_of(session, activity), approves=True, reason="", by=third, now=now)
    new = {question.id for question in OTHER.questions()}
    old = next(question.id for question in FORM.questions() if question.name == "wishes")
    edition = service.publish(session, activity, same={next(iter(new)): old}, by=one, now=now)
    assert edition.number == 2
    found = approving.of_edition(session, edition)
    assert approving.lacking(session, activity, found) == [], "it is the one approved of, under the ids of before"


def translate(session: Session, activity: Activity, words: str, by: Actor, now: dt.datetime) -> None:
    path = next(path for path in wordings.by_path(OTHER) if path.endswith("/label"))
    translating.save(session, activity, "fr", [Typed(f"questionnaire:{path}", words, reviewed=True)], by=by, now=now)


def test_whoever_wrote_any_of_it_since_the_last_approval_is_no_second_person(
    session: Session, settings: Settings, activity: Activity, people: tuple[Actor, Actor], now: dt.datetime
) -> None:
    one, other = people
    importer, translator, third = (actor(user(session)) for _ in range(3))

    def may(person: Actor) -> bool:
        asked = approving.approvals(session, activity)[0]
        return approving.may_decide(session, activity, asked, person.id)

    service.save_draft(session, activity, OTHER, origin="b.xlsx", by=importer, now=now)
    translate(session, activity, "Mot", translator, now)
    translate(session, activity, "Autre mot", other, now)
    approving.ask(session, activity, seen=hash_of(session, activity), by=one, now=now)
    assert [may(person) for person in (one, importer, translator, other, third)] == [False] * 4 + [True]
    decide(session, activity, third, now)
    later = now + dt.timedelta(hours=1)
    translate(session, activity, "Mot juste", translator, later)
    house = accept(sounding_questionnaire(), {"house.png": FILES["house.png"]})
    media.attach(session, activity, media.keep(Folder(settings.media), house), by=other, now=later)
    approving.ask(session, activity, seen=hash_of(session, activity), by=one, now=later)
    assert [may(person) for person in (one, other, translator, importer, third)] == [False] * 3 + [True] * 2


def test_what_was_open_before_approval_was_asked_for_can_close_at_another_time(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    closes = now + dt.timedelta(days=1)
    activity.process.approval = False
    fieldwork.open_now(session, activity, by=None, now=now)
    activity.process.approval = True
    fieldwork.schedule(session, activity, opens_at=now, closes_at=closes, by=None, now=now)
    assert activity.closes_at == closes
    with pytest.raises(Refused, match=r"questionnaires\.approval\.missing"):
        fieldwork.reopen(session, activity, closes_at=None, by=None, now=closes)


def test_a_mail_goes_to_everybody_who_can_approve_and_to_nobody_else(
    settings: Settings, keys: Keys, database: Database, now: dt.datetime
) -> None:
    app = create_app(replace(settings, smtp_url="smtp://127.0.0.1:1"), keys, database)
    app.config.update(TESTING=True, SESSION_COOKIE_SECURE=False)
    client = app.test_client()
    with database.transaction() as session:
        made = make_activity(session, slug="survey")
        made.process.approval = True
        place = made.process.lead_institution
        one, author = (user(session, place, Role.OFFICER) for _ in range(2))
        user(session, place, Role.OFFICER, email="second@example.org", locale="fr")
        user(session, place, Role.TRANSLATOR)
        service.save_draft(session, made, FORM, origin="a.xlsx", by=actor(author), now=now)
        seen = hash_of(session, made)
    sign_in(client, one)
    form = {"csrf_token": token(client), "hash": seen}
    assert client.post("/en/desk/activities/survey/approval/ask", data=form).status_code == 302
    with database.reading() as session:
        (mail,) = (open_message(keys, message) for message in session.scalars(select(Message)))
    assert mail.recipient == "second@example.org"
    assert mail.letter.subject == "Une approbation est demandée"
    assert "/desk/activities/survey/approval" in mail.letter.text
    assert client.post("/en/desk/activities/survey/approval/ask", data=form | {"hash": "0"}).status_code == 422
    with database.reading() as session:
        assert len(session.scalars(select(Message)).all()) == 1, "what is refused is not written about"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TRANSLATOR])
def test_who_runs_the_process_approves_on_its_page_and_others_only_see(
    client: FlaskClient, database: Database, now: dt.datetime, role: Role
) -> None:
    with database.transaction() as session:
        made = make_activity(session, slug="survey")
        made.process.approval = True
        service.save_draft(session, made, FORM, origin="a.xlsx", by=None, now=now)
        place = made.process.lead_institution
        one, other = user(session, place, Role.OFFICER), user(session, place, role)
        seen = hash_of(session, made)
        approving.ask(session, made, seen=seen, by=actor(one), now=now)
    sign_in(client, other)
    page = client.get("/en/desk/activities/survey/approval").text
    form = {"csrf_token": token(client), "hash": seen, "then": "approve"}
    answer = client.post("/en/desk/activities/survey/approval/decide", data=form)
    runs = role is Role.OFFICER
    assert ('value="approve"' in page) == runs
    assert answer.status_code == (302 if runs else 404)
    assert ("Approved." in client.get("/en/desk/activities/survey/approval").text) == runs
