"""The pages on which institutions are asked, answer together and sign: who reaches them, and what they say."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from consult.accounts.models import Role, User
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.definition import node_id
from consult.db.session import Database
from consult.participation.models import Entrance
from consult.processes.models import Activity, Seat
from consult.questionnaires.models import Edition
from consult.responses.joint.models import Joint
from consult.responses.models import Response
from tests.factories import accounts as make
from tests.factories.accounts import PASSWORD, sign_in, token
from tests.factories.joint import make_joint
from tests.factories.processes import make_activity, make_member, make_process
from tests.factories.questionnaires import make_edition

AGE, COUNTRY, WISHES = (node_id(name) for name in ("age", "country", "wishes"))
LEAD = "/en/desk/activities/survey/institutions"


@dataclass
class Cast:
    """A ministry that asks, an institution that answers with three hands, and who is neither."""

    app: Flask
    database: Database
    joint: Joint
    hands: list[User]
    officer: User
    head: User
    """An officer of the institution that answers."""

    @property
    def path(self) -> str:
        return f"/en/desk/answers/survey/{self.joint.institution_id}"

    def browser(self, who: User) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, who)
        return client

    def state(self) -> Joint:
        with self.database.reading() as session:
            return session.scalars(select(Joint)).one()

    def responses(self) -> list[dict[str, object]]:
        with self.database.reading() as session:
            return [dict(decode(answers)) for answers in session.scalars(select(Response.answers))]


@pytest.fixture
def cast(app: Flask, database: Database) -> Cast:
    with database.transaction() as session:
        process = make_process(session)
        activity = make_activity(session, process, slug="survey", opens_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        joint, *hands = make_joint(session, make_edition(session, activity))
        officer = make.user(session, process.lead_institution, Role.OFFICER)
        head = make.user(session, joint.institution, Role.OFFICER)
    return Cast(app, database, joint, hands, officer, head)


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """A form with its token."""
    return client.post(path, data={"csrf_token": token(client), **form})


def page(client: FlaskClient, cast: Cast, number: int) -> dict[str, str]:
    """The hidden fields of a page of questions, as it is seen now."""
    html = client.get(f"{cast.path}/page/{number}").text
    found = {name: re.search(f'name="{name}" value="([^"]*)"', html) for name in ("edition", "version")}
    return {name: match[1] for name, match in found.items() if match}


def test_hands_answer_together_one_signs_and_the_officer_reopens(cast: Cast) -> None:
    first, second, third = (cast.browser(hand) for hand in cast.hands)
    mine, theirs = page(first, cast, 1), page(second, cast, 1)
    assert send(first, f"{cast.path}/page/1", **mine, **{AGE: "40", COUNTRY: ""}).location == f"{cast.path}/page/2"
    assert send(second, f"{cast.path}/page/1", **theirs, **{AGE: "40", COUNTRY: "gb"}).status_code == 303
    assert decode(cast.state().answers) == {AGE: 40, COUNTRY: "gb"}
    send(third, f"{cast.path}/page/2", **page(third, cast, 2), **{WISHES: "Embassies"})
    overview = first.get(cast.path).text
    assert "Complete, not signed" in overview
    assert "Hand 2" in overview
    assert "Embassies" in first.get(f"{cast.path}/check").text

    lead = cast.browser(cast.officer)
    assert "Complete, not signed" in lead.get(LEAD).text
    assert lead.get(f"{LEAD}/{cast.joint.institution_id}/signed").status_code == 404, "nothing is seen before"

    version = str(cast.state().version)
    wrong = send(first, f"{cast.path}/check", version=version, name="Ama, director", password="wrong")
    assert "password" in wrong.text
    assert send(third, f"{cast.path}/check", version=version, name="No", password=PASSWORD).status_code == 200
    assert cast.responses() == []
    signed = send(first, f"{cast.path}/check", version=version, name="Ama, director", password=PASSWORD)
    assert signed.location == cast.path
    assert cast.responses() == [{AGE: 40, COUNTRY: "gb", WISHES: "Embassies"}]
    late = send(second, f"{cast.path}/page/2", edition="1", version=version, **{WISHES: "Something typed late"})
    assert late.status_code == 409
    assert "Something typed late" in late.text, "nothing typed is lost"

    assert "Ama, director" in lead.get(LEAD).text
    assert "Embassies" in lead.get(f"{LEAD}/{cast.joint.institution_id}/signed").text
    reopened = send(lead, f"{LEAD}/{cast.joint.institution_id}/reopen", reason="The year is missing")
    assert reopened.location == LEAD
    assert "The year is missing" in second.get(cast.path).text
    send(second, f"{cast.path}/page/2", **page(second, cast, 2), **{WISHES: "Embassies, 2026"})
    assert cast.responses()[0][WISHES] == "Embassies", "it counts until they sign again"
    send(first, f"{cast.path}/check", version=str(cast.state().version), name="Ama", password=PASSWORD)
    assert [found[WISHES] for found in cast.responses()] == ["Embassies, 2026"]


def test_a_clash_is_shown_and_decided(cast: Cast) -> None:
    first, second, third = (cast.browser(hand) for hand in cast.hands)
    mine, theirs = page(first, cast, 1), page(second, cast, 1)
    send(first, f"{cast.path}/page/1", **mine, **{AGE: "40"})
    clashed = send(second, f"{cast.path}/page/1", **theirs, **{AGE: "50", COUNTRY: "us"})
    assert clashed.location == f"{cast.path}#disputed"
    assert decode(cast.state().answers) == {AGE: 40, COUNTRY: "us"}, "what nobody else changed is stored"
    overview = third.get(cast.path).text
    assert ">40<" in overview
    assert ">50<" in overview
    assert "Two answers to a question on this page" in third.get(f"{cast.path}/page/1").text
    fields = dict(re.findall(r'name="(version|key|seen)" value="([^"]*)"', overview))
    assert send(third, f"{cast.path}/settle", **fields, take="held").location == f"{cast.path}#disputed"
    assert decode(cast.state().answers)[AGE] == 50
    told = third.get(f"{cast.path}/question/{AGE}").text
    assert re.findall(r"<bdi>(Hand \d)</bdi>", told[told.index("<h2>Changes") :]) == [
        "Hand 3",
        "Hand 2",
        "Hand 3",
        "Hand 1",
    ]


def test_what_is_wrong_is_shown_again_and_the_rest_is_stored(cast: Cast) -> None:
    first = cast.browser(cast.hands[0])
    answer = send(first, f"{cast.path}/page/1", **page(first, cast, 1), **{AGE: "twelve", COUNTRY: "de"})
    assert answer.status_code == 422
    assert 'value="twelve"' in answer.text
    assert decode(cast.state().answers) == {COUNTRY: "de"}


def test_hands_talk_about_a_question(cast: Cast) -> None:
    first, second = (cast.browser(hand) for hand in cast.hands[:2])
    assert send(first, f"{cast.path}/question/{AGE}", text="Is this\n<b>right</b>?").status_code == 302
    assert "&lt;b&gt;right&lt;/b&gt;?" in second.get(f"{cast.path}/question/{AGE}").text
    assert "Remarks: 1" in second.get(f"{cast.path}/page/1").text
    assert first.get(f"{cast.path}/question/q0").status_code == 404


@pytest.mark.parametrize("version", ["", "7", "-1", "x"])
def test_a_version_that_never_was_is_refused(cast: Cast, version: str) -> None:
    first = cast.browser(cast.hands[0])
    assert send(first, f"{cast.path}/page/1", edition="1", version=version, **{AGE: "40"}).status_code == 400


def test_officers_of_the_institution_name_who_answers(cast: Cast) -> None:
    head = cast.browser(cast.head)
    assert cast.path in head.get("/en/desk/answers").text
    assert head.get(cast.path).status_code == 404, "to name is not to answer"
    assert "Enter the person" in send(head, f"{cast.path}/hands", email="yaa@example.org").text
    page_ = send(head, f"{cast.path}/hands", email="yaa@example.org", name="Yaa", signs="y")
    assert "/staff/link/" in page_.text
    with cast.database.reading() as session:
        yaa = session.scalars(select(User).where(User.name == "Yaa")).one()
    assert cast.browser(yaa).get(cast.path).status_code == 200
    assert send(head, f"{cast.path}/hands/{yaa.id}/remove").location == f"{cast.path}/hands"
    assert cast.browser(yaa).get(cast.path).status_code == 404
    head_too = send(head, f"{cast.path}/hands", email=cast.head.email)
    assert head_too.location == f"{cast.path}/hands"
    assert head.get(cast.path).status_code == 200


def test_an_institution_is_asked_and_asked_no_more(cast: Cast) -> None:
    lead = cast.browser(cast.officer)
    with cast.database.transaction() as session:
        place = make.institution(session, "Statistics office")
    assert LEAD in lead.get("/en/desk/activities/survey").text
    assert send(lead, LEAD, institution_id=str(place.id)).location == LEAD
    assert "Statistics office" in lead.get(LEAD).text
    assert send(lead, f"{LEAD}/{place.id}/remove").location == LEAD
    assert lead.get(f"{LEAD}/{place.id}/reopen").status_code == 404


def test_everybody_else_finds_nothing(cast: Cast) -> None:
    with cast.database.transaction() as session:
        activity = session.get_one(Activity, cast.joint.activity_id)
        elsewhere = make.institution(session, "Another ministry")
        other, *others = make_joint(session, session.get_one(Edition, (activity.id, 1)), place=elsewhere, hands=1)
        nobody = [
            *others,
            make.user(session, cast.joint.institution, Role.RESPONDENT),
            make.user(session, elsewhere, *(role for role in Role)),
        ]
        for seat in Seat:
            nobody.append(make.user(session))
            last = dt.date(2100, 1, 1) if seat is Seat.ADVISER else None
            make_member(session, activity.process, nobody[-1], seat=seat, expires_on=last)
    own = ["", "/page/1", f"/question/{AGE}", "/check"]
    for who in [*nobody, cast.officer, cast.head]:
        client = cast.browser(who)
        assert [client.get(cast.path + path).status_code for path in own] == [404] * len(own), who.name
        assert send(client, f"{cast.path}/page/1", edition="1", version="0", **{AGE: "1"}).status_code == 404
        assert send(client, f"{cast.path}/settle").status_code == 404
    for who in [*cast.hands, cast.head, *nobody[:3]]:
        client = cast.browser(who)
        for path in ("", f"/{cast.joint.institution_id}/signed", f"/{cast.joint.institution_id}/reopen"):
            assert client.get(LEAD + path).status_code == 404
    for who in [*cast.hands, cast.officer, *nobody]:
        assert cast.browser(who).get(f"{cast.path}/hands").status_code == 404
    assert cast.state
    assert (
        cast.browser(others[0])
        .get(cast.path.replace(str(cast.joint.institution_id), str(other.institution_id)))
        .status_code
        == 200
    )


def test_only_institutions_are_asked(cast: Cast) -> None:
    with cast.database.transaction() as session:
        session.execute(update(Activity).values(unit="person"))
    assert cast.browser(cast.officer).get(LEAD).status_code == 404


@pytest.mark.parametrize("open_link", [False, True])
def test_at_the_open_address_nobody_answers_for_an_institution_unless_officers_turn_it_on(
    cast: Cast, open_link: bool
) -> None:
    if open_link:
        with cast.database.transaction() as session:
            session.add(Entrance(activity_id=cast.joint.activity_id, open_link=True, invited=False))

    door = cast.app.test_client().get("/en/q/survey").text

    assert ("<input" in door, "Answers of my institution" in door) == (open_link, not open_link)
