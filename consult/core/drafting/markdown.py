"""Draft texts in Markdown (CommonMark with tables): what it marks becomes kinds of blocks, the rest plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from consult.core.drafting.document import Kind
from consult.core.drafting.matching import Found
from consult.core.errors import Refused

CELLS = " | "
"""Stands between the cells of a row."""


def read(data: bytes) -> list[Found]:
    """The blocks of a file. Refuses `drafting.file.encoding` where it is not UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused.because("drafting.file.encoding") from error
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 50}).enable("table")
    return list(_blocks(parser.parse(text)))


def _blocks(parsed: Sequence[Token]) -> Iterator[Found]:
    quoted, depth, marker, row = 0, 0, "", list[str]()
    for at, token in enumerate(parsed):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else " "
        elif token.type in ("blockquote_open", "blockquote_close"):
            quoted += token.nesting
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Found(Kind.ROW, CELLS.join(row))
        elif token.type in ("fence", "code_block"):
            yield Found(Kind.PARAGRAPH, token.content)
        elif token.type == "inline":
            text, opening = _plain(token.children or ()), parsed[at - 1]
            if opening.type in ("th_open", "td_open"):
                row.append(text)
            elif opening.type == "heading_open":
                yield Found(Kind.HEADING, text, int(opening.tag[1:]))
            elif marker:
                yield Found(Kind.ITEM, marker.lstrip() + text, depth)
                marker = ""
            else:
                yield Found(Kind.QUOTE if quoted else Kind.PARAGRAPH, text)


def _plain(parts: Sequence[Token]) -> str:
    """What a reader reads of a line: no marks, no addresses."""
    text = ""
    for part in parts:
        if part.type in ("text", "code_inline", "image"):
            text += part.content
        elif part.type == "softbreak":
            text += " "
        elif part.type == "hardbreak":
            text += "\n"
    return text
