"""Long lists a page at a time, by the random key of the rows: no page counts or skips those before it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Some rows of a list, and the keys at which the pages before and after are asked for."""

    rows: Sequence[_Row]
    before: uuid.UUID | None
    after: uuid.UUID | None


def paged(
    session: Session,
    wanted: Select[_Row],
    key: InstrumentedAttribute[uuid.UUID],
    *,
    size: int,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
) -> Page[_Row]:
    """The rows after a key, or before one, else the first ones; `wanted` gives entities that have the key."""
    if before is not None:
        found = session.scalars(wanted.where(key < before).order_by(key.desc()).limit(size + 1)).all()
        rows, further = found[:size][::-1], len(found) > size
        back, on = further, True
    else:
        held = wanted if after is None else wanted.where(key > after)
        found = session.scalars(held.order_by(key).limit(size + 1)).all()
        rows, further = found[:size], len(found) > size
        back, on = after is not None, further
    first, last = (getattr(rows[0], key.key), getattr(rows[-1], key.key)) if rows else (None, None)
    return Page(rows, first if back else None, last if on else None)
