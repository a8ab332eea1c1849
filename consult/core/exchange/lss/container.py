"""The tables of a survey file: XML with one element per table, in it rows, in them one element per column.

Read by expat alone, which tells declarations (XXE, entity bombs), floods of elements and deep nesting while it reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from consult.core.errors import Refused

BYTES: Final = 20_000_000
"""Bytes that a file may have."""
ELEMENTS: Final = 1_000_000
"""XML elements that a file may have: each costs memory."""
DEPTH: Final = 20
"""Elements that may stand in one another; a table needs five."""
ROWS: Final = 200_000
"""Rows that all tables may have together."""
_PIECE: Final = 65_536
_ZIP: Final = b"PK\x03\x04"
_MARKUP: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<", b"<\0", b"\0<")

Row = dict[str, str]


@dataclass(slots=True)
class Document:
    """What a file contains: its tables by name, and what it says about itself."""

    kind: str = ""
    version: int = 0
    """Version of the database from which it was written (`DBVersion`)."""
    languages: list[str] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, none where there is no such table."""
        return self.tables.get(table, [])


def looks_like(data: bytes, filename: str = "") -> bool:
    """Whether a file is meant for this reader: by its name, or because it is markup and not a workbook."""
    return filename.lower().endswith((".lss", ".lsa", ".lsg", ".lsq")) or data.lstrip()[:4].startswith(_MARKUP)


def read_document(data: bytes) -> Document:
    """The tables of a file. Refuses what is no survey, or would take too much to open. Codes: `lss.file.*`."""
    if not data.strip():
        raise Refused.because("lss.file.empty")
    if data.startswith(_ZIP):
        raise Refused.because("lss.file.archive")
    if len(data) > BYTES:
        raise _too_large()
    reader = _Reader()
    try:
        reader.read(data)
    except (ExpatError, ValueError, LookupError) as error:
        code = "lss.file.damaged" if reader.is_document else "lss.file.not_a_survey"
        raise Refused.because(code) from error
    found = reader.document
    if not reader.is_document or not found.kind:
        raise Refused.because("lss.file.not_a_survey")
    if found.kind != "Survey":
        raise Refused.because("lss.file.part", kind=found.kind[:40])
    return found


def _too_large() -> Refused:
    return Refused.because("lss.file.too_large", megabytes=BYTES // 1_000_000)


class _Reader:
    """Fills a document while expat reads."""

    def __init__(self) -> None:
        self.document = Document()
        self.is_document = False
        self._path: list[str] = []
        self._row: Row = {}
        self._text: list[str] = []
        self._elements = 0
        self._rows = 0

    def read(self, data: bytes) -> None:
        """Read all of it."""
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        for start in range(0, len(data), _PIECE):
            parser.Parse(data[start : start + _PIECE], False)
        parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise Refused.because("lss.file.doctype")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._elements += 1
        self._path.append(name)
        self._text.clear()
        if self._elements > ELEMENTS:
            raise _too_large()
        if len(self._path) > DEPTH:
            raise Refused.because("lss.file.damaged")
        if len(self._path) == 1:
            self.is_document = name == "document"
        elif self._path[2:] == ["rows", "row"]:
            self._rows += 1
            self._row = {}
            if self._rows > ROWS:
                raise _too_large()

    def _end(self, name: str) -> None:
        path, text = self._path, "".join(self._text)
        if len(path) == 5 and path[2:4] == ["rows", "row"]:
            self._row[name] = text
        elif path[2:] == ["rows", "row"]:
            self.document.tables.setdefault(path[1], []).append(self._row)
        elif path[1:] == ["LimeSurveyDocType"]:
            self.document.kind = text.strip()
        elif path[1:] == ["DBVersion"]:
            digits = text.strip()
            self.document.version = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
        elif path[1:] == ["languages", "language"] and text.strip():
            self.document.languages.append(text.strip())
        path.pop()
        self._text.clear()
