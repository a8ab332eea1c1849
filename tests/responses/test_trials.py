"""A trial goes over the pages of participants, says so on each, is counted nowhere, and is gone at the opening."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import make_transient
from werkzeug.test import TestResponse

from consult.accounts.models import Role, User
from consult.app import RETENTION
from consult.audit.models import Entry
from consult.config import Keys, Settings
from consult.core.exchange.workbook import read_workbook
from consult.db.base import Base
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.models import Intake, TrialIntake
from consult.privacy.erasing import again
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from consult.questionnaires.models import Trial
from consult.responses import mixing, tasks
from consult.responses.views.blueprint import shelf
from consult.web.locale import stamp
from tests.conftest import NOW
from tests.factories.accounts import sign_in, token, user
from tests.factories.device import Device
from tests.factories.trials import come_in, make_trial
from tests.factories.visitor import Form
from tests.responses.journey import Clock, Opened, send, to

pytestmark = pytest.mark.usefixtures("clock")
DOOR = "/en/q/survey/trial"
MARK = "This is a trial. Answers are not counted"


@pytest.fixture
def activity(opened: Opened) -> Activity:
    """A questionnaire that is published and not opened."""
    return opened("relevance", locales=("en", "fr"), opens_at=None)


@pytest.fixture
def code(database: Database, activity: Activity) -> str:
    with database.transaction() as session:
        return make_trial(session, session.get_one(Activity, activity.id))


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


def rows(database: Database, model: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def journey(client: FlaskClient) -> Iterator[TestResponse]:
    """Every page from the first to the receipt."""
    page = client.get(DOOR)
    for fields in ({"moved": "no"}, {"wishes": "Peace"}, {}):
        yield page
        form = Form(page.text)
        page = client.post(form.action, data={**form.fields, **fields}, follow_redirects=True)
    yield page


def answer(client: FlaskClient, code: str) -> TestResponse:
    come_in(client, code)
    return [*journey(client)][-1]


def test_whoever_has_the_link_answers_as_participants_will_and_every_page_says_what_it_is(
    client: FlaskClient, database: Database, code: str
) -> None:
    assert client.get("/en/q/survey").status_code == 404, "participants see nothing of it"
    assert to(come_in(client, code)) == "/trial"
    pages = [*journey(client)]
    assert [MARK in page.text for page in pages] == [True] * 4
    assert 'class="code"' in pages[-1].text
    assert pages[0].headers["Cache-Control"] == "no-store"
    with database.reading() as session:
        (kept,) = session.scalars(select(TrialIntake))
        assert kept.state == "submitted"
    assert rows(database, Intake) == 0


@pytest.mark.parametrize(
    "path", ["", "/page/1", "/check", "/receipt", "/answers", "/resume", "/offline", "/notice", "/help", "/away"]
)
def test_without_the_link_a_trial_looks_like_none(client: FlaskClient, code: str, path: str) -> None:
    there, nowhere = (client.get(f"/en/q/{slug}/trial{path}", follow_redirects=True) for slug in ("survey", "nothing"))
    assert there.text.replace("survey", "") == nowhere.text.replace("nothing", "")
    assert "in English" not in there.text
    assert come_in(client, code[:-1] + ("0" if code[-1] != "0" else "1")).status_code == 404
    assert come_in(client, code, "nothing").status_code == 404


@pytest.mark.parametrize("then", ["renewed", "ended"])
def test_a_link_can_be_renewed_and_ended(
    client: FlaskClient, database: Database, activity: Activity, code: str, then: str, clock: Clock
) -> None:
    answer(client, code)
    officer, desk = desk_of(client, database, activity)
    if then == "renewed":
        page = officer.post(desk, data={"csrf_token": token(officer)}).text
        new = page.partition("/en/q/survey/trial#")[2][:26]
        assert come_in(officer, new).status_code == 303
    else:
        officer.post(f"{desk}/end", data={"csrf_token": token(officer)})
    clock(dt.timedelta(seconds=2))
    assert to(client.get(f"{DOOR}/check")) == "/trial", "it was let in by the old one"
    assert come_in(client, code).status_code == 404
    assert rows(database, TrialIntake) == 1, "what was answered is kept until the opening"


def desk_of(client: FlaskClient, database: Database, activity: Activity) -> tuple[FlaskClient, str]:
    """An officer's browser, and the address of the trial at the desk."""
    with database.transaction() as session:
        process = session.get_one(Activity, activity.id).process
        person: User = user(session, process.lead_institution, Role.OFFICER)
    officer = client.application.test_client()
    sign_in(officer, person)
    return officer, "/en/desk/activities/survey/trial"


