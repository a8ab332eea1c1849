"""Statements are added, proposed, translated and decided about."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from consult.accounts.models import Role
from consult.consultations import pasting, statements
from consult.consultations.models.asked import Phase
from consult.consultations.models.moderated import Decision
from consult.consultations.models.opinions import Statement
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.jobs.models import Job
from consult.participation import codes
from consult.participation.models import Channel
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from tests.factories.accounts import KEYS, sign_in, token, user
from tests.factories.consultations import make_consultation, make_participant, make_statement
from tests.factories.processes import make_theme
from tests.responses.journey import visible

CODE = "0" * 26


@pytest.fixture
def officer(app: Flask, database: Database) -> tuple[FlaskClient, str]:
    """An officer in a browser, and the address of a consultation in English and Arabic."""
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,), locales=("en", "ar"))
        make_theme(session, activity.process, "voting")
        who = user(session, activity.process.lead_institution, Role.OFFICER)
        slug = activity.slug
    client = app.test_client()
    sign_in(client, who)
    return client, slug


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """A form of the desk, and the page that it leads to."""
    return client.post(path, data={**form, "csrf_token": token(client)}, follow_redirects=True)


def states(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {kept.label[kept.locale]: kept.state for kept in session.scalars(select(Statement))}


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("One\n\n  Two  words ", [({"en": "One"}, ""), ({"en": "Two words"}, "")]),
        ("One, two, three", [({"en": "One, two, three"}, "")]),
        (
            'en;ar;theme\n"Vote; then go";صوّت;voting\nStay;;',
            [({"en": "Vote; then go", "ar": "صوّت"}, "voting"), ({"en": "Stay"}, "")],
        ),
        ("en,fr\nOne,Un", [({"en": "en,fr"}, ""), ({"en": "One,Un"}, "")]),
    ],
    ids=["lines", "one line with commas", "a table", "a language that is not offered"],
)
def test_a_list_is_read_line_by_line_or_as_a_table(pasted: str, read: list[tuple[dict[str, str], str]]) -> None:
    assert pasting.read(pasted, ["en", "ar"]) == [(LocalisedText(label), theme) for label, theme in read]


def test_officers_add_many_of_which_known_ones_are_left_out(
    officer: tuple[FlaskClient, str], database: Database
) -> None:
    client, slug = officer
    pasted = "en,ar,theme\nVoting is easy.,التصويت سهل.,voting\nvoting is easy,,\nConsulates are far.,,"
    page = send(client, f"/en/desk/consultations/{slug}/statements/add", pasted=pasted)
    assert "2 statements were added." in page.text and "العربية" in visible(page)
    assert states(database) == {"Voting is easy.": "shown", "Consulates are far.": "shown"}
    wrong = send(client, f"/en/desk/consultations/{slug}/statements/add", pasted=f"en,theme\n{'x' * 201},\nOne,roads")
    assert "Statement 1 is longer than 200 characters." in wrong.text and "names “roads”" in wrong.text


def test_what_it_says_stays_and_translations_can_be_mended(
    officer: tuple[FlaskClient, str], database: Database
) -> None:
    client, slug = officer
    send(client, f"/en/desk/consultations/{slug}/statements/add", pasted="Voting is easy.")
    with database.reading() as session:
        kept = session.scalars(select(Statement)).one()
    sent = {"label-en": "Voting is hard.", "label-ar": "التصويت سهل.", "theme": "voting"}
    send(client, f"/en/desk/consultations/{slug}/statements/{kept.id}", **sent)
    with database.reading() as session:
        kept = session.scalars(select(Statement)).one()
    assert kept.label == LocalisedText({"en": "Voting is easy.", "ar": "التصويت سهل."}) and kept.theme == "voting"


def test_what_is_proposed_waits_and_is_put_to_the_vote_or_refused(
    officer: tuple[FlaskClient, str], app: Flask, database: Database
) -> None:
    client, slug = officer
    person = app.test_client()
    for text in ("Roads  are\nbad.", "Doctors leave."):
        sent = person.post(f"/en/c/{slug}/vote/propose", data={"statement": text})
        assert "when a moderator has read it" in visible(person.get(sent.location))
    assert states(database) == {"Roads are bad.": "waiting", "Doctors leave.": "waiting"}
    with database.reading() as session:
        ids = {kept.label["en"]: kept.id for kept in session.scalars(select(Statement))}
    desk = f"/en/desk/consultations/{slug}/statements"
    send(client, f"{desk}/{ids['Roads are bad.']}/decide", act="show", seen="waiting")
    refuse = {"act": "refuse", "seen": "waiting"}
    path = f"{desk}/{ids['Doctors leave.']}/decide"
    for reason in ("", "because"):
        assert "Choose a reason" in visible(send(client, path, **refuse, reason=reason))
    send(client, path, **refuse, reason="off_topic")
    assert states(database) == {"Roads are bad.": "shown", "Doctors leave.": "refused"}
    assert "Somebody else has decided this already." in visible(send(client, path, **refuse, reason="insult"))
    for forged in ({"act": "concern"}, {"act": "show", "seen": "concern"}, {"act": "explode"}, {"seen": "nowhere"}):
        send(client, path, **{**refuse, **forged})
    assert "Doctors leave." in visible(client.get(f"{desk}?state=refused"))
    send(client, path, act="show", seen="refused")
    with database.reading() as session:
        decisions = session.execute(select(Decision.act, Decision.reason, Decision.locale, Decision.current)).all()
    assert sorted(map(tuple, decisions)) == [
        ("refuse", "off_topic", "en", False),
        ("show", "", "en", True),
        ("show", "", "en", True),
    ]


def test_whoever_decides_about_a_statement_has_the_groups_made_anew(
    officer: tuple[FlaskClient, str], database: Database
) -> None:
    client, slug = officer
    with database.transaction() as session:
        activity = session.scalars(select(Activity).where(Activity.slug == slug)).one()
        one, two = (make_statement(session, activity, text).id for text in ("One.", "Two."))
    path = f"/en/desk/consultations/{slug}/moderation"
    page = client.get(f"/en/desk/consultations/{slug}/statements").text
    assert f"{path}/statement/{one}" in page, "a reason is chosen there"
    send(client, f"{path}/statement/{one}", act="refuse", reason="insult", seen="shown")
    assert queued(database) == ["consultations.analyse"]
    with database.transaction() as session:
        session.execute(delete(Job))
    send(client, f"{path}?kind=statement&state=shown", act="set_apart", ids=str(two))
    assert states(database) == {"One.": "refused", "Two.": "set_apart"}
    assert queued(database) == ["consultations.analyse"]


def queued(database: Database) -> list[str]:
    """What waits for the worker."""
    with database.reading() as session:
        return list(session.scalars(select(Job.kind).where(Job.kind == "consultations.analyse")))


@pytest.mark.parametrize(("channel", "state"), [("suspect", "set_apart"), ("open", "shown"), ("invited", "shown")])
def test_what_was_set_apart_once_stays_apart_from_another_address(
    client: FlaskClient, database: Database, channel: str, state: str
) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,), before=False)
        make_participant(session, activity, codes.digest(KEYS.codes, activity.id, CODE), channel=channel)
        slug = activity.slug
    client.set_cookie(f"part-{slug}", CODE)
    client.post(f"/en/c/{slug}/vote/propose", data={"statement": "Roads are bad."})
    assert states(database) == {"Roads are bad.": state}
    with database.reading() as session:
        assert session.scalars(select(Statement.channel)).all() == [channel]


def test_those_that_say_nearly_the_same_are_shown_first(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,))
        make_statement(session, activity, "Consulates should open on Saturdays.")
        make_statement(session, activity, "Money sent home is taxed enough.")
        slug = activity.slug
    typed = "Consulates should open on Saturday"
    page = client.post(f"/en/c/{slug}/vote/propose", data={"statement": typed})
    assert "This is nearly the same" in visible(page) and "Money sent" not in page.text and typed in page.text
    assert len(states(database)) == 2
    client.post(f"/en/c/{slug}/vote/propose", data={"statement": typed, "sure": "1"})
    assert states(database)[typed] == "waiting"


def test_a_proposal_is_one_short_line(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        slug = make_consultation(session, phases=(Phase.VOTE,)).slug
    for typed, said in [(" \u200b ", "Write your statement."), ("x" * 141, "Write at most 140 characters.")]:
        page = client.post(f"/en/c/{slug}/vote/propose", data={"statement": typed})
        assert page.status_code == 422 and said in visible(page) and typed.strip("\u200b ") in page.text
    assert client.get_cookie(f"part-{slug}") is None and states(database) == {}


def test_one_person_proposes_ten_at_most(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)

        def propose(text: str, channel: Channel = Channel.OPEN) -> str:
            given = {"locale": "en", "channel": channel, "before": False, "today": now.date()}
            return statements.propose(session, activity.id, b"c" * 32, text, **given)  # type: ignore[arg-type]  # as named

        assert [propose(f"Number {number}") for number in range(9)] == ["shown"] * 9
        assert propose("Number 3") == "shown", "the same again is no further one"
        assert propose("Buy here", Channel.SUSPECT) == "set_apart"
        with pytest.raises(Refused, match=r"consultations\.proposal\.many"):
            propose("Number 11")


def test_without_statements_voting_cannot_open(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session, opens_at=None, phases=(Phase.VOTE,))
        make_statement(session, activity, state="waiting")
        codes = [problem.code for problem in fieldwork.hindrances(session, activity, now=now)]
        assert codes == ["consultations.statements.missing"]
        statements.add(session, activity, [(LocalisedText({"en": "Voting is easy."}), "")], by=None, now=now)
        assert fieldwork.hindrances(session, activity, now=now) == []


def test_a_proposal_sent_twice_at_once_is_one(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_consultation(session)
    barrier = threading.Barrier(8)

    def send() -> None:
        barrier.wait()
        with database.transaction() as session:
            given = {"locale": "en", "channel": Channel.OPEN, "before": False, "today": now.date()}
            statements.propose(session, activity.id, b"c" * 32, "Roads are bad.", **given)  # type: ignore[arg-type]  # as named

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(session.scalars(select(Statement)).all()) == 1
