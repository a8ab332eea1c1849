"""A steady load: whole submissions beside page views, at a fixed rate, on PostgreSQL, with the worker mixing meanwhile.

    python -m bench.steady [SECONDS]

Conversations begin when the clock says so, whether or not the server keeps up, and their durations count from that
moment: a server that falls behind cannot hide it. Prints JSON: what was begun and answered, errors, percentiles of the
durations in milliseconds, and how many of the acknowledged submissions are in the database afterwards.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import text

from bench.load import Conversation, complete, first_page, submission
from bench.serving import ADDRESS, form, free_port, prepare, running, survey
from consult.db import migrate
from consult.db.session import Database
from tests import postgresql

SECONDS = 600
SUBMISSIONS, VIEWS = 100, 1_000
"""Begun per second."""
CONNECTIONS = 256
IDLE = 10
"""Seconds after which a connection is not used again: the server hangs up after thirty, as it does to browsers."""
MIXED_WITHIN = 120
"""Seconds that the worker has to mix what is left at the end."""


@dataclass
class Seen:
    """What became of the conversations of one kind: durations in seconds, and what went wrong."""

    begun: int = 0
    durations: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        """Numbers for the report."""
        ordered = sorted(self.durations) or [float("nan")]
        parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1}
        return {
            "begun": self.begun,
            "answered": len(self.durations),
            "errors": len(self.errors),
            "first_error": self.errors[0] if self.errors else "",
            **{f"{name}_ms": round(ordered[int(part * (len(ordered) - 1))] * 1000, 1) for name, part in parts.items()},
        }


@dataclass
class Talk:
    """A conversation under way on a connection."""

    kind: str
    conversation: Conversation
    due: float
    received: bytes = b""


def due_times(seconds: float) -> Iterator[tuple[float, str]]:
    """When to begin what, in seconds from the start: both kinds evenly spread."""
    for tick in range(int(seconds * VIEWS)):
        yield tick / VIEWS, "view"
        if tick % (VIEWS // SUBMISSIONS) == 0:
            yield tick / VIEWS, "submission"


def generate(port: int, seconds: float, body: bytes) -> dict[str, Seen]:
    """Begin everything when it is due; returns when all of it is answered."""
    paths = (ADDRESS, body, f"{ADDRESS}/check", f"{ADDRESS}/submit")
    selector, idle = selectors.DefaultSelector(), list[tuple[float, socket.socket]]()
    seen = {"view": Seen(), "submission": Seen()}
    schedule, begun = due_times(seconds), time.perf_counter()
    waiting = next(schedule, None)
    opened = busy = 0
    while waiting is not None or busy:
        now = time.perf_counter() - begun
        while waiting is not None and waiting[0] <= now and (idle or opened < CONNECTIONS):
            due, kind = waiting
            waiting = next(schedule, None)
            conversation = first_page(ADDRESS) if kind == "view" else submission(*paths)
            while idle and now - idle[0][0] > IDLE:
                idle.pop(0)[1].close()
                opened -= 1
            if not idle:
                idle.append((now, _connect(port)))
                opened += 1
            connection = idle.pop()[1]
            connection.sendall(next(conversation))
            selector.register(connection, selectors.EVENT_READ, Talk(kind, conversation, begun + due))
            seen[kind].begun += 1
            busy += 1
        pause = 1.0 if waiting is None or (opened == CONNECTIONS and not idle) else max(0.0, waiting[0] - now)
        for key, _ in selector.select(pause):
            connection, talk = key.fileobj, key.data
            assert isinstance(connection, socket.socket)
            ended = _hear(connection, talk, seen[talk.kind])
            if ended is None:
                continue
            selector.unregister(connection)
            busy -= 1
            if ended:
                idle.append((time.perf_counter() - begun, connection))
            else:
                connection.close()
                opened -= 1
    for _, connection in idle:
        connection.close()
    return seen


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _hear(connection: socket.socket, talk: Talk, seen: Seen) -> bool | None:
    """Take what came; None while the conversation goes on, else whether the connection can be used again."""
    try:
        data = connection.recv(262_144)
        talk.received += data
        if not data:
            raise ConnectionError("closed by the server")
        if not complete(talk.received):
            return None
        response, talk.received = talk.received, b""
        connection.sendall(talk.conversation.send(response))
        return None
    except StopIteration:
        seen.durations.append(time.perf_counter() - talk.due)
        return True
    except (AssertionError, ValueError, OSError) as error:
        seen.errors.append(f"{type(error).__name__}: {error}"[:300])
        return False


def kept(database: Database) -> tuple[int, int]:
    """Submissions in the database: those that wait to be mixed, those that are."""
    with database.engine.connect() as connection:
        waiting = connection.scalar(text("SELECT count(*) FROM intake WHERE state = 'submitted'"))
        mixed = connection.scalar(text("SELECT count(*) FROM responses"))
    return int(waiting or 0), int(mixed or 0)


def main(seconds: int = SECONDS) -> dict[str, object]:
    """The whole measurement: `consult serve` with its worker on one side, this process on the other."""
    with tempfile.TemporaryDirectory() as folder, postgresql.fresh_database("steady") as url:
        database = Database(url)
        migrate.upgrade(database)
        prepare(database, 30)
        port = free_port()
        command = [sys.executable, "-m", "consult.cli", "serve", "--port", str(port)]
        environment = {"CONSULT_DATA": folder, "CONSULT_DATABASE_URL": url, "CONSULT_BASE_URL": "http://localhost"}
        with running(command, port, **environment) as server:
            body = urlencode(form(survey(30))).encode()
            warm = generate(port, 2, body)
            seen = generate(port, seconds, body)
            acknowledged = sum(len(found["submission"].durations) for found in (warm, seen))
            _settle(database)
            assert server.poll() is None, "the server ended"
        waiting, mixed = kept(database)
        database.close()
        return {
            "seconds": seconds,
            **{kind: found.figures() for kind, found in seen.items()},
            "acknowledged": acknowledged,
            "kept": waiting + mixed,
            "mixed": mixed,
            "lost": acknowledged - waiting - mixed,
        }


def _settle(database: Database) -> None:
    """Wait until the worker has mixed what it could."""
    until = time.monotonic() + MIXED_WITHIN
    while kept(database)[0] > 10 and time.monotonic() < until:
        time.sleep(2)


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), indent=1))