def test_an_officer_sees_how_much_was_answered_and_takes_it_out_marked(
    client: FlaskClient, database: Database, activity: Activity, code: str
) -> None:
    answer(client, code)
    officer, desk = desk_of(client, database, activity)
    assert f'href="{desk}/1.csv"' in officer.get(desk).text
    csv = officer.get(f"{desk}/1.csv")
    head, row = csv.data.decode("utf-8-sig").splitlines()
    told = dict(zip(head.split(","), row.split(","), strict=True))
    assert told["_channel"] == "trial"
    assert (told["_state"], told["moved"], told["wishes"]) == ("submitted", "no", "Peace")
    (sheet,) = read_workbook(officer.get(f"{desk}/1.xlsx").data, None).sheets.values()
    assert [sheet.headers, len(sheet.rows)] == [tuple(head.split(",")), 1]
    fieldwork_page = officer.get(f"/en/desk/processes/{activity.process.slug}/results/fieldwork")
    assert "Peace" not in fieldwork_page.text
    with database.reading() as session:
        noted = session.scalars(select(Entry).where(Entry.action == "responses.download")).all()
        assert [entry.details for entry in noted] == [{"trial": 1}] * 2


def test_an_officer_deletes_what_was_answered_and_the_link_with_it(
    client: FlaskClient, database: Database, activity: Activity, code: str, clock: Clock
) -> None:
    answer(client, code)
    officer, desk = desk_of(client, database, activity)
    assert f'action="{desk}/delete"' in officer.get(desk).text
    officer.post(f"{desk}/delete", data={"csrf_token": token(officer)})
    assert (rows(database, Trial), rows(database, TrialIntake)) == (0, 0)
    assert f'action="{desk}/delete"' not in officer.get(desk).text
    clock(dt.timedelta(seconds=2))
    assert to(client.get(f"{DOOR}/check")) == "/trial"


def test_what_is_withdrawn_in_a_trial_is_withdrawn_again_after_a_restore(
    client: FlaskClient, database: Database, activity: Activity, code: str, installation: Installation
) -> None:
    answer(client, code)
    with database.reading() as session:
        (kept,) = session.scalars(select(TrialIntake))
    send(client, "/trial/withdraw")
    assert rows(database, TrialIntake) == 0
    with database.transaction() as session:  # a backup
        make_transient(kept)
        session.add(kept)
    again(installation, RETENTION, Ledger(installation.settings.ledger), now=NOW)
    assert rows(database, TrialIntake) == 0


def test_what_was_answered_in_a_trial_is_never_mixed_nor_taken_in_as_responses(
    client: FlaskClient, database: Database, activity: Activity, code: str, now: dt.datetime
) -> None:
    answer(client, code)
    with database.reading() as session:
        assert mixing.ready(session, now) == []
        assert list(mixing.unsealed(session, now)) == []
    officer, desk = desk_of(client, database, activity)
    csv = officer.get(f"{desk}/1.csv").data
    file = {"file": (io.BytesIO(csv), "trial.csv"), "edition": "1", "csrf_token": token(officer)}
    page = officer.post("/en/desk/activities/survey/responses/import", data=file).text
    assert "This file has answers of a trial" in page


def test_opening_deletes_all_of_it_in_its_own_transaction_and_those_who_tried_are_told(
    client: FlaskClient, database: Database, activity: Activity, code: str, now: dt.datetime
) -> None:
    answer(client, code)
    with database.session(write=True) as session:
        fieldwork.open_now(session, session.get_one(Activity, activity.id), by=None, now=now)
        session.rollback()
    assert rows(database, TrialIntake) == 1
    with database.transaction() as session:
        fieldwork.open_now(session, session.get_one(Activity, activity.id), by=None, now=now)
    assert (rows(database, Trial), rows(database, TrialIntake)) == (0, 0)
    with database.reading() as session:
        assert "questionnaires.delete_trial" in session.scalars(select(Entry.action)).all()
    with time_machine.travel(now + dt.timedelta(seconds=5), tick=False):
        page = client.get(f"{DOOR}/page/1")
        assert page.status_code == 410
        assert "The trial is over" in page.text
        assert 'href="/en/q/survey"' in page.text
        assert client.get("/en/q/survey").status_code == 200


