"""Fixtures of tests in which people sign up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from tests.responses.journey import Clock


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[Clock]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift
