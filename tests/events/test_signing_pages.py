"""The pages on which people sign up, come back, change and cancel."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.config import Keys, Settings
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import vault
from consult.events.models.planned import Occasion, Selection
from consult.events.models.signed import SignUp, SignUpContact, Standing
from consult.files import Folder
from consult.participation.guard import Guard
from consult.participation.measures import decide
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from tests.consultations.giving import hidden
from tests.events.coming import ABROAD, AMA, CHOSEN, ROOT, SEX, SIGN_UP, WISH, YEARS, code_on, make_open, sign_up
from tests.factories.media import make_sounding
from tests.responses.journey import Clock, visible

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What pages say does not depend on the database: tests of the services have both."""
    return sqlite


def signed(database: Database) -> list[SignUp]:
    """Everybody who signed up."""
    with database.reading() as session:
        return list(session.scalars(select(SignUp)))


def test_somebody_signs_up_changes_it_on_another_device_and_cancels(
    app: Flask, client: FlaskClient, database: Database, keys: Keys
) -> None:
    with database.transaction() as session:
        make_open(session, event={"companions": 2, "needs": ["childcare"], "speaking": True})
    sent = sign_up(client, companions="Kofi\n\n Esi  Mensah ", need=["childcare", "travel"], speaks="yes")
    assert (sent.status_code, sent.location) == (303, f"{ROOT}/receipt")
    receipt = client.get(sent.location)
    assert "You have a place." in visible(receipt)
    assert "no-store" in receipt.headers["Cache-Control"]
    cookie = client.get_cookie("seat-abroad")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    (mine,) = signed(database)
    assert (mine.seats, mine.needs, mine.speaks, mine.locale) == (3, ["childcare"], 0, "en")

    other = app.test_client()
    assert "My sign-up" in visible(other.get(f"{ROOT}/own"))
    came = other.post(f"{ROOT}/own", data={"code": f" {code_on(receipt).lower()} "})
    own = visible(other.get(came.location))
    assert "Ama Mensah" in own and "Kofi Esi Mensah" in own and "Childcare" in own
    assert f"Your ticket, to be shown at the door: {mine.ticket}" in own
    typed = {
        "revision": "0",
        "name": "Ama Boateng",
        "phone": "+39 02 1234567",
        "needs": "A ramp.",
        "companions": "Kofi",
    }
    wrong = other.post(f"{ROOT}/own/change", data={**typed, "name": ""})
    assert wrong.status_code == 422
    assert "A ramp." in wrong.text and "Write your name." in visible(wrong)
    for _click in range(2):
        assert other.post(f"{ROOT}/own/change", data=typed).status_code == 303
    late = client.post(f"{ROOT}/own/change", data={**typed, "name": "Somebody else"})
    assert "changed meanwhile" in visible(late)
    assert "Ama Boateng" in visible(client.get(f"{ROOT}/own"))

    assert "I come" in visible(client.get(f"{ROOT}/own/cancel"))
    assert client.post(f"{ROOT}/own/cancel").status_code == 303
    assert "You have cancelled" in visible(other.get(f"{ROOT}/own"))
    with database.reading() as session:
        assert session.scalars(select(Occasion.taken)).one() == 0
        kept = vault.person(session, keys, mine.activity_id, mine.code)
    assert kept is not None
    assert (kept.name, kept.address, kept.phone, kept.companions) == ("Ama Boateng", "", "+39 02 1234567", ("Kofi",))


def test_what_is_wrong_is_said_and_everything_typed_stays(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, screening=True, selection=Selection.NOMINATION)
    again = sign_up(client, **CHOSEN, address="ama@", agreed="", way="nominated", needs="A ramp.")
    page = visible(again)
    assert again.status_code == 422
    for told in ("not a whole e-mail address", "only if you agree", "name of the institution"):
        assert page.count(told) == 2, "in the summary and at the field"
    assert 'value="Ama Mensah"' in again.text and "A ramp." in again.text
    assert re.search(r'value="female"\s+checked', again.text) and re.search(r'value="nominated"\s+checked', again.text)
    assert signed(database) == []


