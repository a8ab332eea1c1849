"""What devices keep and send: one page for everybody, one response for each, whatever goes wrong in between."""

from __future__ import annotations

import datetime as dt
import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.config import Keys
from consult.core.questionnaire.answers import decode
from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity
from consult.responses import service
from consult.responses.mixing import mix
from consult.responses.models import Response
from consult.responses.shelf import Shelf
from tests.factories.device import Device, seal
from tests.factories.questionnaires import make_edition
from tests.factories.responses import digest, make_coming
from tests.questionnaires import load
from tests.responses.journey import CLOSES, Clock, Opened, code_in, count, first, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")
YES = {"works": ["", "yes"], "job": "Baker"}


def state(database: Database) -> str:
    """Of the only row in the intake."""
    with database.reading() as session:
        return session.scalars(select(Intake.state)).one()


# What a device keeps


def test_the_page_is_the_same_bytes_for_everybody_and_knows_nobody(app: Flask, opened: Opened) -> None:
    opened("same_page")
    one, other = app.test_client(), app.test_client()
    to(first(other, works="yes", job="canary"))
    pages = [client.get("/en/q/survey/offline", headers={"Accept-Encoding": "gzip"}) for client in (one, other)]
    assert pages[0].data == pages[1].data
    assert dict(pages[0].headers) == dict(pages[1].headers)
    assert pages[0].headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in pages[0].headers
    again = one.get("/en/q/survey/offline", headers={"If-None-Match": pages[0].headers["ETag"]})
    assert again.status_code == 200, "what is packed has a tag of its own"


def test_the_page_does_not_depend_on_the_day(app: Flask, client: FlaskClient, opened: Opened, clock: Clock) -> None:
    opened("volatile")
    page = client.get("/en/q/survey/offline").data
    clock(dt.timedelta(days=1))
    app.extensions["consult.responses"] = Shelf()
    assert client.get("/en/q/survey/offline").data == page


def test_the_offer_stands_on_the_first_page_and_appears_with_javascript_only(
    client: FlaskClient, opened: Opened
) -> None:
    opened("same_page")
    opened("volatile", slug="introduced")
    opened("repeats", slug="repeated")
    offers = {slug: client.get(f"/en/q/{slug}").text for slug in ("survey", "introduced", "repeated")}
    assert [slug for slug, page in offers.items() if "<div hidden" in page and "data-keep" in page] == [
        "survey",
        "introduced",
    ]
    to(first(client, works="yes", job="x"))
    assert "data-keep" not in client.get("/en/q/survey/page/1").text, "an answer has been given already"
    assert client.get("/en/q/repeated/offline").status_code == 404


