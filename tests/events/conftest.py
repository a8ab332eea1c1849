"""Fixtures of tests of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy.orm import Session

from consult.db.session import Database
from tests.responses.journey import Clock


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[Clock]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift


@pytest.fixture
def sqlite_session(sqlite: Database) -> Iterator[Session]:
    """A writing session where it does not matter on which system."""
    with sqlite.session(write=True) as opened:
        yield opened
