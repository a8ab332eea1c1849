"""Declarative base with named constraints, so that migrations can address every one of them."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

PARTITIONS = 8
"""Hash partitions of every big table on PostgreSQL: fixed, because changing it rewrites the table."""

BIG_TABLE = {"sqlite_with_rowid": False, "postgresql_partition_by": "HASH (activity_id)"}
"""Table arguments of answers, votes and comments: keyed by (activity_id, id), without a rowid that would keep order."""


class Base(DeclarativeBase):
    """Base of every model."""

    metadata = MetaData(naming_convention=NAMING)


def columns(row: Base) -> dict[str, object]:
    """What the columns of a row hold, to make another like it."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
