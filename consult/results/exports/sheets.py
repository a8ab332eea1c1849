"""A release as a workbook, whatever its format: a cover with method and caveats, then one sheet per question.

Texts are texts and numbers are numbers; nothing is a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from consult.results import method
from consult.results.content import Content
from consult.results.presentation import Item, Reader, Shown, items, summary_values

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST = 31
"""Characters in the name of a sheet."""


class Style(StrEnum):
    """How a cell looks."""

    TITLE = "title"
    MARK = "mark"
    HEAD = "head"
    WRAP = "wrap"
    PLAIN = "plain"
    COUNT = "count"
    SHARE = "share"


class Shape(StrEnum):
    """What a row is, for its height and width."""

    LINE = "line"
    PROSE = "prose"
    """One long text, across the cover."""
    HEADS = "heads"
    """The heads of a table's columns."""


class Field(NamedTuple):
    """A cell; None is an empty one."""

    value: str | float | None
    style: Style


class Line(NamedTuple):
    """A row of a sheet."""

    fields: tuple[Field, ...]
    shape: Shape = Shape.LINE


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, unique in the workbook, and its rows."""

    name: str
    lines: Iterator[Line]
    cover: bool = False


def book(content: Content, hash_: str, reader: Reader) -> Iterator[Sheet]:
    """The sheets in order, each to be written before the next is asked for."""
    _ = reader.words
    taken: set[str] = set()
    yield Sheet(_unique(_("About"), taken), _cover(content, hash_, reader), cover=True)
    for dataset in content.datasets:
        for number, item in enumerate(items(dataset, reader), start=1):
            yield Sheet(_unique(f"{number} {item.variable.name}", taken), _question(item, content, reader))


def _unique(name: str, taken: set[str]) -> str:
    cleaned = _FORBIDDEN.sub(" ", name).strip() or "?"
    unique, count = cleaned[:_LONGEST], 1
    while unique.lower() in taken:
        count += 1
        unique = f"{cleaned[: _LONGEST - len(str(count)) - 1]} {count}"
    taken.add(unique.lower())
    return unique


def _text(text: str, style: Style = Style.WRAP, shape: Shape = Shape.LINE) -> Line:
    return Line((Field(text, style),), shape)


_EMPTY = Line(())


def _cover(content: Content, hash_: str, reader: Reader) -> Iterator[Line]:
    _ = reader.words
    yield _text(reader.text(content.process_title, content.source), Style.TITLE)
    if content.synthetic:
        yield _text(method.synthetic_mark(reader), Style.MARK)
    yield _EMPTY
    for label, value in method.facts(content, hash_, reader):
        yield Line((Field(label, Style.WRAP), Field(value, Style.WRAP)))
    for dataset in content.datasets:
        yield _EMPTY
        yield _text(reader.text(dataset.title, dataset.source), Style.HEAD)
        for line in (*method.weighting(dataset, reader), *method.editions(dataset, reader)):
            yield _text(line, Style.PLAIN)
    for heading, lines in (
        (_("Caveats"), method.caveats(reader, content)),
        (_("Method"), method.paragraphs(content, reader)),
    ):
        yield _EMPTY
        yield _text(heading, Style.HEAD)
        for line in lines:
            yield _text(line, shape=Shape.PROSE)


def _question(item: Item, content: Content, reader: Reader) -> Iterator[Line]:
    yield _text(item.label, Style.TITLE)
    if content.synthetic:
        yield _text(method.synthetic_mark(reader), Style.MARK)
    yield _text(method.base_sentence(item, reader), Style.PLAIN)
    for label, value in summary_values(item, reader):
        yield Line((Field(label, Style.PLAIN), Field(value, Style.PLAIN)))
    for shown in (item.one_way, *item.crossed):
        if not shown.table.withheld:
            yield _EMPTY
            yield from _table(shown, reader)


def _table(shown: Shown, reader: Reader) -> Iterator[Line]:
    _ = reader.words
    if shown.by:
        yield _text(_("By: %(variable)s") % {"variable": shown.by}, Style.HEAD)
    heads = [_("Count"), _("Per cent (%(basis)s)") % {"basis": shown.basis}]
    labels = [f"{group} – {head}" for group in shown.groups for head in heads] if shown.by else heads
    yield Line(tuple(Field(label, Style.HEAD) for label in ["", *labels]), Shape.HEADS)
    for line in shown.lines:
        fields = [Field(line.label, Style.PLAIN)]
        for count, share in zip(line.counts, line.shares, strict=True):
            fields.append(_number(count, Style.COUNT, reader))
            fields.append(Field(None, Style.PLAIN) if line.missing else _number(share, Style.SHARE, reader))
        yield Line(tuple(fields))
    if sentence := method.hidden_sentence(shown.table, reader):
        yield _text(sentence, Style.PLAIN)


def _number(value: float | None, style: Style, reader: Reader) -> Field:
    _ = reader.words
    return Field(_("hidden"), Style.PLAIN) if value is None else Field(value, style)
