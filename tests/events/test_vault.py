"""Contact data lie sealed and apart: only the key leads to them from where somebody stands."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.sealing import UnsealError
from consult.events import vault
from consult.events.models.signed import SignUpContact
from consult.events.vault import Person
from tests.factories.events import make_event

AMA = Person(name="Ama Mensah", address="ama@example.org", needs="a ramp", companions=("Kofi",))


def test_who_has_the_key_finds_somebody_and_nobody_else_does(session: Session, keys: Keys) -> None:
    activity, digest = make_event(session).id, uuid.uuid4().bytes * 2
    vault.keep(session, keys, activity, digest, AMA)
    assert vault.person(session, keys, activity, digest) == AMA
    other = replace(keys, codes=b"another key" * 3)
    assert vault.person(session, other, activity, digest) is None
    kept = session.scalars(select(SignUpContact)).one()
    assert b"Ama" not in kept.sealed
    assert b"example" not in kept.sealed
    assert kept.id.bytes not in digest


def test_contact_data_are_replaced_and_erased(session: Session, keys: Keys) -> None:
    activity, digest = make_event(session).id, uuid.uuid4().bytes * 2
    vault.keep(session, keys, activity, digest, AMA)
    vault.keep(session, keys, activity, digest, Person(name="Ama Boateng"))
    assert vault.people(session, keys, activity, [digest, b"nobody"]) == {digest: Person(name="Ama Boateng")}
    vault.forget(session, keys, activity, digest)
    assert session.scalars(select(SignUpContact)).all() == []


def test_a_row_that_was_moved_does_not_open(session: Session, keys: Keys) -> None:
    activity, mine, other = make_event(session).id, uuid.uuid4().bytes * 2, uuid.uuid4().bytes * 2
    vault.keep(session, keys, activity, mine, AMA)
    session.scalars(select(SignUpContact)).one().id = vault.contact_id(keys, activity, other)
    session.flush()
    with pytest.raises(UnsealError):
        vault.person(session, keys, activity, other)
