"""DOCX: the report as a document to work on, right to left where the locale is; its charts are pictures with a text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from consult.core.documents import wordstyles
from consult.core.exchange.safe import xml
from consult.core.progress import Progress, Steps, unwatched
from consult.results.content import Content
from consult.results.exports import picture
from consult.results.presentation import Reader
from consult.results.report import Block, Bullets, Facts, Figure, Grid, Heading, Report, Text, chapters, report_of

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph

_MILLIMETRES: Final = 0.28
"""Of paper, for a unit of a chart's view box."""
_SCALE: Final = 2.0
"""Pixels for it: 180 dots per inch."""
_TONES: Final = {"finding": wordstyles.FINDING, "base": wordstyles.BASE, "caveat": wordstyles.SMALL}


def write(
    content: Content, _frozen: bytes, hash_: str, reader: Reader, progress: Progress = unwatched
) -> Iterator[bytes]:
    """The report; its steps are the blocks."""
    import docx  # noqa: PLC0415  # heavy, and only downloads need it

    buffer = io.BytesIO()
    writer = _Writer(docx.Document(), reader)
    writer.fill(report_of(content, hash_, reader), progress)
    writer.document.save(buffer)
    yield buffer.getvalue()


class _Writer:
    """The document at hand, and the direction of everything in it."""

    def __init__(self, document: Document, reader: Reader) -> None:
        self.document, self._reader = document, reader
        self._rtl = reader.direction == "rtl"
        self._marks = 0
        wordstyles.prepare(document, reader.locale, rtl=self._rtl)
        self._cell_style = document.styles[wordstyles.CELL].style_id

    def fill(self, report: Report, progress: Progress) -> None:
        """Front page, table of contents, the blocks of the report."""
        steps = Steps(progress, len(report.blocks))
        properties = self.document.core_properties
        properties.title, properties.subject = xml(report.title)[:255], xml(report.subtitle)[:255]
        properties.language = report.locale
        properties.author = properties.comments = properties.last_modified_by = ""
        properties.created = properties.modified = dt.datetime.combine(report.frozen_on, dt.time())
        if report.mark:
            self._paragraph(report.mark, style="Intense Quote")
        self._paragraph(report.title, style="Title")
        self._paragraph(report.subtitle, style="Subtitle")
        self._facts(report.facts)
        self._paragraph(report.contents, style="TOC Heading")
        self._contents(chapters(report.blocks))
        for block in report.blocks:
            self._block(block)
            steps.step()

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._mark(self._paragraph(block.text, style=f"Heading {block.level}"), block.anchor)
        elif isinstance(block, Text):
            self._paragraph(block.text, style=_TONES.get(block.tone, "Normal"))
        elif isinstance(block, Bullets):
            for line in block.lines:
                self._paragraph(line, style="List Bullet")
        elif isinstance(block, Facts):
            self._facts(block.rows)
        elif isinstance(block, Figure):
            self._figure(block)
        else:
            self._grid(block)

    def _contents(self, listed: Sequence[Heading]) -> None:
        """A field that Word fills with page numbers when the document is opened; until then, links to the headings."""
        first, last = 0, len(listed) - 1
        for position, heading in enumerate(listed):
            paragraph = self.document.add_paragraph(style=wordstyles.contents(heading.level))
            self._direct(paragraph)
            if position == first:
                wordstyles.begin_field(paragraph, 'TOC \\o "1-2" \\h \\z \\u')
            link = wordstyles.link(paragraph, heading.anchor)
            self._run(paragraph, heading.text, into=link)
            if position == last:
                wordstyles.end_field(paragraph)

    def _figure(self, figure: Figure) -> None:
        from docx.shared import Mm  # noqa: PLC0415  # heavy, and only downloads need it

        drawn = io.BytesIO(picture.png(figure.chart, figure.title, self._reader, scale=_SCALE))
        self.document.add_picture(drawn, width=Mm(figure.chart.width * _MILLIMETRES))
        paragraph = self.document.paragraphs[-1]
        self._direct(paragraph)
        wordstyles.describe(paragraph, figure.title, figure.chart.description)

    def _facts(self, rows: Sequence[tuple[str, str]]) -> None:
        self._rows(rows, [1, 2], head=False)

    def _grid(self, grid: Grid) -> None:
        columns = len(grid.heads)
        first = 3 if columns <= 3 else 2
        self._rows(
            [grid.heads, *grid.rows], [first, *[1 + grid.wordy] * (columns - 1)], head=True, numeric=not grid.wordy
        )

    def _rows(self, rows: Sequence[Sequence[str]], widths: Sequence[int], *, head: bool, numeric: bool = False) -> None:
        table: WordTable = self.document.add_table(rows=len(rows), cols=len(widths))
        wordstyles.rule(table, widths, head=head, rtl=self._rtl)
        # The cells of a table are looked for anew each time python-docx is asked for one: rows are walked instead.
        for position, (row, texts) in enumerate(zip(table._tbl.tr_lst, rows, strict=True)):
            for column, (cell, text) in enumerate(zip(row.tc_lst, texts, strict=True)):
                paragraph = wordstyles.paragraph_of(cell, self.document)
                paragraph._p.style = self._cell_style
                if numeric and column:
                    wordstyles.align_to_end(paragraph)
                self._direct(paragraph)
                paragraph.paragraph_format.keep_with_next = (head and position == 0) or None
                self._run(paragraph, text, bold=head and position == 0)
        self.document.add_paragraph(style=wordstyles.SMALL)

    def _paragraph(self, text: str, *, style: str) -> Paragraph:
        paragraph = self.document.add_paragraph(style=style)
        self._direct(paragraph)
        self._run(paragraph, text)
        return paragraph

    def _mark(self, paragraph: Paragraph, anchor: str) -> None:
        self._marks += 1
        wordstyles.bookmark(paragraph, anchor, self._marks)

    def _direct(self, paragraph: Paragraph) -> None:
        if self._rtl:
            wordstyles.turn(paragraph)

    def _run(self, paragraph: Paragraph, text: str, *, bold: bool = False, into: object = None) -> None:
        run = paragraph.add_run(xml(text))
        run.bold = run.font.cs_bold = bold or None
        if self._rtl:
            wordstyles.turn_run(run)
        if into is not None:
            into.append(run._r)  # type: ignore[attr-defined]  # an element of lxml
