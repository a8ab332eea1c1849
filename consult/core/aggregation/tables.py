"""What a release consists of: variables, tables of counts, numeric summaries.

A *cell* is known by its key: the coordinates (variable, code) that its respondents share, sorted; the empty key is
everybody. Two tables that show the same group of respondents therefore show the same cell. A hidden count is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from consult.core.aggregation.fits import Weighting
from consult.core.text import LocalisedText

SKIPPED: Final = ":skipped"
NOT_RELEVANT: Final = ":not-relevant"
ANSWERED: Final = ":answered"
"""The only category of a text: that there is one."""
SELECTED: Final = ":selected"
UNSELECTED: Final = ":unselected"
"""Asked and answered, but without this choice."""
OTHERWISE: Final = ":otherwise"
"""Everybody without this choice, for whatever reason."""
STATUSES: Final = (SKIPPED, NOT_RELEVANT)
NO_CODE: Final = ":none"
"""Of codes that texts were given: read and given none of them."""

Coordinate = tuple[str, str]
Key = tuple[Coordinate, ...]
EVERYBODY: Final[Key] = ()


class Span(NamedTuple):
    """Between which numbers a count is known to lie from outside a release."""

    least: int
    most: int | None

    def narrowed(self, other: Span) -> Span:
        """What both say together."""
        ends = [end for end in (self.most, other.most) if end is not None]
        return Span(max(self.least, other.least), min(ends, default=None))

    def allows(self, count: int) -> bool:
        """Whether a count lies between the two."""
        return self.least <= count and (self.most is None or count <= self.most)


UNKNOWN: Final = Span(0, None)
Told = Mapping[Key, Span]
"""What is known of cells from outside a release: the fieldwork page rounds down to tens."""
UNTOLD: Final[Told] = MappingProxyType({})

T = TypeVar("T")


def key(*coordinates: Coordinate) -> Key:
    """The key of a cell, whatever the order in which its coordinates are given."""
    return tuple(sorted(coordinates))


_APART: Final = re.compile(r"@(\d+)(@*)$")


def code(name: str) -> str:
    """The code of a choice: its name, kept apart from the statuses, which start with a colon, and from `kept_apart`."""
    free = f"{name}@" if _APART.search(name) else name
    return f":{free}" if free.startswith(":") else free


def kept_apart(name: str, until: int) -> str:
    """What a code, or a variable, is called whose answers end with an edition and do not count among later ones."""
    return f"{name}@{until}"


def apart_until(name: str) -> int:
    """The last edition of what is kept apart; 0 for what is not."""
    found = _APART.search(name)
    return int(found[1]) if found and not found[2] else 0


_PLACE: Final = "#"


def place_of(variable: str, place: int) -> str:
    """Name of the variable that a place of an order is, from the second on; the first is called as the question."""
    return f"{variable}{_PLACE}{place}"


def order_of(variable: str) -> tuple[str, str]:
    """The question of which a variable is a place, and what is added to its id; nothing for anything else."""
    question, mark, place = variable.partition(_PLACE)
    return question, mark + place


_CODES: Final = ":codes"


def codes_of(variable: str) -> str:
    """Name of the variable that the codes of the texts of another one are."""
    return f"{variable}{_CODES}"


def made_from(variable: str) -> tuple[str, str]:
    """The question of whose answers a variable is made, and what is added to its id for a place or for codes."""
    question = variable.removesuffix(_CODES)
    return (question, _CODES) if question not in ("", variable) else order_of(variable)


def choice_of(variable: str, choice: str) -> str:
    """Name of the yes-or-no variable that a choice of a multi-choice question makes."""
    return f"{variable}/{choice}"


class Kind(StrEnum):
    """How a question is tabulated."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    RANK = "rank"
    """By the choice in one place of an order: the first, or that of `Variable.place`."""


