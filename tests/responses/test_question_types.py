"""Ranges, times, orders, addresses, calendars and matrices in a browser without JavaScript."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.db.session import Database
from tests.factories.visitor import Form
from tests.responses.journey import Opened, first, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")

GIVEN = {
    "mood": ["", "3.5"],
    "share": "٤٥",
    "wakes__hour": "٦",
    "wakes__minute": "5",
    "landed__day": "30",
    "landed__month": "12",
    "landed__year": "1403",
    "landed__calendar": "persian",
    "landed__hour": "14",
    "landed__minute": "30",
    "born__day": "٢٢",
    "born__month": "١١",
    "born__year": "١٣٥٧",
    "born__calendar": "persian",
    "since__month": "9",
    "since__year": "2001",
    "left__year": "2016",
    "left__calendar": "ethiopian",
    "order": ["", "2 a", "3 b", "1 c"],
    "mail": "Ama@Example.org",
    "page": "example.org",
    "short": "b",
    "story": "Long",
}
STORED = {
    "mood": 3.5,
    "share": 45,
    "wakes": "06:05",
    "landed": "2025-03-20T14:30",
    "born": "1979-02-11",
    "since": "2001-09-01",
    "left": 2024,
    "order": ["c", "a", "b"],
    "mail": "Ama@example.org",
    "page": "https://example.org",
    "short": "b",
    "story": "Long",
}


def test_every_type_is_stored_told_in_words_and_shown_again(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("later_types", locales=("en", "fr"))
    assert to(first(client, **GIVEN)) == "/check"
    assert {name: list(one) if isinstance(one, tuple) else one for name, one in stored(database).items()} == STORED
    words = visible(client.get("/en/q/survey/check")).replace("\u202f", " ")
    for told in (
        "Mood 3.5",
        "Share 45",
        "Wakes 06:05",
        "Landed 20 March 2025, 14:30 (Solar Hijri calendar: 30/12/1403)",
        "Born 11 February 1979 (Solar Hijri calendar: 22/11/1357; Ethiopian calendar: 4/6/1971)",
        "Since September 2001",
        "Left 2024 (Ethiopian calendar: 2016)",
        "Order 1. C 2. A 3. B",
        "Mail Ama@example.org",
        "Page https://example.org",
        "Short B",
    ):
        assert told in words
    assert "Mood 3,5" in visible(client.get("/fr/q/survey/check")).replace(" (fr)", "")
    page = client.get("/fr/q/survey/page/1").text
    assert re.search(r'value="3.5"\s+checked', page)
    assert re.search(r'<option value="1 c" selected', page)
    assert 'name="born.year" value="1979"' in re.sub(r"\s+", " ", page)


@pytest.mark.parametrize(("name", "kind"), [("mail", "email"), ("page", "url")])
def test_browsers_know_what_kind_of_address_is_asked_for(
    client: FlaskClient, opened: Opened, name: str, kind: str
) -> None:
    opened("later_types")
    (field,) = re.findall(rf'<input[^>]*\sname="{name}"[^>]*>', client.get("/en/q/survey").text)
    for attribute in (f'type="{kind}"', f'autocomplete="{kind}"', 'dir="ltr"'):
        assert attribute in field


def test_mistakes_keep_what_was_typed_and_say_what_to_do(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("later_types")
    mistakes = {
        "share": "7",
        "mood": "9",
        "wakes__hour": "25",
        "wakes__minute": "5",
        "landed__day": "31",
        "landed__month": "7",
        "landed__year": "1403",
        "landed__calendar": "persian",
        "order": ["", "1 a", "1 b", "2 c"],
        "mail": "ama@",
        "page": "javascript:alert(1)",
    }
    response = first(client, **{**GIVEN, **mistakes})
    assert response.status_code == 422
    page, words = re.sub(r"\s+", " ", response.text), visible(response)
    for name, told in {
        "mood": "Give a number from 0 to 5, in steps of 0.5.",
        "share": "Give a number from 0 to 100, in steps of 5.",
        "wakes": "This is not a time of day. Write it in digits on the 24-hour clock, such as 14 30.",
        "landed": "This is not a date in the calendar. Write it in digits, such as 27 3 2001.",
        "order": "Two answers have the same place. Give each a place of its own.",
        "mail": "Write an e-mail address, such as name@example.org.",
        "page": "Write the address of a page on the internet, such as https://example.org.",
    }.items():
        assert f'<a href="#{name}"><bdi>{name.title()}</bdi> – {told}</a>' in page
        assert words.count(told) == 2
    for kept in ('value="7"', 'name="wakes.hour" value="25"', 'value="1 b" selected', 'value="javascript:alert(1)"'):
        assert kept in page
    assert '<option value="persian" selected' in page
    assert set(STORED) - set(stored(database)) == {"mood", "share", "wakes", "landed", "order", "mail", "page"}


def test_limits_are_told_in_the_readers_decimals(client: FlaskClient, opened: Opened) -> None:
    opened("later_types", locales=("en", "fr"))
    to(first(client, **GIVEN))
    page = client.post("/fr/q/survey/page/1", data={"mood": "9"})
    assert "Indiquez un nombre de 0 à 5, par pas de 0,5." in page.text


@pytest.mark.parametrize(("locale", "usual"), [("en", "gregorian"), ("fa", "persian"), ("am", "ethiopian")])
def test_the_customary_calendar_is_offered_first(client: FlaskClient, opened: Opened, locale: str, usual: str) -> None:
    opened("later_types", locales=("en", "fa", "am"))
    page = client.get(f"/{locale}/q/survey").text
    offered = re.findall(r'<option value="(gregorian|persian|ethiopian)"', page.partition('name="born.calendar"')[2])
    assert (offered[0], sorted(offered[:3])) == (usual, ["ethiopian", "gregorian", "persian"])


@pytest.mark.parametrize(
    ("locale", "order"),
    [("en", "day month year"), ("en-US", "month day year"), ("fr", "day month year"), ("zu", "month day year")],
)
def test_the_parts_of_a_date_stand_in_the_order_of_the_locale(
    client: FlaskClient, opened: Opened, locale: str, order: str
) -> None:
    opened("types", locales=("en", "en-US", "fr", "zu"))
    page = client.get(f"/{locale}/q/survey").text
    assert re.findall(r'name="day\.(day|month|year)"', page) == order.split()


def test_a_matrix_has_its_heads_once_and_every_row_as_a_question(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("matrix")
    page = re.sub(r"<template>.*?</template>", "", client.get("/en/q/survey").text, flags=re.DOTALL)
    assert page.count('class="heads"') == 1
    assert page.count("<legend") == 3
    assert "Consulate" not in page
    assert to(first(client, used="yes", head="", roads="good", schools="bad")) == "/page/1?more="
    mistaken = send(client, "/page/1", used="yes", head="", roads="", schools="bad", consulate="good")
    assert mistaken.status_code == 422
    assert '<a href="#roads"><bdi>Roads</bdi> – Answer this question.</a>' in mistaken.text
    assert 'aria-describedby="roads-error"' in mistaken.text
    assert to(send(client, "/page/1", used="yes", head="", roads="good", schools="bad", consulate="good")) == "/page/2"
    page = client.get("/en/q/survey/page/2").text
    assert page.count("Choose all that apply.") == page.count("(optional)") == 1
    assert to(send(client, "/page/2", now=["", "bad", "good"], later="")) == "/check"
    assert stored(database) == {
        "used": "yes", "roads": "good", "schools": "bad", "consulate": "good", "now": ("bad", "good"), "later": None,
    }  # fmt: skip


def test_whoever_checks_sees_what_the_rows_of_a_matrix_belong_to(client: FlaskClient, opened: Opened) -> None:
    opened("matrix")
    first(client, used="no", head="", roads="good", schools="bad")
    send(client, "/page/2", now="", later="")
    rows = "How good? Roads Good Change – Roads Schools Bad Change – Schools Wishes Now Not answered"
    assert rows in visible(client.get("/en/q/survey/check"))
    send(client, "/submit")
    assert "Used No How good? Roads Good Schools Bad Wishes Now" in visible(client.get("/en/q/survey/answers"))


@pytest.mark.parametrize(
    "told",
    ["Rows (optional) A B", "Choose all that apply. A B", "List (optional) Choose from the list A B", "1 2 A – 1 2 B"],
)
def test_choices_that_shall_not_be_shuffled_are_all_there(client: FlaskClient, opened: Opened, told: str) -> None:
    opened("kept_in_order")
    assert told in visible(client.get("/en/q/survey"))


def test_what_nobody_can_change_stays_on_a_mistaken_page_and_is_not_offered_for_change(
    client: FlaskClient, opened: Opened
) -> None:
    opened("looks")
    mistaken = filled(client, "", country="gb")
    assert mistaken.status_code == 422
    assert re.search(r'name="fixed"\s+value="often"\s+disabled\s+checked', mistaken.text)
    assert "What you said last year (optional)" not in visible(mistaken)
    filled(client, "/page/1", reason="work", heard="often", order=["1 work", "2 study", "3 family"])
    filled(client, "/page/2", mood="7", children="2", wish="Peace")
    filled(client, "/page/3", passport="bad", records="bad", help="bad", agreed="OK")
    filled(client, "/page/5")
    check = visible(client.get("/en/q/survey/check"))
    assert "What you said last year Agree " in check
    assert "Change – What you said last year" not in check
    assert "I have read how my answers are used. Confirmed" in check


def filled(client: FlaskClient, path: str, **answers: str | list[str]) -> TestResponse:
    """Send a page's form with some fields filled in."""
    address = f"/en/q/survey{path}"
    form = Form(client.get(address).text)
    return client.post(form.action, data={**form.fields, **answers})
