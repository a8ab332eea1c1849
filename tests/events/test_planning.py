"""Occasions are planned by the clocks of their place, changed, copied for other cities, cancelled."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.events import guiding, placing, planning, programme, queries, wordings
from consult.events.models.held import GuideBlock
from consult.events.models.planned import Target
from consult.events.models.signed import SignUp, Standing
from consult.events.planning import City, Plan
from consult.events.rounds import take_over
from consult.processes import wordings as versions
from consult.questionnaires import rounds, translating
from consult.questionnaires.translating import Typed
from tests.events.test_describing import codes
from tests.factories.events import make_event, make_occasion, make_sign_up

QUESTIONS = guiding.Outline(
    "", LocalisedText({"en": "Welcome"}), LocalisedText({"en": "How are you?"}), LocalisedText(), 5
)


def local(text: str) -> dt.datetime:
    """What clocks show."""
    return dt.datetime.fromisoformat(text)


WHEN = local("2026-10-24T18:30")
MILAN = Plan(
    title=LocalisedText({"en": "Milan"}),
    time_zone="Europe/Rome",
    starts=WHEN,
    minutes=120,
    capacity=12,
    place=LocalisedText({"en": "Town hall"}),
)


def test_times_are_those_of_the_clocks_of_the_place(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    night = replace(MILAN, starts=local("2026-10-24T23:00"), minutes=360)
    first = planning.put(session, activity, None, night, by=None, now=now)
    assert first.starts_at == dt.datetime(2026, 10, 24, 21, tzinfo=dt.UTC)
    assert first.ends_at - first.starts_at == dt.timedelta(hours=6), "though the clocks are put back meanwhile"
    other = planning.put(session, activity, None, replace(MILAN, time_zone="Asia/Tehran"), by=None, now=now)
    assert (other.number, other.starts_at) == (2, dt.datetime(2026, 10, 24, 15, tzinfo=dt.UTC))
    for starts, code in (
        (local("2026-10-25T02:30"), "time.twice"),
        (local("2027-03-28T02:30"), "time.skipped"),
    ):
        with pytest.raises(Refused) as refused:
            planning.put(session, activity, None, replace(MILAN, starts=starts), by=None, now=now)
        assert codes(refused.value) == [code] and refused.value.problems[0].place.field == "starts"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"title": LocalisedText({"fr": "Milan"})}, "events.occasion.title", "title-en"),
        ({"in_place": False}, "events.occasion.somewhere", "in_place"),
        ({"place": LocalisedText()}, "events.occasion.place", "place-en"),
        ({"online": True, "link": "javascript:alert(1)"}, "events.occasion.link", "link"),
        ({"languages": ["xx"]}, "events.occasion.language", "languages"),
        ({"starts": local("2026-03-02T10:00")}, "events.occasion.past", "starts"),
        ({"sign_up_until": WHEN + dt.timedelta(hours=1)}, "events.occasion.sign_up_until", "sign_up_until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    sqlite_session: Session, now: dt.datetime, change: dict[str, object], code: str, field: str
) -> None:
    activity = make_event(sqlite_session)
    with pytest.raises(Refused) as refused:
        planning.put(sqlite_session, activity, None, replace(MILAN, **change), by=None, now=now)  # type: ignore[arg-type]  # its fields
    assert [(one.code, one.place.field) for one in refused.value.problems] == [(code, field)]


def test_calendars_follow_time_and_place_and_nothing_else(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    occasion = planning.put(session, activity, None, MILAN, by=None, now=now)
    kept = planning.plan_of(occasion)
    assert kept == replace(MILAN, languages=[], interpretation=[], provisions=[])
    sequences = []
    for plan in (
        replace(kept, capacity=20),
        replace(kept, minutes=90),
        replace(kept, place=LocalisedText({"en": "Park"})),
    ):
        planning.put(session, activity, occasion, plan, by=None, now=now)
        sequences.append(occasion.sequence)
    assert sequences == [0, 1, 2]
    planning.put(session, activity, occasion, planning.plan_of(occasion), by=None, now=now + dt.timedelta(days=400))
    assert occasion.sequence == 2, "what is over can be said otherwise, but not moved"


def test_there_are_never_fewer_places_than_are_taken(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    occasion = make_occasion(session, activity)
    placing.take(session, occasion.id, 5)
    with pytest.raises(Refused) as refused:
        planning.put(session, activity, occasion, replace(planning.plan_of(occasion), capacity=4), by=None, now=now)
    assert codes(refused.value) == ["events.occasion.capacity"] and refused.value.problems[0].params == {"taken": 5}


def test_cancelling_lets_everybody_go_who_counted_on_it(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    occasion, other = make_occasion(session, activity), make_occasion(session, activity, "Turin")
    until = {"offered_until": now + dt.timedelta(days=1), "rank": 1}
    make_sign_up(session, occasion, standing=Standing.PLACED, seats=2)
    make_sign_up(session, occasion, standing=Standing.OFFERED, **until)
    make_sign_up(session, occasion, standing=Standing.LISTED, rank=2)
    make_sign_up(session, occasion)
    make_sign_up(session, occasion, standing=Standing.REFUSED)
    make_sign_up(session, other)
    placing.take(session, occasion.id, 3)
    assert planning.concerned(session, occasion) == 5
    with pytest.raises(Refused, match=r"events\.occasion\.over"):
        planning.cancel(session, activity, occasion, by=None, now=occasion.ends_at)
    planning.cancel(session, activity, occasion, by=None, now=now)
    assert (occasion.state, occasion.taken, occasion.sequence, occasion.number) == ("cancelled", 0, 1, 1)
    standings = session.execute(select(SignUp.occasion_id, SignUp.standing, SignUp.revision))
    assert sorted(standings.all(), key=str) == sorted(
        [
            *[(occasion.id, Standing.CANCELLED, 1)] * 4,
            (occasion.id, Standing.REFUSED, 0),
            (other.id, Standing.ASKED, 0),
        ],
        key=str,
    )
    assert not placing.take(session, occasion.id, 1)
    for again in (
        lambda: planning.cancel(session, activity, occasion, by=None, now=now),
        lambda: planning.put(session, activity, occasion, planning.plan_of(occasion), by=None, now=now),
    ):
        with pytest.raises(Refused, match=r"events\.occasion\.cancelled"):
            again()


def test_a_series_holds_the_same_in_other_cities(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    plan = replace(MILAN, sign_up_until=WHEN - dt.timedelta(days=7), provisions=["childcare"])
    occasion = planning.put(session, activity, None, plan, by=None, now=now)
    for title, minutes in (("Welcome", 10), ("Cards", 50)):
        label = LocalisedText({"en": title})
        programme.put(session, activity, occasion, None, title=label, minutes=minutes, theme="", by=None, now=now)
    cities = {
        1: City("New York", "Library", "America/New_York", WHEN),
        3: City("Accra", "Centre", "Africa/Accra", WHEN + dt.timedelta(days=1)),
    }
    made = planning.copy(session, activity, occasion, cities, by=None, now=now)
    assert [(one.number, one.title["en"], one.starts_at.isoformat()) for one in made] == [
        (2, "New York", "2026-10-24T22:30:00+00:00"),
        (3, "Accra", "2026-10-25T18:30:00+00:00"),
    ]
    assert made[1].sign_up_until == dt.datetime(2026, 10, 18, 18, 30, tzinfo=dt.UTC)
    assert made[0].provisions == ["childcare"] and made[0].capacity == 12
    timed = programme.timed(made[0], queries.slots(session, made[0].id))
    assert [(one.slot.title["en"], f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}") for one in timed] == [
        ("Welcome", "22:30", "22:40"),
        ("Cards", "22:40", "23:30"),
    ]
    with pytest.raises(Refused) as refused:
        planning.copy(session, activity, occasion, {2: City("", "", "UTC", WHEN)}, by=None, now=now)
    assert [one.place.field for one in refused.value.problems] == ["title_2", "place_2"]
    with pytest.raises(Refused) as refused:
        planning.copy(session, activity, occasion, {4: City("Lomé", "", "Africa/Lome", None)}, by=None, now=now)
    assert codes(refused.value) == ["events.series.starts"] and refused.value.problems[0].place.field == "starts_4"
    with pytest.raises(Refused, match=r"events\.series\.empty"):
        planning.copy(session, activity, occasion, {}, by=None, now=now)


def test_parts_of_a_programme_change_places(sqlite_session: Session, now: dt.datetime) -> None:
    session, activity = sqlite_session, make_event(sqlite_session)
    occasion = make_occasion(session, activity)
    slots = [
        programme.put(
            session, activity, occasion, None, title=LocalisedText({"en": title}), minutes=5, theme="", by=None, now=now
        )
        for title in "abc"
    ]
    programme.raise_up(session, activity, occasion, slots[2], by=None, now=now)
    programme.raise_up(session, activity, occasion, slots[0], by=None, now=now)
    programme.remove(session, activity, occasion, slots[1], by=None, now=now)
    assert [slot.title["en"] for slot in queries.slots(session, occasion.id)] == ["a", "c"]


def test_what_officers_write_is_translated_and_no_translation_is_lost(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, locales=("en", "fr"))
    occasion = planning.put(session, activity, None, MILAN, by=None, now=now)
    key = f"{wordings.KIND}:{occasion.id}/place"
    typed = Typed(key, "Hôtel de ville", reviewed=True)
    translating.save(session, activity, "fr", [typed], by=None, now=now)
    assert occasion.place["fr"] == "Hôtel de ville" and occasion.sequence == 0
    moved = replace(planning.plan_of(occasion), place=occasion.place.with_text("en", "Park"))
    planning.put(session, activity, occasion, moved, by=None, now=now)
    asked = guiding.put(session, activity, None, QUESTIONS, by=None, now=now)
    guide = f"{wordings.KIND}:{asked.id}/title"
    translating.save(session, activity, "fr", [Typed(guide, "Accueil", reviewed=True)], by=None, now=now)
    changed = replace(QUESTIONS, title=asked.title.with_text("en", "A warm welcome"))
    guiding.put(session, activity, asked, changed, by=None, now=now)
    states = {one.key: one.here.state for one in translating.items(session, activity, "fr")}
    assert (states[key], states[guide]) == ("stale", "stale")
    kept = versions.history(session, wordings.KIND, activity.id)["fr"]
    assert kept[f"{occasion.id}/place"] and kept[f"{asked.id}/title"]


def test_the_next_round_has_texts_grid_and_guide_without_occasions(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, event={"companions": 2})
    make_sign_up(session, make_occasion(session, activity))
    session.add(Target(activity_id=activity.id, position=1, cell={"q1": ["f"]}, minimum=6))
    session.add(GuideBlock(activity_id=activity.id, position=1, title=LocalisedText({"en": "Cards"}), minutes=20))
    made = rounds.next_round(session, activity, title="Life abroad, 2027", by=None, now=now, above=[take_over])
    event = queries.event(session, made.id)
    assert (made.kind, event.companions, event.about["en"]) == ("event", 2, "We want to hear how life abroad is.")
    assert [(one.cell, one.minimum) for one in queries.targets(session, made.id)] == [({"q1": ["f"]}, 6)]
    assert len(session.scalars(select(GuideBlock).where(GuideBlock.activity_id == made.id)).all()) == 1
    assert not queries.occasions(session, made.id)