class Category(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A category of a variable: a choice, or a range of numbers or years from `lower` to below `upper`."""

    code: str
    label: LocalisedText = LocalisedText()
    lower: float | None = None
    upper: float | None = None
    until: int = 0
    """The last edition that offered it, where its answers are kept apart."""
    parts: tuple[str, ...] = ()
    """Of a joint variable: the codes of its parts that come together."""
    theme: str = ""
    """Of a code that texts were given: the theme that it belongs to."""


class Variable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question as it is tabulated."""

    id: str
    name: str
    kind: Kind
    label: LocalisedText = LocalisedText()
    categories: tuple[Category, ...] = ()
    theme: str = ""
    concept: str = ""
    sensitive: bool = False
    whole: bool = True
    """For numbers: whether they are whole."""
    scale: bool = False
    """Whether its categories are the steps of a scale, in their order, from one end to the other."""
    since: int = 0
    """The first edition with this meaning, where the answers before it are kept apart."""
    until: int = 0
    """The last edition with this meaning, where its answers are kept apart."""
    parts: tuple[str, ...] = ()
    """Of a joint variable: the ids of the variables it is made of (see `joint`)."""
    place: int = 0
    """Of an order: which place of it, from the second on (see `orders`)."""
    coded: str = ""
    """Of codes: the id of the variable of the texts that they were given to (see `coded`)."""
    bounds: tuple[float, ...] = ()
    """Of a number: where its bins begin, ascending, if somebody has decided that; else its answers decide."""

    def codes(self) -> tuple[str, ...]:
        """Codes of the categories, in order."""
        return tuple(category.code for category in self.categories)

    @property
    def only_answered(self) -> bool:
        """Whether nothing is told but that there was an answer: of texts, and of too few numbers or dates for bins."""
        return self.kind is Kind.TEXT or self.codes() == (ANSWERED,)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A number summarised; what its base does not allow is None. All are rounded before they are kept."""

    mean: float | None = None
    deviation: float | None = None
    """Standard deviation of the answers, with n − 1."""
    quartiles: tuple[float, float, float] | None = None
    """Lower quartile, median, upper quartile."""


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counts of one category, choice or status, one per group (in a one-way table: one)."""

    code: str
    counts: tuple[int | None, ...]
    unselected: tuple[int | None, ...] = ()
    """For a choice of a multi-choice question: who answered without choosing it. Never shown in a crossed table."""


class Table(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Counts of a variable, alone or crossed by the groups of another.

    Rows are the categories and the statuses *skipped* and *not relevant*; together they are everybody, except in
    multi-choice tables, where every row stands against everybody else. In a crossed table, categories whose own
    counts are hidden or too small stand together in one row or group.
    """

    variable: str
    by: str = ""
    groups: tuple[str, ...] = ("",)
    totals: tuple[int | None, ...]
    """Size of each group; in a one-way table, the number of responses."""
    rows: tuple[Row, ...]
    pooled_rows: dict[str, tuple[str, ...]] = {}
    """Codes of rows in which several categories stand together, with their members."""
    pooled_groups: dict[str, tuple[str, ...]] = {}
    """The same of groups."""
    multiple: bool = False
    """Whether rows overlap: one respondent may stand in several."""
    threshold: int = 0
    withheld: bool = False
    """Nothing in it can be shown; it has no rows then."""
    noise: int = 0
    """How much each of its counts can be off, where noise was added to them (`cellkey`): they do not add up then."""
    summary: Summary | None = None
    entries: bool = False
    """Whether entries of a repeat are counted. `threshold` then says how far the hidden counts are in doubt, and all
    that can be worked out from the shown ones is of enough respondents (see `core.aggregation.entries`)."""

    def row(self, code: str) -> Row | None:
        """The row of a code, where there is one."""
        return next((row for row in self.rows if row.code == code), None)

    def hidden(self) -> int:
        """How many counts are hidden."""
        return sum(count is None for row in self.rows for count in (*row.counts, *row.unselected))


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands behind a table; what cannot be shown without showing something hidden is None."""

    responses: int | None
    asked: int | None
    answered: int | None
    skipped: int | None
    not_relevant: int | None


def base(table: Table, group: int = 0) -> Base:
    """The base of one group of a table, computed from its protected counts alone."""
    total = table.totals[group] if table.totals else None
    skipped, not_relevant = (_status(table, status, group) for status in (SKIPPED, NOT_RELEVANT))
    asked = None if total is None or not_relevant is None else total - not_relevant
    return Base(
        responses=total,
        asked=asked,
        answered=None if asked is None or skipped is None else asked - skipped,
        skipped=skipped,
        not_relevant=not_relevant,
    )


def rows_of(variable: Variable, table: Table) -> Iterator[Row]:
    """The rows of a table that say something: of codes nobody is skipped."""
    return (row for row in table.rows if not (variable.coded and row.code == SKIPPED))


def _status(table: Table, status: str, group: int) -> int | None:
    row = table.row(status)
    return None if row is None else row.counts[group]


def bases(table: Table) -> tuple[str, tuple[int | None, ...]]:
    """What percentages are of, and how many that is per group: those who answered; where that is hidden, those asked;
    else all responses."""
    found = [base(table, group) for group in range(len(table.groups))] if not table.withheld else []
    for name in ("answered", "asked"):
        counts = tuple(getattr(one, name) for one in found)
        if None not in counts:
            return name, counts
    return "responses", tuple(one.responses for one in found)


def percentage(count: int | None, of: int | None, least: int = 1) -> float | None:
    """Per cent with one decimal, from protected counts; None where either is hidden or the base is under `least`.

    Counts with noise can exceed their base; there are no more than all.
    """
    if count is None or of is None or of < max(least, 1):
        return None
    return min(100.0, round(100 * count / of, 1))


Value = str | int | float


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What one institution answered: per variable the codes, the words or the number; nothing where it gave none."""

    institution: str
    """Its code in the question that names it, or its name as it was written; else its identifier in `Matrix.names`."""
    answers: dict[str, tuple[Value, ...]]


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of all institutions, in the order of their codes and names."""

    by: str
    """The variable that names institutions; empty where no question does, but they are known by who signed."""
    rows: tuple[Signed, ...]
    names: dict[str, LocalisedText] | msgspec.UnsetType = msgspec.UNSET
    """By identifier: what institutions were called when they signed, where no question names them."""


class Contributions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is counted of a consultation (`core.aggregation.contributions`) or an event (`core.aggregation.signups`)."""

    of: str
    """Participants, or one of the kinds of what they write; who signed up, notes or positions."""
    apart: int = 0
    """Of participants: contributions that were set apart and count nowhere, rounded down to tens."""
    stability: tuple[float, float] | None = None
    """Of opinion groups: adjusted Rand index of bootstrap runs, mean and 5 % quantile; none without groups."""
    selection: str = ""
    """Of those who signed up: how it was decided who gets a place."""


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one activity contributes to a release."""

    activity: str
    """The activity's identifier, as text."""
    slug: str
    title: LocalisedText
    unit: str
    source: str
    """The locale it was written in; labels fall back to it."""
    editions: tuple[tuple[int, str], ...]
    """Number and hash of every edition answered."""
    responses: int | None
    """None where there are fewer than the threshold."""
    variables: tuple[Variable, ...]
    tables: tuple[Table, ...]
    maps: tuple[tuple[int, str], ...] = ()
    """Number of every edition through whose answer map earlier answers were read, with the map's hash."""
    round: int = 1
    previous: str = ""
    """Identifier of the activity of which it is the next round."""
    matrix: Matrix | None = None
    """What institutions signed, where they are the unit."""
    measures: dict[str, dict[str, str]] = {}
    """By variable whose concept has a code list: which code of the concept each of its categories is."""
    weighting: Weighting | msgspec.UnsetType = msgspec.UNSET
    """Where margins of the population were accepted."""
    entries: LocalisedText | msgspec.UnsetType = msgspec.UNSET
    """What the repeat is called whose entries it counts, where it does not count responses."""
    contributions: Contributions | msgspec.UnsetType = msgspec.UNSET
    """Of a consultation or an event."""
    codebook: tuple[int, str] | msgspec.UnsetType = msgspec.UNSET
    """Number and hash of the codebook whose codes are counted."""

    def variable(self, name: str) -> Variable:
        """The variable of an id."""
        return next(variable for variable in self.variables if variable.id == name)

    def one_way(self) -> Iterator[Table]:
        """The tables of single questions."""
        return (table for table in self.tables if not table.by)

    def crossed(self, variable: str) -> Iterator[Table]:
        """The tables in which a variable is broken down by groups."""
        return (table for table in self.tables if table.variable == variable and table.by)


def _encode(value: object) -> dict[str, str]:
    if isinstance(value, LocalisedText):
        return dict(value)
    raise NotImplementedError(type(value).__name__)


def _decode(wanted: type, value: Any) -> LocalisedText:
    if wanted is LocalisedText:
        return LocalisedText(value)
    raise NotImplementedError(wanted.__name__)


def canonical(value: object) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8. The same value always gives the same bytes."""
    return msgspec.json.encode(value, enc_hook=_encode, order="sorted")


def parser(wanted: type[T]) -> Callable[[bytes], T]:
    """What reads canonical JSON back. Ask for it as a module is loaded (`core.questionnaire.document` says why)."""
    return msgspec.json.Decoder(wanted, dec_hook=_decode).decode
