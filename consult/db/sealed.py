"""Columns that are sealed under the contact keys, and how their values are sealed anew under the last of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, LargeBinary, Table, func, literal, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.core.sealing import UnsealError, head, seal, unseal
from consult.db.session import Database

BATCH: Final = 500
"""Values sealed anew in one transaction."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values. A slice names its own; `consult.app` composes them."""

    column: InstrumentedAttribute[Any]
    context: Callable[..., bytes]
    """What a value is sealed for, made of the values of `of` in the same row."""
    of: Sequence[InstrumentedAttribute[Any]]

    @property
    def table(self) -> Table:
        """The table of the column."""
        return cast(Table, self.column.class_.__table__)


def under(session: Session, one: Sealed, key: str) -> int:
    """How many values of a column are sealed under a key, by its id."""
    return session.scalar(select(func.count()).select_from(one.table).where(_begins(one, key))) or 0


def reseal(database: Database, keys: Mapping[str, bytes], one: Sealed) -> tuple[int, int]:
    """Seal every value of a column anew that is not sealed under the last of `keys`; how many were, and how many could
    not be opened and stay.

    In short transactions, in the order of the rows' keys. Values that are written meanwhile win; interrupted and called
    again it goes on with what is left.
    """
    key, done, unopened = tuple(one.table.primary_key), 0, 0
    stale = select(*key, one.column, *one.of).where(func.length(one.column) > 0, ~_begins(one, list(keys)[-1]))
    stale, after = stale.order_by(*key).limit(BATCH), None
    while True:
        with database.reading() as session:
            beyond = tuple_(*key) > tuple_(*after) if after else literal(True)
            rows = session.execute(stale.where(beyond)).all()
        if not rows:
            database.scrub(one.table.name)
            return done, unopened
        fresh = []
        for row in rows:
            old, context = row[len(key)], one.context(*row[len(key) + 1 :])
            try:
                fresh.append((row[: len(key)], old, seal(keys, unseal(keys, old, context), context)))
            except UnsealError:
                unopened += 1
        with database.transaction() as session:
            done += sum(_replace(session, one, *values) for values in fresh)
        after = [literal(value, column.type) for column, value in zip(key, rows[-1], strict=False)]


def _replace(session: Session, one: Sealed, key: Sequence[Any], old: bytes, fresh: bytes) -> int:
    mine = [column == value for column, value in zip(one.table.primary_key, key, strict=True)]
    column = one.table.c[one.column.key]
    done = session.execute(update(one.table).where(*mine, column == old).values({column: fresh}))
    return cast(CursorResult[tuple[()]], done).rowcount


def _begins(one: Sealed, key: str) -> ColumnElement[bool]:
    wanted = head(key)
    return func.substr(one.column, 1, len(wanted), type_=LargeBinary) == wanted
