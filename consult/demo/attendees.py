"""Synthetic people who sign up for the demo's events. All of it is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consult.demo.event_content import DemoEvent, DemoNames, DemoOccasion

SEXES: Final = {"F": 0.5, "M": 0.5}
AGES: Final = {
    "Y18T24": 0.14,
    "Y25T34": 0.27,
    "Y35T44": 0.24,
    "Y45T54": 0.16,
    "Y55T64": 0.11,
    "Y_GE65": 0.06,
    "prefer_not": 0.02,
}
YEARS: Final = {
    "under_2": 0.14,
    "from_2_to_5": 0.24,
    "from_6_to_10": 0.24,
    "from_11_to_20": 0.22,
    "over_20": 0.14,
    "prefer_not": 0.02,
}
TRIED: Final = {"yes": 0.48, "no": 0.52}
"""Whether they tried to start a business."""
NEEDS: Final = 0.06
"""Chance of each thing that people are asked whether they need."""
COMPANIONS: Final = 0.1
SPEAKS: Final = 0.3
ONLY_BY_PHONE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who signs up."""

    name: str
    address: str
    phone: str
    locale: str
    profile: dict[str, str]
    """Answers to the screening by the name of the question."""
    needs: tuple[str, ...]
    companions: tuple[str, ...]
    institution: str
    speaks: bool
    when: float
    """Which part of the time to sign up had passed."""


def comers(names: DemoNames, event: DemoEvent, occasion: DemoOccasion, *, seed: str) -> list[Comer]:
    """Those who sign up for an occasion, the first first; the same for the same arguments.

    Where institutions nominate people each does, as long as there are people enough.
    """
    rng = random.Random(seed)  # noqa: S311  # reproducible fiction, no secret
    drawn = _Drawing(rng, names, event, occasion)
    nominators = [
        event.nominators[at % len(event.nominators)] if event.nominators else "" for at in range(occasion.people)
    ]
    return sorted((drawn.comer(at, by) for at, by in enumerate(nominators, 1)), key=lambda one: one.when)


@dataclass(frozen=True, slots=True)
class _Drawing:
    rng: random.Random
    names: DemoNames
    event: DemoEvent
    occasion: DemoOccasion

    def comer(self, number: int, institution: str) -> Comer:
        """The next of them."""
        sex, event = self.one(SEXES), self.event
        name = self.name(sex)
        by_phone = self.rng.random() < ONLY_BY_PHONE
        return Comer(
            name=name,
            address="" if by_phone else f"{name.casefold().replace(' ', '.')}.{number}@example.org",
            phone=f"+000 {self.rng.randrange(10**8):08}" if by_phone else "",
            locale=self.one(self.occasion.locales),
            profile={
                "sex": sex,
                "age": self.one(AGES),
                "country": self.one(self.occasion.countries),
                "years": self.one(YEARS),
                "business": self.one(TRIED),
            },
            needs=tuple(need for need in event.needs if self.rng.random() < NEEDS),
            companions=tuple(self._companions()),
            institution=institution,
            speaks=event.speaking and self.rng.random() < SPEAKS,
            when=self.rng.random(),
        )

    def name(self, sex: str) -> str:
        """A name as people of that sex have it."""
        women, men = self.names.women, self.names.men
        given = {"F": women, "M": men}.get(sex, (*women, *men))
        return f"{self.rng.choice(given)} {self.rng.choice(self.names.families)}"

    def one(self, weights: dict[str, float]) -> str:
        """One of several, by weight."""
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def _companions(self) -> Iterator[str]:
        if self.event.companions and self.rng.random() < COMPANIONS:
            yield self.name("")
