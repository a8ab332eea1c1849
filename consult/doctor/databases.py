"""The database system: whether it is safe, keeps what it acknowledged, and writes down nothing that it should not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consult.audit import service as audit
from consult.audit.models import Entry
from consult.core.errors import Problem
from consult.db import migrate

_PRAGMAS: Final = {
    "journal_mode": ("fault", ("wal",)),
    "synchronous": ("fault", ("2", "3")),
    "foreign_keys": ("fault", ("1",)),
    "secure_delete": ("leak", ("1",)),
}
"""SQLite: whether another value leaks or is a fault, and the values that are right; the first is recommended."""
_POSTGRESQL: Final = {
    "log_statement": ("leak", ("none",)),
    "log_min_duration_statement": ("leak", ("-1",)),
    "log_min_duration_sample": ("leak", ("-1",)),
    "log_transaction_sample_rate": ("leak", ("0",)),
    "log_parameter_max_length_on_error": ("leak", ("0",)),
    "track_commit_timestamp": ("leak", ("off",)),
    "fsync": ("fault", ("on",)),
    "full_page_writes": ("fault", ("on",)),
    "synchronous_commit": ("fault", ("on", "remote_apply", "remote_write", "local")),
}
_SKEW: Final = dt.timedelta(minutes=1)
_AHEAD: Final = dt.timedelta(minutes=5)


def found(session: Session, now: dt.datetime, *, deep: bool = False) -> Iterator[Problem]:
    """What is wrong with the database, its schema and the trail; `now` is the clock of this machine.

    `deep` reads an SQLite file to its end; PostgreSQL looks after its own.
    """
    if session.get_bind().dialect.name == "sqlite":
        yield from pragmas_found(
            {name: str(session.execute(text(f"PRAGMA {name}")).scalar()) for name in _PRAGMAS}
        )  # names are constants
        if deep and (
            session.execute(text("PRAGMA integrity_check(1)")).scalar() != "ok"
            or session.execute(text("PRAGMA foreign_key_check")).first()
        ):
            yield Problem("doctor.fault.damaged")
    else:
        shown = session.execute(text("SELECT name, setting FROM pg_settings"))
        yield from postgresql_found({row.name: row.setting for row in shown})
        theirs = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        if abs(theirs - now) > _SKEW:
            yield Problem("doctor.fault.clocks")
    revision = migrate.current(session)
    if revision != migrate.head():
        yield Problem("doctor.fault.schema", {"revision": revision or "–", "head": migrate.head()})
        return
    latest = session.scalar(select(func.max(Entry.at)))
    if latest is not None and latest > now + _AHEAD:
        yield Problem("doctor.fault.clock")
    verified = audit.verify(session)
    if verified.misfit is not None:
        yield Problem("doctor.fault.audit", {"number": verified.misfit})


def pragmas_found(shown: Mapping[str, str]) -> Iterator[Problem]:
    """Which of SQLite's settings are wrong."""
    for name, (kind, right) in _PRAGMAS.items():
        if shown.get(name, right[0]).lower() not in right:
            yield _wrong(kind, "SQLite", name, shown[name], right[0])


def postgresql_found(shown: Mapping[str, str]) -> Iterator[Problem]:
    """Which of PostgreSQL's settings are wrong."""
    for name, (kind, right) in _POSTGRESQL.items():
        if shown.get(name, right[0]) not in right:
            yield _wrong(kind, "PostgreSQL", name, shown[name], right[0])
    if "auto_explain.log_min_duration" in shown and shown["auto_explain.log_min_duration"] != "-1":
        name = "auto_explain.log_min_duration"
        yield _wrong("leak", "PostgreSQL", name, shown[name], "-1")


def _wrong(kind: str, system: str, setting: str, value: str, wanted: str) -> Problem:
    told = {"system": system, "setting": setting, "value": value, "wanted": wanted}
    return Problem("doctor.leak.database", told) if kind == "leak" else Problem("doctor.fault.database", told)
