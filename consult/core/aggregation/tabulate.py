"""Tables as Ibis expressions over the column store: the same on every engine.

The store keeps, per question: a code, or a list of codes, which are `:skipped` and `:not-relevant` where there is no
answer; numbers and dates with a second column `<id>_asked`. An edition that lacks a question did not ask it. Codes of
earlier editions count as what the answer maps say (`readings`).
Sums are taken of whole numbers, decimals scaled by a million, so that every engine and number of threads gives the
same result; divisions and roots are left to Python.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import msgspec

from consult.core.aggregation.bins import Bins, round_bins, round_to, significant
from consult.core.aggregation.dominance import tells_of_one
from consult.core.aggregation.readings import AS_IT_IS, Reading
from consult.core.aggregation.tables import (
    ANSWERED,
    NOT_RELEVANT,
    SKIPPED,
    STATUSES,
    Category,
    Kind,
    Row,
    Summary,
    Table,
    Variable,
)
from consult.core.aggregation.variables import CHANNEL, LOCALE

if TYPE_CHECKING:
    import ibis.expr.types as ir

SCALE: Final = 1_000_000
"""Decimals are counted in millionths."""
RECORD_KEY: Final = "record_key"
"""Column of the random whole number that each response has for the noise of cell keys."""
_TAIL: Final = 0.05
_Counts = dict[tuple[str, str], int]


def asked(question: str) -> str:
    """Name of the column that says whether a number or date was asked for."""
    return f"{question}_asked"


@dataclass(frozen=True, slots=True)
class Source:
    """The segments of one edition, how each question that it asked is kept, and how it is read in later terms."""

    table: ir.Table
    kinds: Mapping[str, Kind]
    """By id of the question."""
    reading: Reading = AS_IT_IS

    def question(self, variable: Variable) -> str | None:
        """The column of a variable; none where this edition did not ask it."""
        name = self.reading.question(variable.id)
        return name if name is not None and self.kinds.get(name) is variable.kind else None


@dataclass(frozen=True, slots=True)
class Tabulation:
    """Variables with their bins, and the full tables: nothing in them is protected."""

    responses: int
    variables: tuple[Variable, ...]
    tables: tuple[Table, ...]
    sums: tuple[Table, ...] = ()
    """The same tables with the sum of a column in place of each count, where one was asked for."""


def tabulate(
    sources: Sequence[Source],
    variables: Sequence[Variable],
    crossings: Sequence[tuple[str, str]],
    least: int,
    *,
    column: str = "",
) -> Tabulation:
    """One-way tables of all variables and the crossed tables asked for (variable, groups).

    `least`: the threshold by which the ends of histograms are chosen and summaries of numbers allowed; twice as many
    for sensitive ones. Groups must be of a kind that puts everybody in one category. `column`: whole numbers to be
    summed beside each count (`sums`).
    """
    responses = _everybody(sources)
    outcomes: dict[str, _Outcome] = {}
    binned: list[Variable] = []
    summaries: dict[str, Summary | None] = {}
    for variable in variables:
        bins = None
        if variable.kind in (Kind.NUMBER, Kind.DATE):
            enough = least * (2 if variable.sensitive else 1)
            bins, summaries[variable.id] = _describe(sources, variable, enough)
            variable = msgspec.structs.replace(
                variable, categories=bins.categories() if bins else (Category(code=ANSWERED),)
            )
        outcomes[variable.id] = _Outcome(variable, bins)
        binned.append(variable)
    tables = [_one_way(sources, outcomes[variable.id], responses, summaries.get(variable.id)) for variable in binned]
    sizes = {table.variable: table for table in tables}
    tables += [_crossed(sources, outcomes[name], outcomes[by], sizes[by]) for name, by in crossings]
    sums: list[Table] = []
    if column:
        whole = _everybody(sources, column)
        sums = [_one_way(sources, outcome, whole, None, column) for outcome in outcomes.values()]
        sizes = {table.variable: table for table in sums}
        sums += [_crossed(sources, outcomes[name], outcomes[by], sizes[by], column) for name, by in crossings]
    return Tabulation(responses, tuple(binned), tuple(tables), tuple(sums))


def _everybody(sources: Sequence[Source], column: str = "") -> int:
    """How many responses there are, or the sum of a column over them."""
    found = (source.table[column].sum() if column else source.table.count() for source in sources)
    return sum(int(one.execute() or 0) for one in found)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a response counts as under a variable, as an expression per edition."""

    variable: Variable
    bins: Bins | None

    def of(self, source: Source) -> ir.Value:
        """A code (for multi-choice questions a list of codes; for numbers the position of the bin)."""
        import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

        kind = self.variable.kind
        if self.variable.id in (CHANNEL, LOCALE):
            return source.table[self.variable.id.removeprefix(":")]
        name = source.question(self.variable)
        if name is None:
            return _never_asked(kind)
        if kind not in (Kind.NUMBER, Kind.DATE):
            return _as_read(source.table[name], kind, source.reading.codes.get(name, {}))
        position = ibis.literal(0)
        if self.bins is not None:
            width = self.bins.width
            number = (_number(source, name, self.variable) / width).floor().cast("int64")
            position = number.clip(self.bins.first - 1, self.bins.last) - (self.bins.first - 1)
        return ibis.cases(
            (~source.table[asked(name)], ibis.literal(-2)),
            (source.table[name].isnull(), ibis.literal(-1)),
            else_=position,
        ).cast("int64")

    def code(self, value: str | int) -> str:
        """The code of an outcome as the engine returned it."""
        if isinstance(value, str):
            return value
        if value < 0:
            return SKIPPED if value == -1 else NOT_RELEVANT
        return self.variable.categories[value].code


