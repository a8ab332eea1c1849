"""A release as a person reads it: labels in one locale, bases, percentages from protected counts.

What exports and pages show is decided here, once. The words of the interface come from `words`, which translates them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import babel
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from consult.core.aggregation.orders import mean_ranks
from consult.core.aggregation.signups import is_position
from consult.core.aggregation.tables import (
    ANSWERED,
    NO_CODE,
    NOT_RELEVANT,
    SKIPPED,
    STATUSES,
    Base,
    Category,
    Dataset,
    Kind,
    Table,
    Variable,
    base,
    bases,
    order_of,
    percentage,
    rows_of,
)
from consult.core.aggregation.variables import CHANNEL, CIRCUMSTANCES, EDITION, LOCALE
from consult.core.questionnaire.answers import ACKNOWLEDGED, OTHER
from consult.core.text import Direction, LocalisedText, direction
from consult.results import wording
from consult.results.beside import Column, Weighted, columns
from consult.results.translations import Words

_UNCODED = ":uncoded"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a release is shown to: a locale of the interface, and its words."""

    locale: str
    words: Words

    @property
    def direction(self) -> Direction:
        """The direction of the page or document."""
        return direction(self.locale)

    def text(self, text: LocalisedText, source: str) -> str:
        """What an author wrote, in this locale or the next best."""
        return text.resolve(self.locale, source).text

    def number(self, value: float, *, grouped: bool = True) -> str:
        """A number as the locale writes it, with the decimals it has."""
        return str(format_decimal(value, locale=self.locale, group_separator=grouped))

    def percent(self, share: float, *, decimals: int = 1) -> str:
        """Per cent with one decimal, or none, as the locale writes it."""
        return str(format_percent(share / 100, "#,##0.0%" if decimals else "#,##0%", locale=self.locale))

    def date(self, day: dt.date) -> str:
        """A day in words, as the locale writes it."""
        return str(format_date(day, "long", locale=self.locale))

    def weighted(self, cell: Weighted) -> str:
        """A weighted share; without decimals where it has none."""
        return str(format_percent(cell.share / 100, "#,##0%" if cell.whole else "#,##0.0%", locale=self.locale))

    def interval(self, cell: Weighted) -> str:
        """Its 95 % interval, in per cent; empty where it has none."""
        if cell.lower is None or cell.upper is None:
            return ""
        ends = (str(format_decimal(end, "#,##0.0", locale=self.locale)) for end in (cell.lower, cell.upper))
        return "–".join(ends)

    def points(self, change: float) -> str:
        """A change in percentage points with its sign, as the locale writes it."""
        return str(format_decimal(change, "+#,##0.0;-#,##0.0", locale=self.locale)) if change else "0"

    def rate(self, rate: float) -> str:
        """A rate with three significant digits."""
        return str(format_decimal(float(f"{rate:.3g}"), locale=self.locale))

    def channel(self, code: str) -> str:
        """The name of a channel."""
        return channel_label(code, self)

    def language(self, code: str) -> str:
        """The name of a language."""
        try:
            return babel.Locale.parse(code, sep="-").get_display_name(self.locale) or code
        except (babel.UnknownLocaleError, ValueError):
            return code


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its label, and per group a count and a percentage; None is hidden."""

    code: str
    label: str
    counts: tuple[int | None, ...]
    shares: tuple[float | None, ...]
    missing: bool
    """Whether it is a status: nobody of it gave an answer."""
    weighted: tuple[Weighted | None, ...] = ()
    """Weighted shares, one for each of `Shown.beside`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table ready to be shown."""

    table: Table
    groups: tuple[str, ...]
    """Labels of the groups; a single empty one in a one-way table."""
    by: str
    """Label of the variable of the groups."""
    lines: tuple[Line, ...]
    basis: str
    """What percentages are of, in words."""
    bases: tuple[int | None, ...]
    """How many that is, per group."""
    beside: tuple[Column, ...] = ()
    """Weighted shares: per group; in a one-way table, per channel."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question with all its tables."""

    dataset: Dataset
    variable: Variable
    label: str
    one_way: Shown
    crossed: tuple[Shown, ...]
    base: Base | None


def items(dataset: Dataset, reader: Reader) -> Iterator[Item]:
    """The questions of an activity in their order, with their tables."""
    for table in dataset.one_way():
        variable = dataset.variable(table.variable)
        if variable.parts:  # what its parts are by one another says the same
            continue
        yield Item(
            dataset=dataset,
            variable=variable,
            label=_of_entries(variable_label(variable, dataset, reader), dataset, reader),
            one_way=show(table, dataset, reader),
            crossed=tuple(
                show(crossed, dataset, reader) for crossed in dataset.crossed(variable.id) if not crossed.withheld
            ),
            base=None if table.withheld else base(table),
        )


