"""Which responses are in the column store, which wait for it, and which are gone from it: its view of the database."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Integer, Uuid, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from consult.responses.models import SUSPECT, Response, Tombstone
from consult.results.segments import Line

AT_ONCE: Final = 1 << 15
"""Fresh responses entered at once, so that others wait for the database a moment only."""
_CHUNK: Final = 500


class Overtaken(Exception):  # noqa: N818  # not an error: whoever asked tries again later
    """Responses or segments changed while a segment was being written; nothing was entered."""


def apart(session: Session, activity_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """What the store holds of responses that the bot measures set apart."""
    found = text(f"SELECT id FROM {_by(session, 'apart')} WHERE activity_id = :activity AND {SUSPECT} AND stored")  # noqa: S608  # of constants
    return frozenset(session.scalars(found.bindparams(bindparam("activity", activity_id, Uuid())).columns(id=Uuid())))


def fresh(session: Session, activity_id: uuid.UUID, *, counted: bool) -> list[tuple[uuid.UUID, int]]:
    """Responses that wait, with their editions, not more than are entered at once; without those set apart unless they
    are `counted`.
    """
    besides = "" if counted else f"AND NOT {SUSPECT}"
    waiting = text(
        f"SELECT id, edition FROM {_by(session, 'fresh')} WHERE activity_id = :activity AND NOT stored {besides} "  # noqa: S608  # of constants
        "LIMIT :most"
    ).bindparams(bindparam("activity", activity_id, Uuid()), most=AT_ONCE)
    found = session.execute(waiting.columns(id=Uuid(), edition=Integer()))
    return sorted((key, edition) for key, edition in found)


def _by(session: Session, index: str) -> str:
    """The table of responses. SQLite keeps no count of how few a partial index holds, and would look at all responses
    if it were not told the index."""
    return f"responses INDEXED BY ix_responses_{index}" if session.get_bind().dialect.name == "sqlite" else "responses"


def lines(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Iterator[Line]:
    """What segments hold of responses."""
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(Response.id, Response.locale, Response.channel, Response.answers).where(
                Response.activity_id == activity_id, Response.id.in_(ids[start : start + _CHUNK])
            )
        )
        yield from (Line(*row) for row in rows)


def mark(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID], *, stored: bool) -> None:
    """Note that responses are, or are no longer, in the store; raises `Overtaken` where one has gone meanwhile."""
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        marked = session.execute(
            update(Response)
            .where(Response.activity_id == activity_id, Response.id.in_(chunk), Response.stored.is_(not stored))
            .values(stored=stored)
            .execution_options(synchronize_session=False)
        )
        if affected(marked) != len(chunk):
            raise Overtaken


def affected(result: Any) -> int:
    """How many rows a statement changed."""
    return int(result.rowcount)


def forget(session: Session, activity_id: uuid.UUID, gone: Collection[uuid.UUID]) -> None:
    """Delete the tombstones of responses that the store holds no longer."""
    ids = list(gone)
    for start in range(0, len(ids), _CHUNK):
        chunk = Tombstone.id.in_(ids[start : start + _CHUNK])
        session.execute(delete(Tombstone).where(Tombstone.activity_id == activity_id, chunk))
