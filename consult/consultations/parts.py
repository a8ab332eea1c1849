"""Parts of a draft text that people comment on: the words of a paragraph in a version."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import queries
from consult.consultations.models.asked import TextVersion
from consult.core.text import LocalisedText

WHOLE: Final = "whole"
"""In addresses, in place of the id of a part: the whole text."""


class Block(NamedTuple):
    """A part of the latest version of a text."""

    version: int
    words: LocalisedText | None
    """None: the whole text."""


class _Written(msgspec.Struct):
    id: str
    text: dict[str, str]


class _Document(msgspec.Struct):
    blocks: list[_Written]


def block(session: Session, activity_id: uuid.UUID, part: str) -> Block | None:
    """A part as the latest version has it (empty: the whole text); none where there is no such part."""
    latest = queries.latest_version(session, activity_id)
    if latest is None:
        return None
    words = _words(latest.document, part) if part else None
    return None if part and words is None else Block(latest.number, words)


def earlier(
    session: Session, activity_id: uuid.UUID, part: str, numbers: Collection[int]
) -> Mapping[int, LocalisedText]:
    """The words of a part in some versions; those in which it is not there are left out."""
    if not part or not numbers:
        return {}
    wanted = select(TextVersion.number, TextVersion.document).where(
        TextVersion.activity_id == activity_id, TextVersion.number.in_(numbers)
    )
    found = {number: _words(document, part) for number, document in session.execute(wanted)}
    return {number: words for number, words in found.items() if words is not None}


def _words(document: str, part: str) -> LocalisedText | None:
    read = msgspec.json.decode(document, type=_Document)
    return next((LocalisedText(block.text) for block in read.blocks if block.id == part), None)
