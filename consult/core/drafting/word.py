"""Draft texts in Word files (.docx, ECMA-376): paragraphs by their styles, tables row by row.

What is read is what stands there once every tracked change is accepted: what was deleted is left out. Numbers that
Word makes itself, notes, text boxes and tables of contents are not part of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from zipfile import ZipFile

from lxml import etree

from consult.core.drafting.document import Kind
from consult.core.drafting.markdown import CELLS
from consult.core.drafting.matching import Found
from consult.core.errors import Problem, Refused
from consult.core.exchange import container

Element = Any
"""Of lxml, which tells no types."""
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED: Final = frozenset(
    {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "txbxContent", "sdtPr")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_LEVELS: Final = 6
_BODY: Final = 9
"""Level of the outline that is none."""
_INHERITED: Final = 20
"""Styles that one may be based on, in a row."""


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    level: int | None
    """Level of the outline, 0 the highest."""
    listed: bool


def read(data: bytes) -> list[Found]:
    """The blocks of a file. Refuses `drafting.file.*` where it is none or is not safe to open."""
    try:
        container.inspect(data, folder="word/")
    except Refused as refused:
        raise Refused(*(Problem(_CODES[one.code], one.params) for one in refused.problems)) from refused
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if "word/document.xml" not in names:
            raise Refused.because("drafting.file.unknown")
        document = _parsed(archive.read("word/document.xml"))
        styles = _styles(_parsed(archive.read("word/styles.xml"))) if "word/styles.xml" in names else {}
    body = document.find(f"{_W}body")
    return list(_blocks(body, styles)) if body is not None else []


_CODES: Final = {
    "xlsform.file.empty": "drafting.file.empty",
    "xlsform.file.encrypted": "drafting.file.encrypted",
    "xlsform.file.legacy": "drafting.file.legacy",
    "xlsform.file.not_a_workbook": "drafting.file.unknown",
    "xlsform.file.damaged": "drafting.file.damaged",
    "xlsform.file.doctype": "drafting.file.doctype",
    "xlsform.file.too_large": "drafting.file.too_large",
}
"""What is wrong with any file of Office, as it is said of texts."""


def _parsed(data: bytes) -> Element:
    """Parsed without entities, document types or the network; `inspect` has refused declarations already."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused.because("drafting.file.damaged") from error


def _styles(root: Element) -> dict[str, _Style]:
    found: dict[str, _Style] = {}
    for style in root.iter(f"{_W}style"):
        level = _number(style.find(f"{_W}pPr/{_W}outlineLvl"))
        found[style.get(f"{_W}styleId", "")] = _Style(
            name=_value(style.find(f"{_W}name")).casefold(),
            based_on=_value(style.find(f"{_W}basedOn")),
            level=level,
            listed=style.find(f"{_W}pPr/{_W}numPr") is not None,
        )
    return found


def _value(element: Element | None) -> str:
    return str(element.get(f"{_W}val", "")) if element is not None else ""


def _number(element: Element | None) -> int | None:
    text = _value(element)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _blocks(parent: Element, styles: dict[str, _Style]) -> Iterator[Found]:
    for child in parent:
        if child.tag == f"{_W}p":
            found = _paragraph(child, styles)
            if found is not None:
                yield found
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                yield Found(Kind.ROW, CELLS.join(_text(cell).strip() for cell in row.iterchildren(f"{_W}tc")))
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
            yield from _blocks(child, styles)


def _paragraph(element: Element, styles: dict[str, _Style]) -> Found | None:
    line = list(_line(_value(element.find(f"{_W}pPr/{_W}pStyle")), styles))
    names = [style.name for style in line]
    if any(name.startswith("toc ") for name in names):
        return None
    text = _text(element)
    own = _number(element.find(f"{_W}pPr/{_W}outlineLvl"))
    level = next((found for found in (own, *(style.level for style in line)) if found is not None), _BODY)
    if "title" in names or level < _BODY:
        return Found(Kind.HEADING, text, 1 if "title" in names else min(level + 1, _LEVELS))
    if any("quote" in name for name in names):
        return Found(Kind.QUOTE, text)
    numbering = element.find(f"{_W}pPr/{_W}numPr")
    if numbering is not None or any(style.listed or style.name.startswith("list ") for style in line):
        depth = _number(numbering.find(f"{_W}ilvl")) if numbering is not None else None
        named = next((int(name[-1]) for name in names if name.startswith("list ") and name[-1] in "23456789"), 1)
        return Found(Kind.ITEM, text, named if depth is None else depth + 1)
    return Found(Kind.PARAGRAPH, text)


def _line(style: str, styles: dict[str, _Style]) -> Iterator[_Style]:
    """A style and those that it is based on."""
    for _step in range(_INHERITED):
        if style not in styles:
            return
        yield styles[style]
        style = styles[style].based_on


def _text(element: Element) -> str:
    text = ""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}t":
            text += child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}cr"):
            text += " "
        elif child.tag == f"{_W}br":
            text += " " if child.get(f"{_W}type") else "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            text += "\u2011"
        elif isinstance(child.tag, str):
            text += _text(child) + (" " if child.tag == f"{_W}p" else "")
    return text
