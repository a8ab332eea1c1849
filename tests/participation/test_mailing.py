"""Invitations and reminders by mail: in the language of each, to exactly those whose code is unused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text

from consult.app import LONG
from consult.audit.models import Entry
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import long
from consult.jobs.models import Job
from consult.mail.models import Message
from consult.mail.service import Letter, open_message
from consult.participation import contacts, entrances, generating, invitation_codes, inviting, mailing
from consult.participation.contacts import Person
from consult.participation.models import Contact, InvitationList
from consult.processes.models import Activity
from tests.factories.invitations import codes_of, invite, make_contacts
from tests.factories.responses import KEY, make_open

PEOPLE = (
    Person("ama@example.org", "en", ""),
    Person("binta@example.org", "fr", "Sahel"),
    Person("dalia@example.org", "ar", "Gulf"),
)

INVITED = {"You are invited to take part", "Invitation à participer", "دعوة إلى المشاركة"}


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(replace(settings, smtp_url="smtp://localhost"), keys, database)


@pytest.fixture
def made(database: Database, keys: Keys) -> InvitationList:
    with database.transaction() as session:
        activity = invite(session, make_open(session, "same_page", slug="survey", locales=("en", "fr", "ar")))
        return make_contacts(session, keys, activity, *PEOPLE)


def mailed(app: Flask, installation: Installation, made: InvitationList, now: dt.datetime) -> dict[str, Letter]:
    """Send a mailing; what is in the outbox afterwards, by address. The outbox is emptied."""
    with installation.database.transaction() as session:
        here, listed = session.get_one(Activity, made.activity_id), session.get_one(InvitationList, made.id)
        mailing.ask(session, here, listed, settings=installation.settings, by=None, now=now)
    with app.app_context():
        long.run_due(installation, LONG, clock=lambda: now)
    with installation.database.transaction() as session:
        assert session.scalars(select(Job.state).where(Job.kind == mailing.MAIL)).all()[-1] == "done"
        found = [open_message(installation.keys, message) for message in session.scalars(select(Message))]
        session.execute(text("DELETE FROM outbox"))
    return {mail.recipient: mail.letter for mail in found}


def use(database: Database, made: InvitationList, code: str) -> None:
    """A code that was used, as far as the door knows."""
    digest = invitation_codes.digest(KEY, made.activity_id, code)
    with database.transaction() as session:
        inviting.let_in(session, made.activity_id, digest)
        session.execute(text("UPDATE invitations SET state = 'used', nonce = NULL WHERE state = 'begun'"))


def test_everybody_is_invited_in_their_language_with_a_code_of_their_own(
    app: Flask, installation: Installation, made: InvitationList, now: dt.datetime
) -> None:
    found = mailed(app, installation, made, now)
    assert set(found) == {person.address for person in PEOPLE}
    with installation.database.reading() as session:
        codes = codes_of(session, installation.keys, made)
    for person in PEOPLE:
        letter, code = found[person.address], codes[person.address]
        link = f"http://localhost/{person.locale}/q/survey/invited#{code}"
        assert link in letter.text
        assert f'href="{link}"' in letter.html
        assert f'<html lang="{person.locale}"' in letter.html
        assert " ".join(re.findall("....", code)) in letter.text
        assert not [other for other in codes.values() if other != code and other in letter.text]
    assert {letter.subject for letter in found.values()} == INVITED


def test_reminders_reach_exactly_those_whose_code_is_unused(
    app: Flask, installation: Installation, made: InvitationList, now: dt.datetime
) -> None:
    database = installation.database
    mailed(app, installation, made, now)
    with database.reading() as session:
        codes = codes_of(session, installation.keys, made)
    use(database, made, codes["binta@example.org"])
    with database.transaction() as session:  # Dalia has begun: she knows of it
        inviting.let_in(
            session, made.activity_id, invitation_codes.digest(KEY, made.activity_id, codes["dalia@example.org"])
        )
    found = mailed(app, installation, made, now)
    assert set(found) == {"ama@example.org"}
    assert found["ama@example.org"].subject == "A reminder: you are invited to take part"


def test_nothing_kept_of_a_mailing_says_who_was_written_to(
    app: Flask, installation: Installation, made: InvitationList, now: dt.datetime
) -> None:
    database = installation.database
    mailed(app, installation, made, now)
    with database.reading() as session:
        codes = codes_of(session, installation.keys, made)
    use(database, made, codes["binta@example.org"])
    mailed(app, installation, made, now)
    with database.reading() as session:
        assert set(session.scalars(select(Contact.mailing))) == {2}, "those who were not written to as well"
        entries = session.scalars(select(Entry).order_by(Entry.at)).all()
        details = [
            entry.details for entry in entries if entry.action in ("participation.invite", "participation.remind")
        ]
        results = session.scalars(select(Job.result).where(Job.kind == mailing.MAIL)).all()
    assert details == [{"list": "Mails"}] * 2
    assert results == [{}, {}]


def test_a_mailing_that_broke_off_is_finished_and_writes_to_nobody_twice(
    app: Flask, installation: Installation, made: InvitationList, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_AT_ONCE", 1)
    mailed(app, installation, made, now)
    with installation.database.transaction() as session:
        session.execute(text("UPDATE contacts SET mailing = 0 WHERE id = (SELECT id FROM contacts LIMIT 1)"))
    (letter,) = mailed(app, installation, made, now).values()
    assert letter.subject in INVITED
    assert len(mailed(app, installation, made, now)) == 3


def test_officers_words_are_what_is_said_and_stay_literal(
    app: Flask, installation: Installation, made: InvitationList, now: dt.datetime
) -> None:
    words = LocalisedText({"en": "Dear all, {{ 7*7 }} {code} <b>come</b>", "fr": "Venez"})
    with installation.database.transaction() as session:
        here = session.get_one(Activity, made.activity_id)
        entrances.word(session, here, invitation=words, reminder=LocalisedText(), by=None, now=now)
    found = mailed(app, installation, made, now)
    assert "Dear all, {{ 7*7 }} {code} <b>come</b>" in found["ama@example.org"].text
    assert "<b>" not in found["ama@example.org"].html
    assert "Venez" in found["binta@example.org"].text


@pytest.mark.parametrize("reason", ["off", "nobody", "closed", "uninvited"])
def test_what_cannot_be_mailed_is_refused(
    installation: Installation, made: InvitationList, now: dt.datetime, reason: str
) -> None:
    settings = replace(installation.settings, smtp_url="") if reason == "off" else installation.settings
    with installation.database.transaction() as session:
        here, listed = session.get_one(Activity, made.activity_id), session.get_one(InvitationList, made.id)
        if reason == "nobody":
            listed.contacts = False
        elif reason == "closed":
            here.closes_at = now
        elif reason == "uninvited":
            entrances.decide(session, here, open_link=True, invited=False, by=None, now=now)
        with pytest.raises(Refused, match=rf"participation\.mail\.{reason}"):
            mailing.ask(session, here, listed, settings=settings, by=None, now=now)


def test_a_mail_merge_file_has_everybody_whether_or_not_they_took_part(
    app: Flask, installation: Installation, made: InvitationList, now: dt.datetime
) -> None:
    database = installation.database
    with database.reading() as session:
        codes = codes_of(session, installation.keys, made)
    use(database, made, codes["binta@example.org"])
    with database.transaction() as session:
        here, listed = session.get_one(Activity, made.activity_id), session.get_one(InvitationList, made.id)
        asked = generating.ask_merge(session, here, listed, by=None, now=now)
    with app.app_context():
        long.run_due(installation, LONG, clock=lambda: now)
    path = installation.settings.made / asked.id.hex
    assert b"example.org" not in path.read_bytes()
    data = b"".join(generating.content(path, installation.keys, asked.id)).decode("utf-8-sig")
    rows = {row["address"]: row for row in csv.DictReader(io.StringIO(data))}
    assert set(rows) == set(codes)
    for person in PEOPLE:
        row = rows[person.address]
        assert row["link"].endswith(f"/{person.locale}/q/survey/invited#{codes[person.address]}")
        assert (row["locale"], row["profile"]) == (person.locale, person.profile)


# The table of contacts


def read(*lines: str, locales: Sequence[str] = ("en", "fr")) -> contacts.Read:
    return contacts.read("\n".join(lines).encode(), "people.csv", locales)


def test_a_table_is_read_with_what_it_has() -> None:
    found = read("Address,Locale,Profile", "a@example.org,fr,Gulf  states", "b@example.org,,")
    assert list(found.people) == [
        Person("a@example.org", "fr", "Gulf states"),
        Person("b@example.org", "en", ""),
    ]
    assert not found.refused
    assert list(read("address", "c@example.org").people) == [Person("c@example.org", "en", "")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("nobody,en,", "participation.contact.address"),
        ("a@example.org\\r\\nBcc: b@example.org,en,", "participation.contact.address"),
        ('"a@example.org, b@example.org",en,', "participation.contact.address"),
        ("a@example.org,ru,", "participation.contact.locale"),
        (f"a@example.org,en,{'x' * 81}", "participation.contact.profile"),
        ("First@example.org,en,", "participation.contact.again"),
    ],
)
def test_rows_that_cannot_be_invited_are_told(row: str, code: str) -> None:
    found = read("address,locale,profile", "first@example.org,en,", row)
    assert len(found.people) == 1
    assert [(problem.code, problem.place.row) for problem in found.refused] == [(code, 3)]


def test_a_table_without_addresses_is_refused() -> None:
    with pytest.raises(Refused, match=r"participation\.contacts\.address"):
        read("name", "Ama")
