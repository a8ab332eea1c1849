"""Fixtures of backups: empty machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from consult.config import Settings
from consult.db.session import Database
from tests.backups.places import machine


@pytest.fixture
def empty(tmp_path: Path, worker_id: str, _migrated_postgresql: Database) -> Iterator[Callable[[str], Settings]]:
    """Empty machines with SQLite or PostgreSQL, as many as wanted; the server of the latter stays for the next test."""
    with ExitStack() as stack:
        numbers = iter(range(9))
        yield lambda system: stack.enter_context(machine(system, tmp_path / f"machine-{next(numbers)}", worker_id))
