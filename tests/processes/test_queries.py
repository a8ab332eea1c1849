"""Staff reach the processes of their institution and of their seats, everybody reaches what is public."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.access import Actor, Scope
from consult.processes import queries
from consult.processes.models import Seat
from tests.factories.processes import make_activity, make_institution, make_member, make_process


def _user(session: Session) -> User:
    user = User(email="ama@example.org", name="Ama")
    session.add(user)
    session.flush()
    return user


def _scope(user: User, institutions: tuple[object, ...] = (), processes: tuple[object, ...] = ()) -> Scope:
    return Scope(Actor(user.id, user.name), frozenset(institutions), frozenset(processes))  # type: ignore[arg-type]


def test_a_seat_holds_until_the_day_it_expires(session: Session) -> None:
    user = _user(session)
    today = dt.date(2026, 3, 2)
    kept = make_process(session)
    make_member(session, kept, user, seat=Seat.LEAD)
    last_day = make_process(session)
    make_member(session, last_day, user, seat=Seat.ADVISER, expires_on=today)
    gone = make_process(session)
    make_member(session, gone, user, seat=Seat.ADVISER, expires_on=today - dt.timedelta(days=1))
    assert queries.seats(session, user.id, today) == {kept.id: "lead", last_day.id: "adviser"}


def test_staff_reach_what_their_institution_leads_or_what_they_have_a_seat_in(session: Session) -> None:
    user = _user(session)
    ours, theirs = make_institution(session), make_institution(session)
    own = make_process(session, lead=ours, slug="a-own")
    seat = make_process(session, lead=theirs, slug="b-seat")
    foreign = make_process(session, lead=theirs, slug="c-foreign")
    survey = make_activity(session, foreign, slug="foreign-survey")
    scope = _scope(user, (ours.id,), (seat.id,))
    assert [found.slug for found in queries.processes(session, scope)] == ["a-own", "b-seat"]
    assert queries.process(session, scope, "a-own") is own
    assert queries.process(session, scope, "b-seat") is seat
    assert queries.process(session, scope, "c-foreign") is None
    assert queries.activity(session, scope, survey.slug) is None
    assert queries.activity(session, _scope(user, (theirs.id,)), survey.slug) is survey
    assert queries.processes(session, _scope(user)) == []


def test_the_public_sees_public_processes_and_what_was_at_least_scheduled(session: Session, now: dt.datetime) -> None:
    shown, hidden = make_process(session, slug="shown"), make_process(session, slug="hidden", public=False)
    make_activity(session, shown, slug="being-written")
    make_activity(session, shown, slug="running", opens_at=now)
    make_activity(session, hidden, slug="secret", opens_at=now)
    assert [found.slug for found in queries.public_processes(session)] == ["shown"]
    assert queries.public_process(session, "hidden") is None
    assert queries.public_activity(session, "running") is not None
    assert queries.public_activity(session, "being-written") is None
    assert queries.public_activity(session, "secret") is None
