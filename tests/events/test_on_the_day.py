"""On the day: who is there, who walks in, who speaks when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import unquote

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.config import Keys
from consult.core.errors import Refused
from consult.events import attending, speaking_order, tickets, vault, walking_in
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing
from consult.events.vault import Person
from consult.events.walking_in import WalkIn
from consult.processes.models import Activity
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up

CODE = "0" * 26
DRAWN = {"number": "42", "turns": "", "minutes": 3, "by": None}


@pytest.fixture
def hearing(session: Session) -> Occasion:
    return make_occasion(session, make_event(session, event={"speaking": True}), capacity=5)


def place(session: Session, occasion: Occasion, ticket: str, **given: object) -> SignUp:
    occasion.taken += 1
    return make_sign_up(session, occasion, standing=Standing.PLACED, ticket=ticket, **given)


def activity_of(session: Session, occasion: Occasion) -> Activity:
    return session.get_one(Activity, occasion.activity_id)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problems[0].code


def test_the_list_holds_who_has_a_place_by_name_and_finds_names_and_tickets(
    session: Session, keys: Keys, hearing: Occasion
) -> None:
    for ticket, name, companions in [("7K3M", "Zeinab", ("Ömer",)), ("9Q1A", "Ama", ()), ("5555", "", ())]:
        row = place(session, hearing, ticket)
        if name:
            vault.keep(session, keys, hearing.activity_id, row.code, Person(name, companions=companions))
    make_sign_up(session, hearing, standing=Standing.LISTED, rank=1)
    people = attending.placed(session, keys, hearing)
    assert [(one.name, one.row.ticket) for one in people] == [("Ama", "9Q1A"), ("Zeinab", "7K3M"), ("", "5555")]
    for typed, found in [("ÖMER", "7K3M"), ("am", "9Q1A"), ("9q-la", "9Q1A"), ("9Q", None)]:
        assert next((one.row.ticket for one in people if one.is_meant(typed)), None) == found, typed


def test_a_ticket_is_a_whole_qr_code_as_telephones_do_not_read_small_ones() -> None:
    ticket = tickets.draw()
    assert len(ticket) == 12
    assert "width='29' height='29'" in unquote(tickets.picture(ticket)), "21 modules, and four of white on each side"


def test_a_mark_sent_twice_counts_once_and_of_two_the_last_stays(session: Session, hearing: Occasion) -> None:
    activity = activity_of(session, hearing)
    for ticket in ("A", "B"):
        place(session, hearing, ticket)
    make_sign_up(session, hearing, standing=Standing.CANCELLED, ticket="C")
    for given in ([("A", "here"), ("C", "here")], [("A", "here")], [("B", "here"), ("B", "away")]):
        attending.mark(session, activity, hearing, given, by=None, now=HELD)
    assert attending.marks(session, hearing) == {"A": "here", "B": "away"}
    noted = session.scalars(select(Entry).where(Entry.action == "events.mark")).all()
    assert [entry.details for entry in noted] == [{"occasion": 1}] * 2, "what changed nothing is not noted"
    attending.mark(session, activity, hearing, [("A", "open")], by=None, now=HELD)
    assert attending.marks(session, hearing)["A"] == "open"


def test_closing_the_list_marks_who_was_not_marked_once_it_has_begun(session: Session, hearing: Occasion) -> None:
    activity = activity_of(session, hearing)
    place(session, hearing, "A", attended=True)
    place(session, hearing, "B")
    with pytest.raises(Refused) as refused:
        attending.close(session, activity, hearing, by=None, now=HELD - dt.timedelta(minutes=1))
    assert code_of(refused) == "events.list.early"
    attending.close(session, activity, hearing, by=None, now=HELD)
    assert attending.marks(session, hearing) == {"A": "here", "B": "away"}


def test_somebody_walks_in_once_and_takes_a_seat(session: Session, keys: Keys, hearing: Occasion) -> None:
    activity, wanted = activity_of(session, hearing), WalkIn("en", name="Kofi", consents=True, speaks=True)
    for _twice in range(2):
        walking_in.walk_in(session, keys, activity, hearing, wanted, code=CODE, by=None, now=HELD)
    (one,) = attending.placed(session, keys, hearing)
    assert (one.name, one.mark, one.row.way, one.row.speaks, hearing.taken) == ("Kofi", "here", "walk_in", 0, 1)
    nameless = WalkIn("en", consents=True)
    walking_in.walk_in(session, keys, activity, hearing, nameless, code="1" * 26, by=None, now=HELD)
    assert [one.name for one in attending.placed(session, keys, hearing)] == ["Kofi", ""]


def test_where_all_seats_are_taken_a_walk_in_needs_one_more(session: Session, keys: Keys, hearing: Occasion) -> None:
    activity, wanted = activity_of(session, hearing), WalkIn("en", consents=True)
    hearing.taken = 5
    session.flush()

    def enter(wanted: WalkIn, now: dt.datetime = HELD) -> None:
        walking_in.walk_in(session, keys, activity, hearing, wanted, code=CODE, by=None, now=now)

    for given, now, code in [
        (wanted, HELD, "events.walk_in.full"),
        (replace(wanted, consents=False), HELD, "events.walk_in.consent"),
        (wanted, HELD - dt.timedelta(hours=12), "events.walk_in.early"),
    ]:
        with pytest.raises(Refused) as refused:
            enter(given, now)
        assert code_of(refused) == code
    enter(replace(wanted, beyond=True))
    assert (hearing.taken, hearing.capacity) == (6, 6)


def test_the_order_is_drawn_and_changed_but_not_for_who_has_had_the_floor(session: Session, hearing: Occasion) -> None:
    activity = activity_of(session, hearing)
    for ticket in ("AAA", "BBB", "CCC", "DDD"):
        place(session, hearing, ticket, speaks=0)

    def order() -> list[str]:
        return [row.ticket for row in speaking_order.speakers(session, hearing) if row.speaks]

    speaking_order.draw(session, activity, hearing, **DRAWN, now=HELD)  # type: ignore[arg-type]  # as its parameters are
    assert order() == ["DDD", "BBB", "CCC", "AAA"]
    speaking_order.move(session, activity, hearing, "AAA", -1, by=None, now=HELD)
    speaking_order.go_on(session, hearing, seen=0, step=1)
    speaking_order.go_on(session, hearing, seen=0, step=1)  # a second click
    floor = speaking_order.floor(session, hearing)
    assert floor is not None
    assert (order(), floor.place) == (["DDD", "BBB", "AAA", "CCC"], 1)
    for refuse in (
        lambda: speaking_order.move(session, activity, hearing, "BBB", -1, by=None, now=HELD),
        lambda: speaking_order.remove(session, activity, hearing, "DDD", by=None, now=HELD),
    ):
        with pytest.raises(Refused) as refused:
            refuse()
        assert code_of(refused) == "events.speaking.past"
    speaking_order.remove(session, activity, hearing, "AAA", by=None, now=HELD)
    place(session, hearing, "EEE")
    speaking_order.add(session, activity, hearing, "EEE", by=None, now=HELD)
    assert order() == ["DDD", "BBB", "CCC", "EEE"]
    speaking_order.draw(session, activity, hearing, **{**DRAWN, "number": "1"}, now=HELD)  # type: ignore[arg-type]
    assert order()[0] == "DDD"
    assert sorted(order()) == ["BBB", "CCC", "DDD", "EEE"]


def test_no_two_have_the_same_place_in_the_order(session: Session, hearing: Occasion) -> None:
    for ticket in ("A", "B"):
        place(session, hearing, ticket, speaks=0)
    with pytest.raises(IntegrityError):
        session.execute(update(SignUp).values(speaks=1))
