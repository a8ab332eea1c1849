"""Two releases of a process side by side: which tables are new or gone, and by how much shares have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from consult.core.aggregation.tables import Dataset
from consult.results import method
from consult.results.content import Content
from consult.results.presentation import Reader, Shown, items

_Name = tuple[str, str, str]
"""Activity, variable, variable of the groups."""
_LEAST: Final = 0.05
"""Percentage points that a change must have to be one: shares are shown with one decimal."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One answer in both releases: its share in each, in per cent; None is hidden or was not there."""

    code: str
    label: str
    group: str
    group_label: str
    before: float | None
    after: float | None
    count: int | None
    """How many the later release says they are."""

    @property
    def change(self) -> float | None:
        """Percentage points."""
        return None if self.before is None or self.after is None else round(self.after - self.before, 1)

    @property
    def same(self) -> bool:
        """Whether both releases say the same of it."""
        change = self.change
        return self.before == self.after if change is None else abs(change) < _LEAST


@dataclass(frozen=True, slots=True)
class Pair:
    """A table that both releases have."""

    activity: str
    variable: str
    """Name of the question in the questionnaire."""
    question: str
    by: str
    """Label of the groups' question; empty in a table of one question."""
    answers: tuple[Moved, ...]

    @property
    def same(self) -> bool:
        """Whether nothing has changed."""
        return all(answer.same for answer in self.answers)

    @property
    def most(self) -> float:
        """The greatest change in percentage points, without its sign."""
        return max((abs(answer.change) for answer in self.answers if answer.change is not None), default=0.0)


@dataclass(frozen=True, slots=True)
class Named:
    """A table that only one of the releases has."""

    activity: str
    question: str
    by: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there were of an activity in each release; None is hidden or was not there."""

    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a later release says otherwise than an earlier one."""

    activities: tuple[Counted, ...]
    counted: str
    """What the numbers of activities count."""
    new: tuple[Named, ...]
    gone: tuple[Named, ...]
    pairs: tuple[Pair, ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The tables of one question in which something has changed."""
        return tuple(pair for pair in self.pairs if not pair.by and not pair.same)

    @property
    def broken_down(self) -> tuple[Pair, ...]:
        """The tables by groups in which something has changed, those that changed most first."""
        found = (pair for pair in self.pairs if pair.by and not pair.same)
        return tuple(sorted(found, key=lambda pair: -pair.most))

    @property
    def same(self) -> int:
        """How many tables are the same."""
        return sum(pair.same for pair in self.pairs)


def compare(before: Content, after: Content, reader: Reader) -> Comparison:
    """Hold a release against an earlier one of the same process. What both show is public or the reader's business
    already: nothing is reckoned here but differences of shares."""
    earlier, later = dict(_tables(before, reader)), dict(_tables(after, reader))
    return Comparison(
        activities=tuple(_counted(before, after, reader)),
        counted=method.counted(after, reader),
        new=tuple(_named(*found) for name, found in later.items() if name not in earlier),
        gone=tuple(_named(*found) for name, found in earlier.items() if name not in later),
        pairs=tuple(_pair(earlier[name][2], *found) for name, found in later.items() if name in earlier),
    )


_Found = tuple[Dataset, str, Shown, str]
"""Dataset, label of the question, table, name of the question."""


def _tables(content: Content, reader: Reader) -> Iterator[tuple[_Name, _Found]]:
    for dataset in content.datasets:
        for item in items(dataset, reader):
            for shown in (item.one_way, *item.crossed):
                if not shown.table.withheld:
                    name = (dataset.activity, shown.table.variable, shown.table.by)
                    yield name, (dataset, item.label, shown, item.variable.name)


def _named(dataset: Dataset, question: str, shown: Shown, _variable: str) -> Named:
    return Named(dataset.slug, question, shown.by)


def _pair(before: Shown, dataset: Dataset, question: str, after: Shown, variable: str) -> Pair:
    answers = tuple(_joined(_shares(before), _shares(after)))
    return Pair(dataset.slug, variable, question, after.by, answers)


_Share = tuple[str, str, float | None, int | None]
_ABSENT: Final[_Share] = ("", "", None, None)


def _joined(was: Mapping[tuple[str, str], _Share], now: Mapping[tuple[str, str], _Share]) -> Iterator[Moved]:
    for code, group in dict.fromkeys((*now, *was)):
        label, group_label, *_ = now.get((code, group)) or was[code, group]
        before, (*_, after, count) = was.get((code, group), _ABSENT)[2], now.get((code, group), _ABSENT)
        yield Moved(code, label, group, group_label, before, after, count)


def _shares(shown: Shown) -> dict[tuple[str, str], _Share]:
    return {
        (line.code, group): (line.label, label, share, count)
        for line in shown.lines
        if not line.missing
        for group, label, share, count in zip(shown.table.groups, shown.groups, line.shares, line.counts, strict=True)
    }


def _counted(before: Content, after: Content, reader: Reader) -> Iterator[Counted]:
    was = {dataset.activity: dataset for dataset in before.datasets}
    now = {dataset.activity: dataset for dataset in after.datasets}
    for activity, dataset in {**was, **now}.items():
        counts = [known[activity].responses if activity in known else None for known in (was, now)]
        yield Counted(reader.text(dataset.title, dataset.source), *counts)
