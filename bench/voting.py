"""Voting while opinion groups are being found: 33,547 participants × 783 statements, one vote in twenty cast.

    python -m bench.voting [PARTICIPANTS] [STATEMENTS]

People who have voted before load the next statement and vote on it, over eight connections; first alone, then beside a
process that analyses the same consultation over and over, as the worker does. Prints JSON: how long one analysis takes
when nobody votes, reading and keeping included, and the peak of its memory; votes per second and the 95th percentile of
both, their ratio, and how long one analysis took meanwhile.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import secrets
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.aggregation import measured
from bench.opinions import DENSITY, PARTICIPANTS, STATEMENTS, THRESHOLD, conversation
from bench.serving import load, serving
from consult import config
from consult.consultations import analysing
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Participant
from consult.consultations.models.opinions import Vote
from consult.core.opinion.votes import UNSEEN
from consult.db import migrate
from consult.db.session import Database
from consult.participation import codes
from tests import postgresql
from tests.factories.consultations import make_consultation, make_statement

SLUG = "bench"
CONNECTIONS, COUNT = 8, 2_000
_ROWS = 2_000


def prepare(database: Database, folder: Path, participants: int, statements: int) -> tuple[uuid.UUID, list[str]]:
    """A consultation with all these votes; its id, and the codes of some who have voted."""
    key = config.load_keys(folder / "keys.json").codes
    cells = conversation(participants, statements).cells
    with database.transaction() as session:
        activity = make_consultation(session, phases=(Phase.VOTE,), slug=SLUG)
        ids = [
            make_statement(session, activity, f"Statement {number} says something.").id for number in range(statements)
        ]
        spelt = [codes.spell(secrets.token_bytes(16)) for _ in range(participants)]
        digests = [codes.digest(key, activity.id, code) for code in spelt]
        person = {"activity_id": activity.id, "channel": "open", "locale": "en", "day": dt.date(2026, 1, 1)}
        session.execute(insert(Participant), [{**person, "code": digest} for digest in digests])
    for start in range(0, participants, _ROWS):
        rows = [
            {"activity_id": activity.id, "code": digests[row], "statement_id": ids[at], "value": int(cells[row, at])}
            for row in range(start, min(start + _ROWS, participants))
            for at in (cells[row] != UNSEEN).nonzero()[0]
        ]
        with database.transaction() as session:
            session.execute(insert(Vote), rows)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")  # which PostgreSQL does by itself within a minute
    return activity.id, spelt[:COUNT]


def analyse_on(url: str, activity_id: uuid.UUID, stop: Any, answer: Any) -> None:
    """Analyse over and over until told to stop; the seconds of each."""
    database, taken = Database(url), []
    while not stop.is_set():
        begun = time.perf_counter()
        analysing.analyse(database, activity_id, floor=THRESHOLD, now=dt.datetime.now(dt.UTC))
        taken.append(round(time.perf_counter() - begun, 2))
    database.close()
    answer.send(taken)


def analyse_once(where: tuple[str, uuid.UUID]) -> None:
    """The job as the worker does it."""
    url, activity_id = where
    database = Database(url)
    analysing.analyse(database, activity_id, floor=THRESHOLD, now=dt.datetime.now(dt.UTC))
    database.close()


@contextmanager
def analysing_beside(url: str, activity_id: uuid.UUID, taken: list[float]) -> Iterator[None]:
    """A process that analyses meanwhile."""
    context = multiprocessing.get_context("spawn")
    stop, (here, there) = context.Event(), context.Pipe(duplex=False)
    process = context.Process(target=analyse_on, args=(url, activity_id, stop, there))
    process.start()
    time.sleep(1)
    try:
        yield
    finally:
        stop.set()
        taken.extend(here.recv())
        process.join()


def measure(url: str, participants: int, statements: int) -> dict[str, object]:
    """Alone, beside, and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = url or f"sqlite:///{folder / 'consult.db'}"
        database = Database(url)
        migrate.upgrade(database)
        activity_id, spelt = prepare(database, folder, participants, statements)
        database.close()
        (seconds,), megabytes = measured((analyse_once, (url, activity_id), ()), runs=2)
        task = {"kind": "vote", "path": f"/en/c/{SLUG}/vote", "cookie": f"part-{SLUG}", "connections": CONNECTIONS}
        ours = {"CONSULT_DATA": name, "CONSULT_DATABASE_URL": url, "CONSULT_BASE_URL": "http://localhost"}
        taken: list[float] = []
        with serving("consult.cli:create_served_app", **ours) as port:
            load(port, count=100, codes=spelt[:100], **task)
            alone = load(port, count=len(spelt), codes=spelt, **task)
            with analysing_beside(url, activity_id, taken):
                beside = load(port, count=len(spelt), codes=spelt, **task)
    return {
        "job": {"seconds": round(seconds, 2), "megabytes": megabytes},
        "alone": {figure: round(value, 1) for figure, value in alone.items()},
        "beside": {figure: round(value, 1) for figure, value in beside.items()},
        "ratio": round(beside["p95_ms"] / alone["p95_ms"], 2),
        "analysis_seconds": max(taken),
    }


def main(participants: int = PARTICIPANTS, statements: int = STATEMENTS) -> dict[str, object]:
    """All figures."""
    with postgresql.fresh_database("bench_voting") as url:
        found = {"postgresql": measure(url, participants, statements)}
    votes = round(participants * statements * DENSITY)
    return {"votes": votes, **found, "sqlite": measure("", participants, statements)}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
