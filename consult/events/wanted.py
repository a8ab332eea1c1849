"""What somebody says who signs up, and what can be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from consult.core.errors import Place, Problem
from consult.core.localtime import time_zones
from consult.core.questionnaire.internet import read_email
from consult.events.models.planned import Event, Need
from consult.events.models.signed import Way
from consult.events.vault import Person

_LONGEST: Final = {"name": 200, "phone": 40, "guardian": 200, "needs": 1000}
"""Characters, by field of a person."""
_INSTITUTION: Final = 200
_PHONE: Final = re.compile(r"\+?[\d\s()./-]+")
_DIGITS: Final = 5
"""At least, of a telephone number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says who signs up."""

    person: Person
    locale: str
    agreed: bool
    """To what the event asks consent to."""
    of_age: bool | None = None
    """Whether they are as old as the event asks for; none: they did not say."""
    guardian_agreed: bool = False
    way: Way = Way.SELF
    institution: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)
    """What they answered of the screening that the profile grid and results count, by question."""
    needs: Sequence[Need] = ()
    speaks: bool = False
    """Whether they ask to speak."""

    @property
    def seats(self) -> int:
        """Theirs and those of whom they bring along."""
        return 1 + len(self.person.companions)


def problems(event: Event, wanted: Wanted) -> Iterator[Problem]:
    """What is wrong with it, each with the field of the form as its place: those of `changing` and
    `consenting`, and `events.sign_up.institution`."""
    yield from changing(event, wanted)
    if wanted.way == Way.NOMINATED and not wanted.institution:
        yield _wrong("events.sign_up.institution", "institution")
    yield from consenting(event, wanted)


def consenting(event: Event, wanted: Wanted) -> Iterator[Problem]:
    """The same of consent: `events.sign_up.age .too_young .guardian .guardian_agreed .agreed`."""
    yield from _too_young(event, wanted)
    if not wanted.agreed:
        yield _wrong("events.sign_up.agreed", "agreed")


def changing(event: Event, wanted: Wanted) -> Iterator[Problem]:
    """The same of what can be changed afterwards: `events.sign_up.name .reach .address .phone .zone .long
    .companions`."""
    yield from _unreachable(wanted.person)
    yield from _too_long(wanted)
    if len(wanted.person.companions) > event.companions:
        yield _wrong("events.sign_up.companions", "companions", most=event.companions)


def turned_away(event: Event, wanted: Wanted) -> bool:
    """Whether somebody is too young, and the event takes no consent of guardians."""
    return wanted.of_age is False and bool(event.minimum_age) and not event.guardian


def _unreachable(person: Person) -> Iterator[Problem]:
    if not person.name:
        yield _wrong("events.sign_up.name", "name")
    if not (person.address or person.phone):
        yield _wrong("events.sign_up.reach", "address")
    if person.address and read_email(person.address) is None:
        yield _wrong("events.sign_up.address", "address")
    digits = sum(letter.isdigit() for letter in person.phone)
    if person.phone and not (_PHONE.fullmatch(person.phone) and digits >= _DIGITS):
        yield _wrong("events.sign_up.phone", "phone")
    if person.time_zone and person.time_zone not in time_zones():
        yield _wrong("events.sign_up.zone", "time_zone")


def _too_long(wanted: Wanted) -> Iterator[Problem]:
    for name, most in _LONGEST.items():
        if len(getattr(wanted.person, name)) > most:
            yield _wrong("events.sign_up.long", name, limit=most)
    if any(len(companion) > _LONGEST["name"] for companion in wanted.person.companions):
        yield _wrong("events.sign_up.long", "companions", limit=_LONGEST["name"])
    if len(wanted.institution) > _INSTITUTION:
        yield _wrong("events.sign_up.long", "institution", limit=_INSTITUTION)


def _too_young(event: Event, wanted: Wanted) -> Iterator[Problem]:
    """Who is too young comes with the consent of a guardian, where the event takes that."""
    if not event.minimum_age or wanted.of_age:
        return
    if wanted.of_age is None:
        yield _wrong("events.sign_up.age", "of_age", age=event.minimum_age)
    elif turned_away(event, wanted):
        yield _wrong("events.sign_up.too_young", "of_age", age=event.minimum_age)
    else:
        if not wanted.person.guardian:
            yield _wrong("events.sign_up.guardian", "guardian")
        if not wanted.guardian_agreed:
            yield _wrong("events.sign_up.guardian_agreed", "guardian_agreed")


def _wrong(code: str, name: str, **params: int) -> Problem:
    return Problem(code, params, Place(field=name))
