"""Serving: first pages and whole submissions of a one-page questionnaire of 30 questions, beside a bare Flask app.

    python -m bench.serving [ROUNDS]

Prints JSON: requests or submissions per second and the 95th percentile for both (median of the rounds), their ratio,
the bytes of the first view, and the number of SQL statements per request for 3 and for 30 questions.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import text

from consult import config
from consult.app import create_app
from consult.config import Settings
from consult.core.questionnaire.definition import Question, Questionnaire, QuestionType
from consult.db import migrate
from consult.db.session import Database
from consult.participation import measures
from consult.participation.guard import Guard
from consult.participation.models import Channel, Quota
from tests import postgresql
from tests.factories.invitations import invite, make_codes
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.questionnaires import questionnaire
from tests.statements import noted

OPENED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CONNECTIONS = 16
FIRST_PAGES, SUBMISSIONS = 20_000, 2_000
ADDRESS = "/en/q/bench"
_KINDS = (
    "select_one agree",
    "integer",
    "select_multiple topics",
    "select_one agree",
    "text",
    "select_one countries",
    "select_multiple topics",
    "decimal",
    "select_one agree",
    "date",
)
_CHOICES = {
    "agree": ["agree_strongly", "agree", "neither", "disagree", "disagree_strongly"],
    "topics": ["work", "health", "education", "housing", "remittances", "return", "prefer_not_to_say"],
    "countries": [f"country_{number}" for number in range(40)],
}


def survey(questions: int) -> Questionnaire:
    """One page with so many questions of every type."""
    rows: list[dict[str, str]] = [{"type": "begin_group", "name": "page", "label": "Your life abroad"}]
    for number in range(questions):
        row = {"type": _KINDS[number % len(_KINDS)], "name": f"question_{number}"}
        row["label"] = f"What do you think, in your own experience, about matter number {number} of the new policy?"
        if row["type"] == "integer":
            row |= {"required": "true()", "constraint": ". >= 0 and . < 150"}
        rows.append(row)
    return questionnaire({"survey": [*rows, {"type": "end_group"}], "choices": _CHOICES}, locales=("en", "fr"))


def form(asked: Questionnaire) -> list[tuple[str, str]]:
    """What a browser sends when everything is answered."""
    sent: list[tuple[str, str]] = [("edition", "1")]
    for number, question in enumerate(asked.questions()):
        sent += [(question.id, "")] if question.type in {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE} else []
        sent += _answer(question, number)
    return sent


def _answer(question: Question, number: int) -> list[tuple[str, str]]:
    match question.type:
        case QuestionType.SELECT_ONE:
            return [(question.id, _CHOICES[question.choices][number % 5])]
        case QuestionType.SELECT_MULTIPLE:
            return [(question.id, _CHOICES["topics"][number % 3]), (question.id, "return")]
        case QuestionType.DATE:
            return [(f"{question.id}.day", "7"), (f"{question.id}.month", "6"), (f"{question.id}.year", "1999")]
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            return [(question.id, str(number))]
        case _:
            return [(question.id, "People who went abroad and came back should be asked first.")]


def prepare(database: Database, questions: int) -> None:
    """An activity that is open, with invitations, a quota and all bot measures but computing, which browsers do."""
    with database.transaction() as session:
        activity = make_activity(session, make_process(session), slug="bench", locales=("en", "fr"), opens_at=OPENED)
        make_edition(session, activity, survey(questions))
        make_notice(session, activity)
        invite(session, activity, open_link=True)
        make_codes(session, activity, 1_000)
        session.add(Quota(activity_id=activity.id, channel=Channel.OPEN, profile="", most=10_000_000))
        measures.decide(session, activity, Guard(1, 100_000, counted=True, work=False), by=None, now=OPENED)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, from the moment at which it listens."""
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, env={**os.environ, **environment}, cwd=root) as process:
        try:
            _wait(port)
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextlib.contextmanager
def serving(target: str, **environment: str) -> Iterator[int]:
    """One of the apps in a server of its own; its port."""
    port = free_port()
    with running([sys.executable, "-m", "bench.server", target, str(port)], port, **environment):
        yield port