def test_the_worker_may_answer_for_the_first_page_and_is_looked_up_anew(client: FlaskClient, opened: Opened) -> None:
    opened("same_page")
    worker = client.get("/en/q/survey/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/en/q/survey"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.mimetype == "text/javascript"
    assert client.get("/en/q/nothing/worker.js").status_code == 404


def test_exit_clears_what_browsers_keep(client: FlaskClient, opened: Opened) -> None:
    opened("same_page")
    assert client.get("/en/q/survey/exit").headers["Clear-Site-Data"] == '"storage"'


def test_no_other_site_can_have_a_device_forget_what_waits_on_it(client: FlaskClient, opened: Opened) -> None:
    opened("same_page")
    address = "/en/q/survey/exit"
    for site in ("cross-site", "same-site"):
        answer = client.get(address, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert "Clear-Site-Data" not in answer.headers
    for site in ("same-origin", "none"):
        assert client.get(address, headers={"Sec-Fetch-Site": site}).headers["Clear-Site-Data"] == '"storage"'


# Once is once


def test_what_was_kept_is_submitted_and_leads_to_the_receipt_with_the_code_of_the_device(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    activity = opened("same_page")
    device = Device(client)
    assert to(device.send(device.seal(YES))) == "/receipt"
    assert code_in(client) == device.code
    assert "received your answers" in visible(client.get("/en/q/survey/receipt"))
    assert stored(database) == {"works": "yes", "job": "Baker"}
    with database.reading() as session:
        row = session.scalars(select(Intake)).one()
    assert (row.state, row.code) == ("submitted", digest(activity.id, device.code))
    assert set(row.context) == {"today", "seed", "once"}
    to(client.post("/en/q/survey/correct"))
    assert to(send(client, "/page/1", works="no", thanks="")) == "/check"


def test_sent_again_it_is_there_once(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("same_page")
    device = Device(client)
    sealed = device.seal(YES)
    assert [to(device.send(sealed)) for _ in range(3)] == ["/receipt"] * 3
    assert count(database, Intake) == 1


def test_fifty_retries_at_once_give_one_response(app: Flask, database: Database, opened: Opened) -> None:
    opened("same_page")
    device = Device(app.test_client())
    sealed = device.seal(YES)

    def retry(_: int) -> str:
        other = Device(app.test_client())
        other.code = device.code
        return to(other.send(sealed))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(retry, range(50))) == {"/receipt"}
    assert count(database, Intake) == 1


def test_what_has_been_mixed_meanwhile_is_not_stored_again(
    client: FlaskClient, database: Database, opened: Opened, now: dt.datetime
) -> None:
    activity = opened("same_page")
    device = Device(client)
    sealed = device.seal(YES)
    to(device.send(sealed))
    with database.transaction() as session:
        assert mix(session, activity.id, least=1, chance=random.Random(1)) == 1
    assert to(device.send(sealed)) == "/receipt"
    with database.transaction() as session:
        coming = make_coming({"works": "yes"}, state="submitted")
        assert not service.arrive(session, activity.id, digest(activity.id, device.code), coming, now=now)
    assert (count(database, Intake), count(database, Response)) == (0, 1)


# Whose it is


def test_whoever_does_not_know_the_code_gets_no_access(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("same_page")
    device = Device(client)
    sealed = device.seal(YES)
    for code in ("", "0" * 26):
        assert to(device.send(sealed, code=code)) == "/resume?arrived=sent"
        assert client.get_cookie("draft-survey") is None
    assert "have been sent" in visible(client.get("/en/q/survey/resume?arrived=sent"))
    assert state(database) == "submitted"


def test_a_draft_begun_in_the_same_browser_is_left_alone(app: Flask, database: Database, opened: Opened) -> None:
    opened("same_page")
    client = app.test_client()
    to(first(client, works="yes", job="canary"))
    device = Device(client)
    to(device.send(device.seal({"works": ["", "no"], "thanks": ""}), code=""))
    mine = Device(client)
    to(mine.send(mine.seal(YES)))
    with database.reading() as session:
        kept = sorted(map(tuple, session.execute(select(Intake.state, Intake.answers))))
    assert kept == [
        ("draft", '{"job":"canary","works":"yes"}'),
        ("submitted", '{"job":"Baker","works":"yes"}'),
        ("submitted", '{"works":"no"}'),
    ], "it may be somebody else’s, who left the device"


def test_a_correction_that_was_begun_keeps_what_had_been_sent(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    to(first(client, works="yes", job="First"))
    to(send(client, "/submit"))
    to(client.post("/en/q/survey/correct"))
    device = Device(client)
    to(device.send(device.seal(YES)))
    assert count(database, Intake) == 2


# What is missing or wrong


@pytest.mark.parametrize(
    ("answers", "kept"),
    [({"works": ["", "yes"]}, {"works": "yes"}), ({"works": ["", "yes"], "job": ""}, {"works": "yes"})],
)
def test_what_is_unfinished_is_kept_as_a_draft_on_which_its_owner_goes_on(
    client: FlaskClient, database: Database, opened: Opened, answers: dict[str, str], kept: dict[str, object]
) -> None:
    opened("same_page")
    device = Device(client)
    sealed = device.seal(answers)
    assert to(device.send(sealed)) == "/page/1"
    assert stored(database) == kept
    assert state(database) == "draft"
    assert to(device.send(sealed)) == "/page/1", "sent again it changes nothing"
    assert to(send(client, "/page/1", works="yes", job="Baker")) == "/check"
    assert to(send(client, "/submit")) == "/receipt"
    assert count(database, Intake) == 1


def test_somebody_elses_unfinished_answers_wait_for_their_code(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    device = Device(client)
    assert to(device.send(device.seal({"works": ["", "yes"]}), code="")) == "/resume?arrived=draft"
    assert "something is missing" in visible(client.get("/en/q/survey/resume?arrived=draft"))
    assert to(send(client, "/resume", code=device.code)) == "/page/1"


def test_answers_are_read_as_the_locale_writes_them_and_digits_in_any_script(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("in_place", locales=("en", "fr", "ar"))
    device = Device(client, locale="fr")
    form = {"works": ["", "yes"], "job": "Baker", "wage": "1 200,5", "months": "١٢", "sent": "", "country": ["", "gh"]}
    sent = device.send(device.seal({**form, "year": "", "told": "", "city": "", "more": ""}))
    assert sent.location == "/fr/q/survey/receipt"
    found = stored(database)
    assert (found["wage"], found["months"], found["year"]) == (1200.5, 12, 14406.0)


# Closed, old, tampered with


def test_after_closing_nothing_is_taken_but_what_had_arrived_is_confirmed(
    client: FlaskClient, database: Database, opened: Opened, clock: Clock
) -> None:
    opened("same_page", closes_at=CLOSES)
    early, late = Device(client), Device(client)
    sealed = early.seal(YES)
    to(early.send(sealed))
    clock(CLOSES - dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC))
    refused = late.send(late.seal(YES))
    assert refused.status_code == 410
    assert "is closed" in visible(refused)
    assert to(early.send(sealed)) == "/receipt"
    assert "is closed" in visible(client.get("/en/q/survey/offline"))
    assert count(database, Intake) == 1


def test_an_older_edition_is_accepted(client: FlaskClient, database: Database, opened: Opened, clock: Clock) -> None:
    activity = opened("same_page")
    device = Device(client)
    with database.transaction() as session:
        make_edition(session, session.get_one(Activity, activity.id), load("types"), number=2)
    clock(dt.timedelta(seconds=2))
    assert Device(client).known["edition"] == "2"
    assert to(device.send(device.seal(YES))) == "/receipt"
    with database.reading() as session:
        assert session.scalars(select(Intake.edition)).one() == 1


def test_an_older_key_still_opens_what_waits(
    client: FlaskClient, app: Flask, database: Database, opened: Opened, keys: Keys
) -> None:
    opened("same_page")
    device = Device(client)
    sealed = device.seal(YES)
    app.extensions["consult.keys"] = replace(keys, offline={**keys.offline, "2": b"n" * 32})
    assert to(device.send(sealed)) == "/receipt"


def test_what_was_sealed_for_another_activity_or_edition_is_refused(
    client: FlaskClient, database: Database, opened: Opened
) -> None:
    opened("same_page")
    opened("same_page", slug="other")
    device, other = Device(client), Device(client, slug="other")
    assert other.send(device.seal(YES)).status_code == 400
    for edition in ("2", "0", "-1", "x", "", "999999999"):
        assert device.send(device.seal(YES), edition=edition).status_code == 400
    assert count(database, Intake) == 0


@pytest.mark.parametrize(
    "rest",
    [
        {"code": "short"},
        {"code": 7},
        {"answers": []},
        {"answers": {"works": "yes"}},
        {"answers": {"works": [1]}},
        {"answers": {"nothing": ["x"]}},
        {"answers": None},
    ],
)
def test_what_makes_no_sense_is_refused(
    client: FlaskClient, database: Database, opened: Opened, rest: dict[str, object]
) -> None:
    opened("same_page")
    device = Device(client)
    assert device.send(device.seal({}, **rest)).status_code == 400
    assert count(database, Intake) == 0


def test_what_was_damaged_is_refused(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("same_page")
    device = Device(client)
    sealed = device.seal(YES)
    context = device.known["context"].encode()
    for bad in (b"", b"x", sealed[:64], sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"\0" * 200):
        assert device.send(bad).status_code == 400
    for noise in (b"", b"{", b"[]", b"null", b'"\\ud800"', b"\xff\xfe", b'{"code":"' + b"0" * 26 + b'"}'):
        assert device.send(seal(device.recipient, noise, context)).status_code == 400
    assert client.post("/en/q/survey/offline", data={"edition": "1", "sealed": "text"}).status_code == 400
    assert client.post("/en/q/survey/offline", data=json.dumps({"edition": 1})).status_code == 400
    assert device.send(bytes(1024 * 1024 + 1)).status_code == 413
    assert count(database, Intake) == 0


def test_a_zero_in_an_answer_breaks_nothing(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("same_page")
    device = Device(client)
    content = b'{"code":"%s","answers":{"works":["","yes"],"job":["a\\u0000b"]}}' % device.code.encode()
    sealed = seal(device.recipient, content, device.known["context"].encode())
    assert to(device.send(sealed)) == "/receipt"
    assert decode(json.dumps(stored(database)))["job"] == "ab"


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_other_sites_cannot_send(
    client: FlaskClient, database: Database, opened: Opened, headers: dict[str, str]
) -> None:
    opened("same_page")
    device = Device(client)
    assert device.send(device.seal(YES), headers=headers).status_code == 403
    assert count(database, Intake) == 0
