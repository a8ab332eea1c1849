"""Parts of a draft text that people comment on: their words, and where comments on earlier versions stand now."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from consult.consultations import queries, texts
from consult.core.text import LocalisedText

WHOLE: Final = "whole"
"""In addresses, in place of the id of a part: the whole text."""
Read = tuple[str, int]
"""What the author of a comment read: a part's id (empty: the whole text) in a version."""


class Block(NamedTuple):
    """A part of a version of a text."""

    version: int
    words: LocalisedText | None
    """None: the whole text."""


def block(session: Session, activity_id: uuid.UUID, part: str, number: int = 0) -> Block | None:
    """A part (empty: the whole text) as a version has it, the latest unless told otherwise; none where there is no such
    part, or version."""
    if number:  # it may be any that was typed, more than a column holds among them
        versions = queries.versions(session, activity_id)
        version = next((version for version in versions if version.number == number), None)
    else:
        version = queries.latest_version(session, activity_id)
    if version is None:
        return None
    words = _words(version.document, part) if part else None
    return None if part and words is None else Block(version.number, words)


def earlier(session: Session, activity_id: uuid.UUID, reads: Collection[Read]) -> Mapping[Read, LocalisedText]:
    """The words of parts in the versions in which they were read."""
    numbers = {number for part, number in reads if part}
    documents = {
        version.number: version.document
        for version in (queries.versions(session, activity_id) if numbers else ())
        if version.number in numbers
    }
    found = {(part, number): _words(documents[number], part) for part, number in reads if number in documents}
    return {read: words for read, words in found.items() if words is not None}


def comes_from(session: Session, activity_id: uuid.UUID, part: str) -> Mapping[str, Collection[int]]:
    """Where the comments that stand on a part now were written: ids of parts, with the numbers of the versions where
    that is not all of those in which the part was."""
    latest, *before = queries.versions(session, activity_id)
    stand: dict[str, set[int]] = {part: {latest.number}}
    gone: dict[str, set[int]] = {}
    for version in before:
        for name, landing in texts.landed(version.document, latest.document).items():
            (stand if landing.part == part else gone).setdefault(name, set()).add(version.number)
    return {name: numbers if name in gone else () for name, numbers in stand.items()}


def stands_on(session: Session, activity_id: uuid.UUID, read: Read) -> str:
    """The id of the part on which a comment stands now; empty: on the whole text."""
    latest, *before = queries.versions(session, activity_id)
    written = next((version for version in before if version.number == read[1]), latest)
    known = texts.landed(written.document, latest.document)
    return known[read[0]].part if read[0] in known else ""


def _words(document: str, part: str) -> LocalisedText | None:
    return next((block.words for block in texts.opened(document).blocks if block.id == part), None)
