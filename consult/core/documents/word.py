"""Word documents, in the direction of their language: paragraphs, tables, names for links."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from consult.core.documents import wordstyles
from consult.core.exchange.safe import xml
from consult.core.text import Direction

if TYPE_CHECKING:
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph


class Word:
    """An empty document, to be filled from its beginning to its end. It says nothing of who made it."""

    def __init__(self, *, locale: str, direction: Direction, title: str, subject: str, day: dt.date) -> None:
        import docx  # noqa: PLC0415  # heavy, and only downloads need it

        self.document = docx.Document()
        self.rtl = direction == "rtl"
        self._marks = 0
        wordstyles.prepare(self.document, locale, rtl=self.rtl)
        self._cell_style = self.document.styles[wordstyles.CELL].style_id
        properties = self.document.core_properties
        properties.title, properties.subject, properties.language = xml(title)[:255], xml(subject)[:255], locale
        properties.author = properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = dt.datetime.combine(day, dt.time())

    def saved(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()

    def paragraph(self, text: str = "", *, style: str = "Normal", bold: bool = False) -> Paragraph:
        """One paragraph, to be gone on with by `run`."""
        paragraph = self.document.add_paragraph(style=style)
        self.direct(paragraph)
        if text:
            self.run(paragraph, text, bold=bold)
        return paragraph

    def rows(
        self,
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        *,
        head: bool,
        at: Callable[[Paragraph, int, int], object] = lambda _paragraph, _row, _column: None,
    ) -> None:
        """A table. `at` is told each paragraph with its row and column before its text is put into it."""
        table: WordTable = self.document.add_table(rows=len(rows), cols=len(widths))
        wordstyles.rule(table, widths, head=head, rtl=self.rtl)
        # The cells of a table are looked for anew each time python-docx is asked for one: rows are walked instead.
        for position, (row, texts) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
            for column, (cell, text) in enumerate(zip(row.tc_lst, texts, strict=True)):
                paragraph = wordstyles.paragraph_of(cell, self.document)
                paragraph._p.style = self._cell_style
                at(paragraph, position, column)
                self.direct(paragraph)
                paragraph.paragraph_format.keep_with_next = (head and position == 0) or None
                self.run(paragraph, text, bold=head and position == 0)
        self.document.add_paragraph(style=wordstyles.SMALL)

    def contents(self, listed: Sequence[tuple[str, int, str]]) -> None:
        """A field that Word fills with page numbers when the document is opened; until then, links to the headings,
        given by their words, levels and names."""
        first, last = 0, len(listed) - 1
        for position, (words, level, anchor) in enumerate(listed):
            paragraph = self.paragraph(style=wordstyles.contents(level))
            if position == first:
                wordstyles.begin_field(paragraph, 'TOC \\o "1-2" \\h \\z \\u')
            self.run(paragraph, words, into=wordstyles.link(paragraph, anchor))
            if position == last:
                wordstyles.end_field(paragraph)

    def mark(self, paragraph: Paragraph, anchor: str) -> None:
        """Give a heading a name that links lead to."""
        self._marks += 1
        wordstyles.bookmark(paragraph, anchor, self._marks)

    def direct(self, paragraph: Paragraph) -> None:
        """Let a paragraph run as its language does."""
        if self.rtl:
            wordstyles.turn(paragraph)

    def run(self, paragraph: Paragraph, text: str, *, bold: bool = False, into: object = None) -> None:
        """Go on with a paragraph; `into`: a link in it."""
        run = paragraph.add_run(xml(text))
        run.bold = run.font.cs_bold = bold or None
        if self.rtl:
            wordstyles.turn_run(run)
        if into is not None:
            into.append(run._r)  # type: ignore[attr-defined]  # an element of lxml
