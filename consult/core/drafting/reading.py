"""Files of draft texts: Markdown or Word, read into blocks that can be kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from consult.core.drafting import markdown, word
from consult.core.drafting.document import Draft
from consult.core.drafting.matching import Found
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.text import clean

BYTES: Final = 5_000_000
"""Bytes that a file may have."""
BLOCKS: Final = 2_000
"""Blocks that a text may have."""
CHARACTERS: Final = 5_000
"""Characters that a block may have."""
_SPACE: Final = re.compile("[ \t]+")


def read(data: bytes, filename: str) -> list[Found]:
    """The blocks of a file (`.md`, `.markdown`, `.txt` or `.docx`), clean and without the empty ones.

    Refuses what is empty, too large, neither of the two or not safe to open (`drafting.file.*`), and texts without
    words or with too many (`drafting.text.*`).
    """
    name = filename.casefold()
    if not data:
        raise Refused.because("drafting.file.empty")
    if len(data) > BYTES:
        raise Refused.because("drafting.file.too_large", megabytes=BYTES // 1_000_000)
    if name.endswith((".md", ".markdown", ".txt")):
        found = markdown.read(data)
    elif name.endswith(".docx"):
        found = word.read(data)
    else:
        raise Refused.because("drafting.file.unknown")
    return checked([replace(one, text=tidy(one.text)) for one in found])


def tidy(text: str) -> str:
    """A block's text as it is kept: clean, one space between words, line breaks where the author set them."""
    lines = (_SPACE.sub(" ", line).strip(" ") for line in clean(text).strip().split("\n"))
    return "\n".join(line for line in lines if line)


def checked(found: Sequence[Found]) -> list[Found]:
    """Blocks that are not empty; refuses `drafting.text.empty`, `drafting.text.blocks` and `drafting.text.long`."""
    kept = [one for one in found if one.text.strip(" |")]
    if not kept:
        raise Refused.because("drafting.text.empty")
    if len(kept) > BLOCKS:
        raise Refused.because("drafting.text.blocks", most=BLOCKS)
    refuse_if_any(
        Problem("drafting.text.long", {"begins": one.text[:60], "longest": CHARACTERS}, Place(row=at))
        for at, one in enumerate(kept, start=1)
        if len(one.text) > CHARACTERS
    )
    return kept


def translated(draft: Draft, found: Sequence[Found], locale: str) -> Draft:
    """The same text with the words of a file in another locale, block by block.

    Refuses `drafting.translation.count` and `drafting.translation.kind` where it is not built as the text is.
    """
    if len(found) != len(draft.blocks):
        raise Refused.because("drafting.translation.count", found=len(found), wanted=len(draft.blocks))
    for block, one in zip(draft.blocks, found, strict=True):
        if block.kind is not one.kind:
            raise Refused.because("drafting.translation.kind", begins=one.text[:60], source=draft.text(block)[:60])
    return draft.with_blocks(
        {
            block.id: replace(block, words=block.words.with_text(locale, one.text))
            for block, one in zip(draft.blocks, found, strict=True)
        }
    )
