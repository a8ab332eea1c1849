"""Tables as Ibis expressions over the column store: the same on every engine.

The store keeps, per question: a code, or a list of codes, which are `:skipped` and `:not-relevant` where there is no
answer; numbers and dates with a second column `<id>_asked`. An edition that lacks a question did not ask it. Codes of
earlier editions count as what the answer maps say (`readings`).
Numbers are counted as whole ones, decimals scaled by a million, so that every engine and number of threads gives the
same result.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Final

import msgspec

from consult.core.aggregation import coded
from consult.core.aggregation.bins import Bins, Cuts
from consult.core.aggregation.joint import code_of, join
from consult.core.aggregation.numbers import Described, Measure, describe
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
from consult.core.aggregation.variables import CIRCUMSTANCES
from consult.core.progress import Progress, unwatched

if TYPE_CHECKING:
    import ibis.expr.types as ir

SCALE: Final = 1_000_000
"""Decimals are counted in millionths."""
RECORD_KEY: Final = "record_key"
"""Column of the random whole number that each response has for the noise of cell keys."""
_APART: Final = "\x1f"
"""Between the outcomes of a joint variable: the unit separator, which is in no code."""
_Counts = dict[tuple[str, str], int]
_Tables = tuple[Table, ...]
"""A table of counts; and the same with sums of a column in their place, where one was asked for."""


def asked(question: str) -> str:
    """Name of the column that says whether a number or date was asked for."""
    return f"{question}_asked"


def ordered(question: str) -> str:
    """Name of the column that holds an order whole, as a list of codes; empty where there is none."""
    return f"{question}_order"


@dataclass(frozen=True, slots=True)
class Source:
    """The segments of one edition, how each question that it asked is kept, and how it is read in later terms."""

    table: ir.Table
    kinds: Mapping[str, Kind]
    """By id of the question."""
    reading: Reading = AS_IT_IS
    coded: Mapping[str, ir.Table] = field(default_factory=dict)
    """By id of a question whose answers were coded: with which codes each of them was (`coded.given`)."""

    def question(self, variable: Variable) -> str | None:
        """The column of a variable; none where this edition did not ask it."""
        name = self.reading.question(variable.id)
        how = Kind.TEXT if variable.coded else variable.kind
        return name if name is not None and self.kinds.get(name) is how else None

    def beside(self, variable: Variable) -> Source:
        """The same, for codes with a column of them: nothing is joined where it is not counted."""
        name = self.question(variable)
        if not variable.coded or name is None:
            return self
        return replace(self, table=coded.joined(self.table, self.coded[name]))


@dataclass(frozen=True, slots=True)
class Tabulation:
    """Variables with their bins, and the full tables: nothing in them is protected."""

    responses: int
    variables: tuple[Variable, ...]
    tables: tuple[Table, ...]
    outcomes: Mapping[str, Outcome]
    """What a response counts as, by id of the variable."""
    sums: tuple[Table, ...] = ()
    """The same tables with the sum of a column in place of each count, where one was asked for."""


def tabulate(
    sources: Sequence[Source],
    variables: Sequence[Variable],
    crossings: Sequence[tuple[str, str]],
    least: int,
    joint: Sequence[tuple[str, ...]] = (),
    *,
    column: str = "",
    progress: Progress = unwatched,
) -> Tabulation:
    """One-way tables of all variables and the crossed tables asked for (variable, groups).

    `least`: the threshold by which the ends of histograms are chosen and summaries of numbers allowed; twice as many
    for sensitive ones. Groups must be of a kind that puts everybody in one category. `joint`: ids of variables that are
    groups together, under the id that `joint.join` gives them. `column`: whole numbers to be summed beside each count
    (`sums`).
    """
    whole = _everybody(sources, column)
    described = _described(sources, variables, least)
    outcomes = {variable.id: _in_bins(variable, described) for variable in variables}
    for names in joint:
        parts = tuple(outcomes[name] for name in names)
        outcome = Outcome(join([part.variable for part in parts]), parts=parts)
        outcomes[outcome.variable.id] = outcome
    binned = [outcome.variable for outcome in outcomes.values()]
    tables: list[_Tables] = []
    for variable in binned:
        progress(len(tables), len(binned) + len(crossings))
        _, summary = described.get(variable.id, (None, None))
        tables.append(_one_way(sources, outcomes[variable.id], whole, summary, column))
    sizes = {counted.variable: (counted, *summed) for counted, *summed in tables}
    for name, by in crossings:
        progress(len(tables), len(binned) + len(crossings))
        tables.append(_crossed(sources, outcomes[name], outcomes[by], sizes[by], column))
    counted, sums = ([each[place] for each in tables if len(each) > place] for place in (0, 1))
    return Tabulation(whole[0], tuple(binned), tuple(counted), outcomes, tuple(sums))


def outcomes_of(
    sources: Sequence[Source], variables: Sequence[Variable], least: int, exact: Collection[str] = ()
) -> dict[str, Outcome]:
    """What a response counts as, by id of the variable: in tables; and under `exact` ones, whether it has an answer."""
    binned = [variable for variable in variables if variable.id not in exact]
    described = _described(sources, binned, least, summarised=False)
    return {
        variable.id: Outcome(variable) if variable.id in exact else _in_bins(variable, described)
        for variable in variables
    }


def _in_bins(variable: Variable, described: Mapping[str, Described]) -> Outcome:
    """Numbers count in the bins that somebody has decided, else in round ones, and only as answered where these are
    too few for any."""
    if variable.kind not in (Kind.NUMBER, Kind.DATE):
        return Outcome(variable)
    bins: Bins | Cuts | None = described.get(variable.id, (None, None))[0]
    if bins and variable.bounds:
        bins = Cuts(variable.bounds, _scale(variable))
    categories = bins.categories() if bins else (Category(code=ANSWERED),)
    return Outcome(msgspec.structs.replace(variable, categories=categories), bins)


def _everybody(sources: Sequence[Source], column: str) -> tuple[int, ...]:
    """How many responses there are; and the sum of a column over them, where one is named."""
    amounts = [_amounts(source.table, column) for source in sources]
    found = [
        list(source.table.aggregate(**each).to_pyarrow().to_pylist()[0].values())
        for source, each in zip(sources, amounts, strict=True)
    ]
    return tuple(sum(int(one[place] or 0) for one in found) for place in range(2 if column else 1))


def _amounts(table: ir.Table, column: str) -> dict[str, ir.Value]:
    """What is reckoned in one pass: how many rows there are, and the sum of a column where one is named."""
    return {"count": table.count(), **({"sum": table[column].sum()} if column else {})}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a response counts as under a variable, as an expression per edition."""

    variable: Variable
    bins: Bins | Cuts | None = None
    parts: tuple[Outcome, ...] = ()
    """Of a joint variable."""

    def of(self, source: Source) -> ir.Value:
        """A code (for multi-choice questions a list of codes; for numbers the position of the bin)."""
        import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

        kind = self.variable.kind
        if self.parts:
            return _together([part.of(source).cast("string") for part in self.parts])
        if self.variable.id in CIRCUMSTANCES:
            return source.table[self.variable.id.removeprefix(":")].cast("string")
        name = source.question(self.variable)
        if name is None:
            return _never_asked(kind)
        if self.variable.coded:
            return coded.outcome(source.table)
        if self.variable.place:
            first, place = source.table[name].cast("string"), source.table[ordered(name)][self.variable.place - 1]
            return ibis.cases((first.isin(STATUSES), first), else_=place)
        if kind not in (Kind.NUMBER, Kind.DATE):
            return _as_read(source.table[name], kind, source.reading.codes.get(name, {}))
        position = ibis.literal(0)
        if self.bins is not None:
            position = self.bins.position(numbers_in_units(source, name, self.variable))
        return ibis.cases(
            (~source.table[asked(name)], ibis.literal(-2)),
            (source.table[name].isnull(), ibis.literal(-1)),
            else_=position,
        ).cast("int64")

    def code(self, value: str | int) -> str:
        """The code of an outcome as the engine returned it."""
        if self.parts:
            found = str(value).split(_APART)
            return code_of([part.code(one) for part, one in zip(self.parts, found, strict=True)])
        if self.variable.kind not in (Kind.NUMBER, Kind.DATE):
            return str(value)
        position = int(value)
        if position < 0:
            return SKIPPED if position == -1 else NOT_RELEVANT
        return self.variable.categories[position].code


