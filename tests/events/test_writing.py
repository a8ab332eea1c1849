"""Mails to people who signed up: in their language and by their clocks, once each, and nothing of the event outside."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace

import msgspec
import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.core.sealing import UnsealError
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import vault, writing
from consult.events.models.planned import Event, Occasion
from consult.events.models.signed import SignUp, SignUpContact
from consult.events.vault import Person
from consult.mail.models import Message
from consult.mail.service import Opened, open_message
from consult.mail.smtp import composed
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up
from tests.factories.processes import make_activity

MINUTE = dt.timedelta(minutes=1)
AMA = Person(name="Ama", address="ama@example.org", time_zone="America/New_York", code="abcd")


@pytest.fixture
def mailing(settings: Settings, keys: Keys, database: Database, app: Flask) -> Installation:
    return Installation(replace(settings, smtp_url="smtp://127.0.0.1:1"), keys, database)


def add(session: Session, keys: Keys, occasion: Occasion, person: Person = AMA, **given: object) -> SignUp:
    made = make_sign_up(session, occasion, **{"standing": "placed", **given})
    vault.keep(session, keys, occasion.activity_id, made.code, person)
    return made


def write(installation: Installation, app: Flask, now: dt.datetime) -> list[Opened]:
    """What is written at a moment; the outbox is empty again."""
    with app.app_context():
        writing.write(installation, {}, now)
    with installation.database.transaction() as session:
        found = [open_message(installation.keys, message) for message in session.scalars(select(Message))]
        session.execute(delete(Message))
    return sorted(found, key=lambda mail: mail.recipient)


def change(database: Database, row: type[SignUp] | type[Occasion], **values: object) -> None:
    with database.transaction() as session:
        session.execute(update(row).values(**values))


def entry(mail: Opened) -> Mapping[str, str]:
    """The calendar file of a mail, in short."""
    calendar = Calendar.from_ical(mail.letter.calendar)
    event = calendar.walk("VEVENT")[0]
    names = "uid", "sequence", "status", "summary"
    return {"method": str(calendar["method"]), **{name: str(event[name]) for name in names}}


def test_everybody_is_told_what_changes_once_and_calendars_follow(
    mailing: Installation, app: Flask, now: dt.datetime
) -> None:
    database = mailing.database
    with database.transaction() as session:
        occasion = make_occasion(session, make_event(session))
        add(session, mailing.keys, occasion)
        add(session, mailing.keys, occasion, Person(name="No mail", phone="+233 1"))
        make_sign_up(session, occasion, standing="placed", told="placed:1.0")
    (placed,) = write(mailing, app, now)
    same = {"uid": str(occasion.id), "summary": "Life abroad – Milan"}
    assert placed.letter.subject == "You have a place"
    assert "http://localhost/en/e/" in placed.letter.text and "/own#abcd" in placed.letter.html
    assert entry(placed) == {**same, "method": "PUBLISH", "sequence": "0", "status": "CONFIRMED"}
    assert write(mailing, app, now + MINUTE) == []

    change(database, Occasion, starts_at=HELD - dt.timedelta(hours=1), sequence=1)
    (changed,) = write(mailing, app, now + MINUTE)
    assert changed.letter.subject == "Something has changed"
    assert entry(changed) == {**same, "method": "PUBLISH", "sequence": "1", "status": "CONFIRMED"}

    change(database, Occasion, state="cancelled", sequence=2)
    (cancelled,) = write(mailing, app, now + MINUTE)
    assert "does not take place" in cancelled.letter.text
    assert entry(cancelled) == {**same, "method": "CANCEL", "sequence": "2", "status": "CANCELLED"}
    change(database, SignUp, standing="cancelled")
    assert write(mailing, app, now + MINUTE) == []


def test_reminder_and_thanks_come_once_and_thanks_to_those_who_were_there(
    mailing: Installation, app: Flask, now: dt.datetime
) -> None:
    with mailing.database.transaction() as session:
        activity = make_event(session)
        survey = make_activity(session, activity.process, kind="questionnaire", slug="how-was-it", opens_at=now)
        session.get_one(Event, activity.id).feedback_id = survey.id
        kept, unkept = (make_occasion(session, activity) for _ in range(2))
        for name, occasion, attended in (("a", kept, True), ("b", kept, None), ("c", unkept, None)):
            person = Person(name=name, address=f"{name}@example.org")
            told = f"placed:{occasion.number}.0"
            add(session, mailing.keys, occasion, person, told=told, attended=attended)
    reminded = write(mailing, app, HELD - dt.timedelta(hours=24))
    assert [mail.letter.subject for mail in reminded] == ["A reminder"] * 3
    assert [mail.letter.calendar for mail in reminded] == [""] * 3
    assert write(mailing, app, HELD - dt.timedelta(hours=23)) == []
    thanked = write(mailing, app, HELD + dt.timedelta(hours=3))
    assert [mail.recipient for mail in thanked] == ["a@example.org", "c@example.org"]
    assert all("http://localhost/en/q/how-was-it\n" in mail.letter.text for mail in thanked)
    assert not any("/own" in mail.letter.text for mail in thanked)
    assert write(mailing, app, HELD + dt.timedelta(hours=4)) == []


def test_a_letter_that_fails_keeps_nobody_from_theirs(mailing: Installation, app: Flask, now: dt.datetime) -> None:
    with mailing.database.transaction() as session:
        activity = make_event(session)
        occasions = sorted((make_occasion(session, activity) for _ in range(3)), key=lambda one: one.id)
        first, *_others = (
            add(session, mailing.keys, one, Person(name=name, address=f"{name}@example.org"))
            for one, name in zip(occasions, "abc", strict=True)
        )
        key = vault.contact_id(mailing.keys, activity.id, first.code)
        session.execute(update(SignUpContact).where(SignUpContact.id == key).values(sealed=b"damaged"))
    with app.app_context(), pytest.raises(UnsealError):
        writing.write(mailing, {}, now)
    with mailing.database.reading() as session:
        to = [open_message(mailing.keys, message).recipient for message in session.scalars(select(Message))]
    assert sorted(to) == ["b@example.org", "c@example.org"]


@pytest.mark.parametrize(
    ("told", "given", "words"),
    [
        ("asked:1.0", {"standing": "refused"}, "more people than places"),
        ("offered:1.0:29000000", {"standing": "refused"}, "time to take the place that was offered is over"),
        ("", {"standing": "asked", "way": "nominated", "consented": False}, "You were nominated"),
        ("", {"standing": "asked", "way": "nominated"}, "You are signed up"),
        ("placed:1.0", {"standing": "cancelled"}, "not signed up any more"),
        ("listed:1.0", {"standing": "offered", "offered_until": HELD - dt.timedelta(days=9)}, "Take the place until"),
    ],
)
def test_the_first_sentence_says_what_happened(
    mailing: Installation, app: Flask, now: dt.datetime, told: str, given: dict[str, object], words: str
) -> None:
    with mailing.database.transaction() as session:
        add(session, mailing.keys, make_occasion(session, make_event(session)), told=told, **given)
    (mail,) = write(mailing, app, now)
    assert words in mail.letter.text and words in mail.letter.html
    assert ("METHOD:CANCEL" in mail.letter.calendar) == told.startswith("placed")


def test_times_are_those_of_the_reader_and_of_the_place(mailing: Installation, app: Flask, now: dt.datetime) -> None:
    with mailing.database.transaction() as session:
        occasion = make_occasion(session, make_event(session, locales=("en", "fr", "ar")))
        for locale in ("en", "fr", "ar"):
            add(
                session,
                mailing.keys,
                occasion,
                msgspec.structs.replace(AMA, address=f"{locale}@example.org"),
                locale=locale,
                standing="asked",
            )
    arabic, english, french = (mail.letter for mail in write(mailing, app, now))
    assert "By your clocks: Saturday, 6 June 2026, 05:00 · New York (Eastern Time) · GMT-04:00" in english.text
    assert "Saturday, 6 June 2026, 11:00 · Rome (Central European Time) · GMT+02:00" in english.text
    assert "samedi 6 juin 2026, 05:00" in french.text and "/fr/e/" in french.text
    assert 'dir="rtl"' in arabic.html and "نيويورك" in arabic.text
    assert english.calendar == french.calendar == arabic.calendar == ""


def test_what_was_written_by_others_stays_text(mailing: Installation, app: Flask, now: dt.datetime) -> None:
    nasty = "{{7*7}} {x.__class__} %(x)s <script>alert(1)</script>\r\nBcc: eve@example.org"
    with mailing.database.transaction() as session:
        activity = make_event(session)
        activity.title = LocalisedText({"en": nasty})
        occasion = make_occasion(session, activity, nasty, online=True, link="javascript:alert(1)")
        add(session, mailing.keys, occasion, Person(name=nasty, address="ama@example.org", time_zone=nasty, code="x"))
    (mail,) = write(mailing, app, now)
    assert "{{7*7}} {x.__class__} %(x)s <script>" in mail.letter.text
    assert "<script" not in mail.letter.html and 'href="javascript' not in mail.letter.html
    sent = composed(mail, mailing.settings, now)
    assert sent["Subject"] == "You have a place" and sent["Bcc"] is None
    assert entry(mail)["summary"].startswith("{{7*7}}")


def test_two_that_write_at_once_write_one_mail(mailing: Installation, app: Flask, now: dt.datetime) -> None:
    with mailing.database.transaction() as session:
        seat = add(session, mailing.keys, make_occasion(session, make_event(session)))
    with mailing.database.transaction() as session:
        told = {"told": "placed:1.0"}
        assert [writing.settle(session, seat, told) for _ in range(2)] == [True, False]
    assert write(mailing, app, now) == []


def test_nobody_waits_for_what_cannot_be_written(mailing: Installation, app: Flask, now: dt.datetime) -> None:
    """A page full of people without an address does not keep those behind them from their mails."""
    with mailing.database.transaction() as session:
        occasion = make_occasion(session, make_event(session))
        for _ in range(writing.AT_ONCE):
            make_sign_up(session, occasion, code=b"\0" * 16 + uuid.uuid4().bytes)
        add(session, mailing.keys, occasion, standing="listed", code=b"\xff" * 32)
    assert [mail.letter.subject for mail in write(mailing, app, now)] == ["You are on the waiting list"]
    silent = replace(mailing, settings=replace(mailing.settings, smtp_url=""))
    change(mailing.database, SignUp, told="")
    assert write(silent, app, now) == []
