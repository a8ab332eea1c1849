"""Numbers and dates in groups, and records whose combination of key variables is rare without these."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from consult.core.aggregation import risk
from consult.core.aggregation.bins import Bins, round_bins
from consult.core.aggregation.tables import ANSWERED, Category, Kind
from consult.core.aggregation.tabulate import SCALE
from consult.results.microdata.buckets import Buckets
from consult.results.microdata.columns import BLANKED_AT, Block, Column

if TYPE_CHECKING:
    import numpy as np

_TAIL: Final = 0.05
_NOWHERE: Final = 0.0


@dataclass(frozen=True, slots=True)
class Recoding:
    """How records leave: columns as they are in the file, bins of those in groups, and classes to blank."""

    columns: tuple[Column, ...]
    bins: dict[str, Bins | None]
    keys: tuple[str, ...]
    """Names of the columns of key variables."""
    blanked: np.ndarray[Any, Any] | None = None
    """The classes whose key variables are blanked, sorted."""

    def blocks(self, found: Buckets, only: Collection[str] | None = None) -> Iterator[Block]:
        """The records as they leave."""
        for block in found.blocks(only):
            yield self._blanked(self._grouped(block))

    def digests(self, block: Block, without: str = "") -> np.ndarray[Any, Any]:
        """The class of each record; `without` a key variable."""
        parts: list[Any] = []
        for column in self.columns:
            if column.name in self.keys and column.variable.id != without:
                parts.append(block.codes[column.name])
                if column.name in block.numbers:
                    parts.append(block.numbers[column.name])
        return risk.digest(parts, block.rows)

    def _grouped(self, block: Block) -> Block:
        codes, numbers = dict(block.codes), dict(block.numbers)
        for column in self.columns:
            if column.name in self.bins and column.name in numbers:
                states, values = codes[column.name], numbers.pop(column.name)
                codes[column.name] = _placed(states, values, column, self.bins[column.name])
        return Block(codes, numbers)

    def _blanked(self, block: Block) -> Block:
        if self.blanked is None or not len(self.blanked):
            return block
        rare = risk.within(self.digests(block), self.blanked)
        codes, numbers = dict(block.codes), dict(block.numbers)
        for name in self.keys:
            codes[name] = codes[name].copy()
            codes[name][rare] = BLANKED_AT
            if name in numbers:
                numbers[name] = numbers[name].copy()
                numbers[name][rare] = _NOWHERE
        return Block(codes, numbers)


def recoding(
    columns: Sequence[Column], exact: Collection[str], keys: Collection[str], sample: Block, least: int
) -> Recoding:
    """Bins for the numbers and dates that are not to leave exactly, from a random part of the records.

    The open bins at both ends hold enough records; with fewer than twice `least` answers nothing but that there is an
    answer goes out.
    """
    bins = {
        column.name: _bins(column, sample, least)
        for column in columns
        if not column.coded and column.variable.id not in exact
    }
    found = tuple(_with(column, bins[column.name]) if column.name in bins else column for column in columns)
    return Recoding(found, bins, tuple(column.name for column in columns if column.variable.id in keys))


def _with(column: Column, bins: Bins | None) -> Column:
    categories = bins.categories() if bins else (Category(code=ANSWERED),)
    variable = msgspec.structs.replace(column.variable, categories=categories)
    return replace(column, variable=variable, codes=variable.codes())


def _bins(column: Column, sample: Block, least: int) -> Bins | None:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    given = _scaled(sample.numbers[column.name][sample.codes[column.name] == 0], column)
    enough = least * (2 if column.variable.sensitive else 1)
    if len(given) < 2 * enough:
        return None
    tail = max(_TAIL, enough / len(given))
    low, high = np.quantile(given, [tail, 1 - tail])
    return round_bins(float(low), float(high), scale=_scale(column), whole=_scale(column) == 1)


def _scale(column: Column) -> int:
    return 1 if column.variable.whole or column.variable.kind is Kind.DATE else SCALE


def _scaled(values: np.ndarray[Any, Any], column: Column) -> np.ndarray[Any, Any]:
    """Numbers in the units of bins, as tables have them: the year of a date, millionths of a decimal."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    if column.variable.kind is Kind.DATE:
        years: np.ndarray[Any, Any] = values.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        return years
    scaled: np.ndarray[Any, Any] = np.rint(values * _scale(column)).astype(np.int64)
    return scaled


def _placed(
    states: np.ndarray[Any, Any], values: np.ndarray[Any, Any], column: Column, bins: Bins | None
) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    if bins is None:
        return states
    places = np.clip(_scaled(values, column) // bins.width, bins.first - 1, bins.last) - (bins.first - 1)
    placed: np.ndarray[Any, Any] = np.where(states == 0, places, states).astype(np.int32)
    return placed
