"""ODS (OpenDocument 1.2): the workbook of a release. The content is written element by element, whatever its size."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

from lxml import etree

from consult.core.exchange import safe
from consult.results.content import Content
from consult.results.exports.sheets import Field, Line, Shape, Sheet, Style, book
from consult.results.exports.spool import put, spooled
from consult.results.presentation import Reader

MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
_PARTS: Final = ("content.xml", "styles.xml", "meta.xml")
_COLUMNS: Final = {"first": "9cm", "cover": "16cm", "other": "3.6cm"}
"""Widths of columns."""
_BOLD: Final = {"fo:font-weight": "bold", "style:font-weight-complex": "bold"}
"""Latin letters and those of Arabic and its like have properties of their own."""
_LOOKS: Final[dict[Style, dict[str, dict[str, str]]]] = {
    Style.TITLE: {"text": _BOLD | {"fo:font-size": "14pt", "style:font-size-complex": "14pt"}},
    Style.MARK: {"text": _BOLD | {"fo:color": "#9C0006"}},
    Style.HEAD: {
        "table-cell": {"fo:wrap-option": "wrap", "fo:border-bottom": "0.5pt solid #000000"},
        "text": _BOLD,
    },
    Style.WRAP: {"table-cell": {"fo:wrap-option": "wrap", "style:vertical-align": "top"}},
    Style.PLAIN: {},
    Style.COUNT: {},
    Style.SHARE: {},
}
_NUMBERS: Final = {
    Style.COUNT: {"number:decimal-places": "0", "number:min-integer-digits": "1", "number:grouping": "true"},
    Style.SHARE: {"number:decimal-places": "1", "number:min-integer-digits": "1"},
}


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The workbook, in chunks."""

    def fill(file: IO[bytes]) -> None:
        day = content.frozen_on
        with zipfile.ZipFile(file, "w") as archive:
            put(archive, "mimetype", [MEDIA_TYPE.encode()], day, packed=False)
            put(archive, "META-INF/manifest.xml", [_manifest()], day)
            put(archive, "styles.xml", [_styles(reader)], day)
            put(archive, "meta.xml", [_meta(day)], day)
            put(archive, "content.xml", spooled(lambda part: _content(part, content, hash_, reader)), day)

    return spooled(fill)


def _q(name: str) -> str:
    space, _, local = name.partition(":")
    return f"{{{_SPACES[space]}}}{local}"


def _qualified(attributes: dict[str, str]) -> dict[str, str]:
    return {_q(name): value for name, value in attributes.items()}


def _content(file: IO[bytes], content: Content, hash_: str, reader: Reader) -> None:
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        version = _qualified({"office:version": "1.2"})
        with xml.element(_q("office:document-content"), version, nsmap=_SPACES):
            xml.write(_automatic(rtl=reader.direction == "rtl"))
            with xml.element(_q("office:body")), xml.element(_q("office:spreadsheet")):
                for sheet in book(content, hash_, reader):
                    _sheet(xml, sheet)


def _sheet(xml: Any, sheet: Sheet) -> None:
    named = _qualified({"table:name": safe.xml(sheet.name), "table:style-name": "sheet"})
    with xml.element(_q("table:table"), named):
        second = "cover" if sheet.cover else "other"
        for style, repeated in (("first", 1), (second, 1), ("other", 40)):
            columns = {"table:style-name": style, "table:number-columns-repeated": str(repeated)}
            xml.write(etree.Element(_q("table:table-column"), _qualified(columns)))
        for line in sheet.lines:
            xml.write(_row(line))


def _row(line: Line) -> Any:
    row = etree.Element(_q("table:table-row"), _qualified({"table:style-name": "row"}))
    for field in line.fields or (Field(None, Style.PLAIN),):
        cell = etree.SubElement(row, _q("table:table-cell"), _qualified({"table:style-name": field.style.value}))
        if isinstance(field.value, str):
            cell.set(_q("office:value-type"), "string")
            for paragraph in safe.xml(field.value).split("\n"):
                etree.SubElement(cell, _q("text:p")).text = paragraph
        elif field.value is not None:
            cell.set(_q("office:value-type"), "float")
            cell.set(_q("office:value"), repr(field.value))
            etree.SubElement(cell, _q("text:p")).text = repr(field.value)
    if line.shape is Shape.PROSE:
        row[0].set(_q("table:number-columns-spanned"), "2")
        row[0].set(_q("table:number-rows-spanned"), "1")
        etree.SubElement(row, _q("table:covered-table-cell"))
    return row


def _automatic(*, rtl: bool) -> Any:
    found = etree.Element(_q("office:automatic-styles"))
    sheet = _style(found, "sheet", "table")
    etree.SubElement(sheet, _q("style:table-properties"), _qualified(_direction(rtl=rtl) | {"table:display": "true"}))
    row = _style(found, "row", "table-row")
    etree.SubElement(row, _q("style:table-row-properties"), _qualified({"style:use-optimal-row-height": "true"}))
    for name, width in _COLUMNS.items():
        column = _style(found, name, "table-column")
        etree.SubElement(column, _q("style:table-column-properties"), _qualified({"style:column-width": width}))
    for style, digits in _NUMBERS.items():
        number = etree.SubElement(found, _q("number:number-style"), _qualified({"style:name": f"{style}-number"}))
        etree.SubElement(number, _q("number:number"), _qualified(digits))
    for style, looks in _LOOKS.items():
        cell = _style(found, style, "table-cell")
        if style in _NUMBERS:
            cell.set(_q("style:data-style-name"), f"{style}-number")
        directed = {
            "table-cell": looks.get("table-cell", {}),
            "paragraph": _direction(rtl=rtl),
            "text": looks.get("text", {}),
        }
        for what, properties in directed.items():
            etree.SubElement(cell, _q(f"style:{what}-properties"), _qualified(properties))
    return found


def _direction(*, rtl: bool) -> dict[str, str]:
    return {"style:writing-mode": "rl-tb" if rtl else "lr-tb"}


def _style(parent: Any, name: str, family: str) -> Any:
    return etree.SubElement(parent, _q("style:style"), _qualified({"style:name": name, "style:family": family}))


def _styles(reader: Reader) -> bytes:
    """The style that every cell goes back to: the language of the reader."""
    root = etree.Element(_q("office:document-styles"), _qualified({"office:version": "1.2"}), nsmap=_SPACES)
    default = etree.SubElement(
        etree.SubElement(root, _q("office:styles")),
        _q("style:default-style"),
        _qualified({"style:family": "table-cell"}),
    )
    etree.SubElement(default, _q("style:text-properties"), _qualified({"fo:language": reader.locale}))
    return _bytes(root)


def _meta(day: str) -> bytes:
    root = etree.Element(_q("office:document-meta"), _qualified({"office:version": "1.2"}), nsmap=_SPACES)
    meta = etree.SubElement(root, _q("office:meta"))
    etree.SubElement(meta, _q("meta:creation-date")).text = day
    return _bytes(root)


def _manifest() -> bytes:
    root = etree.Element(_q("manifest:manifest"), _qualified({"manifest:version": "1.2"}), nsmap=_SPACES)
    for path, kind in (("/", MEDIA_TYPE), *((part, "text/xml") for part in _PARTS)):
        entry = {"manifest:full-path": path, "manifest:media-type": kind}
        etree.SubElement(root, _q("manifest:file-entry"), _qualified(entry))
    return _bytes(root)


def _bytes(root: Any) -> bytes:
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return found
