"""A paper as a Word document to work on, right to left where its language is."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from consult.core.documents import wordstyles
from consult.core.exchange.safe import xml
from consult.privacy.papers import Paper, Section

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph


def write(paper: Paper) -> bytes:
    """The document, without any trace of who asked for it."""
    import docx  # noqa: PLC0415  # heavy, and only downloads need it

    writer = _Writer(docx.Document(), rtl=paper.direction == "rtl", locale=paper.locale)
    properties = writer.document.core_properties
    properties.title, properties.subject = xml(paper.title)[:255], xml(paper.subtitle)[:255]
    properties.language = paper.locale
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = dt.datetime.combine(paper.made_on, dt.time())
    writer.paragraph(paper.title, "Title")
    writer.paragraph(paper.subtitle, "Subtitle")
    writer.paragraph(paper.made_on.isoformat(), wordstyles.SMALL)
    for section in paper.sections:
        writer.section(section)
    buffer = io.BytesIO()
    writer.document.save(buffer)
    return buffer.getvalue()


class _Writer:
    def __init__(self, document: Document, *, rtl: bool, locale: str) -> None:
        self.document, self._rtl = document, rtl
        wordstyles.prepare(document, locale, rtl=rtl)

    def section(self, section: Section) -> None:
        """Its heading, its sentences, its table."""
        self.paragraph(section.heading, "Heading 2")
        for sentence in section.sentences:
            self.paragraph(sentence, "Normal")
        if section.rows:
            self._table([section.head, *section.rows] if section.head else section.rows, head=bool(section.head))

    def paragraph(self, text: str, style: str) -> None:
        """One paragraph."""
        self._fill(self.document.add_paragraph(style=style), text)

    def _table(self, rows: Sequence[tuple[str, ...]], *, head: bool) -> None:
        widths = [1, 2, 1][: len(rows[0])]
        table = self.document.add_table(rows=len(rows), cols=len(widths))
        wordstyles.rule(table, widths, head=head, rtl=self._rtl)
        for position, (row, texts) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
            for column, (cell, text) in enumerate(zip(row.tc_lst, texts, strict=True)):
                paragraph = wordstyles.paragraph_of(cell, self.document)
                paragraph.style = self.document.styles[wordstyles.CELL]
                self._fill(paragraph, text, bold=column == 0 or (head and position == 0))

    def _fill(self, paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
        if self._rtl:
            wordstyles.turn(paragraph)
        run = paragraph.add_run(xml(text))
        run.bold = run.font.cs_bold = bold or None
        if self._rtl:
            wordstyles.turn_run(run)
