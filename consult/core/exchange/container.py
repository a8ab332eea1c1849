"""Looks at an uploaded file before anything parses it: is it a workbook (or a Word file), and is it safe to open?

Either is a zip of XML parts. Sizes written in a zip can lie, so every part is unpacked in small pieces and counted;
XML is read once by expat alone, which tells declarations (XXE, entity bombs) and floods of elements at constant memory.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zipfile import BadZipFile, ZipFile, ZipInfo

from consult.core.errors import Refused

UNPACKED: Final = 40_000_000
"""Bytes that all parts of a workbook may have together when unpacked."""
PARTS: Final = 500
"""Files that a workbook may contain."""
RATIO: Final = 100
"""How many times larger than packed a big part may be."""
ELEMENTS: Final = 1_000_000
"""XML elements that all parts may have together: each costs memory when the workbook is opened."""
CELLS: Final = 16_384
"""Cells that a row may have, as the format itself says."""
ROWS: Final = 1_048_576
"""Highest row number, as the format itself says."""
_RATIO_FROM: Final = 2_000_000
_PIECE: Final = 65_536
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MARKUP: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<", b"<\0", b"\0<")


def inspect(data: bytes, folder: str = "xl/") -> None:
    """Refuse what is no workbook (`xlsform.file.*`) or would take too much to open (`xlsform.file.too_large`).

    `folder`: where its parts are; those of a Word file are in `word/`.
    """
    if not data:
        raise Refused.because("xlsform.file.empty")
    if data.startswith(_OLE):
        raise Refused.because("xlsform.file.encrypted" if _ENCRYPTED in data else "xlsform.file.legacy")
    if not data.startswith(b"PK\x03\x04"):
        raise Refused.because("xlsform.file.not_a_workbook")
    try:
        with ZipFile(BytesIO(data)) as archive:
            _inspect_parts(archive, folder)
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused.because("xlsform.file.damaged") from error


def _inspect_parts(archive: ZipFile, folder: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > PARTS or len(names) < len(parts):
        raise Refused.because("xlsform.file.damaged")
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        raise Refused.because("xlsform.file.not_a_workbook")
    if sum(part.file_size for part in parts) > UNPACKED:
        raise _too_large()
    watch = _Watch()
    for part in parts:
        _inspect_part(archive, part, watch)


def _inspect_part(archive: ZipFile, part: ZipInfo, watch: _Watch) -> None:
    size = 0
    parser: XMLParserType | None = None
    must_parse = part.filename.lower().endswith((".xml", ".rels"))
    with archive.open(part) as source:
        while piece := source.read(_PIECE):
            if not size and (must_parse or piece.lstrip().startswith(_MARKUP)):
                parser = watch.parser()
            size += len(piece)
            watch.bytes += len(piece)
            if watch.bytes > UNPACKED or (size > _RATIO_FROM and size > RATIO * max(part.compress_size, 1)):
                raise _too_large()
            if parser is not None:
                parser = _feed(parser, piece, must_parse=must_parse)
    if parser is not None:
        _feed(parser, b"", must_parse=must_parse)


def _feed(parser: XMLParserType, piece: bytes, *, must_parse: bool) -> XMLParserType | None:
    """Let expat read a piece (the empty one ends it); markup that is no XML is left alone where none is needed."""
    try:
        parser.Parse(piece, not piece)
    except (ExpatError, ValueError, LookupError) as error:
        if must_parse:
            raise Refused.because("xlsform.file.damaged") from error
        return None
    return parser


class _Watch:
    """Counts what all parts of one workbook have together."""

    def __init__(self) -> None:
        self.bytes = 0
        self.elements = 0
        self.cells = 0

    def parser(self) -> XMLParserType:
        """A parser for the next part."""
        parser = ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._element
        return parser

    def _doctype(self, *_: object) -> None:
        raise Refused.because("xlsform.file.doctype")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > ELEMENTS:
            raise _too_large()
        local = name.rpartition(":")[2]
        if local == "row":
            self.cells = 0
            number = attributes.get("r", "1")
            if not number.isascii() or not number.isdigit() or len(number) > 7 or int(number) > ROWS:
                raise Refused.because("xlsform.file.damaged")
        elif local == "c":
            self.cells += 1
            if self.cells > CELLS:
                raise Refused.because("xlsform.file.damaged")


def _too_large() -> Refused:
    return Refused.because("xlsform.file.too_large", megabytes=UNPACKED // 1_000_000)
