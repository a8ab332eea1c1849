"""One transaction per request: returning commits, raising rolls back.

Reading routes get a reading session, writing routes (any method but GET, HEAD and OPTIONS) one that takes SQLite's
write lock at its first statement. Do hashing, rendering and mail before that statement.
"""

from __future__ import annotations

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from consult.db.session import Database

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def init(app: Flask, database: Database) -> None:
    """Give the application its database."""
    app.extensions["consult.database"] = database
    app.teardown_request(_close)


def database() -> Database:
    """The application's database."""
    found: Database = current_app.extensions["consult.database"]
    return found


def session() -> Session:
    """The session of this request, begun when first asked for."""
    if "session" not in g:
        g.session = database().session(write=request.method not in _SAFE)
    found: Session = g.session
    return found


def commit() -> None:
    """Commit what the request wrote; called once, by the application, when the view has returned."""
    if "session" in g and request.method not in _SAFE:
        g.session.commit()


def rollback() -> None:
    """Undo what the request wrote so far: for views that show a refused form again instead of raising."""
    if "session" in g:
        g.session.rollback()


def _close(_error: BaseException | None) -> None:
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()
