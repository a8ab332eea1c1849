"""The baseline: a Flask app that does the same requests and the same durable writes, and nothing else.

No validation, no permission, no language, no headers for safety; the driver of the database without anything on top.
Its pages are the bytes that the real server sent; its rows go into the same table, as they come.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import threading
from pathlib import Path

import psycopg
from flask import Flask, Response, redirect, request

from consult.db.session import SQLITE_PRAGMAS

INSERT = (
    "INSERT INTO intake (activity_id, code, state, edition, locale, channel, day, context, answers, corrects) "
    "SELECT id, ?, 'draft', 1, 'en', 'open', '2026-01-01', '{}', ?, ? FROM activities WHERE slug = 'bench'"
)
MINE = "code = ? AND activity_id = (SELECT id FROM activities WHERE slug = 'bench')"


class Store:
    """A connection per thread."""

    def __init__(self, url: str) -> None:
        self._url, self._local = url, threading.local()
        self._sqlite = url.startswith("sqlite")

    def execute(self, statement: str, values: tuple[object, ...], *, write: bool) -> list[tuple[str, ...]]:
        """One statement in a transaction of its own, durable when it returns."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        connection = self._local.connection
        if not self._sqlite:
            cursor = connection.execute(statement.replace("?", "%s"), values)
            return [] if write else cursor.fetchall()
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        rows = connection.execute(statement, values).fetchall()
        connection.execute("COMMIT")
        return rows

    def _connect(self) -> sqlite3.Connection | psycopg.Connection[tuple[str, ...]]:
        if not self._sqlite:
            return psycopg.connect(self._url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
        connection = sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        return connection


def create_app() -> Flask:
    """The app, with the pages in the folder that the environment names."""
    folder = Path(os.environ["BENCH_PAGES"])
    first, check = (folder / "first").read_bytes(), (folder / "check").read_bytes()
    store, app = Store(os.environ["BENCH_URL"]), Flask(__name__)

    @app.get("/first")
    def first_page() -> Response:
        return Response(first, mimetype="text/html", headers={"Content-Encoding": "gzip"})

    @app.post("/first")
    def answers() -> Response:
        code = secrets.token_hex(32)
        document = json.dumps({name: request.form.getlist(name) for name in request.form})
        store.execute(INSERT, (bytes.fromhex(code), document, False), write=True)
        response = redirect("/check", 303)
        response.set_cookie("code", code)
        return response  # type: ignore[return-value]  # a redirect is one, too

    @app.get("/check")
    def check_page() -> Response:
        store.execute(f"SELECT answers FROM intake WHERE {MINE}", (_code(),), write=False)
        return Response(check, mimetype="text/html")

    @app.post("/submit")
    def submit() -> Response:
        changed = f"UPDATE intake SET state = 'submitted' WHERE state = 'draft' AND {MINE}"
        store.execute(changed, (_code(),), write=True)
        return redirect("/receipt", 303)  # type: ignore[return-value]  # as above

    return app


def _code() -> bytes:
    return bytes.fromhex(request.cookies["code"])
