"""The notice of an activity, in every locale in which it is offered."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient

from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity, Unit
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process

OPENED = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def activity(database: Database) -> Activity:
    """An open activity in English and Swahili, of a process in English."""
    with database.transaction() as session:
        process = make_process(session, locales=("en",), threshold=12)
        activity = make_activity(session, process, slug="survey", locales=("en", "sw"), opens_at=OPENED)
        notice = make_notice(session, activity)
        notice.purpose = LocalisedText({"en": "To draft the policy.\nNothing else.", "sw": "Kwa sera."})
        return activity


def test_it_says_who_why_how_long_what_is_kept_and_what_is_not(client: FlaskClient, activity: Activity) -> None:
    page = client.get("/en/q/survey/privacy").text
    for words in ("Ministry of Foreign Affairs", "To draft the policy.", "24 months", "privacy@example.org"):
        assert words in page
    assert "Your internet address" in page
    assert "fewer than 12 people" in page


def test_it_is_there_in_the_locales_of_the_activity(client: FlaskClient, activity: Activity) -> None:
    page = client.get("/sw/q/survey/privacy")
    assert '<html lang="sw" dir="ltr">' in page.text
    assert "Kwa sera." in page.text
    assert client.get("/fr/q/survey/privacy").status_code == 404
    assert client.get("/en/q/other/privacy").status_code == 404


def test_institutions_are_not_promised_what_holds_for_persons(
    client: FlaskClient, activity: Activity, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Activity, activity.id).unit = Unit.INSTITUTION
    assert "fewer than" not in client.get("/en/q/survey/privacy").text
