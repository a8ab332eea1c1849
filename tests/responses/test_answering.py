"""Answering in a browser without JavaScript."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from consult.core.questionnaire.answers import decode
from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity, Process
from consult.responses.models import Response
from tests.factories.questionnaires import make_edition
from tests.factories.responses import make_open
from tests.questionnaires import load

CLOSES = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
Clock = Callable[[dt.timedelta], None]


@pytest.fixture(autouse=True)
def clock(now: dt.datetime) -> Iterator[Clock]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift


@pytest.fixture
def opened(database: Database) -> Callable[..., Activity]:
    """Opens an activity for the questionnaire of a feature, at the address `/en/q/survey`."""

    def make(feature: str, **rest: Any) -> Activity:
        with database.transaction() as session:
            return make_open(session, feature, slug=rest.pop("slug", "survey"), **rest)

    return make


def send(client: FlaskClient, path: str, **form: str | list[str]) -> TestResponse:
    fields = {name.replace("__", "."): value for name, value in form.items()}
    return client.post(f"/en/q/survey{path}", data=fields)


def first(client: FlaskClient, **form: str | list[str]) -> TestResponse:
    return send(client, "", edition="1", **form)


def to(response: TestResponse) -> str:
    assert response.status_code == 303, response.text
    return response.location.removeprefix("/en/q/survey")


def stored(database: Database) -> dict[str, object]:
    with database.reading() as session:
        (answers,) = session.scalars(select(Intake.answers))
        return dict(decode(answers))


def visible(response: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.text.partition("<main")[2].partition("</main")[0]))


def code_in(client: FlaskClient, slug: str = "survey") -> str:
    cookie = client.get_cookie(f"draft-{slug}")
    assert cookie is not None
    return cookie.value


def count(database: Database, model: type[Intake | Response]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# The first page


def test_the_first_page_is_the_same_bytes_for_everybody(app: Flask, opened: Callable[..., Activity]) -> None:
    opened("types")
    one, other = app.test_client(), app.test_client()
    other.set_cookie("draft-survey", "X" * 26)
    other.set_cookie("staff", "whatever")
    pages = [client.get("/en/q/survey", headers={"Accept-Encoding": "gzip"}) for client in (one, other)]
    assert pages[0].data == pages[1].data
    assert pages[0].status_code == 200
    assert dict(pages[0].headers) == dict(pages[1].headers)
    assert pages[0].headers["Cache-Control"] == "public, max-age=60"
    assert pages[0].headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in pages[0].headers
    plain = one.get("/en/q/survey")
    assert gzip.decompress(pages[0].data) == plain.data
    assert len({page.headers["ETag"] for page in (*pages, plain)}) == 2
    again = one.get("/en/q/survey", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Vary"] == "Accept-Encoding"


def test_the_first_page_costs_no_query_once_it_is_known(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("types")
    client.get("/en/q/survey")
    statements: list[str] = []
    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert client.get("/en/q/survey").status_code == 200
    assert statements == []


def test_statements_per_request_do_not_grow_with_the_questionnaire(
    client: FlaskClient, database: Database, opened: Callable[..., Activity], clock: Clock
) -> None:
    opened("constraint")
    client.get("/en/q/survey")
    statements: list[str] = []
    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    def counted(request: Callable[[], TestResponse], status: int) -> int:
        statements.clear()
        assert request().status_code == status
        return len([statement for statement in statements if not statement.startswith("BEGIN")])

    assert counted(lambda: first(client, age="20", name="", born=""), 303) == 1
    assert counted(lambda: client.get("/en/q/survey/check"), 200) == 1
    assert counted(lambda: send(client, "/page/1", age="30", name="", born=""), 303) == 2
    assert counted(lambda: send(client, "/submit"), 303) == 2
    assert counted(lambda: client.get("/en/q/survey/receipt"), 200) == 1


@pytest.mark.parametrize("feature", ["volatile", "randomized"])
def test_an_introduction_stands_before_a_page_that_depends_on_reader_or_day(
    client: FlaskClient, opened: Callable[..., Activity], feature: str
) -> None:
    opened(feature)
    introduction = client.get("/en/q/survey")
    assert introduction.headers["Cache-Control"] == "public, max-age=60"
    assert "1 page of questions" in visible(introduction)
    assert "Words" not in visible(introduction)
    assert to(first(client)) == "/page/1"
    page = client.get("/en/q/survey/page/1")
    assert "Words" in visible(page)
    assert page.headers["Cache-Control"] == "no-store"
    if feature == "volatile":
        assert 'value="2026"' in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/en/q/survey", 200), ("/ar/q/survey", 200), ("/de/q/survey", 200), ("/fr/q/survey", 404), ("/en/q/none", 404)],
)
def test_it_exists_in_the_locales_that_it_is_offered_in(
    client: FlaskClient, opened: Callable[..., Activity], path: str, status: int
) -> None:
    opened("types", locales=("en", "ar", "de"))
    assert client.get(path).status_code == status


def test_direction_and_words_follow_the_locale(client: FlaskClient, opened: Callable[..., Activity]) -> None:
    opened("types", locales=("en", "ar", "de"))
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/q/survey").text
    german = client.get("/de/q/survey")
    assert '<html lang="de" dir="ltr">' in german.text
    assert "Whole (de)" in german.text


def test_a_draft_and_a_hidden_process_are_nobodys_business(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("types", slug="draft", opens_at=None)
    hidden = opened("types", slug="hidden")
    with database.transaction() as session:
        session.execute(update(Process).where(Process.id == hidden.process_id).values(public=False))
    assert client.get("/en/q/draft").status_code == 404
    assert client.get("/en/q/hidden").status_code == 404


def test_every_participant_page_links_privacy_help_contact_accessibility_and_exit(
    client: FlaskClient, opened: Callable[..., Activity]
) -> None:
    opened("constraint")
    pages = [client.get("/en/q/survey"), first(client, age="x", name="", born="")]
    to(send(client, "/page/1", age="20", name="", born=""))
    pages += [client.get(f"/en/q/survey{path}") for path in ("/page/1", "/check", "/saved", "/answers", "/withdraw")]
    to(send(client, "/submit"))
    pages += [client.get("/en/q/survey/receipt")]
    for page in pages:
        for address in ("/en/q/survey/privacy", "/en/help", "/en/contact", "/en/accessibility", "/en/q/survey/exit"):
            assert f'href="{address}"' in page.text
        assert page.text.count("<h1") == 1


# Pages


def test_a_questionnaire_is_answered_from_the_first_page_to_the_receipt(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
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


def test_questions_that_become_relevant_on_the_same_page_are_shown(
    client: FlaskClient, opened: Callable[..., Activity]
) -> None:
    opened("same_page")
    assert "Job" not in visible(client.get("/en/q/survey"))
    assert to(first(client, works="yes")) == "/page/1?more="
    page = client.get("/en/q/survey/page/1?more=")
    assert "Job" in visible(page)
    assert "further questions on this page" in visible(page)
    assert send(client, "/page/1", works="yes", job="").status_code == 422
    assert to(send(client, "/page/1", works="yes", job="Nurse")) == "/check"


def test_what_was_typed_stays_and_every_mistake_is_said_twice(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("constraint")
    page = first(client, age="1o", name="Ama <b>", born__day="31", born__month="2", born__year="2000")
    assert page.status_code == 422
    assert page.text.index('role="alert"') < page.text.index("<h1")
    assert re.search(r"<title>\s*Error: ", page.text)
    assert 'value="1o"' in page.text
    assert 'value="Ama &lt;b&gt;"' in page.text
    assert 'value="31"' in page.text
    assert '<a href="#age">Write a number in digits' in page.text
    assert page.text.count("Write a number in digits") == 2
    assert page.text.count("This is not a date") == 2
    assert 'aria-describedby="age-error" aria-invalid="true"' in page.text
    assert 'action="/en/q/survey/page/1"' in page.text
    assert stored(database) == {"name": "Ama <b>"}
    assert to(send(client, "/page/1", age="20", name="Ama", born="")) == "/check"


def test_the_authors_words_for_a_mistake_win_and_show_answers_escaped(
    client: FlaskClient, opened: Callable[..., Activity]
) -> None:
    opened("constraint")
    assert "Tell us your age." in visible(first(client, age="", name="", born=""))
    page = send(client, "/page/1", age="12", name="<i>Ama</i>{{7*7}}", born="")
    assert "Between 15 and 120, not &lt;i&gt;Ama&lt;/i&gt;{{7*7}}." in page.text


def test_answers_are_piped_into_texts_and_braces_stay(client: FlaskClient, opened: Callable[..., Activity]) -> None:
    opened("calculation")
    assert to(first(client, told="")) == "/page/2"
    send(client, "/page/2", a="2", b="1,5")
    page = client.get("/en/q/survey/page/1")
    assert "Together <bdi>3.5</bdi>, ${unknown} and {braces}." in page.text


def test_unknown_fields_and_editions_are_refused(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("constraint")
    assert first(client, age="20", admin="1").status_code == 400
    assert send(client, "", edition="2", age="20").status_code == 400
    assert send(client, "", age="20").status_code == 400
    assert count(database, Intake) == 0


def test_forged_answers_to_hidden_questions_are_not_sent(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("relevance")
    to(first(client, moved="no", why="forged"))
    assert to(send(client, "/page/2", years="99", roots="forged")) == "/page/3"
    to(send(client, "/page/3", wishes=""))
    to(send(client, "/submit"))
    assert stored(database) == {"moved": "no", "wishes": None}


def test_nothing_is_sent_before_everything_was_seen(client: FlaskClient, opened: Callable[..., Activity]) -> None:
    opened("relevance")
    to(first(client, moved="no"))
    assert to(client.get("/en/q/survey/check")) == "/page/3"
    assert to(send(client, "/submit")) == "/page/3"
    assert to(client.get("/en/q/survey/page/2")) == "/page/3", "a page that is not relevant is not shown"
    assert client.get("/en/q/survey/page/9").status_code == 404


def test_changing_from_the_check_leads_back_to_it(client: FlaskClient, opened: Callable[..., Activity]) -> None:
    opened("relevance")
    to(first(client, moved="no"))
    to(send(client, "/page/3", wishes="Peace"))
    assert "/en/q/survey/page/1?check#moved" in client.get("/en/q/survey/check").text
    page = client.get("/en/q/survey/page/1?check")
    assert 'action="/en/q/survey/page/1?check="' in page.text
    assert to(send(client, "/page/1?check=", moved="no")) == "/check"


def test_the_language_can_be_changed_midway(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
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


def test_a_draft_stays_on_its_edition(
    client: FlaskClient, database: Database, opened: Callable[..., Activity], clock: Clock
) -> None:
    activity = opened("relevance")
    to(first(client, moved="no"))
    with database.transaction() as session:
        make_edition(session, session.get_one(Activity, activity.id), load("constraint"), number=2)
    clock(dt.timedelta(seconds=2))
    assert "Age" in visible(client.get("/en/q/survey"))
    assert "Wishes" in visible(client.get("/en/q/survey/page/3"))
    assert to(send(client, "/page/3", wishes="")) == "/check"


def test_a_first_page_from_an_old_edition_is_still_taken(
    client: FlaskClient, database: Database, opened: Callable[..., Activity], clock: Clock
) -> None:
    activity = opened("relevance")
    with database.transaction() as session:
        make_edition(session, session.get_one(Activity, activity.id), load("constraint"), number=2)
    assert to(first(client, moved="no")) == "/page/3"
    with database.reading() as session:
        assert session.scalars(select(Intake.edition)).all() == [1]


def test_saving_for_later_keeps_what_is_right_and_shows_the_code(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("constraint")
    assert to(first(client, age="", name="Ama", born="", then="later")) == "/saved"
    assert stored(database) == {"name": "Ama", "born": None}
    assert code_in(client)[:4] in visible(client.get("/en/q/survey/saved"))
    assert first(client, age="x", name="Ama", born="", then="later").status_code == 422


# Once is once


def test_double_click_retry_and_back_button_give_one_response_and_one_receipt(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    assert to(first(client, works="no", thanks="")) == "/check"
    assert count(database, Intake) == 1, "the first page sent again goes into the same draft"
    assert [to(send(client, "/submit")) for _ in range(3)] == ["/receipt"] * 3
    receipts = {client.get("/en/q/survey/receipt").text for _ in range(2)}
    assert len(receipts) == 1
    for path in ("/page/1", "/check", "/saved"):
        assert to(client.get(f"/en/q/survey{path}")) == "/receipt"
    assert to(send(client, "/page/1", works="yes", job="x")) == "/receipt"
    assert to(first(client, works="yes")) == "/receipt"
    assert count(database, Intake) == 1
    assert stored(database) == {"works": "no"}


def test_after_exit_somebody_else_answers_anew(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    to(send(client, "/submit"))
    left = client.get("/en/q/survey/exit")
    assert client.get_cookie("draft-survey") is None
    assert "survey" not in left.text.lower()
    to(first(client, works="no", thanks=""))
    assert count(database, Intake) == 2


# Open and closed


def test_before_opening_and_after_closing_nothing_is_taken(
    client: FlaskClient, database: Database, opened: Callable[..., Activity], clock: Clock
) -> None:
    opened("same_page", closes_at=CLOSES)
    to(first(client, works="no", thanks=""))
    clock(CLOSES - dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC))
    for path in ("", "/page/1", "/check", "/saved"):
        assert "is closed" in visible(client.get(f"/en/q/survey{path}"))
    for path in ("/page/1", "/submit"):
        page = send(client, path, works="yes", job="x") if path == "/page/1" else send(client, path)
        assert page.status_code == 410
    assert first(client, works="no", thanks="").status_code == 410
    assert stored(database) == {"works": "no"}
    opened("types", slug="later", opens_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert "not open yet" in visible(client.get("/en/q/later"))


def test_closing_holds_for_a_process_that_has_not_noticed_yet(
    client: FlaskClient, database: Database, opened: Callable[..., Activity], now: dt.datetime
) -> None:
    activity = opened("same_page")
    to(first(client, works="no", thanks=""))
    with database.transaction() as session:
        session.execute(update(Activity).where(Activity.id == activity.id).values(closes_at=now))
    assert send(client, "/submit").status_code == 410
    assert send(client, "/page/1", works="yes", job="x").status_code == 410
    assert first(client, works="no", thanks="").status_code == 410
    client.delete_cookie("draft-survey")
    assert first(client, works="no", thanks="").status_code == 410
    assert count(database, Intake) == 1


# No trace, no thank-you in vain


def test_the_cookie_is_for_the_server_only_and_the_code_is_in_no_address(
    client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("same_page")
    response = first(client, works="no", thanks="")
    (cookie,) = response.headers.getlist("Set-Cookie")
    code = code_in(client)
    assert cookie == f"draft-survey={code}; HttpOnly; Path=/; SameSite=Lax"
    assert code not in response.location
    with database.reading() as session:
        (row,) = session.execute(select(Intake.__table__)).all()
    assert code not in str(row)
    for header in client.get("/en/q/survey/check").headers:
        assert "Cookie" not in header[1]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("path", ["", "/page/1", "/submit", "/resume", "/correct", "/withdraw"])
def test_other_sites_cannot_send_forms(
    client: FlaskClient, opened: Callable[..., Activity], headers: dict[str, str], path: str
) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))
    assert client.post(f"/en/q/survey{path}", data={"edition": "1"}, headers=headers).status_code == 403


def test_when_the_database_is_away_nobody_is_thanked(
    app: Flask, client: FlaskClient, database: Database, opened: Callable[..., Activity]
) -> None:
    opened("same_page")
    to(first(client, works="no", thanks=""))

    def fail(*_: object) -> None:
        raise OperationalError("UPDATE intake", {}, Exception("disk full"))

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", fail)
    try:
        page = send(client, "/submit")
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", fail)
    assert page.status_code == 503
    assert "Keep this page open" in visible(page)
    assert page.headers["Retry-After"]
    assert to(send(client, "/submit")) == "/receipt"