def test_the_screening_is_asked_counted_in_part_and_sealed_in_part(
    client: FlaskClient, database: Database, keys: Keys
) -> None:
    with database.transaction() as session:
        make_open(session, screening=True, selection=Selection.DRAW)
    missing = sign_up(client, **{SEX: "", ABROAD: "yes", YEARS: "400"})
    assert missing.status_code == 422 and f'href="#{SEX}"' in missing.text
    more = sign_up(client, **{**CHOSEN, YEARS: "60"})
    assert more.status_code == 422 and "further questions" in visible(more) and f'id="{WISH}"' in more.text
    assert signed(database) == []
    sign_up(client, **{**CHOSEN, YEARS: "60", WISH: "To vote."})
    (mine,) = signed(database)
    assert (mine.profile, mine.standing) == ({SEX: "female"}, "asked")
    with database.reading() as session:
        kept = vault.person(session, keys, mine.activity_id, mine.code)
    assert kept is not None
    assert kept.answers == {ABROAD: "yes", YEARS: 60, WISH: "To vote."}
    assert mine.ticket in client.get(f"{ROOT}/own").text
    shown = client.get(f"{ROOT}/own/change")
    assert re.search(r'value="female"\s+checked', shown.text) and "To vote." in shown.text
    typed = {"revision": "0", "edition": "1", "name": "Ama", "phone": "12345", **CHOSEN, SEX: "male"}
    assert client.post(f"{ROOT}/own/change", data=typed).status_code == 303
    (mine,) = signed(database)
    assert mine.profile == {SEX: "male"}


