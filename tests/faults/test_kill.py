"""kill −9 of the server in the middle of submissions: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from consult.config import load_keys
from consult.core.questionnaire.definition import node_id
from consult.db import migrate
from consult.db.session import Database
from consult.participation import codes
from consult.participation.models import Intake
from consult.processes.models import Activity
from consult.responses.models import Response
from tests import postgresql
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_questionnaire
from tests.factories.responses import OPENED
from tests.factories.visitor import Visitor
from tests.faults.serving import Served

KILLS = 3
SLUG = "survey"


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[tuple[Served, Database]]:
    """A served installation with one open questionnaire, and its database."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'consult.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(postgresql.fresh_database(f"kill_{worker_id}"))
        server = Served(tmp_path, environ={"CONSULT_DATABASE_URL": url})
        database = Database(url)
        stack.callback(database.close)
        migrate.upgrade(database)
        with database.transaction() as session:
            activity = make_activity(session, make_process(session), slug=SLUG, locales=("en",), opens_at=OPENED)
            make_edition(session, activity, make_questionnaire(locales=("en",)))
            make_notice(session, activity)
        stack.callback(server.stop)
        server.start()
        yield server, database


def test_every_acknowledged_response_survives_and_none_is_doubled(served: tuple[Served, Database]) -> None:
    server, database = served
    acknowledged: list[str] = []
    wishes: list[str] = []
    stop = threading.Event()
    people = [
        threading.Thread(target=_people, args=(server, acknowledged, wishes, stop, number)) for number in range(4)
    ]
    for person in people:
        person.start()
    for _ in range(KILLS):
        before = len(acknowledged)
        deadline = time.monotonic() + 20
        while len(acknowledged) < before + 5 and time.monotonic() < deadline:
            time.sleep(0.02)
        server.kill()
        server.start()
    stop.set()
    for person in people:
        person.join()
    server.stop()
    assert len(acknowledged) >= KILLS * 5
    keys = load_keys(server.data / "keys.json")
    with database.reading() as session:
        activity = session.scalars(select(Activity)).one()
        waiting = session.execute(select(Intake.code, Intake.answers).where(Intake.state == "submitted")).all()
        mixed = session.execute(select(Response.code, Response.answers)).all()
    stored = [row.code for row in (*waiting, *mixed)]
    assert len(stored) == len(set(stored))
    assert {codes.digest(keys.codes, activity.id, code) for code in acknowledged} <= set(stored)
    documents = "\n".join(row.answers for row in (*waiting, *mixed))
    assert [wish for wish in wishes if documents.count(f'"{wish}"') != 1] == []


def _people(server: Served, acknowledged: list[str], wishes: list[str], stop: threading.Event, number: int) -> None:
    """One person after another answers on a fresh device; who is cut off leaves and the next one comes."""
    turn = 0
    while not stop.is_set():
        turn += 1
        wish = f"wish {number}-{turn} of many"
        visitor = Visitor("127.0.0.1", server.port)
        try:
            visitor.get(f"/en/q/{SLUG}")
            visitor.send({node_id("age"): "40", node_id("country"): "gb"})
            visitor.send({node_id("wishes"): wish})
            visitor.send()
        except (OSError, http.client.HTTPException):  # the line was cut
            time.sleep(0.1)
            continue
        if visitor.status == 200 and visitor.path.endswith("/receipt"):
            code = codes.read(next(iter(visitor.cookies.values())))
            assert code is not None
            acknowledged.append(code)
            wishes.append(wish)
