"""DOCX: a plain report by theme, with method, caveats and bases; right to left where the locale is."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from consult.results import method
from consult.results.content import Content
from consult.results.presentation import Item, Line, Reader, Shown, by_theme, summary_values

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

_FONT: Final = "Noto Sans"
_FONTS: Final = {"ar": "Noto Sans Arabic"}
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 20
"""Of the page, in millimetres: A4."""
_CELL: Final = "No Spacing"
"""Style of the paragraphs in tables."""
_CELL_SIZE: Final = 9
"""Points."""
_ABREAST: Final = 5
"""Groups side by side on a page; a table with more of them goes on below."""
_MOST_GROUPS: Final = 12
"""A table with more groups is left to the spreadsheet."""


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The report."""
    import docx  # noqa: PLC0415  # heavy, and only downloads need it

    buffer = io.BytesIO()
    report = _Report(docx.Document(), reader)
    report.fill(content, hash_)
    report.document.save(buffer)
    yield buffer.getvalue()


class _Report:
    """The document at hand, and the direction of everything in it."""

    def __init__(self, document: Document, reader: Reader) -> None:
        self.document, self._reader = document, reader
        self._rtl = reader.direction == "rtl"
        self._cell_style = document.styles[_CELL].style_id
        self._prepare_page()
        self._prepare_styles()

    def fill(self, content: Content, hash_: str) -> None:
        """Title, facts, caveats, the themes with their questions, method."""
        _ = self._reader.words
        title = self._reader.text(content.process_title, content.source)
        properties = self.document.core_properties
        properties.title, properties.language = title, self._reader.locale
        properties.author = properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = dt.datetime.fromisoformat(content.frozen_on)
        self._paragraph(title, style="Title")
        if content.synthetic:
            self._paragraph(method.synthetic_mark(self._reader), style="Intense Quote")
        self._rows([[label, value] for label, value in method.facts(content, hash_, self._reader)])
        self._list(_("Caveats"), method.caveats(self._reader, content))
        for heading, found in by_theme(content, self._reader):
            self._paragraph(heading, style="Heading 1")
            for item in found:
                self._question(item)
        self._list(_("Method"), method.paragraphs(content, self._reader))
        for dataset in content.datasets:
            self._paragraph(self._reader.text(dataset.title, dataset.source), style="Heading 2")
            for line in (*method.weighting(dataset, self._reader), *method.editions(dataset, self._reader)):
                self._paragraph(line)

    def _question(self, item: Item) -> None:
        self._paragraph(item.label, style="Heading 2")
        self._paragraph(method.base_sentence(item, self._reader))
        if found := summary_values(item.one_way.table.summary, self._reader):
            self._rows([[label, self._reader.number(value)] for label, value in found])
        for shown in (item.one_way, *item.crossed):
            if not shown.table.withheld:
                self._table(shown)

    def _table(self, shown: Shown) -> None:
        _ = self._reader.words
        if shown.by:
            self._paragraph(_("By: %(variable)s") % {"variable": shown.by}, style="Heading 3")
        if len(shown.groups) > _MOST_GROUPS:
            self._paragraph(_("Groups: %(number)s. See the spreadsheet.") % {"number": len(shown.groups)})
            return
        for start in range(0, len(shown.groups), _ABREAST):
            part = range(start, min(start + _ABREAST, len(shown.groups)))
            heads = [shown.groups[index] for index in part] if shown.by else [_("Count and per cent")]
            rows = [[line.label, *(self._cell(line, i) for i in part)] for line in shown.lines]
            self._rows([["", *heads], *rows], head=True)
        notes = [_("Percentages: %(basis)s.") % {"basis": shown.basis}]
        self._paragraph(" ".join([*notes, method.hidden_sentence(shown.table, self._reader)]).strip())

    def _cell(self, line: Line, group: int) -> str:
        _ = self._reader.words
        count, share = line.counts[group], line.shares[group]
        if count is None:
            return _("hidden")
        number = self._reader.number(count)
        beside = line.weighted[group] if len(line.weighted) == len(line.counts) else None
        weighted = f"; {_('weighted')} {self._reader.weighted(beside)}" if beside else ""
        return number if share is None else f"{number}\u00a0({self._reader.percent(share)}{weighted})"

    def _list(self, heading: str, lines: Sequence[str]) -> None:
        self._paragraph(heading, style="Heading 1")
        for line in lines:
            self._paragraph(line)

    def _rows(self, rows: Sequence[Sequence[str]], *, head: bool = False) -> None:
        from docx.oxml import OxmlElement  # noqa: PLC0415  # heavy, and only downloads need it
        from docx.oxml.ns import qn  # noqa: PLC0415  # heavy, and only downloads need it

        table: WordTable = self.document.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
        table.autofit = False
        for column, width in zip(table.columns, self._widths(len(rows[0])), strict=True):
            column.width = width
        for position, texts in enumerate(rows):
            row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx leaves it untyped
            for cell, text in zip(row.cells, texts, strict=True):
                cell.paragraphs[0]._p.style = self._cell_style
                self._turn(cell.paragraphs[0], text, bold=head and position == 0)
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if head and position == 0:
                properties.append(OxmlElement("w:tblHeader"))  # repeated on every page
        table._tbl.tblPr.find(qn("w:tblLook")).set(qn("w:firstRow"), "1" if head else "0")
        if self._rtl:
            table._tbl.tblPr.insert(1, OxmlElement("w:bidiVisual"))  # after the style, as the schema wants
        self.document.add_paragraph()

    def _widths(self, columns: int) -> list[int]:
        """A column of labels beside several is twice as wide as each of them."""
        from docx.shared import Mm  # noqa: PLC0415  # heavy, and only downloads need it

        parts = [2 if columns > 2 else 1, *[1] * (columns - 1)]
        return [Mm(_WIDTH - 2 * _MARGIN) * part // sum(parts) for part in parts]

    def _paragraph(self, text: str, *, style: str = "Normal") -> None:
        self._turn(self.document.add_paragraph(style=style), text)

    def _turn(self, paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
        """Fill a paragraph and give it the direction of the report."""
        from docx.oxml import OxmlElement  # noqa: PLC0415  # heavy, and only downloads need it

        run = paragraph.add_run(text)
        run.bold = run.font.cs_bold = bold or None
        if self._rtl:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))

    def _prepare_page(self) -> None:
        from docx.shared import Mm  # noqa: PLC0415  # heavy, and only downloads need it

        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(_WIDTH), Mm(_HEIGHT)
        page.left_margin = page.right_margin = Mm(_MARGIN)

    def _prepare_styles(self) -> None:
        from docx.oxml import OxmlElement  # noqa: PLC0415  # heavy, and only downloads need it
        from docx.oxml.ns import qn  # noqa: PLC0415  # heavy, and only downloads need it
        from docx.shared import Pt  # noqa: PLC0415  # heavy, and only downloads need it

        font = _FONTS.get(self._reader.locale, _FONT)
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "Intense Quote", _CELL):
            properties = self.document.styles[name].element.get_or_add_rPr()
            fonts = properties.get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{script}"), font)
            language = OxmlElement("w:lang")
            language.set(qn("w:bidi" if self._rtl else "w:val"), self._reader.locale)
            properties.append(language)
        self.document.styles[_CELL].font.size = Pt(_CELL_SIZE)
        size = OxmlElement("w:szCs")  # the size of Arabic script
        size.set(qn("w:val"), str(2 * _CELL_SIZE))
        self.document.styles[_CELL].element.rPr.find(qn("w:sz")).addnext(size)
