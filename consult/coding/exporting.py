"""Codings as a table: names of texts and codes, nothing that anybody wrote and nothing of who they are."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.coding import queries, texts
from consult.coding.models import Item
from consult.coding.queries import Latest
from consult.core.coding.codebook import Code, Codebook, counted
from consult.core.exchange import csv, xlsx
from consult.core.text import LocalisedText
from consult.processes.models import Process

HEADER: Final = ("activity", "kind", "question", "text", "language", "coder", "version", "codes", "counted")
"""`coder`: a number, or `decided`; `codes`: as they were given; `counted`: as the latest version counts them."""
_PAGE: Final = 500
Rows = Iterator[tuple[str, ...]]


class Format(NamedTuple):
    """A format of the table."""

    media_type: str
    write: Callable[[tuple[str, ...], Rows], Iterator[bytes]]


def rows(session: Session, key: bytes, process: Process, latest: Latest) -> Rows:
    """A row for each text and coder, and for what was decided; texts that are there no more are left out."""
    numbers: dict[uuid.UUID, str] = {}
    for activity in queries.activities(session, process.id):
        after = uuid.UUID(int=0)
        while some := _page(session, activity.id, after):
            after = some[-1].id
            there = texts.read(session, key, some)
            said, decided = queries.said_of(session, activity.id, [item.id for item in some])
            for item in some:
                if (activity.id, item.id) not in there:
                    continue
                named = (activity.slug, item.kind, item.part, str(item.id), item.locale)
                for one in sorted(said.get(item.id, []), key=lambda one: one.coder_id):
                    who = numbers.setdefault(one.coder_id, str(len(numbers) + 1))
                    yield (*named, who, *_codes(one.codes, one.version, latest))
                if item.id in decided:
                    yield (*named, "decided", *_codes(decided[item.id].codes, decided[item.id].version, latest))


def _page(session: Session, activity_id: uuid.UUID, after: uuid.UUID) -> list[Item]:
    wanted = select(Item).where(Item.activity_id == activity_id, Item.state == "open", Item.id > after)
    return list(session.scalars(wanted.order_by(Item.id).limit(_PAGE)))


def _codes(codes: list[str], version: int, latest: Latest) -> tuple[str, str, str]:
    now = counted(codes, version, latest.number, latest.maps, latest.known)
    return str(version), " ".join(codes), " ".join(now)


def codebook_rows(codebook: Codebook, locales: list[str]) -> tuple[tuple[str, ...], Rows]:
    """A codebook as a table: its header and its rows."""
    named = [f"{name} ({locale})" for name in ("label", "definition") for locale in locales]
    lines = (
        (code.code, code.parent, code.theme, *(text.get(locale, "") for text in _texts(code) for locale in locales))
        for code, _depth in codebook.tree()
    )
    return ("code", "parent", "theme", *named), lines


def _texts(code: Code) -> tuple[LocalisedText, LocalisedText]:
    return code.label, code.definition


def _as_csv(header: tuple[str, ...], lines: Rows) -> Iterator[bytes]:
    yield csv.MARK
    yield from csv.lines(header, lines)


def _as_xlsx(header: tuple[str, ...], lines: Rows) -> Iterator[bytes]:
    target = io.BytesIO()
    xlsx.write(target, "codings", (row for part in ([header], lines) for row in part))
    yield target.getvalue()


FORMATS: Final = {
    "csv": Format("text/csv; charset=utf-8", _as_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _as_xlsx),
}
"""By the ending of a file's name."""