def test_the_screening_comes_with_its_sounds_and_pictures(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        make_sounding(session, Folder(settings.media), make_open(session).event.activity)
    heard = set(re.findall(r'src="(/media/[^"]+)"', client.get(SIGN_UP).text))
    assert heard and {client.get(address).status_code for address in heard} == {200}


@pytest.mark.parametrize("typed", [{**CHOSEN, ABROAD: "no"}, {**CHOSEN, "of_age": "no"}], ids=["gate", "age"])
def test_who_cannot_take_part_is_told_and_nothing_is_kept(
    client: FlaskClient, database: Database, typed: dict[str, str]
) -> None:
    with database.transaction() as session:
        make_open(session, screening=True)
    sent = sign_up(client, **typed)
    assert "We have kept none of your answers" in visible(client.get(sent.location))
    assert client.get_cookie("seat-abroad") is None
    with database.reading() as session:
        assert session.scalars(select(SignUpContact)).all() == []
    assert signed(database) == []


def test_minors_come_with_a_guardian(client: FlaskClient, database: Database, keys: Keys) -> None:
    with database.transaction() as session:
        make_open(session, event={"guardian": LocalisedText({"en": "My child may take part."}), "minimum_age": 15})
    alone = sign_up(client, of_age="no")
    assert alone.status_code == 422 and "My child may take part." in visible(alone)
    sign_up(client, of_age="no", guardian="Esi Mensah", guardian_agreed="yes")
    (mine,) = signed(database)
    with database.reading() as session:
        kept = vault.person(session, keys, mine.activity_id, mine.code)
    assert kept is not None and kept.guardian == "Esi Mensah"


def test_who_was_nominated_by_others_is_asked_on_their_own_page(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, selection=Selection.NOMINATION)
    sign_up(client, way="nominated", institution="Home Abroad")
    with database.transaction() as session:
        session.scalars(select(SignUp)).one().consented = False
    assert "Home Abroad has nominated you." in visible(client.get(f"{ROOT}/own"))
    silent = client.post(f"{ROOT}/own/agree", data={"of_age": "yes"})
    assert silent.status_code == 422 and visible(silent).count("only if you agree") == 2
    assert client.post(f"{ROOT}/own/agree", data={"of_age": "no", "agreed": "yes"}).location == f"{ROOT}/own/cancel"
    for _click in range(2):
        assert client.post(f"{ROOT}/own/agree", data={"of_age": "yes", "agreed": "yes"}).status_code == 303
    assert "has nominated you" not in visible(client.get(f"{ROOT}/own"))
    (mine,) = signed(database)
    assert (mine.consented, mine.standing, mine.revision) == (True, "asked", 1)


def test_a_full_occasion_puts_on_the_list_and_an_offer_is_taken(
    app: Flask, client: FlaskClient, database: Database, now: dt.datetime
) -> None:
    with database.transaction() as session:
        make_open(session, capacity=1)
    other = app.test_client()
    sign_up(other)
    sign_up(client)
    other.post(f"{ROOT}/own/cancel")
    assert "All places are taken" in visible(other.get(f"{ROOT}/1")), "nobody sees that one has cancelled"
    assert "All places are taken" in visible(other.get(ROOT))
    assert "on the waiting list" in visible(client.get(f"{ROOT}/receipt"))
    with database.transaction() as session:
        waits = session.scalars(select(SignUp).where(SignUp.standing == Standing.LISTED)).one()
        waits.standing, waits.offered_until = Standing.OFFERED, now + dt.timedelta(hours=48)
    assert "Take the place" in visible(client.get(f"{ROOT}/own"))
    assert client.post(f"{ROOT}/own/take").status_code == 303
    assert "You have a place." in visible(client.get(f"{ROOT}/own"))


def test_an_offer_that_is_over_is_said_to_be(client: FlaskClient, database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        make_open(session)
    sign_up(client)
    with database.transaction() as session:
        mine = session.scalars(select(SignUp)).one()
        mine.standing, mine.offered_until = Standing.OFFERED, now
    late = client.post(f"{ROOT}/own/take")
    assert late.status_code == 409 and "not offered to you any more" in visible(late)


def test_nobody_signs_up_before_it_opens_or_after_it_closed(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    with database.transaction() as session:
        made = make_open(session, closes_at=dt.datetime(2026, 3, 3, tzinfo=dt.UTC))
    shown = client.get(SIGN_UP)
    clock(dt.timedelta(days=1))
    late = client.post(SIGN_UP, data={"form": shown.text, "name": "Ama"})
    assert late.status_code == 410 and "was not stored" in visible(late)
    assert "Nobody can sign up" in visible(client.get(SIGN_UP))
    assert client.get(f"{ROOT}/2/sign-up").status_code == 404
    with database.transaction() as session:
        activity = session.get_one(Activity, made.activity_id)
        activity.opens_at, activity.closes_at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC), None
    assert "Opens on" in visible(client.get(SIGN_UP))


def test_what_could_be_a_program_waits_and_is_not_dropped(
    client: FlaskClient, database: Database, now: dt.datetime, clock: Clock
) -> None:
    with database.transaction() as session:
        made = make_open(session, capacity=1)
        activity = session.get_one(Activity, made.activity_id)
        decide(session, activity, Guard(seconds=5, hourly=300, counted=True, work=True), by=None, now=now)
    quick = sign_up(client)
    assert quick.status_code == 422 and "once more" in visible(quick)
    trapped = client.get(SIGN_UP)
    clock(dt.timedelta(seconds=40))
    client.post(SIGN_UP, data={**AMA, "form": hidden(trapped, "form"), "website": "x"})
    (mine,) = signed(database)
    assert mine.standing == "asked"
    assert "We have your sign-up." in visible(client.get(f"{ROOT}/receipt"))


def test_everything_is_deleted_and_the_device_forgets(client: FlaskClient, database: Database, app: Flask) -> None:
    with database.transaction() as session:
        make_open(session)
    sign_up(client)
    assert "cannot be undone" in visible(client.get(f"{ROOT}/own/withdraw"))
    done = client.post(f"{ROOT}/own/withdraw")
    assert "Everything is deleted" in visible(done)
    assert client.get_cookie("seat-abroad") is None
    assert signed(database) == []
    assert len(list(Ledger(app.extensions["consult.settings"].ledger).lines())) == 1
    sign_up(client)
    left = client.get(f"{ROOT}/exit", headers={"Sec-Fetch-Site": "same-origin"})
    assert "abroad" not in left.text and client.get_cookie("seat-abroad") is None
