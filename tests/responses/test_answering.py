"""Answering in a browser without JavaScript."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity
from tests.factories.questionnaires import make_edition
from tests.questionnaires import load
from tests.responses.journey import Clock, Opened, code_in, count, first, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")


def test_a_questionnaire_is_answered_from_the_first_page_to_the_receipt(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("relevance")
    assert to(first(client, moved="no")) == "/page/3"
    assert "Step 2 of 2" in visible(client.get("/en/q/survey/page/3"))
    assert to(send(client, "/page/3", wishes="Peace")) == "/check"
    assert "Peace" in visible(client.get("/en/q/survey/check"))
    assert to(send(client, "/submit")) == "/receipt"
    receipt = client.get("/en/q/survey/receipt")
    assert code_in(client)[:4] in visible(receipt)
    assert stored(database) == {"moved": "no", "wishes": "Peace"}
    with database.reading() as session:
        (row,) = session.scalars(select(Intake))
        assert (row.state, row.channel, row.locale, row.day) == ("submitted", "open", "en", dt.date(2026, 3, 2))


def test_questions_that_become_relevant_on_the_same_page_are_shown(client: FlaskClient, opened: Opened) -> None:
    opened("same_page")
    assert "Job" not in visible(client.get("/en/q/survey"))
    assert to(first(client, works="yes")) == "/page/1?more="
    page = client.get("/en/q/survey/page/1?more=")
    assert "Job" in visible(page)
    assert "further questions on this page" in visible(page)
    assert send(client, "/page/1", works="yes", job="").status_code == 422
    assert to(send(client, "/page/1", works="yes", job="Nurse")) == "/check"


def test_what_was_typed_stays_and_every_mistake_is_said_twice(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("constraint")
    page = first(client, age="1o", name="Ama <b>", born__day="31", born__month="2", born__year="2000")
    assert page.status_code == 422
    assert page.text.index('role="alert"') < page.text.index("<h1")
    assert re.search(r"<title>\s*Error: ", page.text)
    assert 'value="1o"' in page.text
    assert 'value="Ama &lt;b&gt;"' in page.text
    assert 'value="31"' in page.text
    assert '<a href="#age"><bdi>Age</bdi> – Write a number in digits' in page.text
    assert page.text.count("Write a number in digits") == 2
    assert page.text.count("This is not a date") == 2
    assert 'aria-describedby="age-error" aria-invalid="true"' in page.text
    assert 'action="/en/q/survey/page/1"' in page.text
    assert stored(database) == {"name": "Ama <b>"}
    assert to(send(client, "/page/1", age="20", name="Ama", born="")) == "/check"


def test_the_authors_words_for_a_mistake_win_and_show_answers_escaped(client: FlaskClient, opened: Opened) -> None:
    opened("constraint")
    assert "Tell us your age." in visible(first(client, age="", name="", born=""))
    page = send(client, "/page/1", age="12", name="<i>Ama</i>{{7*7}}", born="")
    assert "Between 15 and 120, not &lt;i&gt;Ama&lt;/i&gt;{{7*7}}." in page.text


def test_answers_are_piped_into_texts_and_braces_stay(client: FlaskClient, opened: Opened) -> None:
    opened("calculation")
    assert to(first(client, told="")) == "/page/2"
    send(client, "/page/2", a="2", b="1,5")
    page = client.get("/en/q/survey/page/1")
    assert "Together <bdi>3.5</bdi>, ${unknown} and {braces}." in page.text


def test_unknown_fields_and_editions_are_refused(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("constraint")
    assert first(client, age="20", admin="1").status_code == 400
    assert send(client, "", edition="2", age="20").status_code == 400
    assert send(client, "", age="20").status_code == 400
    assert count(database, Intake) == 0


def test_forged_answers_to_hidden_questions_are_not_sent(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("relevance")
    to(first(client, moved="no", why="forged"))
    assert to(send(client, "/page/2", years="99", roots="forged")) == "/page/3"
    to(send(client, "/page/3", wishes=""))
    to(send(client, "/submit"))
    assert stored(database) == {"moved": "no", "wishes": None}


def test_nothing_is_sent_before_everything_was_seen(client: FlaskClient, opened: Opened) -> None:
    opened("relevance")
    to(first(client, moved="no"))
    assert to(client.get("/en/q/survey/check")) == "/page/3"
    assert to(send(client, "/submit")) == "/page/3"
    assert to(client.get("/en/q/survey/page/2")) == "/page/3", "a page that is not relevant is not shown"
    assert client.get("/en/q/survey/page/9").status_code == 404


def test_choices_that_name_answers_are_told_by_them(client: FlaskClient, opened: Opened) -> None:
    opened("choices_that_name_answers")
    first(client, first="Ama", second="<b>Kofi</b> ${first}")
    assert "Ama" in visible(client.get("/en/q/survey/page/2"))
    assert to(send(client, "/page/2", eldest="b")) == "/page/3"
    assert "You chose &lt;b&gt;Kofi&lt;/b&gt; ${first} ." in visible(client.get("/en/q/survey/page/3"))
    send(client, "/page/3", said="")
    assert visible(client.get("/en/q/survey/check")).count("&lt;b&gt;Kofi&lt;/b&gt; ${first}") == 2


def test_changing_from_the_check_leads_back_to_it(client: FlaskClient, opened: Opened) -> None:
    opened("relevance")
    to(first(client, moved="no"))
    to(send(client, "/page/3", wishes="Peace"))
    assert "/en/q/survey/page/1?check#moved" in client.get("/en/q/survey/check").text
    page = client.get("/en/q/survey/page/1?check")
    assert 'action="/en/q/survey/page/1?check="' in page.text
    assert to(send(client, "/page/1?check=", moved="no")) == "/check"


def test_the_language_can_be_changed_midway(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("relevance", locales=("en", "ar"))
    to(first(client, moved="yes", why="Work"))
    page = client.get("/en/q/survey/page/2")
    assert 'href="/ar/q/survey/page/2"' in page.text
    arabic = client.get("/ar/q/survey/page/2")
    assert 'dir="rtl"' in arabic.text
    assert client.post("/ar/q/survey/page/2", data={"years": "٥"}).location == "/ar/q/survey/page/3"
    assert stored(database) == {"moved": "yes", "why": "Work", "years": 5}
    mistaken = client.post("/en/q/survey/page/2", data={"years": "x"})
    assert 'href="/ar/q/survey/page/2"' in mistaken.text


def test_a_draft_stays_on_its_edition(client: FlaskClient, database: Database, opened: Opened, clock: Clock) -> None:
    activity = opened("relevance")
    to(first(client, moved="no"))
    with database.transaction() as session:
        make_edition(session, session.get_one(Activity, activity.id), load("constraint"), number=2)
    clock(dt.timedelta(seconds=2))
    assert "Age" in visible(client.get("/en/q/survey"))
    assert "Wishes" in visible(client.get("/en/q/survey/page/3"))
    assert to(send(client, "/page/3", wishes="")) == "/check"


def test_a_first_page_from_an_old_edition_is_still_taken(
    client: FlaskClient, database: Database, opened: Opened, clock: Clock
) -> None:
    activity = opened("relevance")
    with database.transaction() as session:
        make_edition(session, session.get_one(Activity, activity.id), load("constraint"), number=2)
    assert to(first(client, moved="no")) == "/page/3"
    with database.reading() as session:
        assert session.scalars(select(Intake.edition)).all() == [1]


def test_saving_for_later_keeps_what_is_right_and_shows_the_code(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("constraint")
    assert to(first(client, age="", name="Ama", born="", then="later")) == "/saved"
    assert stored(database) == {"name": "Ama", "born": None}
    assert code_in(client)[:4] in visible(client.get("/en/q/survey/saved"))
    assert first(client, age="x", name="Ama", born="", then="later").status_code == 422
