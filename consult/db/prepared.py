"""Statements that run many times a second, handed to the driver as they are.

SQLAlchemy writes them, once for each database, and knows how values travel. What it does around each execution takes
twice as long as the driver needs for a row found by its key (ADR 32).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Select, UpdateBase

Executor = Session | Connection
Statement = Select[Any] | UpdateBase
_Process = Callable[[Any], Any] | None
_NAMED: Final = {"sqlite": sqlite.dialect(paramstyle="named")}
"""Of databases whose driver takes parameters by name, though it is not usually told so."""


class Prepared:
    """A statement, or one for each database by the name of its dialect. Values come by the names of parameters.

    Raises what SQLAlchemy raises where the database refuses or is away.
    """

    def __init__(self, statement: Statement | Mapping[str, Statement]) -> None:
        self._statement = statement
        self._written: dict[str, _Written] = {}

    def row(self, executor: Executor, values: Mapping[str, object]) -> tuple[Any, ...] | None:
        """The first row that it finds, or none."""
        written, cursor = self._run(executor, values)
        with closing(cursor):
            found = cursor.fetchone()
        return None if found is None else written.read(found)

    def count(self, executor: Executor, values: Mapping[str, object]) -> int:
        """How many rows it changed."""
        _, cursor = self._run(executor, values)
        with closing(cursor):
            return int(cursor.rowcount)

    def _run(self, executor: Executor, values: Mapping[str, object]) -> tuple[_Written, Any]:
        connection = executor if isinstance(executor, Connection) else executor.connection()
        written = self._written.get(connection.dialect.name)
        if written is None:
            written = self._written[connection.dialect.name] = self._for(connection.dialect)
        return written, written.run(connection, values)

    def _for(self, dialect: Dialect) -> _Written:
        one = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
        return _Written.of(one, dialect)


class _Written(NamedTuple):
    """A statement as one database is told it."""

    text: str
    fixed: dict[str, Any]
    """Parameters that are the same every time, as the driver takes them."""
    given: tuple[tuple[str, _Process], ...]
    """The others, and what makes the driver's value of each."""
    columns: tuple[_Process, ...]

    @classmethod
    def of(cls, statement: Statement, dialect: Dialect) -> _Written:
        compiled = statement.compile(dialect=_NAMED.get(dialect.name, dialect))
        assert isinstance(compiled, SQLCompiler), "statements, not tables, are prepared"
        makers = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in compiled.binds.items()
        }
        fixed = {name: _made(makers[name], one.value) for name, one in compiled.binds.items() if not one.required}
        given = tuple((name, maker) for name, maker in makers.items() if name not in fixed)
        asked = statement.selected_columns if isinstance(statement, Select) else ()
        columns = tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in asked)
        return cls(str(compiled), fixed, given, columns)

    def run(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """The driver's cursor afterwards."""
        sent = {name: _made(maker, values[name]) for name, maker in self.given}
        driver, dialect = connection.connection, connection.dialect
        assert dialect.dbapi is not None, "an engine has a driver"
        cursor = None
        try:
            cursor = driver.cursor()
            cursor.execute(self.text, self.fixed | sent)
        except dialect.dbapi.Error as fault:
            if cut := dialect.is_disconnect(fault, driver, cursor):
                connection.invalidate(fault)
            raise DBAPIError.instance(
                self.text, None, fault, dialect.dbapi.Error, hide_parameters=True, connection_invalidated=cut
            ) from fault
        return cursor

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row as it is known outside."""
        return tuple(map(_made, self.columns, row))


def _made(process: _Process, value: Any) -> Any:
    return value if process is None else process(value)
