"""The paper as a Word document: to write remarks into, or to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from consult.core.documents import wordstyles
from consult.core.documents.word import Word
from consult.questionnaires.paper.content import (
    Answer,
    Asked,
    Block,
    Boxes,
    Cells,
    Grid,
    Heading,
    Line,
    Lines,
    Paper,
    Table,
    Tone,
    Words,
)

_STYLES: Final = {
    Tone.TEXT: "Normal",
    Tone.HINT: wordstyles.SMALL,
    Tone.ROUTING: wordstyles.FINDING,
    Tone.RULE: wordstyles.BASE,
}
_ONE, _SEVERAL = "○", "☐"
_LINE: Final = "_" * 60
_FIGURE: Final = "__"


def write(paper: Paper) -> bytes:
    """The file."""
    writer = _Writer(paper)
    writer.front()
    for block in paper.blocks:
        writer.block(block)
    return writer.word.saved()


def plain(words: Words) -> str:
    """Words without the locale that they are in."""
    return words if isinstance(words, str) else words.text


class _Writer:
    """The document at hand."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self.word = Word(
            locale=paper.written,
            direction=paper.direction,
            title=plain(paper.title),
            subject=paper.subtitle,
            day=paper.day,
        )

    def front(self) -> None:
        """Front page and table of contents."""
        paper = self._paper
        if paper.mark:
            self.word.paragraph(paper.mark, style="Intense Quote")
        self.word.paragraph(plain(paper.title), style="Title")
        self.word.paragraph(paper.subtitle, style="Subtitle")
        self.word.rows([(label, plain(value)) for label, value in paper.facts], [1, 2], head=False)
        self.word.paragraph(paper.contents, style="TOC Heading")
        self.word.contents([(plain(one.text), one.level, one.anchor) for one in paper.chapters()])

    def block(self, block: Block) -> None:
        """One block, with everything in it."""
        if isinstance(block, Heading):
            self.word.mark(self.word.paragraph(plain(block.text), style=f"Heading {block.level}"), block.anchor)
        elif isinstance(block, Line):
            self._line(block)
        elif isinstance(block, Grid):
            self.word.rows([tuple(map(plain, row)) for row in block.rows], [1, 2], head=True)
        else:
            self._asked(block)

    def _line(self, line: Line) -> None:
        self.word.paragraph(plain(line.text), style=_STYLES[line.tone])

    def _asked(self, asked: Asked) -> None:
        routing = [line for line in asked.lines if line.tone is Tone.ROUTING]
        for line in routing:
            self._line(line)
        if asked.label:
            paragraph = self.word.paragraph(style="Normal")
            paragraph.paragraph_format.keep_with_next = asked.answer is not None or None
            number = f"{asked.number}. " if asked.number else ""
            self.word.run(paragraph, f"{number}{plain(asked.label)}", bold=asked.answer is not None)
        for line in asked.lines:
            if line.tone is not Tone.ROUTING:
                self._line(line)
        self._answer(asked.answer)

    def _answer(self, answer: Answer) -> None:
        from docx.shared import Pt  # noqa: PLC0415  # heavy, and only downloads need it

        if isinstance(answer, Boxes):
            box = _ONE if answer.one else _SEVERAL
            labels = [f"{box} {plain(label)}" for label in answer.labels]
            found = ["   ".join(labels)] if answer.short else labels
            for line in [*found, *([f"{box} {self._paper.other} {_LINE}"] if answer.other else [])]:
                self.word.paragraph(line).paragraph_format.space_after = Pt(2)
        elif isinstance(answer, Lines):
            for _number in range(answer.count):
                self.word.paragraph(_LINE)
        elif isinstance(answer, Cells):
            fields = (
                f"{name} {' '.join([_FIGURE] * size)}".strip()
                for name, size in zip(answer.names, answer.sizes, strict=True)
            )
            self.word.paragraph("     ".join(fields))
        elif isinstance(answer, Table):
            self._table(answer)

    def _table(self, table: Table) -> None:
        box = _ONE if table.one else _SEVERAL
        rows: list[Sequence[str]] = [("", *map(plain, table.heads))]
        for row in table.rows:
            words = [f"{row.number}. {plain(row.label)}" if row.number else plain(row.label)]
            words += [plain(line.text) for line in row.lines]
            rows.append(("\n".join(words), *[box] * len(table.heads)))
        self.word.rows(rows, [3, *[1] * len(table.heads)], head=True)
