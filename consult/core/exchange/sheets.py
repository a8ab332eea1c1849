"""Translations as a sheet of a workbook (.xlsx): a row per text, only the translation and its state free to change."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from consult.core.errors import Problem, Refused
from consult.core.exchange.entries import Entry, Exchange, exchange, expect_size
from consult.core.exchange.workbook import Row, Sheet, new_workbook, read_workbook
from consult.core.text import direction
from consult.core.translation import State

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_SHEET: Final = "translations"
_WIDTHS: Final = {"unit": 24, "context": 36, "source": 56, "target": 56, "state": 12, "before": 40, "base": 18}
_HEADER: Final = re.compile(r"(\w+)(?: \(([A-Za-z0-9-]+)\))?")
_ESCAPED: Final = re.compile("_x005F(_x[0-9A-Fa-f]{4}_)")
"""How workbooks write a text that looks like one of their own escapes."""
_STATES: Final = {state.value: state for state in State}


def write(found: Exchange) -> bytes:
    """The file: `unit`, `context`, `source (en)`, `target (ar)`, `state`, `before`, and hidden `base`."""
    target = BytesIO()
    with new_workbook(target) as workbook:
        _write(workbook, found)
    return target.getvalue()


def _write(workbook: Workbook, found: Exchange) -> None:
    sheet = workbook.add_worksheet(_SHEET)
    head = workbook.add_format({"bold": True, "num_format": "@"})
    names = {"source": f"source ({found.source})", "target": f"target ({found.target})"}
    formats = {column: workbook.add_format(_format(column, found)) for column in _WIDTHS}
    sheet.freeze_panes(1, 0)
    for place, (column, width) in enumerate(_WIDTHS.items()):
        sheet.set_column(place, place, width, formats[column], {"hidden": column == "base"})
        sheet.write_string(0, place, names.get(column, column), head)
    for number, entry in enumerate(found.entries, start=1):
        for place, (column, text) in enumerate(_cells(entry).items()):
            if text:
                sheet.write_string(number, place, text, formats[column])
    if found.entries:
        states = {"validate": "list", "source": [State.DRAFT.value, State.REVIEWED.value], "error_type": "warning"}
        place = list(_WIDTHS).index("state")
        sheet.data_validation(1, place, len(found.entries), place, states)


def _format(column: str, found: Exchange) -> dict[str, Any]:
    free = column in ("target", "state")
    locale = {"source": found.source, "target": found.target}.get(column, "en")
    order = 2 if direction(locale) == "rtl" else 1
    grey = {} if free else {"font_color": "#595959"}
    return {"num_format": "@", "text_wrap": True, "valign": "top", "reading_order": order, **grey}


def _cells(entry: Entry) -> dict[str, str]:
    return {
        "unit": entry.key,
        "context": entry.note,
        "source": entry.source,
        "target": entry.target,
        "state": entry.state.value,
        "before": entry.before,
        "base": entry.exported,
    }


def read(data: bytes, name: str) -> Exchange:
    """The texts of a file.

    Refuses `exchange.empty .large .many .twice`, what `workbook.read_workbook` refuses, `exchange.sheet.columns`
    (without `unit`, `source (…)` or `target (…)`) and `exchange.sheet.unit` (a translation without a unit), with rows.
    """
    expect_size(data)
    sheets = read_workbook(data, None).sheets
    sheet = sheets.get(_SHEET) or next(iter(sheets.values()), Sheet(_SHEET))
    places: dict[str, int] = {}
    locales: dict[str, str] = {}
    for place, header in enumerate(sheet.headers):
        if (match := _HEADER.fullmatch(header)) and match[1].lower() not in places:
            places[match[1].lower()] = place
            locales[match[1].lower()] = match[2] or ""
    if not {"unit", "source", "target"} <= places.keys():
        raise Refused(Problem("exchange.sheet.columns", {}, sheet.place()))
    entries = [_entry(sheet, row, places) for row in sheet.rows]
    return exchange(locales["source"], locales["target"], entries, name)


def _entry(sheet: Sheet, row: Row, places: dict[str, int]) -> Entry:
    cells = {
        column: _ESCAPED.sub(r"\1", row.cells.get(place, "")) for column, place in places.items() if column in _WIDTHS
    }
    place = sheet.place(row.number, places["target"])
    if not cells["unit"]:
        raise Refused(Problem("exchange.sheet.unit", {}, place))
    state = cells.get("state", "").strip().lower()
    known = _STATES.get(state, State.DRAFT)
    return Entry(
        key=cells["unit"],
        source=cells["source"],
        target=cells["target"],
        state=State.MISSING if not cells["target"] else State.DRAFT if known is State.MISSING else known,
        base=cells.get("base", ""),
        note=cells.get("context", ""),
        before=cells.get("before", ""),
        place=place,
    )
