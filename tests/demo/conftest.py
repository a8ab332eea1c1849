"""The filled demo, for tests that only look at it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.db.session import Database
from consult.demo.filling import fill
from tests.conftest import NOW


@pytest.fixture(scope="package")
def filled(keys: Keys, _migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo without answers to its questionnaire: filled once, as everything here only looks at it."""
    path = tmp_path_factory.mktemp("demo") / "consult.db"
    shutil.copy(_migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    with database.transaction() as session:
        fill(session, keys, "", floor=10, count=0, rng=random.Random(3), now=NOW)
    yield database
    database.close()


@pytest.fixture
def session(filled: Database) -> Iterator[Session]:
    with filled.reading() as opened:
        yield opened