def _wait(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def load(port: int, **task: object) -> dict[str, float]:
    """What the load generator measures, in a process of its own."""
    given = json.dumps({"port": port, "connections": CONNECTIONS, **task})
    done = subprocess.run([sys.executable, "-m", "bench.load"], input=given, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(url: str, folder: Path, rounds: int) -> dict[str, object]:
    """First pages and submissions of both apps on one database, in turns."""
    database = Database(url)
    prepare(database, 30)
    if not database.sqlite:
        with database.engine.connect() as connection:
            assert connection.scalar(text("SHOW fsync")) == connection.scalar(text("SHOW synchronous_commit")) == "on"
    body = urlencode(form(survey(30)))
    ours = {"CONSULT_DATA": str(folder), "CONSULT_DATABASE_URL": url, "CONSULT_BASE_URL": "http://localhost"}
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    _keep_pages(database, folder, pages)
    database.close()
    paths = {
        "ours": {"path": ADDRESS, "check": f"{ADDRESS}/check", "submit": f"{ADDRESS}/submit"},
        "bare": {"path": "/first", "check": "/check", "submit": "/submit"},
    }
    targets = {
        "ours": ("consult.cli:create_served_app", ours),
        "bare": ("bench.bare:create_app", {"BENCH_PAGES": str(pages), "BENCH_URL": url}),
    }
    runs: dict[str, dict[str, list[dict[str, float]]]] = {"first": {}, "submission": {}}
    for _ in range(rounds):
        for name, (target, environment) in targets.items():
            with serving(target, **environment) as port:
                load(port, kind="submission", count=100, body=body, **paths[name])
                for kind, count in (("first", FIRST_PAGES), ("submission", SUBMISSIONS)):
                    found = load(port, kind=kind, count=count, body=body, **paths[name])
                    runs[kind].setdefault(name, []).append(found)
    return {kind: _compared(by_app) for kind, by_app in runs.items()}


def _keep_pages(database: Database, folder: Path, pages: Path) -> None:
    """The bytes of our first page and check page, for the bare app to send."""
    client = _client(database, folder)
    first = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    client.post(ADDRESS, data=urlencode(form(survey(30))), content_type="application/x-www-form-urlencoded")
    (pages / "first").write_bytes(first.data)
    (pages / "check").write_bytes(client.get(f"{ADDRESS}/check").data)


def _client(database: Database, folder: Path) -> FlaskClient:
    settings = Settings(data=folder, base_url="http://localhost")
    return create_app(settings, config.load_keys(folder / "keys.json"), database).test_client()


def _compared(by_app: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    middle = {
        name: {
            figure: round(statistics.median(found[figure] for found in runs), 1) for figure in ("per_second", "p95_ms")
        }
        for name, runs in by_app.items()
    }
    return {**middle, "ratio": round(middle["ours"]["per_second"] / middle["bare"]["per_second"], 2)}


def statements(questions: int) -> dict[str, int]:
    """SQL statements of each request of a submission."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'consult.db'}")
        migrate.upgrade(database)
        prepare(database, questions)
        client = _client(database, folder)
        client.get(ADDRESS)

        def counted(request: Callable[[], object]) -> int:
            with noted(database) as said:
                request()
            return len(said)

        body = urlencode(form(survey(questions)))
        kind = "application/x-www-form-urlencoded"
        found = {
            "first page": counted(lambda: client.get(ADDRESS)),
            "answers": counted(lambda: client.post(ADDRESS, data=body, content_type=kind)),
            "check": counted(lambda: client.get(f"{ADDRESS}/check")),
            "submit": counted(lambda: client.post(f"{ADDRESS}/submit")),
            "receipt": counted(lambda: client.get(f"{ADDRESS}/receipt")),
        }
        database.close()
        return found


def first_view() -> dict[str, int]:
    """Bytes of the first view of 30 questions, by locale."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'consult.db'}")
        migrate.upgrade(database)
        prepare(database, 30)
        client = _client(database, folder)
        found = {}
        for locale in ("en", "fr"):
            page = client.get(f"/{locale}/q/bench", headers={"Accept-Encoding": "gzip"}).data
            plain = gzip.decompress(page).decode()
            style = plain[plain.index("<style>") : plain.index("</style>")]
            found[locale] = len(page)
            found[f"{locale}_without_style"] = len(gzip.compress(plain.replace(style, "").encode(), 9))
        database.close()
        return found


def main(rounds: int = 3) -> dict[str, object]:
    """Everything, on SQLite and on PostgreSQL."""
    found: dict[str, object] = {"first_view_bytes": first_view(), "statements": {n: statements(n) for n in (3, 30)}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'consult.db'}"
        migrate.upgrade(Database(url))
        found["sqlite"] = measure(url, folder, rounds)
    with tempfile.TemporaryDirectory() as name, postgresql.fresh_database("bench") as url:
        migrate.upgrade(Database(url))
        found["postgresql"] = measure(url, Path(name), rounds)
    return found


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), indent=1))
