"""Rows written anew, so that neither their place in the file nor their transaction tells when each was changed."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, MetaData, Table, delete, exists, insert, select
from sqlalchemy.orm import Session


def rewrite(session: Session, table: Table, which: ColumnElement[bool], *, by: str) -> None:
    """Take rows out and put them back within this transaction, sorted by a column whose values are random.

    They are locked meanwhile; what comes to be among them after they were read is left where it is.
    """
    columns = [Column(column.name, column.type) for column in table.columns]
    aside = Table(f"{table.name}_aside", MetaData(), *columns, prefixes=["TEMPORARY"])
    names = [column.name for column in columns]
    aside.create(session.connection())
    session.execute(insert(aside).from_select(names, select(table).where(which).with_for_update()))
    session.execute(
        delete(table).where(exists().where(*(column == aside.c[column.name] for column in table.primary_key)))
    )
    session.execute(insert(table).from_select(names, select(aside).order_by(aside.c[by])))
    aside.drop(session.connection())
