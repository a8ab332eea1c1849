"""The waiting list: places that became free are offered to the next, for a time; nobody overtakes them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.events import choosing, offering, placing, signing, tasks
from consult.events.choosing import Act
from consult.events.models.planned import Occasion, Selection, Target
from consult.events.models.signed import SignUp, Standing
from consult.processes.models import Activity
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up

HOUR = dt.timedelta(hours=1)


def listed(session: Session, occasion: Occasion, seats: int = 1, **given_: Any) -> SignUp:
    rank = placing.enlist(session, occasion.id)
    return make_sign_up(session, occasion, standing=Standing.LISTED, rank=rank, seats=seats, **given_)


def standings(session: Session, *who: SignUp) -> list[str]:
    return [str(session.scalar(select(SignUp.standing).where(SignUp.code == one.code))) for one in who]


def balance(session: Session, occasion_id: object) -> tuple[int, int]:
    """Seats of those who have or are offered a place, and seats that count as taken."""
    held = select(func.coalesce(func.sum(SignUp.seats), 0)).where(
        SignUp.occasion_id == occasion_id, SignUp.standing.in_(placing.HOLDING)
    )
    taken = select(Occasion.taken).where(Occasion.id == occasion_id)
    return session.scalar(held) or 0, session.scalar(taken) or 0


def test_who_was_set_apart_by_mistake_comes_in_the_end(session: Session, now: dt.datetime) -> None:
    occasion = make_occasion(session, make_event(session, selection=Selection.FIRST), capacity=1)
    activity, her = session.get_one(Activity, occasion.activity_id), make_sign_up(session, occasion)
    done = choosing.choose(session, activity, occasion, {her.code: 0}, Act.LIST, "", by=None, now=now)
    assert (done.done, offering.due(session, now)) == (1, [occasion.id])
    offering.offer(session, occasion.id, now=now)
    signing.take_offer(session, activity.id, her.code, now=now)
    assert (standings(session, her), balance(session, occasion.id)) == (["placed"], (1, 1))


def test_an_offer_that_runs_out_goes_to_the_next(session: Session, now: dt.datetime) -> None:
    occasion = make_occasion(session, make_event(session), capacity=1)
    first, second, third = (listed(session, occasion) for _ in range(3))
    half_past = now + HOUR / 2
    assert offering.offer(session, occasion.id, now=half_past) == 1
    assert offering.offer(session, occasion.id, now=half_past) == 0
    assert standings(session, first, second) == ["offered", "listed"]
    assert first.offered_until == now + 49 * HOUR  # 48 hours on, at a full hour
    assert first.offered_until is not None
    assert offering.due(session, first.offered_until) == [occasion.id]
    assert offering.offer(session, occasion.id, now=first.offered_until) == 1
    assert standings(session, first, second, third) == ["refused", "offered", "listed"]
    assert (first.reason, first.rank, occasion.taken) == (offering.TOO_LATE, None, 1)


def test_nothing_is_offered_beyond_the_start_nor_after_it(session: Session, now: dt.datetime) -> None:
    occasion = make_occasion(session, make_event(session), capacity=2)
    one, _other = listed(session, occasion), listed(session, occasion, seats=2)
    assert offering.offer(session, occasion.id, now=HELD - HOUR) == 1
    assert one.offered_until == HELD
    assert offering.offer(session, occasion.id, now=HELD) == 0
    assert (one.standing, occasion.taken) == ("refused", 0)
    assert offering.due(session, HELD) == []
    assert now < HELD


def test_a_party_that_does_not_fit_is_passed_over(session: Session, now: dt.datetime) -> None:
    occasion = make_occasion(session, make_event(session), capacity=5, taken=3)
    party, couple, single = listed(session, occasion, 3), listed(session, occasion, 2), listed(session, occasion)
    assert offering.offer(session, occasion.id, now=now) == 1
    assert standings(session, party, couple, single) == ["listed", "offered", "listed"]


def test_the_next_is_who_the_grid_misses(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, selection=Selection.DRAW)
    session.add(Target(activity_id=activity.id, cell={"sex": ["f"]}, minimum=1))
    occasion = make_occasion(session, activity, capacity=1)
    him, her = listed(session, occasion, profile={"sex": "m"}), listed(session, occasion, profile={"sex": "f"})
    offering.offer(session, occasion.id, now=now)
    assert standings(session, him, her) == ["listed", "offered"]


def test_while_people_are_chosen_seats_are_given_by_hand(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, selection=Selection.NOMINATION, closes_at=now + HOUR)
    occasion = make_occasion(session, activity, capacity=1)
    listed(session, occasion)
    asked = make_sign_up(session, occasion)
    assert offering.offer(session, occasion.id, now=now) == 0
    assert offering.offer(session, occasion.id, now=now + HOUR) == 0
    seen = {asked.code: asked.revision}
    choosing.choose(session, activity, occasion, seen, Act.REFUSE, "Too young.", by=None, now=now)
    assert offering.offer(session, occasion.id, now=now + HOUR) == 1


def test_nobody_overtakes_the_waiting_list(session: Session, now: dt.datetime) -> None:
    occasion = make_occasion(session, make_event(session), capacity=2)
    party = listed(session, occasion, seats=3)
    assert not placing.take(session, occasion.id, 1)
    assert placing.take(session, occasion.id, 1, listed=True)
    placing.move(session, occasion.activity_id, party.code, to=Standing.CANCELLED)
    assert placing.take(session, occasion.id, 1)


def test_one_offer_is_taken_once_and_two_workers_offer_it_once(
    database: Database, tmp_path: Path, keys: Keys, now: dt.datetime
) -> None:
    with database.transaction() as session:
        occasion = make_occasion(session, make_event(session), capacity=3)
        people = [listed(session, occasion) for _ in range(5)]
    installation = Installation(Settings(data=tmp_path), keys, database)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(tasks.offer, installation, {}, now) for _ in range(8)]:
            done.result()
    with database.reading() as session:
        assert standings(session, *people) == ["offered"] * 3 + ["listed"] * 2
        assert balance(session, occasion.id) == (3, 3)

    def take(_number: int) -> None:
        with database.transaction() as opened:
            signing.take_offer(opened, occasion.activity_id, people[0].code, now=now)

    with ThreadPoolExecutor(16) as pool:
        for taken in [pool.submit(take, number) for number in range(50)]:
            taken.result()
    with database.reading() as session:
        first = select(SignUp.standing, SignUp.revision).where(SignUp.code == people[0].code)
        assert session.execute(first).one() == ("placed", 2)
        assert balance(session, occasion.id) == (3, 3)


ACTS = st.sampled_from(["list", "offer", "late", "place", "refuse", "cancel", "more", "kill"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(ACTS, st.integers(0, 20), st.integers(1, 3)), min_size=4, max_size=25))
def test_no_seat_is_lost_or_given_twice(sqlite: Database, steps: list[tuple[str, int, int]]) -> None:
    """Whatever is done, in whatever order, and broken off: seats of places and offers are the seats that are taken."""
    now = HELD - 1000 * HOUR
    with sqlite.transaction() as session:
        activity = make_event(session, selection=Selection.NOMINATION, closes_at=now)
        occasion = make_occasion(session, activity, capacity=4)
        listed(session, occasion)
    for act, which, number in steps:
        now += HOUR
        with sqlite.session(write=True) as session:
            _step(session, occasion.id, act, which, number, now)
            if act == "kill":
                session.rollback()
            session.commit()
        with sqlite.reading() as session:
            held, taken = balance(session, occasion.id)
            assert held == taken


def _step(session: Session, occasion_id: object, act: str, which: int, number: int, now: dt.datetime) -> None:
    occasion = session.scalars(select(Occasion).where(Occasion.id == occasion_id)).one()
    activity = session.get_one(Activity, occasion.activity_id)
    rows = session.scalars(select(SignUp).where(SignUp.occasion_id == occasion_id).order_by(SignUp.code)).all()
    one = rows[which % len(rows)]
    if act == "list":
        listed(session, occasion, seats=number)
    elif act in ("offer", "kill"):
        offering.offer(session, occasion.id, now=now)
    elif act == "late":
        offering.offer(session, occasion.id, now=now + 49 * HOUR)
    elif act in ("place", "refuse"):
        choosing.choose(session, activity, occasion, {one.code: one.revision}, Act(act), "So.", by=None, now=now)
    elif act == "cancel" and one.standing in placing.HOLDING:
        placing.move(session, activity.id, one.code, to=Standing.CANCELLED)
        placing.give_back(session, occasion.id, one.seats)
    elif act == "more":
        session.execute(update(Occasion).values(capacity=Occasion.capacity + number))
