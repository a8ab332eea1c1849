"""Consent and age come first: before they are answered nothing is kept, and who is turned away leaves nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.config import Settings
from consult.db.session import Database
from consult.participation.models import Intake
from consult.privacy.ledger import WITHDRAWN, Ledger
from tests.factories.device import Device
from tests.responses.journey import Opened, count, first, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")


def nothing(database: Database) -> bool:
    with database.reading() as session:
        return session.scalars(select(Intake.code)).all() == []


def test_who_declines_is_led_out_and_nothing_is_kept(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("gates")
    answer = first(client, agree="no", nickname="canary")
    assert to(answer) == "/away"
    assert "We have kept none of your answers." in visible(client.get("/en/q/survey/away"))
    assert client.get_cookie("draft-survey") is None
    assert nothing(database)


@pytest.mark.parametrize("then", ["", "later"])
def test_who_says_nothing_is_asked_again_and_nothing_is_kept(
    client: FlaskClient, database: Database, opened: Opened, then: str
) -> None:
    opened("gates")
    answer = first(client, agree="", nickname="canary", **({"then": then} if then else {}))
    assert answer.status_code == 422
    assert "Answer this question." in visible(answer)
    assert 'value="canary"' in answer.text, "what was typed stays on the page"
    assert client.get_cookie("draft-survey") is None
    assert nothing(database)


def test_who_agrees_goes_on(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("gates")
    assert to(first(client, agree="yes", nickname="")) == "/page/2"
    assert stored(database)["agree"] == "yes"


def test_on_a_later_page_what_was_begun_is_deleted(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("gates")
    first(client, agree="yes", nickname="canary")
    assert to(send(client, "/page/2", edition="1", still="no", wishes="more")) == "/away"
    assert nothing(database)


def test_a_backup_does_not_bring_back_what_was_begun(
    client: FlaskClient, database: Database, opened: Opened, settings: Settings
) -> None:
    activity = opened("gates")
    first(client, agree="yes", nickname="canary")
    with database.reading() as session:
        (code,) = session.scalars(select(Intake.code))
    send(client, "/page/2", edition="1", still="no", wishes="more")
    (line,) = Ledger(settings.ledger).lines()
    assert (line.activity, line.kind, line.code) == (activity.id, WITHDRAWN, code.hex())


def test_on_the_way_back_too(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("gates")
    first(client, agree="yes", nickname="")
    assert to(send(client, "/page/1", edition="1", agree="no", nickname="")) == "/away"
    assert nothing(database)


def test_what_was_sent_is_withdrawn_by_its_owner(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("gates")
    first(client, agree="yes", nickname="")
    send(client, "/page/2", edition="1", still="yes", wishes="more")
    assert to(send(client, "/submit")) == "/receipt"
    assert to(send(client, "/correct")) == "/check"
    assert to(send(client, "/page/1", edition="1", agree="no", nickname="")) == "/withdraw"
    assert count(database, Intake) == 1


def test_devices_hand_over_nothing_of_who_declines(client: FlaskClient, database: Database, opened: Opened) -> None:
    opened("gates")
    for answers, status in (({"agree": "no", "nickname": "canary"}, 303), ({"agree": "", "nickname": "canary"}, 400)):
        device = Device(client)
        assert device.send(device.seal(answers)).status_code == status
        assert nothing(database)
    device = Device(client)
    assert to(device.send(device.seal({"agree": "yes", "nickname": "x", "still": "yes", "wishes": ""}))) == "/receipt"


def test_the_way_out_is_the_same_bytes_for_everybody(client: FlaskClient, opened: Opened) -> None:
    opened("gates")
    page = client.get("/en/q/survey/away")
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in page.headers
