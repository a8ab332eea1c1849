"""DOCX: the report as a document to work on, right to left where the locale is; its charts are pictures with a text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from consult.core.documents import wordstyles
from consult.core.documents.word import Word
from consult.core.progress import Progress, Steps, unwatched
from consult.results.content import Content
from consult.results.exports import picture
from consult.results.presentation import Reader
from consult.results.report import Block, Bullets, Facts, Figure, Grid, Heading, Report, Text, chapters, report_of

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

_MILLIMETRES: Final = 0.28
"""Of paper, for a unit of a chart's view box."""
_SCALE: Final = 2.0
"""Pixels for it: 180 dots per inch."""
_TONES: Final = {"finding": wordstyles.FINDING, "base": wordstyles.BASE, "caveat": wordstyles.SMALL}


def write(
    content: Content, _frozen: bytes, hash_: str, reader: Reader, progress: Progress = unwatched
) -> Iterator[bytes]:
    """The report of a release."""
    return written(report_of(content, hash_, reader), reader, progress)


def written(report: Report, reader: Reader, progress: Progress = unwatched) -> Iterator[bytes]:
    """A report; its steps are the blocks."""
    writer = _Writer(report, reader)
    writer.fill(progress)
    yield writer.word.saved()


class _Writer:
    """The document at hand, and the report that it is filled with."""

    def __init__(self, report: Report, reader: Reader) -> None:
        self._report, self._reader = report, reader
        self.word = Word(
            locale=report.locale,
            direction=report.direction,
            title=report.title,
            subject=report.subtitle,
            day=report.frozen_on,
        )

    def fill(self, progress: Progress) -> None:
        """Front page, table of contents, the blocks of the report."""
        report, steps = self._report, Steps(progress, len(self._report.blocks))
        if report.mark:
            self.word.paragraph(report.mark, style="Intense Quote")
        self.word.paragraph(report.title, style="Title")
        self.word.paragraph(report.subtitle, style="Subtitle")
        self._facts(report.facts)
        self.word.paragraph(report.contents, style="TOC Heading")
        self.word.contents([(one.text, one.level, one.anchor) for one in chapters(report.blocks)])
        for block in report.blocks:
            self._block(block)
            steps.step()

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.word.mark(self.word.paragraph(block.text, style=f"Heading {block.level}"), block.anchor)
        elif isinstance(block, Text):
            self.word.paragraph(block.text, style=_TONES.get(block.tone, "Normal"))
        elif isinstance(block, Bullets):
            for line in block.lines:
                self.word.paragraph(line, style="List Bullet")
        elif isinstance(block, Facts):
            self._facts(block.rows)
        elif isinstance(block, Figure):
            self._figure(block)
        else:
            self._grid(block)

    def _figure(self, figure: Figure) -> None:
        from docx.shared import Mm  # noqa: PLC0415  # heavy, and only downloads need it

        drawn = io.BytesIO(picture.png(figure.chart, figure.title, self._reader, scale=_SCALE))
        self.word.document.add_picture(drawn, width=Mm(figure.chart.width * _MILLIMETRES))
        paragraph = self.word.document.paragraphs[-1]
        self.word.direct(paragraph)
        wordstyles.describe(paragraph, figure.title, figure.chart.description)

    def _facts(self, rows: Sequence[tuple[str, str]]) -> None:
        self.word.rows(rows, [1, 2], head=False)

    def _grid(self, grid: Grid) -> None:
        columns = len(grid.heads)
        first = 3 if columns <= 3 else 2

        def at(paragraph: Paragraph, _row: int, column: int) -> None:
            if column and not grid.wordy:
                wordstyles.align_to_end(paragraph)

        self.word.rows([grid.heads, *grid.rows], [first, *[1 + grid.wordy] * (columns - 1)], head=True, at=at)