def _never_asked(kind: Kind) -> ir.Value:
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    if kind in (Kind.NUMBER, Kind.DATE):
        return ibis.literal(-2).cast("int64")
    status = ibis.literal(NOT_RELEVANT)
    return ibis.array([status]) if kind is Kind.MULTIPLE else status


def _as_read(column: ir.Value, kind: Kind, codes: Mapping[str, tuple[str, ...]]) -> ir.Value:
    """A column of codes in later terms: a choice that counts as several is each of them, and two can count as one."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    if not codes:
        return column
    if kind is not Kind.MULTIPLE:
        single = {found: counts[0] for found, counts in codes.items()}
        return column.cast("string").substitute(single, else_=column.cast("string"))
    choices = column.map(
        lambda one: ibis.cases(
            *((one == found, ibis.array(list(counts))) for found, counts in codes.items()), else_=ibis.array([one])
        )
    )
    return choices.flatten().unique()


def _number(source: Source, name: str, variable: Variable) -> ir.Value:
    """A number in whole units: itself, millionths of a decimal, the year of a date."""
    column = source.table[name]
    if variable.kind is Kind.DATE:
        return column.year().cast("int64")
    if variable.whole:
        return column.cast("int64")
    return (column.cast("float64") * SCALE).round().cast("int64")


def _union(parts: Sequence[ir.Table]) -> ir.Table:
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def _count(sources: Sequence[Source], row: _Outcome, group: _Outcome | None = None, column: str = "") -> _Counts:
    """How many responses there are by outcome of one variable, or of two; or the sums of a column."""
    parts = []
    for source in sources:
        columns = {"row": row.of(source)}
        if row.variable.kind is Kind.MULTIPLE:
            columns["row"] = columns["row"].unnest()
        if group is not None:
            columns["column"] = group.of(source)
        if column:
            columns["summed"] = source.table[column]
        parts.append(source.table.select(**columns))
    if not parts:
        return {}
    together = _union(parts)
    keys = ["row"] if group is None else ["row", "column"]
    amount = together["summed"].sum() if column else together.count()
    found = together.group_by(keys).agg(count=amount).to_pyarrow().to_pylist()
    counts: _Counts = {}
    for line in found:
        place = (row.code(line["row"]), group.code(line["column"]) if group else "")
        counts[place] = counts.get(place, 0) + int(line["count"])
    return counts


def _one_way(
    sources: Sequence[Source], outcome: _Outcome, responses: int, summary: Summary | None, column: str = ""
) -> Table:
    counts = _count(sources, outcome, column=column)
    variable = outcome.variable
    return Table(
        variable=variable.id,
        totals=(responses,),
        rows=_rows(variable, counts, ("",), (responses,)),
        multiple=variable.kind is Kind.MULTIPLE,
        summary=summary,
    )


def _crossed(sources: Sequence[Source], outcome: _Outcome, by: _Outcome, groups: Table, column: str = "") -> Table:
    counts = _count(sources, outcome, by, column)
    variable = outcome.variable
    names = tuple(row.code for row in groups.rows)
    totals = tuple(row.counts[0] or 0 for row in groups.rows)
    return Table(
        variable=variable.id,
        by=by.variable.id,
        groups=names,
        totals=totals,
        rows=_rows(variable, counts, names, totals),
        multiple=variable.kind is Kind.MULTIPLE,
    )


def _rows(
    variable: Variable, counts: Mapping[tuple[str, str], int], groups: Sequence[str], totals: Sequence[int]
) -> tuple[Row, ...]:
    codes = [*variable.codes(), *sorted({code for code, _ in counts} - {*variable.codes(), *STATUSES})]
    lines = {code: tuple(counts.get((code, group), 0) for group in groups) for code in (*codes, SKIPPED, NOT_RELEVANT)}
    if variable.kind is not Kind.MULTIPLE:
        return tuple(Row(code=code, counts=line) for code, line in lines.items())
    missing = zip(lines[SKIPPED], lines[NOT_RELEVANT], strict=True)
    answered = [total - skipped - irrelevant for total, (skipped, irrelevant) in zip(totals, missing, strict=True)]
    return tuple(
        Row(
            code=code,
            counts=line,
            unselected=()
            if code in STATUSES
            else tuple(base - count for base, count in zip(answered, line, strict=True)),
        )
        for code, line in lines.items()
    )


# --- numbers ---


def _describe(sources: Sequence[Source], variable: Variable, least: int) -> tuple[Bins | None, Summary | None]:
    """Bins and summary of a number or of the year of a date.

    Without bins the answers are only counted. A mean needs `least` answers; quantiles and bins need twice as many,
    because their edges say something of the answers that lie there.
    """
    parts = [
        source.table.select(value=_number(source, name, variable))
        for source in sources
        if (name := source.question(variable)) is not None
    ]
    if not parts:
        return None, None
    numbers = _union(parts)
    value = numbers.value
    first = _first(numbers.agg(n=value.count(), lowest=value.min(), highest=value.max()))
    n = int(first["n"])
    scale = 1 if variable.whole or variable.kind is Kind.DATE else SCALE
    bins, quartiles = _bins(numbers, n, least, scale) if n >= 2 * least else (None, None)
    if variable.kind is Kind.DATE or n < least:
        return bins, None
    extremes = int(first["lowest"]), int(first["highest"])
    if _tells_of_one(numbers, extremes):
        return bins, Summary(quartiles=quartiles)
    mean, deviation = _moments(numbers, n, extremes, scale)
    size = deviation or abs(mean)
    return bins, Summary(mean=significant(mean, size), deviation=significant(deviation, size), quartiles=quartiles)


def _bins(numbers: ir.Table, n: int, least: int, scale: int) -> tuple[Bins, tuple[float, float, float]]:
    """Bins whose open ends hold enough answers, and the quartiles, rounded."""
    tail = max(_TAIL, least / n)
    wanted = [tail, 0.25, 0.5, 0.75, 1 - tail]
    low, *quartiles, high = _first(numbers.agg(found=numbers.value.quantile(wanted)))["found"]
    bins = round_bins(low, high, scale=scale, whole=scale == 1)
    lower, median, upper = (round_to(quartile / scale, bins.width / scale) for quartile in quartiles)
    return bins, (lower, median, upper)


def _first(aggregates: ir.Table) -> dict[str, Any]:
    found: dict[str, Any] = aggregates.to_pyarrow().to_pylist()[0]
    return found


def _moments(numbers: ir.Table, n: int, extremes: tuple[int, int], scale: int) -> tuple[float, float]:
    """Mean and standard deviation from sums of whole numbers.

    The distance from the lowest is cut to so many steps that no sum of squares overflows: 2²¹ for a million answers.
    """
    lowest, highest = extremes
    step = max(1, (highest - lowest) >> ((62 - n.bit_length()) // 2))
    steps = ((numbers.value - lowest) / step).floor().cast("int64")
    total = (numbers.value - lowest).cast("decimal(38, 0)") if (highest - lowest) * n >> 62 else numbers.value - lowest
    sums = _first(numbers.agg(total=total.sum(), first=steps.sum(), second=(steps * steps).sum()))
    mean = Fraction(lowest * n + int(sums["total"]), n * scale)
    if n < 2:
        return float(mean), 0.0
    spread = Fraction(int(sums["second"])) - Fraction(int(sums["first"]) ** 2, n)
    return float(mean), math.sqrt(spread / (n - 1)) * step / scale


def _tells_of_one(numbers: ir.Table, extremes: tuple[int, int]) -> bool:
    """Whether the sum says too much of the greatest amounts: the (n, k) rule and the p % rule of `dominance`."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    size = numbers.value.abs()
    total = int(_first(numbers.agg(total=size.cast("decimal(38, 0)").sum()))["total"])
    greatest = max(map(abs, extremes))
    if not tells_of_one((greatest, greatest), total):  # the second is not greater than the first
        return False
    largest = numbers.select(size=size).filter(size.notnull()).order_by(ibis.desc("size")).limit(2)
    return tells_of_one([int(line["size"]) for line in largest.to_pyarrow().to_pylist()], total)