def _together(parts: Sequence[ir.Value]) -> ir.Value:
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    apart = ibis.literal(_APART)
    return reduce(lambda one, other: one.concat(apart, other), parts)


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


def numbers_in_units(source: Source, name: str, variable: Variable) -> ir.Value:
    """A number in whole units: itself, millionths of a decimal, the year of a date."""
    column = source.table[name]
    if variable.kind is Kind.DATE:
        return column.year().cast("int64")
    if variable.whole:
        return column.cast("int64")
    return (column.cast("float64") * SCALE).round().cast("int64")


def _scale(variable: Variable) -> int:
    """How many of its units are one."""
    return 1 if variable.whole or variable.kind is Kind.DATE else SCALE


def _described(
    sources: Sequence[Source], variables: Sequence[Variable], least: int, *, summarised: bool = True
) -> dict[str, Described]:
    """Bins and summaries of the numbers and of the years of the dates that were asked for, by id of the variable."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    wanted = [
        variable
        for variable in variables
        if variable.kind in (Kind.NUMBER, Kind.DATE) and any(source.question(variable) for source in sources)
    ]
    if not wanted:
        return {}
    measures = [
        Measure(
            variable.id,
            scale=_scale(variable),
            least=least * (2 if variable.sensitive else 1),
            summarised=summarised and variable.kind is Kind.NUMBER,
        )
        for variable in wanted
    ]
    parts = [
        source.table.select(
            **{
                variable.id: numbers_in_units(source, name, variable) if name is not None else ibis.null("int64")
                for variable in wanted
                for name in [source.question(variable)]
            }
        )
        for source in sources
    ]
    return describe(union(parts), measures)


def union(parts: Sequence[ir.Table]) -> ir.Table:
    """The rows of all of these tables."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def _count(sources: Sequence[Source], row: Outcome, group: Outcome | None, column: str) -> tuple[_Counts, ...]:
    """How many responses there are by outcome of one variable, or of two; and the sums of a column if one is named."""
    parts = []
    for source in (source.beside(row.variable) for source in sources):
        columns = {"row": row.of(source)}
        if row.variable.kind is Kind.MULTIPLE:
            columns["row"] = columns["row"].unnest()
        if group is not None:
            columns["column"] = group.of(source)
        if column:
            columns["summed"] = source.table[column]
        parts.append(source.table.select(**columns))
    counted: tuple[_Counts, ...] = ({}, {}) if column else ({},)
    if not parts:
        return counted
    together = union(parts)
    keys = ["row"] if group is None else ["row", "column"]
    amounts = _amounts(together, "summed" if column else "")
    for line in together.group_by(keys).agg(**amounts).to_pyarrow().to_pylist():
        place = (row.code(line["row"]), group.code(line["column"]) if group else "")
        for counts, amount in zip(counted, amounts, strict=True):
            counts[place] = counts.get(place, 0) + int(line[amount])
    return counted


def _one_way(
    sources: Sequence[Source], outcome: Outcome, whole: Sequence[int], summary: Summary | None, column: str
) -> _Tables:
    variable = outcome.variable
    return tuple(
        Table(
            variable=variable.id,
            totals=(total,),
            rows=_rows(variable, counts, ("",), (total,)),
            multiple=variable.kind is Kind.MULTIPLE,
            summary=summary,
        )
        for counts, total in zip(_count(sources, outcome, None, column), whole, strict=True)
    )


def _crossed(sources: Sequence[Source], outcome: Outcome, by: Outcome, groups: _Tables, column: str) -> _Tables:
    variable = outcome.variable
    names = tuple(row.code for row in groups[0].rows)
    totals = [tuple(row.counts[0] or 0 for row in table.rows) for table in groups]
    return tuple(
        Table(
            variable=variable.id,
            by=by.variable.id,
            groups=names,
            totals=sizes,
            rows=_rows(variable, counts, names, sizes),
            multiple=variable.kind is Kind.MULTIPLE,
        )
        for counts, sizes in zip(_count(sources, outcome, by, column), totals, strict=True)
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
