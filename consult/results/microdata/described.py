"""Columns with their labels in one language, and records as the numbers of SPSS and Stata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consult.core.aggregation.tables import Dataset, Kind
from consult.results.microdata.columns import Block, Column
from consult.results.presentation import Reader, category_label, variable_label

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Described:
    """A column as statistical software knows it."""

    name: str
    label: str
    question: str
    """What its question is called."""
    kind: Kind
    codes: tuple[str, ...]
    values: tuple[int, ...]
    labels: tuple[str, ...]
    """One for each code."""
    least: float = 0
    """No number in it is smaller."""

    @property
    def dated(self) -> bool:
        """Whether it holds days."""
        return self.kind is Kind.DATE and not self.codes

    def numbers(self, block: Block, missing: Mapping[int, float]) -> np.ndarray[Any, Any]:
        """A block of it in double precision; what there is no answer to, as `missing` says."""
        import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

        states = block.codes[self.name]
        if self.codes:
            known = np.array(self.values, dtype=np.float64)
            found: np.ndarray[Any, Any] = known[states.clip(min=0)]
        else:
            found = block.numbers[self.name].astype(np.float64)
        for state, value in missing.items():
            found[states == state] = value
        return found


def described(
    columns: Sequence[Column], dataset: Dataset, reader: Reader, least: Mapping[str, float]
) -> tuple[Described, ...]:
    """Columns with their labels for a reader."""
    return tuple(
        Described(
            column.name,
            _label(column, dataset, reader),
            variable_label(column.variable, dataset, reader),
            column.variable.kind,
            column.codes,
            column.values,
            tuple(_value_label(column, code, dataset, reader) for code in column.codes),
            least.get(column.name, 0),
        )
        for column in columns
    )


def missing_labels(reader: Reader) -> tuple[str, str, str]:
    """What *not answered*, *not asked* and *blanked* are called."""
    _ = reader.words
    return _("Not answered"), _("Not asked"), _("Blanked to protect participants")


def _label(column: Column, dataset: Dataset, reader: Reader) -> str:
    question = variable_label(column.variable, dataset, reader)
    return (
        f"{category_label(column.variable, column.choice, {}, dataset, reader)} – {question}"
        if column.choice
        else question
    )


def _value_label(column: Column, code: str, dataset: Dataset, reader: Reader) -> str:
    _ = reader.words
    if column.choice:
        return _("Chosen") if code == column.codes[1] else _("Not chosen")
    return category_label(column.variable, code, {}, dataset, reader)
