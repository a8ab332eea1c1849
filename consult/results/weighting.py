"""Plain CSV files for weights: what stands in their columns, or where something is wrong."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from consult.core.aggregation.weights import Margin
from consult.core.errors import Problem, Refused, refuse_if_any
from consult.core.exchange.responses.tables import read_tables
from consult.core.exchange.workbook import Sheet

ROWS: Final = 500_000
"""Respondents that a file may have."""
ROW: Final = "row"
"""Heads the number of the row, from 1, where respondents have no identifier."""
WEIGHT: Final = "weight"
CROSSED: Final = ":"
"""Stands between the variables, and between the categories, of a margin that crosses several."""
MISSING: Final = ("", "NA")
"""No answer to a question for a number: an empty cell, and how R writes it."""
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def read(path: Path) -> Sheet:
    """The table in a file, one row per respondent. Refuses what `read_tables` refuses."""
    table = read_tables(path.read_bytes(), path.name, rows=ROWS)[0]
    if not table.rows:
        raise Refused(Problem("responses.file.empty", place=table.place()))
    return table


def texts(table: Sheet, header: str, *, required: bool = False) -> list[str]:
    """A column. Refuses with `xlsform.column.missing .duplicate` and, if every cell must be filled, `weights.empty`."""
    if table.headers.count(header) != 1:
        code = "xlsform.column.duplicate" if header in table.headers else "xlsform.column.missing"
        raise Refused(Problem(code, {"header": header, "other": header}, table.place()))
    place = table.headers.index(header)
    if required:
        refuse_if_any(
            Problem("weights.empty", place=table.place(row.number, place))
            for row in table.rows
            if place not in row.cells
        )
    return [row.cells.get(place, "") for row in table.rows]


def is_number(text: str) -> bool:
    """Whether a text is a number with a decimal point: no grouping, no infinity."""
    return _NUMBER.fullmatch(text) is not None and abs(float(text)) < float("inf")


def _refuse_unless(
    table: Sheet, header: str, column: Sequence[str], fits: Callable[[float], bool], missing: Sequence[str] = MISSING
) -> None:
    """Refuse the column where a cell is no number (`weights.number`) or one that does not fit (`weights.low`)."""
    place = table.headers.index(header)
    refuse_if_any(
        Problem(code, {"value": text}, table.place(row.number, place))
        for row, text in zip(table.rows, column, strict=True)
        if text not in missing and (code := _wrong(text, fits))
    )


def _wrong(text: str, fits: Callable[[float], bool]) -> str:
    if not is_number(text):
        return "weights.number"
    return "" if fits(float(text)) else "weights.low"


def numbers(table: Sheet, header: str) -> list[float]:
    """A column of numbers above zero, all filled in. Refuses with `weights.number .low` and as `texts` does."""
    column = texts(table, header, required=True)
    _refuse_unless(table, header, column, lambda number: number > 0, missing=())
    return [float(text) for text in column]


def are_numbers(table: Sheet, header: str) -> bool:
    """Whether the answers in a column are numbers, all of them."""
    given = [text for text in texts(table, header) if text not in MISSING]
    return bool(given) and all(map(is_number, given))


def number_answers(table: Sheet, header: str) -> list[float | None]:
    """The answers to a question for a number, `None` for none. Refuses with `weights.number` where a text is none."""
    column = texts(table, header)
    _refuse_unless(table, header, column, lambda _: True)
    return [float(text) if text not in MISSING else None for text in column]


def margins(table: Sheet) -> list[Margin]:
    """The margins in a file with the columns variable, category and total, in its order; totals of zero say nothing.

    Refuses with `weights.margin.twice` and as `texts` and `numbers` do.
    """
    variables, categories, totals = (texts(table, header) for header in ("variable", "category", "total"))
    _refuse_unless(table, "total", totals, lambda number: number >= 0, missing=())
    known = list(zip(variables, categories, strict=True))
    refuse_if_any(
        Problem("weights.margin.twice", {"variable": variable, "category": category}, table.place(row.number))
        for position, ((variable, category), row) in enumerate(zip(known, table.rows, strict=True))
        if (variable, category) in known[:position]
    )
    found: dict[str, dict[str, float]] = {}
    for variable, category, total in zip(variables, categories, totals, strict=True):
        if float(total):
            found.setdefault(variable, {})[category] = float(total)
    if not found:
        raise Refused(Problem("responses.file.empty", place=table.place()))
    return [Margin(variable, each) for variable, each in found.items()]


def columns_of(table: Sheet, wanted: Iterable[Margin]) -> dict[str, list[str]]:
    """The categories of respondents by the variables of margins; `sex:age` crosses two columns if none is called so."""
    found = {}
    for margin in wanted:
        parts = margin.variable.split(CROSSED)
        if margin.variable in table.headers or not set(parts) <= set(table.headers):
            parts = [margin.variable]
        columns = [texts(table, part) for part in parts]
        found[margin.variable] = [CROSSED.join(row) if all(row) else "" for row in zip(*columns, strict=True)]
    return found


def identifiers(table: Sheet, header: str | None) -> tuple[str, list[str]]:
    """What respondents are known by: a column, or the numbers of the rows. Refuses with `weights.id.twice .id.row`."""
    if header is None:
        if ROW in table.headers:
            raise Refused(Problem("weights.id.row", {"header": ROW}, table.place()))
        return ROW, [str(number) for number in range(1, len(table.rows) + 1)]
    names = texts(table, header, required=True)
    refuse_if_any(
        Problem("weights.id.twice", {"id": name, "count": count}, table.place(column=table.headers.index(header)))
        for name, count in Counter(names).items()
        if count > 1
    )
    return header, names


def write(path: Path, header: str, names: Sequence[str], weights: Sequence[float]) -> None:
    """Write a file of weights: identifier, weight; digits enough to read the same number again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow([header, WEIGHT])
        lines.writerows(zip(names, map(repr, weights), strict=True))


def weights(table: Sheet, data: Sheet) -> list[float]:
    """The weights in a file (an identifier in its first column), in the order of the data.

    Refuses with `weights.id.unweighted` (a respondent without weight), `.id.unknown` (a weight without respondent), and
    as `identifiers` and `numbers` do.
    """
    first = table.headers[0]
    _, wanted = identifiers(data, None if first == ROW and ROW not in data.headers else first)
    _, given = identifiers(table, first)
    found: Mapping[str, float] = dict(zip(given, numbers(table, WEIGHT), strict=True))
    for code, place, missing in (
        ("weights.id.unweighted", data.place(), [name for name in wanted if name not in found]),
        ("weights.id.unknown", table.place(), sorted(set(given) - set(wanted))),
    ):
        if missing:
            raise Refused(Problem(code, {"header": first, "id": missing[0], "count": len(missing)}, place))
    return [found[name] for name in wanted]
