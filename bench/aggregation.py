"""Many responses × 30 questions: tables against SQL written by hand, a refresh against the same one on few responses.

    python -m bench.aggregation [RESPONSES] [FEW]

The column store and its database (PostgreSQL) are as the application leaves them: segments of the greatest size, as
many responses that are marked as stored, and new ones that wait. Everything is measured in a process of its own, the
best of some runs, with the peak of its memory. The baseline reads the same files in the same way. Prints JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy
import psycopg
import pyarrow
from sqlalchemy import delete, select

from consult.config import Settings
from consult.core.aggregation.tabulate import asked, tabulate
from consult.core.questionnaire.definition import QuestionType
from consult.db import migrate
from consult.db.session import Database
from consult.questionnaires.models import Edition
from consult.responses.models import Response, Tombstone
from consult.results import columns, engines, segments
from consult.results.models import Segment
from tests import postgresql
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, make_responses

CODES = [f"c{index}" for index in range(8)]
COUNTRIES = [f"k{index:02}" for index in range(40)]
SINGLES = ["country", *(f"s{index}" for index in range(24))]
MULTIPLES = [f"m{index}" for index in range(3)]
FRESH, WITHDRAWN = 1_000, 10
THREADS, RUNS = 2, 3
SURVEY = make_questionnaire(
    make_question("country", QuestionType.SELECT_ONE, choices="countries"),
    *(make_question(name, QuestionType.SELECT_ONE, choices="codes") for name in SINGLES[1:]),
    *(make_question(name, QuestionType.SELECT_MULTIPLE, choices="codes") for name in MULTIPLES),
    make_question("age", QuestionType.INTEGER),
    make_question("sent", QuestionType.DECIMAL),
    lists=(choices("countries", *COUNTRIES), choices("codes", *CODES)),
)
IDS = {question.name: question.id for question in SURVEY.questions()}


@dataclass(frozen=True)
class Place:
    """An installation with one activity."""

    settings: Settings
    activity: uuid.UUID

    def database(self) -> Database:
        """Connections of one's own."""
        return Database(self.settings.url)

    @property
    def files(self) -> str:
        """The answers, as SQL reads them."""
        found = self.settings.column_store.rglob("*.parquet")
        return f"read_parquet({sorted(str(path) for path in found if segments.TEXTS not in path.name)})"


# --- what is measured ---


def one_way(place: Place) -> None:
    """All one-way tables, as a release makes them."""
    _tables(place, [])


def crossed(place: Place) -> None:
    """All tables by country, with the one-way tables that they need."""
    _tables(place, [(IDS[name], IDS["country"]) for name in IDS if name != "country"])


def _tables(place: Place, crossings: list[tuple[str, str]]) -> None:
    engine = engines.connect(place.settings)
    with (
        place.database().reading() as session,
        columns.held(session, place.activity, store=place.settings.column_store, engine=engine) as held,
    ):
        tabulate(held.sources, held.terms.variables(), crossings, 10)


def by_hand() -> duckdb.DuckDBPyConnection:
    """DuckDB without anything of ours."""
    engine = duckdb.connect(config={"threads": THREADS})
    engine.execute("SET enable_progress_bar = false")
    return engine


def one_way_by_hand(place: Place) -> None:
    """The same counts and summaries in SQL."""
    engine, files = by_hand(), place.files
    for name in SINGLES:
        engine.sql(f"SELECT {IDS[name]}, count(*) FROM {files} GROUP BY 1").fetchall()
    for name in MULTIPLES:
        engine.sql(f"SELECT c, count(*) FROM (SELECT unnest({IDS[name]}) AS c FROM {files}) GROUP BY c").fetchall()
    for name, width in (("age", 5), ("sent", 50)):
        column = IDS[name]
        engine.sql(
            f"SELECT count({column}), min({column}), max({column}), avg({column}), stddev_samp({column}),"
            f" quantile_cont({column}, [0.05, 0.25, 0.5, 0.75, 0.95]) FROM {files}"
        ).fetchall()
        engine.sql(f"SELECT {column} // {width}, count(*) FROM {files} GROUP BY 1").fetchall()


