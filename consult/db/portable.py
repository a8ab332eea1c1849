"""Rows as text that is the same on both databases: what a backup holds of a table, and how it comes back.

A row is a JSON array of its columns as they are stored: identifiers, moments (UTC) and days as ISO texts, bytes in
base64. What columns hold as JSON stays the text that it is, so that the hashes of the audit trail still fit.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    insert,
    select,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from consult.db.base import Base
from consult.db.types import UTCDateTime

_KINDS: Final[Mapping[str, tuple[type, type[TypeEngine[Any]]]]] = {
    "identifier": (uuid.UUID, Uuid),
    "moment": (dt.datetime, UTCDateTime),
    "day": (dt.date, Date),
    "bytes": (bytes, LargeBinary),
    "text": (str, String),
    "whole": (int, Integer),
    "number": (float, Float),
    "truth": (bool, Boolean),
}
"""Kinds of columns: what a value is here, and as what it is stored."""
_AT_ONCE: Final = 500
"""Rows read or written at once."""
_MODULUS: Final = 1 << 256


class Layout(msgspec.Struct, frozen=True):
    """The columns of a table, and which of them are its key."""

    columns: dict[str, str]
    """Kind by name."""
    key: tuple[str, ...]

    def table(self, name: str) -> Table:
        """The table as far as reading and writing need it, whatever the models of this version say."""
        return Table(name, MetaData(), *(Column(column, _KINDS[kind][1]()) for column, kind in self.columns.items()))


class Summary(msgspec.Struct, frozen=True):
    """How many rows there are, and a hash of them: the sum of their SHA-256, in whatever order they come."""

    rows: int = 0
    hash: str = "0" * 64

    def plus(self, lines: Iterable[bytes]) -> Summary:
        """With these rows too."""
        rows, total = self.rows, int(self.hash, 16)
        for line in lines:
            rows, total = rows + 1, total + int.from_bytes(hashlib.sha256(line).digest(), "big")
        return Summary(rows, f"{total % _MODULUS:064x}")


def layouts() -> dict[str, Layout]:
    """The tables of this version, each after those that it refers to."""
    return {
        table.name: Layout(
            {column.name: _kind(column) for column in table.columns},
            tuple(column.name for column in table.primary_key),
        )
        for table in Base.metadata.sorted_tables
    }


def lines(connection: Connection, name: str, layout: Layout) -> Iterator[bytes]:
    """The rows of a table in the order of its keys: where they lie in the file tells who came first."""
    table = layout.table(name)
    rows = select(*table.columns).order_by(*(table.columns[column] for column in layout.key))
    with connection.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(rows) as found:
        for row in found:
            yield msgspec.json.encode(tuple(row))


def load(connection: Connection, name: str, layout: Layout, found: Iterable[bytes]) -> None:
    """Write rows into a table of that layout, a bounded number at once."""
    table, columns = layout.table(name), list(layout.columns)
    read = msgspec.json.Decoder(tuple[tuple(_KINDS[kind][0] | None for kind in layout.columns.values())])  # type: ignore[misc]  # the types are known at run time only
    batch: list[dict[str, Any]] = []
    for line in found:
        batch.append(dict(zip(columns, read.decode(line), strict=True)))
        if len(batch) == _AT_ONCE:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)


def let_go(connection: Connection) -> list[str]:
    """Have rows refer to what is not there yet, within this transaction; what makes the references hold again."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # until the transaction ends
        return []
    found = connection.execute(text(_REFERENCES)).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in found]


_REFERENCES: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conparentid = 0 AND connamespace = current_schema()::regnamespace
"""


def _kind(column: Column[Any]) -> str:
    stored = column.type
    if isinstance(stored, TypeDecorator) and not isinstance(stored, UTCDateTime):
        stored = stored.impl_instance
    for name, (_, kind) in _KINDS.items():
        if isinstance(stored, kind):
            return name
    raise TypeError(f"{column} has a type that backups do not know")
