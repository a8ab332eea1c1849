"""The demo's events: what they say of themselves, who signed up, what was drawn and said, and where names are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.config import Keys, Settings
from consult.core import localtime
from consult.core.sampling.draw import verify
from consult.core.sampling.record import decode
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.demo import content, event_content
from consult.demo.event_content import DemoEvent
from consult.events import vault
from consult.events.models.held import Note, Said, Summing
from consult.events.models.planned import Occasion
from consult.events.models.signed import Draw, SignUp, SignUpContact, Standing
from consult.processes.models import Activity, Kind
from tests import applications
from tests.conftest import NOW

EVENTS = {event.slug: event for event in event_content.events().events}
ABROAD, MONEY, HEARING, ASSOCIATIONS = EVENTS


def _texts(part: object) -> Iterator[LocalisedText]:
    """Every text of a part, however deep."""
    if isinstance(part, LocalisedText):
        yield part
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _texts(getattr(part, name))
    elif isinstance(part, Mapping):
        for one in part.values():
            yield from _texts(one)
    elif isinstance(part, tuple):
        for one in part:
            yield from _texts(one)


def _occasions(session: Session, slug: str) -> list[Occasion]:
    wanted = select(Occasion).join(Activity, Activity.id == Occasion.activity_id).where(Activity.slug == slug)
    return list(session.scalars(wanted.order_by(Occasion.number)))


def _standings(session: Session, occasion: Occasion) -> Counter[str]:
    return Counter(session.scalars(select(SignUp.standing).where(SignUp.occasion_id == occasion.id)))


def test_every_text_is_there_in_six_locales() -> None:
    texts = [*_texts(event_content.events()), *_texts(event_content.reports())]
    assert len(texts) > 120
    assert [text for text in texts if text and text.missing(content.load().locales)] == []


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_themes_are_those_of_the_process_and_programmes_fill_the_time(event: DemoEvent) -> None:
    themes = {theme.code for top in content.load().process.themes for _, theme in top.walk()}
    assert {one.theme for one in (*event.programme, *event.guide)} <= {"", *themes}
    assert {sum(slot.minutes for slot in event.programme)} == {one.minutes for one in event.occasions}


def test_two_are_over_and_two_are_open(session: Session) -> None:
    found = {one.slug: one.state(NOW) for one in session.scalars(select(Activity).where(Activity.kind == Kind.EVENT))}
    assert found == {ABROAD: "closed", MONEY: "open", HEARING: "open", ASSOCIATIONS: "closed"}
    over = {slug: [one.ends_at <= NOW for one in _occasions(session, slug)] for slug in EVENTS}
    assert over == {ABROAD: [True] * 4, MONEY: [True, True, False, False], HEARING: [False], ASSOCIATIONS: [True]}
    for slug, event in EVENTS.items():
        for facts, occasion in zip(event.occasions, _occasions(session, slug), strict=True):
            assert f"{localtime.shown(occasion.starts_at, facts.zone):%H:%M}" == facts.when.at


def test_who_was_chosen_or_drawn_has_a_seat_and_most_of_them_came(session: Session) -> None:
    for slug in (ABROAD, MONEY, ASSOCIATIONS):
        for facts, occasion in zip(EVENTS[slug].occasions, _occasions(session, slug), strict=True):
            standings = _standings(session, occasion)
            assert standings.total() == facts.people
            if occasion.ends_at > NOW:
                assert (standings[Standing.ASKED], occasion.taken) == (facts.people, 0)
                continue
            assert standings[Standing.PLACED] == occasion.taken == min(occasion.capacity, facts.people)
            there = select(SignUp.attended).where(SignUp.occasion_id == occasion.id, SignUp.standing == "placed")
            came = Counter(session.scalars(there))
            assert came[None] == 0
            assert came[True] == round(facts.there * occasion.taken)


def test_nearly_a_third_of_the_hearing_is_taken_and_some_ask_to_speak(session: Session) -> None:
    (occasion,) = _occasions(session, HEARING)
    assert 0.28 < occasion.taken / occasion.capacity < 1 / 3
    speaking = session.scalars(select(SignUp.speaks).where(SignUp.occasion_id == occasion.id, SignUp.speaks == 0)).all()
    assert 20 < len(speaking) < 60


def test_the_draws_can_be_recomputed_and_meet_every_target(session: Session) -> None:
    draws = session.scalars(select(Draw)).all()
    assert {draw.occasion_id for draw in draws} == {one.id for one in _occasions(session, MONEY)[:2]}
    for draw in draws:
        record = decode(draw.record)
        assert verify(record) == ()
        assert {(one.short, one.over) for one in record.violations} == {(0, 0)}


def test_what_was_said_is_noted_in_several_languages_and_summed_up(session: Session) -> None:
    notes = session.scalars(select(Note)).all()
    assert {"en", "fr", "it", "de", "ar", "es"} == {note.locale for note in notes}
    assert all(note.consent for note in notes if note.said == Said.QUOTE)
    positions = [note for note in notes if note.said == Said.POSITION]
    assert len({note.institution for note in positions}) == 8
    assert [note.confidential for note in positions].count(True) == 1
    assert len(session.scalars(select(Summing)).all()) == len(event_content.reports()) == 7


def test_nobodys_name_or_address_is_anywhere_but_sealed(filled: Database, session: Session, keys: Keys) -> None:
    signed = session.execute(select(SignUp.activity_id, SignUp.code)).all()
    people = [vault.person(session, keys, activity_id, code) for activity_id, code in signed]
    staff = set(session.scalars(select(User.name)))
    assert len(people) == len(session.scalars(select(SignUpContact.id)).all()) > 350
    assert all(person is not None and (person.address or person.phone) for person in people)
    secrets = {
        secret for person in people if person for secret in (person.name, person.address, person.phone) if secret
    }
    kept = "\n".join(sqlite3.connect(str(filled.url.database)).iterdump())
    assert [secret for secret in secrets - staff if secret in kept] == []
    assert HEARING in kept


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_their_pages_are_there(filled: Database, keys: Keys, settings: Settings, locale: str) -> None:
    client = applications.begun(settings, keys, filled).test_client()
    for slug, event in EVENTS.items():
        assert event.title[locale] in client.get(f"/{locale}/e/{slug}").text
        for number, occasion in enumerate(event.occasions, 1):
            assert occasion.title[locale] in client.get(f"/{locale}/e/{slug}/{number}").text
        assert client.get(f"/{locale}/q/{slug}/privacy").status_code == 200
    assert "12 43 57 68 81" in client.get(f"/{locale}/e/{MONEY}/1/draw").text
