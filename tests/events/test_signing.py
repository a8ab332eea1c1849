"""Signing up: who gets a place, who waits and in which order, what can be changed and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import placing, queries, signing, vault, withdrawing
from consult.events.models.planned import Event, Need, Occasion, Selection
from consult.events.models.signed import Draw, SignUp, SignUpContact, Standing, Way
from consult.events.vault import Person
from consult.events.wanted import Wanted
from consult.participation import codes
from consult.privacy.ledger import Ledger
from tests.factories.events import HELD, make_event, make_occasion

TODAY = dt.date(2026, 3, 2)


def code(number: int) -> str:
    """The code of somebody."""
    return codes.spell(number.to_bytes(16))


def digest(keys: Keys, event: Event, number: int) -> bytes:
    """What the database keeps of it."""
    return codes.digest(keys.codes, event.activity_id, code(number))


def somebody(number: int = 1, *companions: str, **given: object) -> Wanted:
    """What somebody says who signs up."""
    person = Person(f"Person {number}", f"p{number}@example.org", companions=companions, code=code(number))
    return replace(Wanted(person, "en", agreed=True, of_age=True), **given)  # type: ignore[arg-type]  # its fields


@pytest.fixture
def come(session: Session, keys: Keys, now: dt.datetime) -> Callable[..., SignUp]:
    """Sign somebody up for an occasion."""

    def sign_up(occasion: Occasion, number: int, *companions: str, apart: bool = False, **given: object) -> SignUp:
        event = queries.event(session, occasion.activity_id)
        wanted = somebody(number, *companions, **given)
        return signing.sign_up(session, keys, event, occasion.id, wanted, apart=apart, today=TODAY, now=now)

    return sign_up


def test_first_come_first_served_then_a_list_in_order(
    session: Session, keys: Keys, come: Callable[..., SignUp]
) -> None:
    occasion = make_occasion(session, make_event(session, event={"companions": 2}), capacity=3)
    stand = [(one.standing, one.rank) for one in (come(occasion, 1, "Kofi"), come(occasion, 2), come(occasion, 3))]
    assert stand == [("placed", None), ("placed", None), ("listed", 1)]
    session.refresh(occasion)
    assert (occasion.taken, occasion.listed) == (3, 1)
    # A seat that became free is theirs who wait, and not whose who come now.
    event = queries.event(session, occasion.activity_id)
    signing.cancel(session, event.activity_id, digest(keys, event, 2), now=HELD)
    assert (occasion.taken, come(occasion, 4).rank) == (2, 2)


@pytest.mark.parametrize("selection", [Selection.NOMINATION, Selection.DRAW])
def test_where_people_are_chosen_everybody_waits(
    session: Session, come: Callable[..., SignUp], selection: Selection
) -> None:
    occasion = make_occasion(session, make_event(session, selection=selection), capacity=1)
    made = come(occasion, 1, way=Way.NOMINATED, institution="Diaspora council", needs=[Need.CHILDCARE], speaks=True)
    assert (made.standing, made.rank, occasion.taken) == ("asked", None, 0)
    assert (made.way, made.institution, made.needs, made.speaks) == (
        "nominated",
        "Diaspora council",
        ["childcare"],
        None,
    )
    assert len(made.ticket) == 12 and set(made.ticket) <= set(codes.ALPHABET)


def test_what_the_bot_measures_find_takes_no_seat_and_is_not_lost(
    session: Session, come: Callable[..., SignUp]
) -> None:
    occasion = make_occasion(session, make_event(session), capacity=1)
    assert come(occasion, 1, apart=True).standing == "asked"
    assert come(occasion, 2).standing == "placed"


def test_a_form_sent_twice_signs_up_once(session: Session, come: Callable[..., SignUp]) -> None:
    occasion = make_occasion(session, make_event(session))
    assert come(occasion, 1) is come(occasion, 1)
    assert occasion.taken == 1


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ({"state": "cancelled"}, dt.timedelta()),
        ({"sign_up_until": HELD - dt.timedelta(days=9)}, dt.timedelta(days=-9)),
        ({}, dt.timedelta()),
    ],
    ids=["cancelled", "until", "begun"],
)
def test_nobody_signs_up_for_what_takes_none(
    session: Session, keys: Keys, given: dict[str, object], after: dt.timedelta
) -> None:
    occasion = make_occasion(session, make_event(session), **given)
    event = queries.event(session, occasion.activity_id)
    with pytest.raises(Refused, match=r"events\.sign_up\.closed"):
        signing.sign_up(session, keys, event, occasion.id, somebody(), today=TODAY, now=HELD + after)


def test_nobody_signs_up_once_places_were_drawn(session: Session, come: Callable[..., SignUp]) -> None:
    occasion = make_occasion(session, make_event(session, selection=Selection.DRAW))
    session.add(Draw(occasion_id=occasion.id, seed="7", record="{}", hash="0", drawn_at=HELD))
    session.flush()
    with pytest.raises(Refused, match=r"events\.sign_up\.closed"):
        come(occasion, 1)


NOBODY = Person("")
"""Somebody who left everything empty."""


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"person": NOBODY}, {"name": "name", "address": "reach"}),
        ({"person": Person("A", "a@b", "call me")}, {"address": "address", "phone": "phone"}),
        ({"person": Person("A", "a@b.org\r\nBcc: x@y.org")}, {"address": "address"}),
        ({"person": Person("A" * 201, phone="+39 02 123456", time_zone="Mars")}, {"name": "long", "time_zone": "zone"}),
        ({"person": Person("A", phone="12345", companions=("B", "C"))}, {"companions": "companions"}),
        ({"way": Way.NOMINATED}, {"institution": "institution"}),
        ({"of_age": None, "agreed": False}, {"of_age": "age", "agreed": "agreed"}),
        ({"of_age": False}, {"of_age": "too_young"}),
    ],
)  # fmt: skip
def test_what_can_be_wrong_stands_at_its_field(
    session: Session, come: Callable[..., SignUp], given: dict[str, object], found: dict[str, str]
) -> None:
    occasion = make_occasion(session, make_event(session, event={"companions": 1}))
    with pytest.raises(Refused) as refused:
        come(occasion, 1, **given)
    codes_of = {problem.place.field: problem.code.rpartition(".")[2] for problem in refused.value.problems}
    assert codes_of == found
    assert occasion.taken == 0


def test_who_is_younger_comes_with_a_guardians_consent_where_that_is_taken(
    session: Session, come: Callable[..., SignUp]
) -> None:
    guardian = LocalisedText({"en": "My child may take part."})
    occasion = make_occasion(session, make_event(session, event={"guardian": guardian}))
    with pytest.raises(Refused, match=r"guardian, events\.sign_up\.guardian_agreed"):
        come(occasion, 1, of_age=False)
    child = msgspec.structs.replace(somebody().person, guardian="Esi Mensah")
    assert come(occasion, 1, person=child, of_age=False, guardian_agreed=True).standing == "placed"


def test_companions_come_and_go_while_there_is_room(session: Session, keys: Keys, come: Callable[..., SignUp]) -> None:
    occasion = make_occasion(session, make_event(session, event={"companions": 3}), capacity=3)
    event = queries.event(session, occasion.activity_id)
    mine = digest(keys, event, 1)
    come(occasion, 1)

    def change(revision: int, *companions: str) -> None:
        signing.change(session, keys, event, mine, somebody(1, *companions), revision=revision, now=HELD)

    change(0, "Kofi", "Esi")
    assert occasion.taken == 3
    with pytest.raises(Refused, match=r"events\.sign_up\.room"):
        change(1, "Kofi", "Esi", "Yaw")
    with pytest.raises(Refused, match=r"events\.sign_up\.changed"):
        change(0, "Kofi")
    change(1, "Kofi")
    kept = vault.person(session, keys, event.activity_id, mine)
    assert kept is not None
    assert (occasion.taken, kept.companions, kept.code) == (2, ("Kofi",), code(1))


def test_answers_can_be_changed_until_something_is_decided(
    session: Session, keys: Keys, come: Callable[..., SignUp], now: dt.datetime
) -> None:
    occasion = make_occasion(session, make_event(session, selection=Selection.DRAW))
    event = queries.event(session, occasion.activity_id)
    made = come(occasion, 1, profile={"sex": "female"})
    for revision, (moment, answer) in enumerate([(now, "male"), (HELD, "other")]):
        wanted = somebody(1, profile={"sex": answer})
        signing.change(session, keys, event, made.code, wanted, revision=revision, now=moment)
    after = queries.sign_up(session, event.activity_id, made.code)
    assert after is not None
    assert (after.profile, after.revision) == ({"sex": "male"}, 2)


def test_an_offer_is_taken_in_time_or_given_back(
    session: Session, keys: Keys, come: Callable[..., SignUp], now: dt.datetime
) -> None:
    occasion = make_occasion(session, make_event(session, selection=Selection.NOMINATION), capacity=3)
    until = now + dt.timedelta(hours=48)
    early, late, declined = (come(occasion, number) for number in (1, 2, 3))
    for one in (early, late, declined):
        assert placing.take(session, occasion.id, 1)
        one.standing, one.offered_until = Standing.OFFERED, until
    session.flush()
    for _click in range(2):
        signing.take_offer(session, occasion.activity_id, early.code, now=until - dt.timedelta(seconds=1))
    with pytest.raises(Refused, match=r"events\.offer\.over"):
        signing.take_offer(session, occasion.activity_id, late.code, now=until)
    for _click in range(2):
        signing.cancel(session, occasion.activity_id, declined.code, now=now)
    assert [one.standing for one in (early, late, declined)] == ["placed", "offered", "cancelled"]
    assert occasion.taken == 2
    with pytest.raises(Refused, match=r"events\.offer\.over"):
        signing.take_offer(session, occasion.activity_id, declined.code, now=now)
    with pytest.raises(Refused, match=r"events\.sign_up\.over"):
        signing.cancel(session, occasion.activity_id, early.code, now=occasion.ends_at)


def test_what_is_withdrawn_is_gone_for_good(
    database: Database, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    ledger = Ledger(settings.ledger)
    with database.transaction() as session:
        occasion = make_occasion(session, make_event(session, event={"companions": 1}))
        event = queries.event(session, occasion.activity_id)
        mine = digest(keys, event, 1)

    def sign_up(session: Session) -> None:
        signing.sign_up(session, keys, event, occasion.id, somebody(1, "Kofi"), today=TODAY, now=now)

    with database.transaction() as session:
        sign_up(session)
        withdrawing.withdraw(session, keys, event.activity_id, mine, ledger=ledger, today=TODAY)
    with database.transaction() as session:  # a backup from before brings it back
        sign_up(session)
    (line,) = ledger.lines()
    installation = Installation(settings, keys, database)
    erased = [withdrawing.withdrawn(installation, line.activity, [bytes.fromhex(line.code)]) for _again in range(2)]
    assert erased == [1, 0]
    with database.reading() as session:
        assert session.scalars(select(SignUp)).all() == session.scalars(select(SignUpContact)).all() == []
        assert session.scalars(select(Occasion.taken)).all() == [0]


def together(many: int, work: Callable[[int], None]) -> None:
    """Do something many times, as much of it at once as there are connections."""
    workers = 16
    barrier = Barrier(workers)

    def one(worker: int) -> None:
        barrier.wait()
        for number in range(worker, many, workers):
            work(number)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(workers)))


def test_200_at_once_for_20_seats(database: Database, keys: Keys, now: dt.datetime) -> None:
    with database.transaction() as session:
        occasion = make_occasion(session, make_event(session), capacity=20)
        event = queries.event(session, occasion.activity_id)

    def sign_up(number: int) -> None:
        wanted = somebody(number // 2, profile={"sex": "female"})  # everybody clicks twice
        with database.transaction() as session:
            signing.sign_up(session, keys, event, occasion.id, wanted, today=TODAY, now=now)

    together(400, sign_up)
    with database.reading() as session:
        found = session.scalars(select(SignUp)).all()
        people = vault.people(session, keys, event.activity_id, [one.code for one in found])
        after = session.scalars(select(Occasion)).one()
    assert (after.taken, after.listed) == (20, 180)
    assert sum(one.standing == "placed" for one in found) == 20
    assert sorted(one.rank for one in found if one.rank is not None) == list(range(1, 181))
    assert {one.profile["sex"] for one in found} == {"female"}
    assert {person.name for person in people.values()} == {f"Person {number}" for number in range(200)}


def test_cancelling_taking_and_withdrawing_at_once_gives_a_seat_back_once(
    database: Database, settings: Settings, keys: Keys, now: dt.datetime
) -> None:
    with database.transaction() as session:
        occasion = make_occasion(session, make_event(session), capacity=4)
        event = queries.event(session, occasion.activity_id)
        for number in range(4):
            made = signing.sign_up(session, keys, event, occasion.id, somebody(number), today=TODAY, now=now)
            made.standing, made.offered_until = Standing.OFFERED, HELD
    ledger = Ledger(settings.ledger)

    def act(turn: int) -> None:
        mine = digest(keys, event, turn % 4)
        with database.transaction() as session:
            try:
                if turn % 3 == 0:
                    signing.take_offer(session, event.activity_id, mine, now=now)
                elif turn % 3 == 1:
                    signing.cancel(session, event.activity_id, mine, now=now)
                else:
                    withdrawing.withdraw(session, keys, event.activity_id, mine, ledger=ledger, today=TODAY)
            except Refused:
                session.rollback()

    together(24, act)
    with database.reading() as session:
        assert (session.scalars(select(SignUp)).all(), session.scalars(select(Occasion.taken)).one()) == ([], 0)