def _of_entries(label: str, dataset: Dataset, reader: Reader) -> str:
    """The name of a question, with that of the repeat whose entries are counted where no responses are."""
    return f"{label} – {reader.text(dataset.entries, dataset.source)}" if dataset.entries else label


def show(table: Table, dataset: Dataset, reader: Reader) -> Shown:
    """A table with labels and percentages."""
    variable = dataset.variable(table.variable)
    by = dataset.variable(table.by) if table.by else None
    basis, of_many = _basis(table, dataset, reader)
    beside = columns(table, dataset)
    return Shown(
        table=table,
        groups=tuple(
            category_label(by, code, table.pooled_groups, dataset, reader) if by else "" for code in table.groups
        ),
        by=variable_label(by, dataset, reader) if by else "",
        lines=tuple(
            Line(
                code=row.code,
                label=category_label(variable, row.code, table.pooled_rows, dataset, reader),
                counts=row.counts,
                shares=tuple(
                    None if row.code in STATUSES else percentage(count, of, 1 if table.entries else table.threshold)
                    for count, of in zip(row.counts, of_many, strict=True)
                ),
                missing=row.code in STATUSES,
                weighted=tuple(column.cells.get(row.code) for column in beside),
            )
            for row in rows_of(variable, table)
        ),
        basis=basis,
        bases=of_many,
        beside=beside,
    )


def _basis(table: Table, dataset: Dataset, reader: Reader) -> tuple[str, tuple[int | None, ...]]:
    """Percentages are of those who answered; where that number is hidden, of those asked, else of all."""
    _ = reader.words
    name, found = bases(table)
    words = {"answered": _("of those who answered"), "asked": _("of those who were asked")}
    if dataset.variable(table.variable).coded and name in words:
        return _("of the answers that were coded"), found
    every = _("of all entries") if table.entries else _("of all responses")
    return wording.of_whom(dataset, name, _) or words.get(name, every), found


def variable_label(variable: Variable, dataset: Dataset, reader: Reader) -> str:
    """What a question is called."""
    _ = reader.words
    if variable.parts:
        labels = (variable_label(dataset.variable(part), dataset, reader) for part in variable.parts)
        return ", ".join(labels)
    label = reader.text(variable.label, dataset.source)
    if dataset.contributions and (fixed := wording.question(variable, _)):
        return fixed
    if variable.id in CIRCUMSTANCES:
        return circumstance_label(variable.id, reader)
    label = label or variable.name
    if is_position(variable.id):
        label = _("Position: %(theme)s") % {"theme": label}
    if variable.coded:
        label = _("%(question)s – codes of the answers") % {"question": label}
    if variable.place:
        label = _("%(question)s – in place %(place)s") % {"question": label, "place": reader.number(variable.place)}
    elif variable.kind is Kind.RANK:
        label = _("%(question)s – in first place") % {"question": label}
    if variable.since and not variable.until:
        return _("%(label)s (from edition %(number)s)") % {"label": label, "number": variable.since}
    return _until(label, variable.until, reader)


def circumstance_label(name: str, reader: Reader) -> str:
    """What is called how people answered; empty for a question."""
    _ = reader.words
    return {
        CHANNEL: _("How responses came in"),
        LOCALE: _("Language of the response"),
        EDITION: _("Edition of the questionnaire"),
    }.get(name, "")


def _until(label: str, edition: int, reader: Reader) -> str:
    """The name of what is kept apart, with the last edition that had it."""
    _ = reader.words
    return _("%(label)s (up to edition %(number)s)") % {"label": label, "number": edition} if edition else label


def category_label(
    variable: Variable, code: str, pools: Mapping[str, tuple[str, ...]], dataset: Dataset, reader: Reader
) -> str:
    """What a row or group is called; several that stand together are all named."""
    if code in pools:
        _ = reader.words
        if variable.parts:
            return _("All other combinations")
        names = [_single_label(variable, member, dataset, reader) for member in pools[code]]
        return _("Together: %(names)s") % {"names": "; ".join(names)}
    return _single_label(variable, code, dataset, reader)


