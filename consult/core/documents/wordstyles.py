"""How a Word document looks and runs: page, styles, languages, rules of tables, fields, links, directions.

python-docx has no words for most of it; what it lacks is written as WordprocessingML (ECMA-376, part 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from consult.core.exchange.safe import xml

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

FONT: Final = "Noto Sans"
FONTS: Final = {"ar": "Noto Sans Arabic"}
CELL: Final = "No Spacing"
"""Style of the paragraphs in tables."""
FINDING: Final = "Finding"
BASE: Final = "Base"
SMALL: Final = "Small print"
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 20
"""Of the page, in millimetres: A4."""
_INK, _MUTED, _DEEP = "14212B", "46555D", "083F48"
_SIZES: Final = {
    "Normal": (10.5, _INK),
    CELL: (9.0, _INK),
    FINDING: (10.5, _INK),
    BASE: (9.0, _MUTED),
    SMALL: (9.0, _MUTED),
    "List Bullet": (10.5, _INK),
    "Title": (28.0, _DEEP),
    "Subtitle": (15.0, _INK),
    "Heading 1": (20.0, _DEEP),
    "Heading 2": (13.0, _INK),
    "Heading 3": (11.0, _INK),
    "TOC Heading": (20.0, _DEEP),
    "TOC 1": (10.5, _INK),
    "TOC 2": (10.5, _INK),
    "Intense Quote": (10.5, _DEEP),
    "Footer": (9.0, _MUTED),
}
"""Points and colour of every style that is used."""
_BOLD: Final = (FINDING, "Title", "Heading 1", "Heading 2", "Heading 3", "TOC Heading", "TOC 1", "Intense Quote")


def prepare(document: Document, locale: str, *, rtl: bool) -> None:
    """Page, page numbers, styles and language of an empty document."""
    from docx.shared import Mm  # noqa: PLC0415  # heavy, and only downloads need it

    page = document.sections[0]
    page.page_width, page.page_height = Mm(_WIDTH), Mm(_HEIGHT)
    page.left_margin = page.right_margin = Mm(_MARGIN)
    if rtl:
        page._sectPr.append(_element("bidi"))
    page.different_first_page_header_footer = True
    footer = page.footer.paragraphs[0]
    footer.alignment = 1
    begin_field(footer, "PAGE")
    end_field(footer)
    for name, (points, colour) in _SIZES.items():
        _style(document, name, points, colour, locale, rtl=rtl)
    document.styles["Heading 1"].paragraph_format.page_break_before = True
    document.styles["TOC Heading"].paragraph_format.page_break_before = True
    document.styles["TOC 2"].paragraph_format.left_indent = Mm(5)
    for name in (FINDING, BASE):
        document.styles[name].paragraph_format.keep_with_next = True


def _style(document: Document, name: str, points: float, colour: str, locale: str, *, rtl: bool) -> None:
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  # heavy, and only downloads need it
    from docx.shared import Pt, RGBColor  # noqa: PLC0415  # likewise

    known = {style.name for style in document.styles}
    style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name not in known:
        style.base_style = document.styles["Normal"]
        style.paragraph_format.space_after = Pt(3)
    style.font.size, style.font.color.rgb = Pt(points), RGBColor.from_string(colour)
    style.font.bold, style.font.italic = name in _BOLD, False
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(_name(theme), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(_name(script), FONTS.get(locale, FONT))
    # Arabic letters hang together: nothing may stand between them. Lines beside titles are left to space.
    for tag in ("spacing", "kern", "caps"):
        for old in properties.findall(_name(tag)):
            properties.remove(old)
    for old in style.element.get_or_add_pPr().findall(_name("pBdr")):
        style.element.pPr.remove(old)
    # Letters of scripts that run from right to left have sizes and weights of their own.
    for tag in ("szCs", "bCs", "iCs", "lang"):
        for old in properties.findall(_name(tag)):
            properties.remove(old)
    properties.find(_name("sz")).addnext(_element("szCs", val=f"{2 * points:.0f}"))
    properties.find(_name("b")).addnext(_element("bCs", val="1" if name in _BOLD else "0"))
    properties.append(_element("lang", **({"bidi": locale} if rtl else {"val": locale})))


def rule(table: WordTable, widths: Sequence[int], *, head: bool, rtl: bool) -> None:
    """Hairlines between the rows of a table, a head that is repeated on every page, rows that stay in one piece."""
    from docx.shared import Length, Mm  # noqa: PLC0415  # heavy, and only downloads need it

    properties = table._tbl.tblPr
    table.autofit = False
    if rtl:
        properties.insert(1, _element("bidiVisual"))  # after the style, as the schema wants
    borders = _element("tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(side, val="single", sz="4", space="0", color="CBD7DA"))
    properties.find(_name("tblLayout")).addprevious(borders)
    properties.find(_name("tblLook")).set(_name("firstRow"), "1" if head else "0")
    whole = int(Mm(_WIDTH - 2 * _MARGIN))
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Length(whole * width // sum(widths))
    for position, row in enumerate(table._tbl.tr_lst):
        for cell, column in zip(row.tc_lst, table._tbl.tblGrid.gridCol_lst, strict=True):
            cell.width = Length(column.w or 0)
        row.get_or_add_trPr().append(_element("cantSplit"))
        if head and position == 0:
            row.get_or_add_trPr().append(_element("tblHeader"))


def paragraph_of(cell: Any, document: Document) -> Paragraph:
    """The paragraph that a new cell has."""
    from docx.text.paragraph import Paragraph  # noqa: PLC0415  # heavy, and only downloads need it

    return Paragraph(cell.p_lst[0], document._body)


def align_to_end(paragraph: Paragraph) -> None:
    """Numbers stand at the end of their column."""
    paragraph._p.get_or_add_pPr().append(_element("jc", val="end"))


def turn(paragraph: Paragraph) -> None:
    """Let a paragraph run from right to left."""
    properties = paragraph._p.get_or_add_pPr()
    alignment = properties.find(_name("jc"))
    if alignment is None:
        properties.append(_element("bidi"))
    else:
        alignment.addprevious(_element("bidi"))


def turn_run(run: Run) -> None:
    """Let the letters of a run go from right to left."""
    run._r.get_or_add_rPr().append(_element("rtl"))


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field that is reckoned anew when the document is opened; what follows is what it says until then."""
    for child in (
        _element("fldChar", fldCharType="begin", dirty="true"),
        None,
        _element("fldChar", fldCharType="separate"),
    ):
        run = paragraph.add_run()
        if child is None:
            child = _element("instrText")
            child.text = f" {instruction} "
            child.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run._r.append(child)


