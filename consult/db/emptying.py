"""Deleting many rows, in transactions of bounded size, each whole by itself."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, delete, select
from sqlalchemy.orm import InstrumentedAttribute

from consult.db.session import Database

BATCH: Final = 5_000
"""Rows deleted in one transaction, where no two have the same key."""


def delete_in_steps(database: Database, key: InstrumentedAttribute[Any], mine: ColumnElement[bool]) -> int:
    """Delete rows in the order of their random keys; how many there were."""
    count = 0
    while True:
        with database.transaction() as session:
            last = session.scalars(select(key).where(mine).order_by(key).limit(BATCH)).all()[-1:]
            if not last:
                return count
            gone = session.execute(delete(key.class_).where(mine, key <= last[0]))
            assert isinstance(gone, CursorResult)
            count += gone.rowcount
