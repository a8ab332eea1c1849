"""The guide, notes that name nobody and are kept once, positions, what is summed up."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.config import Keys
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.events import guiding, noting, speaking, summing, vault
from consult.events.guiding import Outline
from consult.events.models.held import Note, Said, View
from consult.events.models.planned import Target
from consult.events.noting import Desk, Words
from consult.events.summing import Summary
from consult.events.vault import Person
from tests.factories.events import HELD, make_event, make_occasion, make_sign_up
from tests.factories.held import make_block, make_note, make_screening

FIRST = uuid.UUID(int=1)
WORDS = Words(body="Papers take a year.", said=Said.NOTE, locale="en")
QUOTE = replace(WORDS, said=Said.QUOTE)
POSITION = Words(body="", said=Said.POSITION, locale="en", view=View.SUPPORTS)


@pytest.fixture
def desk(session: Session, keys: Keys) -> Desk:
    """The desk of a meeting to which Ama Mensah and Ali van der Berg signed up, with a guardian."""
    activity = make_event(session)
    occasion = make_occasion(session, activity)
    for name, guardian in (("Ama Mensah", ""), ("Ali van der Berg", "Esi Boateng"), ("علي حسن", "")):
        code = make_sign_up(session, occasion).code
        vault.keep(session, keys, activity.id, code, Person(name, guardian=guardian))
    return Desk(session, keys, activity, occasion, None, HELD)


def why(desk: Desk, words: Words, *, sure: bool = False) -> list[str]:
    """The codes with which a note is refused."""
    with pytest.raises(Refused) as refused:
        noting.add(desk, uuid.uuid4(), words, sure=sure)
    return [problem.code for problem in refused.value.problems]


def kept(desk: Desk) -> list[Note]:
    return list(desk.session.scalars(select(Note).execution_options(populate_existing=True)))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (replace(WORDS, body="  "), ["events.note.body"]),
        (replace(WORDS, body="x" * 5001), ["events.note.long"]),
        (QUOTE, ["events.note.consent"]),
        (POSITION, ["events.note.institution"]),
        (replace(WORDS, body="Then MENSAH said no."), ["events.note.named"]),
        (replace(WORDS, body="قال علي إن الأوراق تأخذ سنة."), ["events.note.named"]),
        (replace(WORDS, body="Her guardian, Boateng, agreed."), ["events.note.named"]),
        (replace(POSITION, institution="Mensah & Sons"), ["events.note.named"]),
    ],
)
def test_a_note_says_something_quotes_with_consent_and_names_nobody(desk: Desk, words: Words, codes: list[str]) -> None:
    assert why(desk, words) == codes


def test_small_words_of_a_name_are_no_name_and_whoever_is_sure_keeps_it(desk: Desk) -> None:
    noting.add(desk, uuid.uuid4(), replace(WORDS, body="De weg van der Stad naar huis."), sure=False)
    noting.add(desk, uuid.uuid4(), replace(WORDS, body="Berg is the word for a mountain."), sure=True)
    assert len(kept(desk)) == 2


def test_a_form_that_comes_twice_makes_one_note_and_loses_nothing(desk: Desk) -> None:
    for _ in range(3):
        noting.add(desk, FIRST, WORDS, sure=False)
    assert [note.id for note in kept(desk)] == [FIRST]
    noting.add(desk, FIRST, replace(WORDS, body="And they cost too much."), sure=False)
    assert sorted(note.body for note in kept(desk)) == ["And they cost too much.", WORDS.body]


def test_a_note_keeps_its_day_and_nothing_of_another_kind(desk: Desk) -> None:
    late = replace(desk, now=dt.datetime(2026, 6, 6, 22, 30, tzinfo=dt.UTC))
    noting.add(late, FIRST, replace(WORDS, consent=True, institution="IOM", view=View.OPPOSES, people=4), sure=False)
    (note,) = kept(desk)
    assert (note.day, note.consent, note.institution, note.view, note.people) == (dt.date(2026, 6, 7), False, "", "", 4)
    details = [entry.details for entry in desk.session.scalars(select(Entry).where(Entry.action == "events.add_note"))]
    assert details == [{"occasion": 1}], "the trail tells the time, so it does not tell which note"


def test_nobody_overwrites_what_they_have_not_seen(desk: Desk) -> None:
    noting.add(desk, FIRST, WORDS, sure=False)
    noting.change(desk, FIRST, replace(WORDS, body="Papers take two years."), seen=0, sure=False)
    with pytest.raises(Refused, match=r"events.note.changed"):
        noting.change(desk, FIRST, WORDS, seen=0, sure=False)
    assert [(note.body, note.revision) for note in kept(desk)] == [("Papers take two years.", 1)]
    noting.remove(desk, FIRST)
    with pytest.raises(Refused, match=r"events.note.changed"):
        noting.change(desk, FIRST, WORDS, seen=1, sure=False)


def test_the_guide_is_written_in_the_language_of_the_event_and_put_in_order(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, locales=("en", "fr"))
    empty, title = LocalisedText(), LocalisedText({"en": "Leaving"})
    with pytest.raises(Refused) as refused:
        guiding.put(session, activity, None, Outline("", empty, empty, empty, 5), by=None, now=now)
    assert [problem.place.field for problem in refused.value.problems] == ["title-en", "questions-en"]
    first, second = (
        guiding.put(session, activity, None, Outline("", title, title, empty, 5), by=None, now=now) for _ in range(2)
    )
    guiding.raise_up(session, activity, second, by=None, now=now)
    assert list(guiding.blocks(session, activity.id)) == [second, first]
    note = make_note(session, make_occasion(session, activity), block_id=second.id)
    guiding.remove(session, activity, second, by=None, now=now)
    session.refresh(note)
    assert note.block_id is None, "what was noted under it stays"
    assert guiding.blocks(session, activity.id)[0].position == 1


def test_what_was_said_is_put_down_to_roles_and_to_classes_of_the_grid(session: Session) -> None:
    activity = make_event(session)
    _edition, sex = make_screening(session, activity)
    named = speaking.speakers(session, activity, "en", str)
    assert set(named) == {"chair", "expert", "official", "participant", f"{sex}=woman", f"{sex}=man"}
    assert named[f"{sex}=man"] == "sex in English: Man"
    session.add(Target(activity_id=activity.id, cell={"elsewhere": ["x"]}))
    assert set(speaking.classes(session, activity.id)) == set(), "a grid says which questions matter"


def test_an_occasion_is_summed_up_by_one_at_a_time(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    occasion = make_occasion(session, activity)
    make_block(session, activity)
    said = Summary(LocalisedText({"en": "Papers."}), LocalisedText(), {"papers": "Too slow."})
    summing.sum_up(session, activity, occasion, said, seen=0, by=None, now=now)
    with pytest.raises(Refused, match=r"events.summing.changed"):
        summing.sum_up(session, activity, occasion, said, seen=0, by=None, now=now)
    summing.sum_up(session, activity, occasion, replace(said, themes={}), seen=1, by=None, now=now)
    session.expire_all()
    assert (summing.summed(session, occasion.id).themes, summing.summed(session, occasion.id).revision) == ({}, 2)
