"""Addresses and moments that no form of ours makes: told apart from faults, whatever the database."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.db.session import Database
from consult.web.locale import _known
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_questionnaire

ODD = ["%00", "x%00y", "..%2f..", "%ED%A0%80", "%F0%9F%92%A9", "a" * 3000, "%0d%0aX:y", "'%3B--", "{{7*7}}"]


@pytest.fixture
def staff(app: Flask, client: FlaskClient, database: Database) -> FlaskClient:
    """Somebody who may use every route, where a fault is answered and not raised."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with database.transaction() as session:
        ministry = make.institution(session, operates=True)
        process = make_process(session, lead=ministry, slug="labour", locales=("en",))
        activity = make_activity(session, process, slug="survey", time_zone="Asia/Tokyo")
        make_edition(session, activity, make_questionnaire(locales=("en",)))
        make_notice(session, activity)
        person = make.user(session, ministry, Role.ADMINISTRATOR, Role.OFFICER, Role.STEWARD)
    sign_in(client, person)
    return client


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_odd_parts_of_addresses_lead_nowhere(app: Flask, staff: FlaskClient) -> None:
    usual = {"locale": "en", "number": "1", "theme_id": str(uuid.uuid4()), "user_id": str(uuid.uuid4())}
    faults = []
    for place, rule in enumerate(app.url_map.iter_rules()):
        slug = "survey" if "/activities/" in rule.rule else "labour"
        # What is no locale is turned away before any route is asked: a few of them tell.
        for name in rule.arguments if place % 20 == 0 else rule.arguments - {"locale"}:
            for odd in ODD:
                parts = {**usual, "slug": slug, name: odd}
                address = re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda found, of=parts: of.get(found[1], "x"), rule.rule)
                if staff.get(address).status_code >= 500:
                    faults.append(address[:80])
    assert faults == []


ENTRY = "3d5a1f6e-8f0b-4c55-9d51-3a0f6f1f7c11"
"""Fixed, because parallel test processes must collect the same names."""


@pytest.mark.parametrize(
    "query",
    [
        "action=%00", "process=%00", "process=x", "before=x", f"before=0001-01-01T00:00%2B14:00_{ENTRY}",
        f"before=9999-12-31T23:59-14:00_{ENTRY}", f"before=2026-01-01_{ENTRY}",
    ],
)  # fmt: skip
def test_odd_filters_of_the_trail_are_no_faults(staff: FlaskClient, query: str) -> None:
    assert staff.get(f"/en/staff/trail?{query}").status_code in (200, 404)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "99999-01-01T00:00", "\0", "soon"])
def test_moments_outside_the_calendar_are_refused_at_their_field(staff: FlaskClient, moment: str) -> None:
    answer = staff.post(
        "/en/desk/activities/survey/schedule",
        data={"csrf_token": token(staff), "opens_at": moment, "closes_at": moment},
    )
    assert answer.status_code == 200
    assert answer.text.count("Write a date and a time") == 4, "in the summary and at both fields"


def test_a_page_that_does_not_exist_says_so_in_the_language_of_its_address(client: FlaskClient) -> None:
    for locale, direction in (("ar", "rtl"), ("fr", "ltr")):
        assert f'<html lang="{locale}" dir="{direction}">' in client.get(f"/{locale}/nothing/here").text
        assert f'<html lang="{locale}" dir="{direction}">' in client.post(f"/{locale}/help").text
    assert '<html lang="en" dir="ltr">' in client.get("/xx/nothing").text


def test_the_language_switch_of_a_page_that_a_form_brought_leads_somewhere(
    staff: FlaskClient, database: Database
) -> None:
    answer = staff.post("/en/desk/processes/labour/themes/adopt", data={"csrf_token": token(staff), "starter": "x"})
    assert answer.status_code == 400
    assert 'href="/ar/"' in answer.text


def test_locales_that_somebody_makes_up_do_not_fill_the_memory(client: FlaskClient) -> None:
    for number in range(1100):
        client.get(f"/sw-x{number:04}/q/nothing")
    info = _known.cache_info()
    assert info.maxsize is not None and info.currsize <= info.maxsize


def test_a_missing_file_is_not_remembered_as_missing(client: FlaskClient) -> None:
    assert client.get("/static/css/nothing.css?v=1").headers["Cache-Control"] == "no-store"
    assert "immutable" in client.get("/static/css/base.css?v=1").headers["Cache-Control"]