def end_field(paragraph: Paragraph) -> None:
    """End a field."""
    paragraph.add_run()._r.append(_element("fldChar", fldCharType="end"))


def contents(level: int) -> str:
    """Style of an entry of the table of contents."""
    return f"TOC {level}"


def link(paragraph: Paragraph, anchor: str) -> Any:
    """A link to a bookmark, to put runs into."""
    made = _element("hyperlink", anchor=_short(anchor), history="1")
    paragraph._p.append(made)
    return made


def bookmark(paragraph: Paragraph, anchor: str, number: int) -> None:
    """Give a heading a name that links lead to."""
    start = _element("bookmarkStart", id=str(number), name=_short(anchor))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(_element("bookmarkEnd", id=str(number)))


def describe(paragraph: Paragraph, title: str, description: str) -> None:
    """Say what a picture shows to those who do not see it."""
    from docx.oxml.ns import qn  # noqa: PLC0415  # heavy, and only downloads need it

    for properties in paragraph._p.iter(qn("wp:docPr")):
        properties.set("title", xml(title))
        properties.set("descr", xml(description))


def _short(anchor: str) -> str:
    """Bookmarks have at most 40 letters, digits and underscores, which is less than addresses have."""
    return f"b{hashlib.sha256(anchor.encode()).hexdigest()[:16]}"


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415  # heavy, and only downloads need it

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(_name(name), value)
    return made


def _name(tag: str) -> str:
    from docx.oxml.ns import qn  # noqa: PLC0415  # heavy, and only downloads need it

    return str(qn(f"w:{tag}"))
