"""What marks the opinion groups of a release, and what they share: worked out from the counts that it shows, and from
nothing else (`core.opinion.marks`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from consult.core.aggregation import contributions
from consult.core.aggregation.contributions import AGREE, DISAGREE, GROUP, PARTICIPANTS, PASS
from consult.core.aggregation.tables import STATUSES, Dataset, Table
from consult.core.opinion import marks
from consult.core.opinion.votes import Counts
from consult.results.content import Content
from consult.results.presentation import Reader, variable_label

_VOTES: Final = (AGREE, DISAGREE, PASS)
_FIVE: Final = 5
_Votes = Mapping[str, Sequence[int]]
"""How many of each group agree, disagree and pass."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement that a group holds in particular."""

    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Group:
    """An opinion group."""

    letter: str
    heading: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """A statement on which groups agree: in each, and by the group-informed consensus."""

    label: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opinions:
    """The opinion groups of a consultation."""

    title: str
    groups: tuple[Group, ...]
    common: tuple[Shared, ...]
    heads: tuple[str, ...]
    """Of the columns of common ground."""
    left_out: str
    """Says that statements are left out because some of their counts are hidden; empty where none are."""


def every(content: Content, reader: Reader) -> Iterator[Opinions]:
    """The opinion groups of every consultation that has any."""
    _ = reader.words
    known = [one for one in content.datasets if one.contributions and one.contributions.of == PARTICIPANTS]
    for dataset in known:
        named = _("Opinion groups: %(activity)s") % {"activity": reader.text(dataset.title, dataset.source)}
        if found := _of(dataset, named if len(known) > 1 else _("Opinion groups"), reader):
            yield found


def consensus(dataset: Dataset) -> Mapping[str, float]:
    """Group-informed consensus by statement, of those of which all counts are shown."""
    _letters, votes = _read(dataset)
    if not votes:
        return {}
    names = list(votes)
    found = marks.consensus(_counts(votes, names))
    return {name: round(float(value), 2) for name, value in zip(names, found, strict=True)}


def nothing(reader: Reader) -> str:
    """Said of a group that holds nothing in particular."""
    _ = reader.words
    return _("No statement represents this group.")


def on_common_ground(reader: Reader) -> str:
    """What the common ground is."""
    _ = reader.words
    return _(
        "What all groups agree to. The consensus is the product of the shares that agree in each group: it passes over "
        "none of them, however small."
    )


def _of(dataset: Dataset, title: str, reader: Reader) -> Opinions | None:
    _ = reader.words
    letters, votes = _read(dataset)
    sizes = {row.code: row.counts[0] for table in dataset.one_way() if table.variable == GROUP for row in table.rows}
    if not letters:
        return None
    asked = [one for one in dataset.variables if contributions.is_statement(one.id)]
    labels = {one.id: variable_label(one, dataset, reader) for one in asked}
    heads = (_("Statement"), *(_("Group %(letter)s") % {"letter": one} for one in letters), _("Consensus"))
    missing = len(asked) - len(votes)
    left_out = _("Statements left out here because some of their counts are hidden: %(number)s.")
    return Opinions(
        title=title,
        groups=tuple(
            Group(letter, _heading(letter, sizes.get(letter), reader), tuple(_marks(at, votes, labels, reader)))
            for at, letter in enumerate(letters)
        ),
        common=tuple(islice(_common(dataset, votes, labels, reader), _FIVE)),
        heads=heads,
        left_out=left_out % {"number": reader.number(missing)} if missing else "",
    )


def _heading(letter: str, size: int | None, reader: Reader) -> str:
    _ = reader.words
    if size is None:
        return _("Group %(letter)s") % {"letter": letter}
    return _("Group %(letter)s: %(number)s participants") % {"letter": letter, "number": reader.number(size)}


def _marks(at: int, votes: Mapping[str, _Votes], labels: Mapping[str, str], reader: Reader) -> Iterator[Mark]:
    _ = reader.words
    names = list(votes)
    if not names:
        return
    each = _counts(votes, names)
    others = [one for place, one in enumerate(each) if place != at]
    outside = Counts(*(sum(getattr(one, vote) for one in others) for vote in ("agree", "disagree", "passed")))
    words = {"agree": _("Agrees (%(percent)s): %(statement)s"), "disagree": _("Disagrees (%(percent)s): %(statement)s")}
    for mark in marks.representative(names, each[at], outside):
        share = reader.percent(100 * mark.votes / mark.seen, decimals=0)
        label = labels[mark.statement]
        yield Mark(label, words[mark.side] % {"percent": share, "statement": label})


def _common(
    dataset: Dataset, votes: Mapping[str, _Votes], labels: Mapping[str, str], reader: Reader
) -> Iterator[Shared]:
    """The statements to which most of every group agree, those of the greatest consensus first."""
    found = consensus(dataset)
    for name in sorted(found, key=lambda one: (-found[one], one)):
        agree = [
            100 * a / seen if (seen := a + d + p) else 0.0
            for a, d, p in zip(*(votes[name][vote] for vote in _VOTES), strict=True)
        ]
        if all(share > 50 for share in agree):
            shares = (reader.percent(share, decimals=0) for share in agree)
            yield Shared(labels[name], (*shares, reader.number(found[name])))


def _read(dataset: Dataset) -> tuple[list[str], dict[str, _Votes]]:
    """The letters of the groups, and the votes of each on the statements of which all counts are shown."""
    known = next((one.codes() for one in dataset.variables if one.id == GROUP), ())
    found: dict[str, _Votes] = {}
    for table in dataset.tables:
        if contributions.is_statement(table.variable) and table.by == GROUP and set(known) <= set(table.groups):
            rows = {vote: _row(table, vote, known) for vote in _VOTES}
            if all(len(counts) == len(known) for counts in rows.values()):
                found[table.variable] = rows
    return [code for code in known if code not in STATUSES], found


def _row(table: Table, vote: str, letters: Sequence[str]) -> list[int]:
    """How many of each group voted so; fewer numbers than groups where some are hidden."""
    row = table.row(vote)
    shown = dict(zip(table.groups, row.counts, strict=True)) if row else {}
    return [count for letter in letters if (count := shown.get(letter)) is not None]


def _counts(votes: Mapping[str, _Votes], names: Sequence[str]) -> list[Counts]:
    """Of each group, by statement."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    cast = [np.asarray([votes[name][vote] for name in names], dtype=np.int64) for vote in _VOTES]
    return [Counts(*(one[:, group] for one in cast)) for group in range(cast[0].shape[1])]
