"""All that an evaluation may know: answers, the day, the place, and what was drawn once and kept."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from consult.core.expressions.dates import Zone, days, looks_like_date, zone_of
from consult.core.expressions.values import NAN, Value, plain_number

Answer = str | tuple[str, ...]
Path = tuple[int, ...]
"""Which instance of each repeat around a place, the outermost first, from 1."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NOWHERE: Final[Mapping[str, int]] = MappingProxyType({})
_NO_LISTS: Final[Mapping[str, Sequence[Mapping[str, str]]]] = MappingProxyType({})
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Repeated(msgspec.Struct, frozen=True):
    """The answers to a question within repeats; for a repeat, its instances."""

    chain: tuple[str, ...]
    """Names of the repeats around it, the outermost first."""
    answers: dict[Path, Answer]
    """By instance. The instances of a repeat are one level deeper than the repeats around it."""
    itself: bool = False
    """Whether it is a repeat."""


def _code_as_label(value: str, question: str) -> str:
    return value


class _Answers(msgspec.Struct, frozen=True):
    values: Mapping[str, Answer] = {}
    """Answers by question name. Missing or empty: unanswered. Several choices: a tuple, or codes and spaces."""
    repeated: Mapping[str, Repeated] = {}
    """By name, what there is several times, because it stands in a repeat or is one."""


class Environment(_Answers, frozen=True, kw_only=True):
    """The context of an evaluation. Time zone, day and seed are fixed when a draft is first saved."""

    today: datetime.date
    time_zone: str = "UTC"
    seed: str = ""
    """What `random`, `uuid` and `randomize` are drawn from; the same seed draws the same."""
    chain: tuple[str, ...] = ()
    """Names of the repeats around what is evaluated, the outermost first."""
    path: Path = ()
    """In which instance of each of these."""
    dot: str = ""
    """The answer to the question whose expression is evaluated."""
    place: str = ""
    """Name of what is evaluated (such as the question); two places draw different random numbers."""
    kept: MutableMapping[str, str] = msgspec.field(default_factory=dict)
    """Values of `random`, `uuid`, `once`, `now` by place: computed once, then read here. Stored with the draft."""
    choice: Mapping[str, str] = _NOTHING
    """In a choice filter: the columns of the choice under test (`name` and its attributes)."""
    lists: Mapping[str, Sequence[Mapping[str, str]]] = _NO_LISTS
    """For `pulldata` and `instance`: the rows of the choice lists, each as its columns."""
    label: Callable[[str, str], str] = _code_as_label
    """For `jr:choice-name`: the label of a value of the question with that name."""
    months: Sequence[str] = _MONTHS
    """Short names for `format-date`, January first."""
    weekdays: Sequence[str] = _WEEKDAYS
    """Short names for `format-date`, Monday first."""

    def child(
        self, *, dot: str | None = None, choice: Mapping[str, str] | None = None, place: str | None = None
    ) -> Environment:
        """The same context for another question or choice; what is kept is shared."""
        return msgspec.structs.replace(
            self,
            dot=self.dot if dot is None else dot,
            choice=self.choice if choice is None else choice,
            place=self.place if place is None else place,
        )

    def answer(self, name: str) -> str:
        """The answer to a question as text. Of several instances it is the own one, seen from outside the first one."""
        value = self.values.get(name, "")
        if not value and (found := self.repeated.get(name)) is not None:
            if found.itself or found.chain != self.chain:
                return next(iter(self.answers(name)), "")
            value = found.answers.get(self.path, "")
        return value if isinstance(value, str) else " ".join(value)

    def answers(self, name: str, wanted: Mapping[str, int] = _NOWHERE) -> list[str]:
        """The answers to a question in all instances within the repeats that it shares with the place, in order.

        `wanted` names repeats of which only that instance counts, wherever the place is.
        """
        found = self.repeated.get(name)
        if found is None:
            return [self.answer(name)] if all(number == 1 for number in wanted.values()) else []
        fixed = dict(zip(self._shared(found.chain), self.path, strict=False))
        fixed.update(wanted)
        if not found.itself and len(fixed) == len(found.chain):  # one instance: no need to go through all of them
            own = found.answers.get(tuple(fixed[repeat] for repeat in found.chain))
            return [] if own is None else [own if isinstance(own, str) else " ".join(own)]
        levels = [(level, fixed[repeat]) for level, repeat in enumerate(found.chain) if repeat in fixed]
        values = [
            value for path, value in sorted(found.answers.items()) if all(path[level] == own for level, own in levels)
        ]
        return [value if isinstance(value, str) else " ".join(value) for value in values]

    def _shared(self, chain: tuple[str, ...]) -> list[str]:
        return [name for name, own in zip(chain, self.chain, strict=False) if name == own]

    def zone(self) -> Zone:
        """The time zone with the offset of its midnights."""
        return zone_of(self.time_zone, self.today.year)

    def number(self, value: Value) -> float:
        """`number()`: what is neither number nor date is NaN; so is the empty text."""
        if not isinstance(value, str):
            return float(value)
        if not value:
            return NAN
        number = plain_number(value)
        return days(value, self.zone()) if number is None else number

    def same(self, left: str, right: str) -> bool:
        """Whether two texts are equal: letter by letter, or as dates where both are."""
        if left == right:
            return True
        if not (left[:1].isdecimal() and looks_like_date(left) and looks_like_date(right)):
            return False
        return self.number(left) == self.number(right)

    def keep(self, ordinal: int, function: str, compute: Callable[[], str]) -> str:
        """What was kept for this call, else the computed value, which is kept unless it is empty."""
        key = f"{self.place}/{ordinal}/{function}"
        value = self.kept.get(key, "")
        if not value and (value := compute()):
            self.kept[key] = value
        return value

    def draw(self, purpose: str) -> bytes:
        """32 bytes drawn from the seed, for a purpose at this place."""
        text = "\0".join((self.seed, self.place, purpose))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

    def random(self, ordinal: int) -> float:
        """A number from 0 up to 1."""
        return (int.from_bytes(self.draw(f"random {ordinal}")[:8]) >> 11) / 2.0**53

    def randomized(self) -> int:
        """The seed of `randomize` where it is given none."""
        return int.from_bytes(self.draw("randomize")[:4])

    def uuid(self, ordinal: int) -> str:
        """A random (version 4) UUID."""
        return str(uuid.UUID(bytes=self.draw(f"uuid {ordinal}")[:16], version=4))
