"""The choices sheet: lists of choices, and for every list the rows where its choices stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consult.core.errors import Place
from consult.core.exchange.workbook import Row
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.columns import CHOICES, snake
from consult.core.exchange.xlsform.report import Report
from consult.core.questionnaire.definition import Choice, ChoiceList


@dataclass(slots=True)
class Lists:
    """The choice lists of a form while it is read."""

    choices: dict[str, list[Choice]] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    attributes: dict[str, set[str]] = field(default_factory=dict)
    """The further columns of each list: what a `choice_filter` may name."""

    def lists(self) -> tuple[ChoiceList, ...]:
        """The lists, in order of appearance."""
        return tuple(ChoiceList(name=name, choices=tuple(choices)) for name, choices in self.choices.items())


def read_choices(cells: Cells, lists: Lists, report: Report, *, duplicates: bool) -> None:
    """Add the rows of a choices sheet to the lists.

    Codes: `xlsform.column.missing`, `xlsform.choice.*`, `xlsform.row.left_out`.
    """
    sheet = cells.columns.sheet
    if not sheet.rows:
        return
    missing = [field for field in ("list_name", "name") if not cells.columns.has(field)]
    for field_name in missing:
        report.error("xlsform.column.missing", sheet.place(), header=field_name)
    if missing:
        return
    attributes = {column.index: sheet.headers[column.index] for column in cells.columns.all if not column.field}
    before = set(lists.choices)
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        list_name, name = cells.word(row, "list_name"), cells.word(row, "name")
        if not list_name or not name:
            _incomplete(cells, row, report, list_name=list_name, name=name)
            continue
        first = seen.setdefault((list_name, name), row.number)
        if list_name in before or (first != row.number and not duplicates):
            report.error("xlsform.choice.duplicate", cells.place(row, "name"), name=name, list=list_name, first=first)
            continue
        _add(cells, row, lists, attributes, (list_name, name), report)


def read_file(cells: Cells, lists: Lists, list_name: str, report: Report, *, duplicates: bool, labelled: bool) -> None:
    """Make the rows of an attached file a list of choices; `labelled` tells of choices without a label.

    Codes: `xlsform.list.twice`, `xlsform.file.empty`, `xlsform.choice.*`, `xlsform.column.left_out`.
    """
    sheet = cells.columns.sheet
    if list_name in lists.choices:
        report.error("xlsform.list.twice", sheet.place(), list=list_name, file=sheet.name)
        return
    if not sheet.rows:
        report.error("xlsform.file.empty", sheet.place())
        return
    others = [column for column in cells.columns.all if not column.field]
    attributes = {column.index: sheet.headers[column.index] for column in others}
    for index in [index for index, header in attributes.items() if snake(header) in CHOICES]:
        # In a list of choices, a column of this name would be taken for something else.
        report.warn("xlsform.column.left_out", sheet.place(None, index), header=attributes.pop(index))
    seen: dict[str, int] = {}
    lists.choices[list_name], lists.places[list_name] = [], []
    for row in sheet.rows:
        name = cells.word(row, "name")
        if not name:
            report.error("xlsform.choice.name_missing", cells.place(row, "name"), list=list_name)
        elif (first := seen.setdefault(name, row.number)) != row.number and not duplicates:
            report.error("xlsform.choice.duplicate", cells.place(row, "name"), name=name, list=list_name, first=first)
        else:
            _add(cells, row, lists, attributes, (list_name, name), report, labelled=labelled)


def _incomplete(cells: Cells, row: Row, report: Report, *, list_name: str, name: str) -> None:
    """A row that lacks its list or its name; one that lacks both is a remark of the author."""
    if list_name:
        report.error("xlsform.choice.name_missing", cells.place(row, "name"), list=list_name)
    elif name:
        report.warn("xlsform.choice.list_missing", cells.place(row, "list_name"), name=name)
    else:
        report.warn("xlsform.row.left_out", cells.place(row))


def _add(
    cells: Cells,
    row: Row,
    lists: Lists,
    attributes: Mapping[int, str],
    names: tuple[str, str],
    report: Report,
    *,
    labelled: bool = True,
) -> None:
    list_name, name = names
    extra = {header: row.cells[index] for index, header in attributes.items() if index in row.cells}
    label, media = cells.localised(row, "label"), cells.media(row, report)
    if not label and not media and labelled:
        report.warn("xlsform.choice.label_missing", cells.place(row, "label"), name=name, list=list_name)
    lists.choices.setdefault(list_name, []).append(Choice(name=name, label=label, media=media, attributes=extra))
    lists.places.setdefault(list_name, []).append(cells.place(row, "name"))
    lists.attributes.setdefault(list_name, {"name", "label"}).update(extra)
