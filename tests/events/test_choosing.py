"""Choosing against the profile grid, with reasons; nominating."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.config import Keys
from consult.core.errors import Refused
from consult.events import choosing, filling, nominating, vault
from consult.events.choosing import Act, Chosen
from consult.events.models.planned import Occasion, Selection, Target
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.nominating import Nominee
from consult.processes.models import Activity
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up

WOMEN = {"sex": ["f"]}
REASON = "The grid has no women yet."
CODE = "0" * 26


@pytest.fixture
def occasion(session: Session) -> Occasion:
    """An occasion of three seats, two of which are for women, and one at most for a man."""
    activity = make_event(session, selection=Selection.NOMINATION)
    session.add_all(
        [
            Target(activity_id=activity.id, position=1, cell=WOMEN, minimum=2),
            Target(activity_id=activity.id, position=2, cell={"sex": ["m"]}, minimum=0, maximum=1),
        ]
    )
    return make_occasion(session, activity, capacity=3)


def choose(
    session: Session, occasion: Occasion, act: Act, *who: SignUp, reason: str = REASON, now: dt.datetime
) -> Chosen:
    activity = session.get_one(Activity, occasion.activity_id)
    seen = {one.code: one.revision for one in who}
    return choosing.choose(session, activity, occasion, seen, act, reason, by=None, now=now)


def test_the_grid_says_who_is_missing_and_what_somebody_would_fill_or_exceed(
    session: Session, occasion: Occasion
) -> None:
    for profile, standing in (({"sex": "f"}, "placed"), ({"sex": "m"}, "placed"), ({"sex": "f"}, "asked")):
        make_sign_up(session, occasion, profile=profile, standing=standing)
    women, men = filling.filled(session, occasion)
    assert (women.least, women.short, men.least, men.room) == (1, 1, 1, 0)
    her, him = filling.one({"sex": "f"}, 1), filling.one({"sex": "m"}, 1)
    assert [women.fills(her), women.fills(him), men.exceeds(her), men.exceeds(him)] == [True, False, False, True]


def test_people_are_chosen_with_a_reason_while_there_is_room(
    session: Session, occasion: Occasion, now: dt.datetime
) -> None:
    two, one, other = (make_sign_up(session, occasion, seats=seats) for seats in (2, 1, 1))
    with pytest.raises(Refused, match=r"events\.choose\.reason"):
        choose(session, occasion, Act.PLACE, two, reason=" ", now=now)
    assert choose(session, occasion, Act.PLACE, two, one, now=now) == Chosen(2, 0, 0)
    assert (two.standing, two.reason, occasion.taken) == ("placed", REASON, 3)
    assert choose(session, occasion, Act.PLACE, other, now=now) == Chosen(0, 0, 1)
    assert choose(session, occasion, Act.REFUSE, two, now=now) == Chosen(1, 0, 0)
    assert choose(session, occasion, Act.LIST, two, other, reason="", now=now) == Chosen(2, 0, 0)
    ranks = select(SignUp.rank).where(SignUp.standing == "listed").order_by(SignUp.rank)
    assert session.scalars(ranks).all() == [1, 2]
    assert occasion.taken == 1
    noted = session.scalars(select(Entry.details).where(Entry.action == "events.choose")).all()
    assert {"occasion": 1, "act": "place", "tickets": sorted([two.ticket, one.ticket])} in noted


def test_of_two_officers_the_second_changes_nothing(session: Session, occasion: Occasion, now: dt.datetime) -> None:
    her = make_sign_up(session, occasion)
    seen = {her.code: her.revision}
    activity = session.get_one(Activity, occasion.activity_id)
    choose(session, occasion, Act.PLACE, her, now=now)
    late = choosing.choose(session, activity, occasion, seen, Act.REFUSE, "No.", by=None, now=now)
    assert late == Chosen(0, 1, 0)
    assert (her.standing, occasion.taken) == ("placed", 1)


@pytest.mark.parametrize(("selection", "act"), [(Selection.FIRST, Act.PLACE), (Selection.DRAW, Act.LIST)])
def test_who_comes_first_or_is_drawn_is_not_chosen_by_hand(
    session: Session, selection: Selection, act: Act, now: dt.datetime
) -> None:
    occasion = make_occasion(session, make_event(session, selection=selection))
    her = make_sign_up(session, occasion)
    with pytest.raises(Refused, match=r"events\.choose\.by_hand"):
        choose(session, occasion, act, her, now=now)
    assert choose(session, occasion, Act.REFUSE, her, now=now).done == 1
    with pytest.raises(Refused, match=r"events\.over"):
        choose(session, occasion, Act.REFUSE, her, now=HELD)


def test_who_is_nominated_waits_for_the_selection_and_has_yet_to_consent(
    session: Session, occasion: Occasion, keys: Keys, now: dt.datetime
) -> None:
    activity = session.get_one(Activity, occasion.activity_id)
    unreachable = Nominee("Ama Mensah", "Women’s association", "en", profile={"sex": "f"})
    with pytest.raises(Refused, match=r"events\.nominate\.reach"):
        nominating.nominate(session, keys, activity, occasion, unreachable, code=CODE, by=None, now=now)
    nominee = Nominee("Ama Mensah", "Women’s association", "en", "ama@example.org", profile={"sex": "f"})
    made = nominating.nominate(session, keys, activity, occasion, nominee, code=CODE, by=None, now=now)
    assert (made.standing, made.way, made.institution) == (Standing.ASKED, Way.NOMINATED, "Women’s association")
    assert (made.consented, made.told) == (False, "")
    person = vault.person(session, keys, activity.id, made.code)
    assert person is not None
    assert (person.name, person.address, person.code) == ("Ama Mensah", "ama@example.org", CODE)
    noted = session.scalars(select(Entry).where(Entry.action == "events.nominate")).one()
    assert noted.details == {"occasion": 1}
