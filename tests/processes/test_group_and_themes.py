"""Seats and themes of a process."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.errors import Refused
from consult.core.policy.themes import STARTER_SETS
from consult.core.text import LocalisedText
from consult.processes import group, queries, themes
from consult.processes.models import Member, Process, Seat, Theme
from consult.processes.themes import Outline
from tests.factories.processes import make_process, make_theme


@pytest.fixture
def process(session: Session) -> Process:
    """A process without themes."""
    return make_process(session, locales=("en", "fr"))


def _user(session: Session) -> User:
    user = User(email="ama@example.org", name="Ama")
    session.add(user)
    session.flush()
    return user


def test_a_seat_is_given_changed_and_taken(session: Session, process: Process, now: dt.datetime) -> None:
    user = _user(session)
    place = process.lead_institution_id
    given = {"user_id": user.id, "institution_id": place, "by": None, "now": now}
    group.seat(session, process, seat=Seat.MEMBER, expires_on=None, **given)
    group.seat(session, process, seat=Seat.ADVISER, expires_on=dt.date(2026, 3, 2), **given)
    (member,) = queries.members(session, process.id)
    assert (member.seat, member.expires_on) == ("adviser", dt.date(2026, 3, 2))
    group.unseat(session, process, user.id, by=None, now=now)
    assert session.scalars(select(Member)).all() == []
    with pytest.raises(Refused, match=r"processes\.seat\.missing"):
        group.unseat(session, process, user.id, by=None, now=now)


@pytest.mark.parametrize(
    ("seat", "expires_on", "code"),
    [
        (Seat.ADVISER, None, "processes.seat.expiry"),
        (Seat.ADVISER, dt.date(2026, 3, 1), "processes.seat.past"),
        (Seat.LEAD, dt.date(2026, 3, 1), "processes.seat.past"),
    ],
)
def test_a_seat_without_a_sensible_end_is_refused(
    session: Session, process: Process, now: dt.datetime, seat: Seat, expires_on: dt.date | None, code: str
) -> None:
    user = _user(session)
    with pytest.raises(Refused) as refusal:
        group.seat(
            session,
            process,
            user_id=user.id,
            institution_id=process.lead_institution_id,
            seat=seat,
            expires_on=expires_on,
            by=None,
            now=now,
        )
    assert [problem.code for problem in refusal.value.problems] == [code]


def _outline(label: str, **rest: object) -> Outline:
    return Outline(label=LocalisedText({"en": label}), **rest)  # type: ignore[arg-type]


def _codes(session: Session, process: Process) -> list[tuple[str, int]]:
    session.expire(process, ["themes"])
    return [(theme.code, depth) for theme, depth in themes.tree(process.themes)]


def test_themes_form_a_tree_in_the_chosen_order(session: Session, process: Process, now: dt.datetime) -> None:
    by = {"by": None, "now": now}
    work = themes.add(session, process, _outline("Work abroad"), **by)
    home = themes.add(session, process, _outline("Return"), **by)
    themes.add(session, process, _outline("Skills", parent_id=work.id), **by)
    pay = themes.add(session, process, _outline("Pay", parent_id=work.id), **by)
    themes.move(session, process, home, "up", **by)
    themes.move(session, process, home, "up", **by)
    themes.move(session, process, pay, "up", **by)
    assert _codes(session, process) == [("return", 0), ("work-abroad", 0), ("pay", 1), ("skills", 1)]
    themes.remove(session, process, work, **by)
    assert _codes(session, process) == [("return", 0)]


def test_a_theme_that_does_not_fit_is_refused(session: Session, process: Process, now: dt.datetime) -> None:
    parent = make_theme(session, process, "work")
    child = make_theme(session, process, "pay", parent_id=parent.id)
    foreign = make_theme(session, make_process(session), "foreign")
    table = [
        (Outline(label=LocalisedText({"fr": "Travail"})), "processes.theme.label"),
        (_outline("Work"), "processes.theme.code_taken"),
        (_outline("Work", code="two words"), "processes.theme.code"),
        (_outline("Deep", parent_id=child.id), "processes.theme.parent"),
        (_outline("Elsewhere", parent_id=foreign.id), "processes.theme.parent"),
        (_outline("Goals", targets=("10.7", "18.1")), "processes.theme.target"),
    ]
    for outline, code in table:
        with pytest.raises(Refused) as refusal:
            themes.add(session, process, outline, by=None, now=now)
        assert [problem.code for problem in refusal.value.problems] == [code], outline
    with pytest.raises(Refused, match=r"processes\.theme\.parent"):
        themes.revise(session, process, parent, _outline("Work", parent_id=parent.id), by=None, now=now)


def test_a_starter_set_adds_what_is_not_there_yet(session: Session, process: Process, now: dt.datetime) -> None:
    starter = STARTER_SETS["global_compact"]
    make_theme(session, process, starter.themes[0].code)
    assert themes.adopt(session, process, starter, by=None, now=now) == 22
    assert themes.adopt(session, process, starter, by=None, now=now) == 0
    found = session.scalars(select(Theme).where(Theme.process_id == process.id)).all()
    assert sorted({objective for theme in found for objective in theme.objectives}) == list(range(2, 24))