def test_a_scheduled_opening_refuses_at_once_and_deletes_by_the_job(
    client: FlaskClient, database: Database, activity: Activity, code: str, installation: Installation, now: dt.datetime
) -> None:
    opening = now + dt.timedelta(hours=1)
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        fieldwork.schedule(session, found, opens_at=opening, closes_at=None, by=None, now=now)
    answer(client, code)
    tasks.end_trials(installation, {}, now)
    assert rows(database, TrialIntake) == 1
    with time_machine.travel(opening + dt.timedelta(seconds=2), tick=False):
        assert client.post(f"{DOOR}/page/1", data={"moved": "no"}).status_code == 410
        tasks.end_trials(installation, {}, opening)
    assert rows(database, TrialIntake) == 0
    with database.reading() as session:
        assert "questionnaires.delete_trial" in session.scalars(select(Entry.action)).all()


def test_what_a_device_kept_arrives_in_the_trial_and_is_refused_politely_once_it_is_over(
    client: FlaskClient, database: Database, activity: Activity, code: str, now: dt.datetime
) -> None:
    come_in(client, code)
    early, late = Device(client, slug="survey/trial"), Device(client, slug="survey/trial")
    answers = {"moved": "no", "wishes": "Peace"}
    sealed, other = early.seal(answers), late.seal(answers)
    client.delete_cookie("pass-survey")  # the browser was closed: what it kept proves that it had the link
    assert to(early.send(sealed)) == "/trial/receipt"
    assert rows(database, TrialIntake) == 1
    with database.transaction() as session:
        fieldwork.open_now(session, session.get_one(Activity, activity.id), by=None, now=now)
    with time_machine.travel(now + dt.timedelta(seconds=5), tick=False):
        assert late.send(other).status_code == 410
        outside = Device(client)
        outside.known["edition"] = "1"
        outside.address = "/en/q/survey/offline"
        assert outside.send(other).status_code == 400, "nor does it count where participants answer"
    assert rows(database, Intake) == 0


def test_who_declines_in_a_trial_is_led_out_leaves_nothing_and_may_try_again(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    activity = opened("gates", opens_at=None)
    with database.transaction() as session:
        code = make_trial(session, session.get_one(Activity, activity.id))
    come_in(client, code)
    begun = send(client, "/trial", edition="1", agree="yes", nickname="canary")
    assert to(begun) == "/trial/page/2"
    assert rows(database, TrialIntake) == 1
    assert to(send(client, "/trial/page/2", edition="1", still="no", wishes="more")) == "/trial/away"
    assert rows(database, TrialIntake) == 0
    page = client.get(f"{DOOR}/away")
    assert "We have kept none of your answers." in page.text
    assert MARK in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "This is a trial" in client.get(DOOR).text
    assert to(send(client, "/trial", edition="1", agree="no", nickname="")) == "/trial/away"


@pytest.mark.parametrize(
    ("page", "told"),
    [("notice", ("24 months", "to have data deleted", "Legal basis")), ("help", ("Contact", "Complaining"))],
)
def test_notice_and_help_are_tried_too(client: FlaskClient, code: str, page: str, told: tuple[str, ...]) -> None:
    come_in(client, code)
    assert f'href="/en/q/survey/trial/{page}"' in client.get(DOOR).text
    shown = client.get(f"{DOOR}/{page}")
    assert shown.status_code == 200
    for words in (MARK, 'href="/en/q/survey/trial/exit"', *told):
        assert words in shown.text
    assert "public" not in shown.headers.get("Cache-Control", "")


def test_trying_leaves_what_is_remembered_of_the_open_questionnaire_alone(
    app: Flask, client: FlaskClient, database: Database, activity: Activity, code: str, now: dt.datetime
) -> None:
    come_in(client, code)
    with database.transaction() as session:
        fieldwork.open_now(session, session.get_one(Activity, activity.id), by=None, now=now)
    with time_machine.travel(now + dt.timedelta(seconds=5), tick=False):
        client.get("/en/q/survey")
        assert client.get(f"{DOOR}/page/1").status_code == 410
        with app.app_context():
            assert shelf().entry("survey", now + dt.timedelta(seconds=5), lambda: None, stamp())