def crossed_by_hand(place: Place) -> None:
    """The tables by country, and nothing else, in SQL."""
    engine, files, by = (
        by_hand(),
        place.files,
        IDS["country"],
    )
    for name in SINGLES[1:]:
        engine.sql(f"SELECT {IDS[name]}, {by}, count(*) FROM {files} GROUP BY ALL").fetchall()
    for name in MULTIPLES:
        engine.sql(
            f"SELECT c, {by}, count(*) FROM (SELECT unnest({IDS[name]}) AS c, {by} FROM {files}) GROUP BY ALL"
        ).fetchall()
    for name, width in (("age", 5), ("sent", 50)):
        engine.sql(f"SELECT {IDS[name]} // {width}, {by}, count(*) FROM {files} GROUP BY ALL").fetchall()


def refresh(place: Place) -> None:
    """Bring the column store up to date."""
    columns.refresh(
        place.database(), place.activity, store=place.settings.column_store, least=10, rng=random.SystemRandom()
    )


def wait(place: Place) -> None:
    """New responses, which the column store does not hold yet."""
    rng, database = random.Random(), place.database()
    with database.transaction() as session:
        edition = session.get_one(Edition, (place.activity, 1))
        make_responses(session, edition, SURVEY, [_answers(rng) for _ in range(FRESH)])
    database.close()


def withdraw(place: Place) -> None:
    """Some that it holds are withdrawn."""
    database = place.database()
    with database.transaction() as session:
        gone = session.scalars(select(Response.id).where(Response.stored).limit(WITHDRAWN)).all()
        session.execute(delete(Response).where(Response.activity_id == place.activity, Response.id.in_(gone)))
        session.add_all([Tombstone(activity_id=place.activity, id=name) for name in gone])
    database.close()


# --- how it is measured ---


Job = tuple[Callable[[Place], None], Place, tuple[Callable[[Place], None], ...]]
"""What is measured, where, and what happens before each run."""


def measured(*jobs: Job, runs: int = RUNS) -> tuple[list[float], int]:
    """Seconds of the best run of each job, which take turns, and the peak of memory in megabytes."""
    here, there = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_measure, args=(there, jobs, runs))
    process.start()
    there.close()
    found: tuple[list[float], int] = here.recv()
    process.join()
    return found


def _measure(answer: Any, jobs: tuple[Job, ...], runs: int) -> None:
    taken: list[list[float]] = [[] for _ in jobs]
    for _ in range(runs):
        for place, (work, where, before) in enumerate(jobs):
            for each in before:
                each(where)
            start = time.perf_counter()
            work(where)
            taken[place].append(time.perf_counter() - start)
    answer.send(([min(one) for one in taken], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10))


# --- what it is measured on ---


def fill(folder: Path, responses: int, url: str) -> Place:
    """An installation with so many responses in the column store, on an empty database."""
    place = Place(Settings(data=folder, database_url=url, threads=THREADS), _published(url))
    (place.settings.column_store / str(place.activity)).mkdir(parents=True)
    rng = numpy.random.default_rng(1)
    keys = numpy.frombuffer(rng.bytes(16 * responses), dtype="V16")
    database = place.database()
    for start in range(0, responses, columns.MOST):
        found = _columns(rng, keys[start : start + columns.MOST])
        name = uuid.UUID(bytes=rng.bytes(16), version=4)
        digest = segments.write(place.settings.column_store, place.activity, name, found)
        with database.transaction() as session:
            session.add(Segment(id=name, activity_id=place.activity, edition=1, hash=digest, rows=found.rows))
    database.close()
    _enter(place, keys)
    return place


def _published(url: str) -> uuid.UUID:
    database = Database(url)
    migrate.upgrade(database)
    with database.transaction() as session:
        activity_id = make_edition(session, questionnaire=SURVEY).activity_id
    database.close()
    return activity_id


