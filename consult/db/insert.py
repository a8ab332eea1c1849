"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells once per database."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.db.base import Base


def insert(session: Session | Connection, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can be told what to do where a unique constraint is already taken."""
    dialect = session.dialect if isinstance(session, Connection) else session.get_bind().dialect
    if dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
