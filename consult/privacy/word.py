"""A paper as a Word document to work on, right to left where its language is."""

from __future__ import annotations

from consult.core.documents import wordstyles
from consult.core.documents.word import Word
from consult.privacy.papers import Paper


def write(paper: Paper) -> bytes:
    """The document, without any trace of who asked for it."""
    word = Word(
        locale=paper.locale,
        direction=paper.direction,
        title=paper.title,
        subject=paper.subtitle,
        day=paper.made_on,
    )
    word.paragraph(paper.title, style="Title")
    word.paragraph(paper.subtitle, style="Subtitle")
    word.paragraph(paper.made_on.isoformat(), style=wordstyles.SMALL)
    for section in paper.sections:
        word.paragraph(section.heading, style="Heading 2")
        for sentence in section.sentences:
            word.paragraph(sentence)
        if section.rows:
            rows = [section.head, *section.rows] if section.head else section.rows
            word.rows(rows, [1, 2, 1][: len(rows[0])], head=bool(section.head))
    return word.saved()
