"""How easily somebody could be found again in a file of records: sample uniques, k-anonymity, l-diversity.

A *class* is all records that agree in every key variable: in what somebody may know of a person beforehand. Records in
a class under k are at risk [Samarati and Sweeney 1998]; so are those, in a class of any size, whose class has one
answer only to a sensitive question [Machanavajjhala et al. 2007]. What is known of the sample is all that is used:
an intruder is assumed to know that a person took part.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    import numpy as np

_PRIME: Final = 0x9E3779B97F4A7C15
_MIX: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """The risk of a file by its key variables."""

    records: int
    classes: int
    smallest: int
    """Records in the smallest class: the k of k-anonymity; 0 without records."""
    unique: int
    """Records that are alone in their class."""
    at_risk: int
    """Records in classes under the threshold."""

    @property
    def mean(self) -> float:
        """The chance to pick the right record of a class, over all records: classes by records."""
        return self.classes / self.records if self.records else 0.0


def digest(columns: Iterable[np.ndarray[Any, Any]], rows: int) -> np.ndarray[Any, Any]:
    """A number for each record that is the same where all columns agree: 64 bits, mixed as by SplitMix64.

    Two different combinations among a million fall together once in thirty million files.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    found = np.zeros(rows, dtype=np.uint64)
    for column in columns:
        whole = column.view(np.uint64) if column.dtype == np.float64 else column.astype(np.int64).view(np.uint64)
        found = (found ^ whole) + np.uint64(_PRIME)
        for shift, factor in zip((30, 27), _MIX, strict=True):
            found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor)
        found ^= found >> np.uint64(31)
    return found


def risk(digests: np.ndarray[Any, Any], threshold: int) -> Risk:
    """The risk of records by their class."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    _classes, sizes = np.unique(digests, return_counts=True)
    return Risk(
        records=len(digests),
        classes=len(sizes),
        smallest=int(sizes.min()) if len(sizes) else 0,
        unique=int((sizes == 1).sum()),
        at_risk=int(sizes[sizes < threshold].sum()),
    )


def small(digests: np.ndarray[Any, Any], threshold: int) -> np.ndarray[Any, Any]:
    """The classes to blank, so that none under the threshold is left: those under it, and if these hold fewer records
    together than the threshold, the next larger ones until they hold as many."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    classes, sizes = np.unique(digests, return_counts=True)
    order = np.argsort(sizes, kind="stable")
    classes, sizes = classes[order], sizes[order]
    count = int((sizes < threshold).sum())
    while 0 < count < len(sizes) and sizes[:count].sum() < threshold:
        count += 1
    return np.sort(classes[:count])


def within(digests: np.ndarray[Any, Any], classes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Which records are in one of some sorted classes."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    if not len(classes):
        return np.zeros(len(digests), dtype=bool)
    at = np.searchsorted(classes, digests).clip(max=len(classes) - 1)
    found: np.ndarray[Any, Any] = classes[at] == digests
    return found


def diversity(digests: np.ndarray[Any, Any], answers: np.ndarray[Any, Any]) -> tuple[int, int]:
    """The least number of different answers in any class, and how many records are in classes with a single one.

    Records without an answer (below zero) are left out; (0, 0) where there is none.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    answered = answers >= 0
    digests, answers = digests[answered], answers[answered]
    if not len(digests):
        return 0, 0
    order = np.lexsort((answers, digests))
    digests, answers = digests[order], answers[order]
    new_class = np.r_[True, digests[1:] != digests[:-1]]
    new_pair = new_class | np.r_[True, answers[1:] != answers[:-1]]
    starts = np.flatnonzero(new_class)
    distinct = np.add.reduceat(new_pair.astype(np.int64), starts)
    sizes = np.diff(np.r_[starts, len(digests)])
    return int(distinct.min()), int(sizes[distinct == 1].sum())
