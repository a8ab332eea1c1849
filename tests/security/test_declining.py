"""Who does not consent, or is too young, leaves nothing in any file: neither what they answered nor that they came."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from consult.db.session import Database
from tests.factories.device import Device
from tests.factories.responses import make_open

CANARY = "Kanarienvogel"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The file itself is searched."""
    return sqlite


def everything(folder: Path) -> bytes:
    """All files but the one by which SQLite's readers count each other."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".db-shm")


def test_nothing_is_in_any_file(
    client: FlaskClient, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with database.transaction() as session:
        make_open(session, "gates", slug="survey")
    before = everything(tmp_path)
    here = "/en/q/survey"
    for then in ({"agree": "no"}, {"agree": ""}, {"agree": "", "then": "later"}):
        answer = client.post(here, data={"edition": "1", "nickname": CANARY, **then})
        assert "Set-Cookie" not in answer.headers or "draft-survey=;" in answer.headers["Set-Cookie"]
    device = Device(client)
    device.send(device.seal({"agree": "no", "nickname": CANARY}))
    assert everything(tmp_path) == before
    assert CANARY not in caplog.text


def test_what_was_begun_is_gone_from_the_files(client: FlaskClient, database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        make_open(session, "gates", slug="survey")
    client.post("/en/q/survey", data={"edition": "1", "agree": "yes", "nickname": CANARY})
    assert CANARY.encode() in everything(tmp_path)
    client.post("/en/q/survey/page/1", data={"edition": "1", "agree": "no", "nickname": CANARY})
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert CANARY.encode() not in everything(tmp_path)
