"""The numbers of a `range` question: from `start` to `end` in steps of `step`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from consult.core.expressions.values import number_text
from consult.core.questionnaire.definition import Question, QuestionType

MOST_BUTTONS: Final = 11
"""Up to so many numbers stand beside each other as buttons; among more one is written."""
_NUMBER: Final = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?", re.ASCII)
_USUAL: Final = {"start": "1", "end": "10", "step": "1"}
"""What XLSForm takes where a parameter is not given."""


def whole(question: Question) -> bool:
    """Whether a number is whole."""
    if question.type is QuestionType.RANGE:
        scale = Scale.of(question.parameters)
        return scale is not None and scale.whole
    return question.type is not QuestionType.DECIMAL


@dataclass(frozen=True, slots=True)
class Scale:
    """Equally spaced numbers; `start` may be the greater end."""

    start: Decimal
    end: Decimal
    step: Decimal
    """Greater than 0."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Scale | None:
        """The scale of a question's parameters; none where they give none."""
        given = {name: parameters.get(name, usual) for name, usual in _USUAL.items()}
        if not all(_NUMBER.fullmatch(text) for text in given.values()):
            return None
        start, end, step = (Decimal(text) for text in given.values())
        step = abs(step)
        return cls(start, end, step) if 0 < step <= abs(end - start) else None

    @property
    def whole(self) -> bool:
        """Whether all its numbers are whole."""
        return all(part % 1 == 0 for part in (self.start, self.step))

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return int(abs(self.end - self.start) // self.step) + 1

    @property
    def short(self) -> bool:
        """Whether its numbers are few enough for a button each."""
        return self.count <= MOST_BUTTONS

    @property
    def last(self) -> Decimal:
        """The number nearest to the end; the end itself where the steps lead there."""
        return self._at(self.count - 1)

    def texts(self) -> tuple[str, ...]:
        """Its numbers as they are stored, in order; for short ones."""
        return tuple(number_text(float(self._at(place))) for place in range(self.count))

    def has(self, number: float) -> bool:
        """Whether a number is one of them."""
        low, high = sorted((self.start, self.end))
        exact = Decimal(repr(number))
        return low <= exact <= high and (exact - self.start) % self.step == 0

    def _at(self, place: int) -> Decimal:
        return self.start + place * (self.step if self.end > self.start else -self.step)