def _single_label(variable: Variable, code: str, dataset: Dataset, reader: Reader) -> str:
    category = next((category for category in variable.categories if category.code == code), None)
    if category is not None and category.parts:
        parts = zip(variable.parts, category.parts, strict=True)
        return ", ".join(_single_label(dataset.variable(part), code, dataset, reader) for part, code in parts)
    if category is not None and (category.lower is not None or category.upper is not None):
        return _range(category, variable, reader)
    if category is not None and category.until:
        label = reader.text(category.label, dataset.source) or _fixed_label(code.rpartition("@")[0], reader)
        return _until(label, category.until, reader)
    if category is not None and category.label:
        return reader.text(category.label, dataset.source)
    if dataset.contributions and (fixed := wording.answer(variable, code, reader)):
        return fixed
    if variable.id == CHANNEL:
        return channel_label(code, reader)
    if variable.id == LOCALE and code not in STATUSES:
        return reader.language(code)
    return _fixed_label(_UNCODED if variable.coded and code == NOT_RELEVANT else code, reader)


def _fixed_label(code: str, reader: Reader) -> str:
    _ = reader.words
    return {
        SKIPPED: _("Not answered"),
        NOT_RELEVANT: _("Not asked"),
        ANSWERED: _("Answered"),
        NO_CODE: _("None of the codes"),
        _UNCODED: _("No coded answer"),
        ACKNOWLEDGED: _("Confirmed"),
        OTHER: _("Other"),
    }.get(code, code)


def channel_label(code: str, reader: Reader) -> str:
    """What a channel is called."""
    _ = reader.words
    return {
        "invited": _("By invitation"),
        "open": _("Open link"),
        "assisted": _("With an interviewer"),
        "imported": _("Imported"),
        "suspect": _("Open link, set apart as possibly automated"),
    }.get(code) or _fixed_label(code, reader)


def number_label(value: float, variable: Variable, reader: Reader) -> str:
    """A number as an answer to a question; years have no marks between their digits."""
    return reader.number(value, grouped=not _of_years(variable))


def _of_years(variable: Variable) -> bool:
    """Dates stand in bins of years; so do whole numbers all of whose bins are years of the last two centuries."""
    edges = [edge for one in variable.categories for edge in (one.lower, one.upper) if edge is not None]
    return variable.kind is Kind.DATE or (
        variable.whole and bool(edges) and all(1800 <= edge <= 2200 for edge in edges)
    )


def _range(category: Category, variable: Variable, reader: Reader) -> str:
    _ = reader.words
    whole = variable.whole or variable.kind is Kind.DATE

    def number(value: float) -> str:
        return number_label(value, variable, reader)

    if category.lower is None:
        return _("under %(number)s") % {"number": number(category.upper or 0)}
    if category.upper is None:
        return _("%(number)s and over") % {"number": number(category.lower)}
    if whole and category.upper - category.lower == 1:
        return number(category.lower)
    return f"{number(category.lower)}–{number(category.upper - 1 if whole else category.upper)}"


def places(item: Item) -> list[Variable]:
    """The variables of all places of an order, the first first; none where the further ones were not counted."""
    further = [one for one in item.dataset.variables if one.place and order_of(one.id)[0] == item.variable.id]
    return [item.variable, *further] if further else []


def place_tables(item: Item, by: str = "") -> list[Table]:
    """The tables of all places of an order, broken down by a variable or by nothing; none where one is withheld."""
    known = {table.variable: table for table in item.dataset.tables if table.by == by and not table.withheld}
    names = [variable.id for variable in places(item)]
    return [known[name] for name in names] if all(name in known for name in names) else []


def ranks(item: Item, reader: Reader, by: str = "") -> list[tuple[str, str, float]]:
    """The mean ranks that the tables of an order allow: choice, group, mean; 1 is the first place."""
    tables = place_tables(item, by)
    found = mean_ranks(tables) if tables else {}
    return [
        (category_label(item.variable, code, {}, item.dataset, reader), group, mean)
        for (code, group), mean in found.items()
    ]


def summary_values(item: Item, reader: Reader) -> list[tuple[str, float]]:
    """The summary of a number, or the mean ranks of an order, as labels and values."""
    _ = reader.words
    summary = item.one_way.table.summary
    if summary is None:
        return [(_("Mean rank: %(answer)s") % {"answer": label}, mean) for label, _group, mean in ranks(item, reader)]
    lower, median, upper = summary.quartiles or (None, None, None)
    values: Sequence[tuple[str, float | None]] = (
        (_("Mean"), summary.mean),
        (_("Standard deviation"), summary.deviation),
        (_("Lower quartile"), lower),
        (_("Median"), median),
        (_("Upper quartile"), upper),
    )
    return [(label, value) for label, value in values if value is not None]
