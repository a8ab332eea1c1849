"""A draft text: blocks in their order, each with an id that it keeps from version to version; canonical JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

import msgspec

from consult.core.errors import Refused
from consult.core.text import LocalisedText, plain

SCHEMA_VERSION: Final = 1


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """An item of a list."""
    QUOTE = "quote"
    ROW = "row"
    """A row of a table, its cells beside one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a text that can be commented on."""

    id: str
    kind: Kind
    words: LocalisedText
    level: int = 0
    """Of a heading 1 to 6; of an item how deep its list stands, from 1."""
    theme: str = ""
    """Code of a theme of the process."""
    origins: tuple[str, ...] = ()
    """Ids, besides its own, of blocks of earlier versions that it was split from or that were merged into it."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text in its source locale, with translations."""

    source: str
    blocks: tuple[Block, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Block]:
        """The blocks by their ids."""
        return {block.id: block for block in self.blocks}

    def text(self, block: Block) -> str:
        """What a block says in the source locale."""
        return block.words.get(self.source, "")

    def with_blocks(self, changed: Mapping[str, Block]) -> Draft:
        """The same text with some blocks, named by their ids, replaced."""
        return replace(self, blocks=tuple(changed.get(block.id, block) for block in self.blocks))


@dataclass(frozen=True)
class _Document:
    schema_version: int
    source: str
    blocks: tuple[Block, ...]


def _typed(kind: type, value: object) -> object:
    """Raises `TypeError`, which msgspec reports as a validation error."""
    if kind is LocalisedText and isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return LocalisedText(value)
    raise TypeError(f"no {kind.__name__}")


_READ: Final = msgspec.json.Decoder(_Document, dec_hook=_typed)


def encode(draft: Draft) -> str:
    """Canonical JSON: keys sorted, no space; the same text, the same characters."""
    document = _Document(SCHEMA_VERSION, draft.source, draft.blocks)
    return msgspec.json.encode(document, enc_hook=plain, order="sorted").decode()


def decode(document: str) -> Draft:
    """The text of a document. Raises `Refused` with `document.malformed` or `document.version`."""
    try:
        found = _READ.decode(document)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Refused.because("document.malformed") from error
    if found.schema_version != SCHEMA_VERSION:
        raise Refused.because("document.version", version=found.schema_version, known=SCHEMA_VERSION)
    return Draft(source=found.source, blocks=found.blocks)


def digest(document: str) -> str:
    """SHA-256 of a document in hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()
