"""Pages rendered once and filled for each reader.

A template leaves holes: `hole("value", question)`. What stands between `hole("shown_start", question)` and
`hole("shown_end", question)` is a section, which a reader sees or not. The rendered page is cut at its holes once; to
fill it means joining its parts, which are encoded as they are sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

_HOLE: Final = re.compile("\x02([^\x02\x03]*)\x03")
_LAYOUT: Final = re.compile(r"[ \t]*\n\s*|[ \t]{2,}")
_MARKS: Final = dict.fromkeys((0x02, 0x03, 0x04))
_BYTES: Final = 1_000
"""After so many, options are joined into another text: the one that a mark is put into is copied."""
_OPTION_MARKS: Final = ("selected", "checked")

Filler = Callable[[str, str], str]
"""What stands in a hole, by the ids that the template gave."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place that differs from reader to reader."""

    kind: str
    key: str
    part: str


@dataclass(frozen=True, slots=True)
class Section:
    """Parts that a reader sees or not; those of kind `order` hold sections that are put in the reader's order, those of
    kind `each` are put several times."""

    kind: str
    key: str
    part: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Options:
    """A list of which a reader has chosen something: long ones are joined beforehand, but for what is marked."""

    key: str
    parts: tuple[Part, ...]
    places: Mapping[str, tuple[int, int, bytes]]
    """Where the mark of each option belongs, and what it is: in which part, behind how many bytes."""

    def marked(self, chosen: Iterable[str]) -> tuple[Part, ...]:
        """The parts with those options marked that are chosen."""
        marks = sorted((self.places[code] for code in {*chosen} if code in self.places), reverse=True)
        if not marks:
            return self.parts
        found = list(self.parts)
        for number, place, mark in marks:  # from behind: what stands before stays where it is
            text = found[number]
            assert isinstance(text, bytes), "marks stand in text"
            found[number] = b"%b %b%b" % (text[:place], mark, text[place:])
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Offers:
    """Such a list of whose options each reader is offered other ones."""

    key: str
    each: tuple[tuple[str, Options], ...]
    """By code."""


Part = bytes | Hole | Section | Options | Offers


def hole(kind: str, key: str = "", part: str = "") -> Markup:
    """Leave a hole in a page."""
    return Markup("\x02{}\x04{}\x04{}\x03").format(kind, key, part)


def plain(text: str) -> str:
    """Authored text without the characters that mark holes."""
    return text.translate(_MARKS)


def cut(html: str) -> tuple[Part, ...]:
    """The parts of a rendered page. White space of the template's layout is reduced."""
    stack: list[tuple[Hole | None, list[Part]]] = [(None, [])]
    for number, piece in enumerate(_HOLE.split(_LAYOUT.sub(_narrow, html))):
        parts = stack[-1][1]
        if number % 2 == 0:
            if piece:
                parts.append(piece.encode())
            continue
        found = Hole(*piece.split("\x04"))
        kind, _, edge = found.kind.rpartition("_")
        if edge == "start":
            stack.append((Hole(kind, found.key, found.part), []))
        elif edge == "end":
            begun, inner = stack.pop()
            assert begun == Hole(kind, found.key, found.part), f"{found} ends {begun}"
            section = Section(kind, found.key, found.part, tuple(inner))
            stack[-1][1].append(_options(section) if kind == "options" else section)
        else:
            parts.append(found)
    assert len(stack) == 1, f"{stack[-1][0]} has no end"
    return tuple(stack[0][1])


def _options(section: Section) -> Options | Offers:
    choices = [part for part in section.parts if isinstance(part, Section) and part.kind == "choice"]
    if choices:
        return Offers(section.key, tuple((choice.part, _joined(choice)) for choice in choices))
    return _joined(section)


def _joined(section: Section) -> Options:
    found: list[Part] = []
    places: dict[str, tuple[int, int, bytes]] = {}
    for part in section.parts:
        if isinstance(part, Hole) and part.kind in _OPTION_MARKS and found and isinstance(found[-1], bytes):
            places[part.part] = (len(found) - 1, len(found[-1]), part.kind.encode())
        elif isinstance(part, bytes) and found and isinstance(found[-1], bytes) and len(found[-1]) < _BYTES:
            found[-1] += part
        else:
            found.append(part)
    return Options(section.key, tuple(found), places)


def _narrow(space: re.Match[str]) -> str:
    return "\n" if "\n" in space[0] else " "


def fill(
    parts: tuple[Part, ...],
    fillers: Mapping[str, Filler],
    shows: Callable[[str, str, str], bool],
    order: Callable[[str], Collection[str]],
    each: Callable[[str], Iterable[object]] = lambda _key: (),
    holds: Callable[[str, str, str], bool] = lambda kind, key, part: False,
    chosen: Callable[[str], Iterable[str]] = lambda _key: (),
) -> bytes:
    """The page for one reader; fillers escape what they give.

    `shows` says of a section's kind and ids whether it is seen; `order` in which order the sections within a section
    of kind `order` stand, by their part; `each` is gone through for one of kind `each`, whose holes are filled anew at
    every turn; `holds` says whether a section that is not seen comes along as a `<template>`, out of which a script can
    take it; `chosen` says which options of a list are.
    """
    out: list[bytes] = []
    _put(parts, out.append, _Reading(fillers, shows, order, each, holds, chosen))
    return b"".join(out)


def as_text(filled: bytes) -> Markup:
    """What was filled, as a text for another page."""
    return Markup(filled.decode())  # noqa: S704  # a rendered page and what fillers have escaped


@dataclass(frozen=True, slots=True)
class _Reading:
    """What `fill` was told."""

    fillers: Mapping[str, Filler]
    shows: Callable[[str, str, str], bool]
    order: Callable[[str], Collection[str]]
    each: Callable[[str], Iterable[object]]
    holds: Callable[[str, str, str], bool]
    chosen: Callable[[str], Iterable[str]]


def _put(parts: Iterable[Part], put: Callable[[bytes], None], reading: _Reading) -> None:
    for part in parts:
        if isinstance(part, bytes):
            put(part)
        elif isinstance(part, Hole):
            if text := reading.fillers[part.kind](part.key, part.part):
                put(text.encode())
        elif isinstance(part, Options):
            _put(part.marked(reading.chosen(part.key)), put, reading)
        elif isinstance(part, Offers):
            _offer(part, put, reading)
        elif part.kind == "order":
            inner = {section.part: section for section in part.parts if isinstance(section, Section)}
            _put([inner[name] for name in reading.order(part.key) if name in inner], put, reading)
        elif part.kind == "each":
            for _ in reading.each(part.key):
                _put(part.parts, put, reading)
        elif reading.shows(part.kind, part.key, part.part):
            _put(part.parts, put, reading)
        elif reading.holds(part.kind, part.key, part.part):
            put(b"<template>")
            _put(part.parts, put, reading)
            put(b"</template>")


def _offer(offers: Offers, put: Callable[[bytes], None], reading: _Reading) -> None:
    offered, chosen = reading.order(offers.key), {*reading.chosen(offers.key)}
    holds = reading.holds("choice", offers.key, "")
    for code, option in offers.each:
        parts = option.marked(chosen) if code in chosen else option.parts
        if code in offered:
            _put(parts, put, reading)
        elif holds:
            _put((b"<template>", *parts, b"</template>"), put, reading)
