"""Fixtures of tests that answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from consult.db.session import Database
from consult.participation.guard import Guard
from consult.participation.measures import decide
from consult.processes.models import Activity
from tests.factories.responses import make_open
from tests.responses.journey import Clock, Opened


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[Clock]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift


@pytest.fixture
def opened(database: Database) -> Opened:
    """Opens an activity for the questionnaire of a feature."""

    def make(feature: str, **rest: Any) -> Activity:
        with database.transaction() as session:
            return make_open(session, feature, slug=rest.pop("slug", "survey"), **rest)

    return make


@pytest.fixture
def opened_with(database: Database, opened: Opened, now: dt.datetime, clock: Clock):
    """Opens an activity with these measures."""

    def make(feature: str = "same_page", **measures: int) -> Activity:
        activity = opened(feature)
        guard = Guard(**{"seconds": 0, "hourly": 0, "counted": True, **measures})
        with database.transaction() as session:
            decide(session, session.get_one(Activity, activity.id), guard, by=None, now=now)
        return activity

    return make