def _columns(rng: numpy.random.Generator, keys: numpy.ndarray) -> segments.Columns:
    """Responses as the column store keeps them."""
    count = len(keys)

    def drawn(codes: list[str]) -> pyarrow.Array:
        places = pyarrow.array(rng.integers(0, len(codes), count), pyarrow.int32())
        return pyarrow.DictionaryArray.from_arrays(places, pyarrow.array(codes))

    table: dict[str, pyarrow.Array] = {
        segments.KEY: pyarrow.FixedSizeBinaryArray.from_buffers(
            pyarrow.binary(16), count, [None, pyarrow.py_buffer(keys.tobytes())]
        ),
        segments.LOCALE: drawn(["en", "fr", "ar"]),
        segments.CHANNEL: drawn(["open", "invited"]),
        segments.EDITION: pyarrow.array(numpy.ones(count), pyarrow.int32()),
        **{IDS[name]: drawn(COUNTRIES if name == "country" else [*CODES, ":skipped"]) for name in SINGLES},
    }
    for name in MULTIPLES:
        offsets = pyarrow.array(numpy.concatenate([[0], numpy.cumsum(rng.integers(1, 4, count))]), pyarrow.int32())
        values = pyarrow.array(CODES).take(pyarrow.array(rng.integers(0, len(CODES), offsets[-1].as_py())))
        table[IDS[name]] = pyarrow.ListArray.from_arrays(offsets, values)
    for name, values in {"age": rng.integers(15, 90, count), "sent": rng.lognormal(5, 1, count).round(2)}.items():
        table[IDS[name]] = pyarrow.array(values)
        table[asked(IDS[name])] = pyarrow.array(numpy.ones(count, dtype=bool))
    return segments.Columns(pyarrow.table(table), pyarrow.table({segments.KEY: table[segments.KEY]}), {})


def _enter(place: Place, keys: numpy.ndarray) -> None:
    """The rows of the database behind the segments, in the order of their keys, as sealing leaves them."""
    answers = msgspec.json.encode({IDS[name]: value for name, value in _answers(random.Random(1)).items()}).decode()
    with (
        psycopg.connect(place.settings.url, autocommit=True) as connection,
        connection.cursor().copy("COPY responses FROM STDIN") as copy,
    ):
        for key in numpy.sort(keys.view("S16")):
            raw = key.ljust(16, b"\0").hex()
            line = (place.activity.hex, raw, f"\\\\x{raw}", "1", "en", "open", "2026-03-01", answers, "t")
            copy.write("\t".join(line) + "\n")
    with psycopg.connect(place.settings.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE responses")
        connection.execute("CHECKPOINT")


def _answers(rng: random.Random) -> dict[str, object]:
    return {
        **{name: rng.choice(COUNTRIES if name == "country" else CODES) for name in SINGLES},
        **{name: rng.sample(CODES, 2) for name in MULTIPLES},
        "age": rng.randrange(15, 90),
        "sent": round(rng.lognormvariate(5, 1), 2),
    }


def main(responses: int = 1_000_000, few: int = 50_000) -> None:
    """Measure and print."""
    found: dict[str, Any] = {"responses": responses, "few": few, "questions": len(IDS)}
    with (
        tempfile.TemporaryDirectory() as folder,
        postgresql.fresh_database("many") as one,
        postgresql.fresh_database("few") as other,
    ):
        many, fewer = fill(Path(folder, "many"), responses, one), fill(Path(folder, "few"), few, other)
        for name, ours, theirs in (("one_way", one_way, one_way_by_hand), ("crossed", crossed, crossed_by_hand)):
            (mine,), megabytes = measured((ours, many, ()))
            (baseline,), _ = measured((theirs, many, ()))
            found[name] = compared(mine, baseline, megabytes)
        for name, before, runs in (("refresh", (wait,), 5 * RUNS), ("withdrawal", (wait, withdraw), RUNS)):
            (at_many, at_few), megabytes = measured((refresh, many, before), (refresh, fewer, before), runs=runs)
            found[name] = compared(at_many, at_few, megabytes)
    print(json.dumps(found))


def compared(seconds: float, baseline: float, megabytes: int) -> dict[str, float]:
    """Figures for the report."""
    ratio = round(seconds / baseline, 2)
    return {"seconds": round(seconds, 3), "baseline": round(baseline, 3), "ratio": ratio, "megabytes": megabytes}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
