"""The survey sheet: from rows with begin and end to a tree of groups, repeats and questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from consult.core.exchange.workbook import Row
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.kinds import KNOWN, OWN, Kind, Role, read_kind
from consult.core.exchange.xlsform.questions import read_question
from consult.core.exchange.xlsform.references import Uses
from consult.core.exchange.xlsform.report import Report
from consult.core.questionnaire.definition import (
    MEDIA,
    Group,
    Node,
    Question,
    QuestionType,
    Repeat,
    node_id,
)

ROWS: Final = 5_000
"""Rows that the survey sheet may have: every expression is checked against every name."""
DEPTH: Final = 20
"""Groups and repeats that may stand in one another."""
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_NAME_LENGTH: Final = 200
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_IN_REPEATS: Final = frozenset(
    {"type", "name", "label", "hint", "guidance_hint", "relevant", "appearance", "repeat_count", "disabled", "our::id"}
) | frozenset(MEDIA)
_IN_GROUPS: Final = _IN_REPEATS - {"repeat_count"}


@dataclass(slots=True)
class _Section:
    """A group or repeat that is open; the form itself is the outermost one."""

    kind: str
    name: str = ""
    row: Row | None = None
    children: list[Node] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    """Names in this section with the number of their row."""


class Survey:
    """Reads the rows one by one into a tree."""

    def __init__(self, cells: Cells, uses: Uses, report: Report) -> None:
        self.cells = cells
        self.uses = uses
        self.report = report
        self.titles: dict[str, str] = {}
        """Settings that old forms have in the survey sheet."""
        self._open = [_Section("form")]
        self._ids: dict[str, int] = {}

    def read(self) -> tuple[Node, ...]:
        """The tree of all rows. Codes: `xlsform.type.* .name.* .section.* .row.* .loop .left_out.*`, and those
        of `read_question`."""
        rows = self.cells.columns.sheet.rows
        if len(rows) > ROWS:
            self.report.error("xlsform.sheet.rows", self.cells.place(rows[ROWS]), limit=ROWS)
            self.report.refuse_if_any()
        for row in rows:
            if self.cells.flag(row, "disabled"):
                self.report.warn("xlsform.row.disabled", self.cells.place(row, "disabled"))
            elif not self.cells.word(row, "type"):
                self._untyped(row)
            else:
                self._typed(row, self._kind(row))
        while len(self._open) > 1:
            section = self._open[-1]
            assert section.row is not None
            place = self.cells.place(section.row, "type")
            self.report.error("xlsform.section.unclosed", place, kind=section.kind, name=section.name)
            self._close()
        return tuple(self._open[0].children)

    def _untyped(self, row: Row) -> None:
        if self.cells.word(row, "name") or self.cells.localised(row, "label"):
            self.report.error("xlsform.type.missing", self.cells.place(row, "type"))
        else:
            self.report.warn("xlsform.row.left_out", self.cells.place(row))

    def _typed(self, row: Row, kind: Kind) -> None:
        place = self.cells.place(row, "type")
        written = self.cells.word(row, "type")
        name = self.cells.word(row, "name")
        match kind.role:
            case Role.QUESTION:
                self._question(row, kind)
            case Role.BEGIN:
                self._begin(row, kind)
            case Role.END:
                self._end(row, kind)
            case Role.SETTING:
                self.titles[kind.setting] = name
            case Role.TRACE | Role.NO_PLACE:
                code = "xlsform.left_out.trace" if kind.role is Role.TRACE else "xlsform.left_out.type"
                if f"{name}.csv" not in {file for file, _, _ in self.uses.files}:
                    self.report.warn(code, place, type=written, name=name)
                self.uses.left_out[name] = written
            case Role.LOOP:
                if kind.section == "begin":
                    self.report.error("xlsform.loop", place, name=name)
            case Role.UNKNOWN:
                self._unknown(row, written)

    def _unknown(self, row: Row, written: str) -> None:
        place = self.cells.place(row, "type")
        self.uses.left_out[self._named(row)] = ""
        if near := self.report.closest(written.lower().split(" ")[0], KNOWN):
            self.report.error("xlsform.type.misspelt", place, type=written[:60], suggestion=near)
        else:
            self.report.error("xlsform.type.unknown", place, type=written[:60])

    def _named(self, row: Row, *, note: bool = False) -> str:
        """The row's name; missing, malformed and repeated ones are told. Notes need none."""
        name = self.cells.word(row, "name")
        place = self.cells.place(row, "name")
        if not name and note:
            name = f"note_{row.number}"
        if not name:
            self.report.error("xlsform.name.missing", place)
        elif not _NAME.fullmatch(name) or len(name) > _NAME_LENGTH:
            self.report.error("xlsform.name.invalid", place, name=name[:60])
        elif (first := self._open[-1].names.setdefault(name, row.number)) != row.number:
            self.report.error("xlsform.name.duplicate", place, name=name, first=first)
        elif name in self.uses.names:
            self.report.warn("xlsform.name.reused", place, name=name)
        self.uses.named(name)
        return name

    def _id(self, row: Row, name: str) -> str:
        """The id that the form says, else one from the path of names."""
        own = self.cells.word(row, "our::id")
        if own and not _ID.fullmatch(own):
            self.report.error("xlsform.id.invalid", self.cells.place(row, "our::id"), id=own[:60])
        found = own or node_id("/".join([*(section.name for section in self._open[1:]), name]))
        if (first := self._ids.setdefault(found, row.number)) != row.number and own:
            self.report.error("xlsform.id.duplicate", self.cells.place(row, "our::id"), id=own, first=first)
        return found

    def _kind(self, row: Row) -> Kind:
        """What the type column says; `our::type` and `our::or_other` say what has no word elsewhere."""
        kind = read_kind(self.cells.word(row, "type"))
        if own := self.cells.word(row, "our::type").lower():
            if kind.role is not Role.QUESTION or kind.type is not QuestionType.TEXT or own not in OWN:
                self.report.error("xlsform.type.unknown", self.cells.place(row, "our::type"), type=own[:60])
            else:
                kind = replace(kind, type=OWN[own])
        if self.cells.flag(row, "our::or_other"):
            kind = replace(kind, or_other=True)
        return kind

    def _question(self, row: Row, kind: Kind) -> None:
        name = self._named(row, note=kind.type == "note")
        question: Question = read_question(self.cells, row, kind, (self._id(row, name), name), self.uses, self.report)
        self._open[-1].children.append(question)

    def _begin(self, row: Row, kind: Kind) -> None:
        name = self._named(row)
        if len(self._open) > DEPTH:
            self.report.error("xlsform.section.depth", self.cells.place(row, "type"), limit=DEPTH)
            self.report.refuse_if_any()
        place = self.cells.place(row, "type")
        taken = _IN_REPEATS if kind.section == "repeat" else _IN_GROUPS
        for unused in sorted({column.field for column in self.cells.columns.all if column.index in row.cells} - taken):
            if unused and self.cells.condition(row, unused):
                place = self.cells.place(row, unused)
                self.report.warn("xlsform.cell.unused", place, header=place.column, type=kind.section)
        self._open.append(_Section(kind.section, name, row))

    def _end(self, row: Row, kind: Kind) -> None:
        place = self.cells.place(row, "type")
        if len(self._open) == 1:
            self.report.error("xlsform.section.unopened", place, kind=kind.section)
            return
        section = self._open[-1]
        if section.kind != kind.section:
            assert section.row is not None
            self.report.error(
                "xlsform.section.mismatch",
                place,
                kind=kind.section,
                expected=section.kind,
                name=section.name,
                begin=section.row.number,
            )
        self._close()

    def _close(self) -> None:
        """The innermost section becomes a child of the one around it."""
        section = self._open.pop()
        row = section.row
        assert row is not None
        cells = self.cells
        appearance = tuple(cells.word(row, "appearance").split())
        label, hint, guidance = (self.uses.texts(row, name, cells) for name in ("label", "hint", "guidance_hint"))
        media = cells.media(row, self.report)
        relevant = self.uses.expression(row, "relevant", cells)
        node_name, children = section.name, tuple(section.children)
        identity = self._id(row, section.name)
        node: Node
        if section.kind == "repeat":
            count = self.uses.expression(row, "repeat_count", cells)
            node = Repeat(
                id=identity,
                name=node_name,
                label=label,
                hint=hint,
                guidance=guidance,
                media=media,
                relevant=relevant,
                repeat_count=count,
                appearance=appearance,
                children=children,
            )
        else:
            node = Group(
                id=identity,
                name=node_name,
                label=label,
                hint=hint,
                guidance=guidance,
                media=media,
                relevant=relevant,
                appearance=appearance,
                children=children,
            )
        self._open[-1].children.append(node)
