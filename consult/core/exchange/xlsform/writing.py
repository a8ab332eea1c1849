"""From a questionnaire to an XLSForm (.xlsx) that other software accepts and that is read as the same questionnaire."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.workbook import COLUMNS, ROWS, new_workbook
from consult.core.exchange.xlsform.grids import Grid, Naming, grids
from consult.core.exchange.xlsform.survey import ROWS as SURVEY_ROWS
from consult.core.questionnaire.definition import Questionnaire

if TYPE_CHECKING:
    from xlsxwriter import Workbook

CELL: Final = 32_767
"""Characters that a cell may have, as the format itself says."""
_FORMULA: Final = ("=", "+", "-", "@")
_WIDTHS: Final = {"type": 24, "name": 20, "label": 48, "hint": 32, "list_name": 20}
_WIDTH: Final = 16


def write(questionnaire: Questionnaire, naming: Naming = str) -> bytes:
    """The questionnaire as a workbook. `naming` names languages in headers by their tags.

    Raises `Refused` where a spreadsheet has no room: `xlsform.export.cell .rows .columns`, with sheet, row and column.
    """
    target = BytesIO()
    with new_workbook(target) as workbook:
        for grid in grids(questionnaire, naming):
            _write(workbook, grid, naming)
    return target.getvalue()


def _write(workbook: Workbook, grid: Grid, naming: Naming) -> None:
    """One sheet. All cells are texts and stay so when they are edited: codes such as 01 are no numbers."""
    columns = grid.columns()
    headers = [grid.header(column, naming) for column in columns]
    _check(grid, headers)
    head = workbook.add_format({"bold": True, "num_format": "@"})
    plain = workbook.add_format({"num_format": "@"})
    quoted = workbook.add_format({"num_format": "@", "quote_prefix": True})
    sheet = workbook.add_worksheet(grid.name)
    sheet.freeze_panes(1, 0)
    for place, (column, header) in enumerate(zip(columns, headers, strict=True)):
        sheet.set_column(place, place, _WIDTHS.get(column.field, _WIDTH), plain)
        sheet.write_string(0, place, header, head)
        for number, row in enumerate(grid.rows, start=1):
            text = row.get(column, "")
            if len(text) > CELL:
                raise Refused(Problem("xlsform.export.cell", {"limit": CELL}, Place(grid.name, number + 1, header)))
            if text:
                sheet.write_string(number, place, text, quoted if text.startswith(_FORMULA) else plain)


def _check(grid: Grid, headers: list[str]) -> None:
    rows = SURVEY_ROWS if grid.name == "survey" else ROWS
    if len(grid.rows) > rows:
        raise Refused(Problem("xlsform.export.rows", {"limit": rows}, Place(grid.name)))
    if len(headers) > COLUMNS:
        raise Refused(Problem("xlsform.export.columns", {"limit": COLUMNS}, Place(grid.name)))
