"""Records whose combination of key variables is rare, without these."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from consult.core.aggregation import risk
from consult.results.microdata.buckets import Buckets
from consult.results.microdata.columns import BLANKED_AT, Block, Column

if TYPE_CHECKING:
    import numpy as np

_NOWHERE: Final = 0.0


@dataclass(frozen=True, slots=True)
class Recoding:
    """How records leave: the columns of the file, and classes to blank."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    """Names of the columns of key variables."""
    blanked: np.ndarray[Any, Any] | None = None
    """The classes whose key variables are blanked, sorted."""

    def blocks(self, found: Buckets, only: Collection[str] | None = None) -> Iterator[Block]:
        """The records as they leave."""
        for block in found.blocks(only):
            yield self._blanked(block)

    def digests(self, block: Block, without: str = "") -> np.ndarray[Any, Any]:
        """The class of each record; `without` a key variable."""
        parts: list[Any] = []
        for column in self.columns:
            if column.name in self.keys and column.variable.id != without:
                parts.append(block.codes[column.name])
                if column.name in block.numbers:
                    parts.append(block.numbers[column.name])
        return risk.digest(parts, block.rows)

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
