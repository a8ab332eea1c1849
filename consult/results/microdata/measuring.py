"""Measuring how easily participants could be found again in records as they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from consult.core.aggregation import risk
from consult.core.aggregation.risk import Risk
from consult.results.microdata.buckets import Buckets
from consult.results.microdata.columns import Block, Column
from consult.results.microdata.described import Described
from consult.results.microdata.recoding import Recoding
from consult.results.microdata.report import KeyVariable, Sensitive

if TYPE_CHECKING:
    import numpy as np

Watch = Callable[[Iterator[Block]], Iterator[Block]]
"""Passes blocks on, and tells how far it is."""


class Measured(NamedTuple):
    """What was found, and how records leave."""

    recoding: Recoding
    before: Risk
    after: Risk
    blanked: int
    keys: tuple[KeyVariable, ...]
    sensitive: tuple[Sensitive, ...]


def measure(
    found: Buckets, recoding: Recoding, labels: Sequence[Described], threshold: int, watch: Watch, *, blank: bool
) -> Measured:
    """The risk by the key variables; with `blank`, rare combinations lose them."""
    digests = _digests(found, recoding, watch)
    before = risk.risk(digests, threshold)
    rare = risk.small(digests, threshold) if blank and recoding.keys else None
    lost = risk.within(digests, rare) if rare is not None else None
    after = before if lost is None or not lost.any() else risk.risk(digests[~lost], threshold)
    leaving = replace(recoding, blanked=rare)
    return Measured(
        leaving,
        before,
        after,
        0 if lost is None else int(lost.sum()),
        tuple(_keys(found, recoding, labels, threshold, watch)),
        tuple(_sensitive(found, leaving, labels, watch)),
    )


def least_numbers(found: Buckets, recoding: Recoding, watch: Watch) -> dict[str, float]:
    """The smallest of each column of numbers that leave as they were given."""
    exact = [column.name for column in recoding.columns if not column.coded]
    least: dict[str, float] = {}
    for block in watch(recoding.blocks(found, exact)) if exact else ():
        for name in exact:
            given = block.numbers[name][block.codes[name] == 0]
            if len(given):
                least[name] = min(least.get(name, 0.0), float(given.min()))
    return least


def _digests(found: Buckets, recoding: Recoding, watch: Watch, without: str = "") -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    return np.concatenate([recoding.digests(block, without) for block in watch(recoding.blocks(found, recoding.keys))])


def _keys(
    found: Buckets, recoding: Recoding, labels: Sequence[Described], threshold: int, watch: Watch
) -> Iterator[KeyVariable]:
    keys: dict[str, list[tuple[Column, Described]]] = {}
    for column, label in zip(recoding.columns, labels, strict=True):
        if column.name in recoding.keys:
            keys.setdefault(column.variable.id, []).append((column, label))
    for variable, parts in keys.items():
        sizes = [size for column, _label in parts for size in _sizes(found, recoding, column)]
        without = risk.risk(_digests(found, recoding, watch, variable), threshold) if len(keys) > 1 else None
        column, label = parts[0]
        yield KeyVariable(
            name=column.variable.name,
            label=label.question,
            categories=len(sizes),
            smallest=min(sizes, default=0),
            at_risk_without=without.at_risk if without else 0,
        )


def _sizes(found: Buckets, recoding: Recoding, column: Column) -> list[int]:
    """How many records there are with each answer; with a choice of several, those that took it."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    counts: dict[float, int] = {}
    for block in recoding.blocks(found, [column.name]):
        states = block.codes[column.name]
        given = states[states > 0] if column.choice else states[states >= 0]
        if column.name in block.numbers:
            given = block.numbers[column.name][states == 0]
        for value, count in zip(*np.unique(given, return_counts=True), strict=True):
            counts[float(value)] = counts.get(float(value), 0) + int(count)
    return list(counts.values())


def _sensitive(found: Buckets, recoding: Recoding, labels: Sequence[Described], watch: Watch) -> Iterator[Sensitive]:
    """Those that leave as a single code, and are no key variables themselves."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    for column, label in zip(recoding.columns, labels, strict=True):
        if column.variable.sensitive and column.codes and not column.choice and column.name not in recoding.keys:
            parts = [
                (recoding.digests(block), block.codes[column.name])
                for block in watch(recoding.blocks(found, {*recoding.keys, column.name}))
            ]
            digests, answers = (np.concatenate(part) for part in zip(*parts, strict=True))
            least, uniform = risk.diversity(digests, answers)
            yield Sensitive(name=column.variable.name, label=label.question, least=least, uniform=uniform)
