"""Rotating the contact keys: everything opens afterwards, also without the old key, and cut off it goes on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from consult.accounts.models import Role
from consult.accounts.service import links
from consult.app import RING
from consult.audit.models import Entry
from consult.config import Keys, Settings, read_keys, write_keys
from consult.core.errors import Problem
from consult.core.sealing import key_id, seal, unseal
from consult.core.text import LocalisedText
from consult.db import sealed
from consult.db.installation import Installation
from consult.db.sealed import Sealed
from consult.db.session import Database
from consult.events import vault
from consult.events.models.planned import Event
from consult.events.vault import Person
from consult.jobs.asking import sealed_problems
from consult.jobs.models import Job
from consult.keyring.commands import keys as commands
from consult.keyring.rotating import KeyringError, Ring, added, promoted
from consult.mail.service import Letter, post
from consult.participation import contacts
from consult.results import drafts, earlier
from consult.results.models import Release
from tests.factories import accounts as make
from tests.factories.events import make_event
from tests.factories.invitations import make_contacts
from tests.factories.processes import make_activity


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database, now: dt.datetime) -> Installation:
    """One in which every column that is sealed has a value."""
    write_keys(keys, settings.keys_file)
    with database.transaction() as session:
        activity = make_activity(session)
        process = activity.process
        make.user(session, process.lead_institution, Role.STEWARD)
        post(session, keys, to="ama@example.org", locale="en", letter=Letter("Hello", "x", "<p>x</p>"), now=now)
        make_contacts(session, keys, activity, contacts.Person("bo@example.org", "en", ""))
        event = make_event(session, process, slug="event").id
        vault.keep(session, keys, event, b"k" * 32, Person(name="Kofi"))
        job = uuid.uuid4()
        refusal = sealed_problems(keys, job, [Problem("events.unset")])
        session.add(Job(id=job, kind="x", payload={}, run_at=now, state="refused", refusal=refusal))
        title, secret = LocalisedText({"en": "A release"}), seal(keys.contact, b"{}", earlier.sealed_for(process.id, 1))
        facts = {"hash": "", "content": b"{}", "restricted": secret, "engine": "", "frozen_at": now}
        session.add(Release(process_id=process.id, number=1, title=title, **facts))
        draft, where = uuid.uuid4(), {"process_id": process.id, "title": title, "made_at": now}
        computed = seal(keys.contact, b"{}", f"release-draft:{draft}".encode())
        session.add(drafts.ReleaseDraft(id=draft, computed=computed, **where))
    return Installation(settings, keys, database)


def opened(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """Everything sealed, opened; and under which key it was."""
    with installation.database.reading() as session:
        for one in RING.sealed:
            found = session.execute(select(one.column, *one.of).where(one.column.is_not(None))).all()
            assert found, f"{one.column} is empty here"
            for value, *of in found:
                yield key_id(value), unseal(installation.keys.contact, value, one.context(*of))


def run(installation: Installation, *arguments: str) -> Result:
    """A command in a process of its own, which reads the keys when it starts."""
    now = replace(installation, keys=read_keys(installation.settings.keys_file))
    return CliRunner().invoke(commands(RING), arguments, obj=lambda: now)


def test_everything_opens_after_a_rotation_without_the_old_key(installation: Installation, now: dt.datetime) -> None:
    before = sorted(words for _key, words in opened(installation))
    assert run(installation, "add").exit_code == 0
    assert "first rotate to it" in run(installation, "add").output
    assert run(installation, "list").output == f"2 unused 0\n1 seals {len(before)}\n"

    rotated = run(installation, "rotate")
    assert rotated.output == f"sealed anew: {len(before)}\n1 unused 0\n2 seals {len(before)}\n"
    with installation.database.transaction() as session:  # a process that has not been started again
        links.request(session, installation.keys, "ama@example.org", now=now)
        post(session, installation.keys, to="cy@example.org", locale="en", letter=Letter("", "", ""), now=now)
    assert "under key 1 there are 3 values" in run(installation, "drop", "1").output
    assert run(installation, "rotate").output.startswith("sealed anew: 2\n1 opens 1\n")
    with installation.database.transaction() as session:
        session.delete(session.scalars(select(Job).where(Job.kind == "accounts.reset")).one())
    assert run(installation, "drop", "1").exit_code == 0

    left = replace(installation, keys=read_keys(installation.settings.keys_file))
    assert list(left.keys.contact) == ["2"]
    after = list(opened(left))
    assert {key for key, _words in after} == {"2"}
    assert {*before} <= {words for _key, words in after}
    assert installation.settings.keys_file.stat().st_mode & 0o777 == 0o600
    with installation.database.reading() as session:
        wanted = select(Entry.action, Entry.subject).where(Entry.action.like("keyring.%")).order_by(Entry.at)
        assert [tuple(entry) for entry in session.execute(wanted)] == [
            ("keyring.add", "2"),
            ("keyring.rotate", "2"),
            ("keyring.drop", "1"),
        ]


def test_a_rotation_that_is_cut_off_goes_on_where_it_was(installation: Installation) -> None:
    """In the middle of the people at an event, of whom the first transaction has been committed."""
    now = replace(installation, keys=promoted(added(installation.keys)))
    with installation.database.transaction() as session:
        event = session.scalars(select(Event.activity_id)).one()
        for number in range(sealed.BATCH):
            vault.keep(session, installation.keys, event, number.to_bytes(32), Person(name=f"Person {number}"))
    seen = 0

    def cut(*of: uuid.UUID) -> bytes:
        nonlocal seen
        seen += 1
        if seen > sealed.BATCH:
            raise KeyboardInterrupt
        return people.context(*of)

    (people,) = vault.SEALED
    with pytest.raises(KeyboardInterrupt):
        Ring([Sealed(people.column, cut, people.of)], ()).reseal(now)
    assert RING.used(now)["2"] == sealed.BATCH
    assert {key for key, _words in opened(now)} == {"1", "2"}, "both open meanwhile"
    done, unopened = RING.reseal(now)
    assert (done, unopened) == (RING.used(now)["2"] - sealed.BATCH, 0)
    assert {key for key, _words in opened(now)} == {"2"}
    assert RING.reseal(now) == (0, 0)


def test_what_cannot_be_opened_stays_and_is_said(installation: Installation) -> None:
    lost = replace(installation.keys, contact={"7": b"x" * 32})
    write = installation.settings.keys_file
    write.unlink()
    write_keys(lost, write)
    result = run(installation, "rotate")
    assert result.exit_code == 1
    assert "could not be opened and stay: " in result.output
    assert {key for key, _words in opened(installation)} == {"1"}


def test_the_key_that_seals_is_not_dropped_nor_one_that_is_not_there(installation: Installation) -> None:
    assert "is the one that seals" in run(installation, "drop", "1").output
    assert "there is no contact key 9" in run(installation, "drop", "9").output
    with pytest.raises(KeyringError):
        added(added(installation.keys))
