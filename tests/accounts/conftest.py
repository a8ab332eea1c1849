"""Institutions with an administrator each, and a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from consult.accounts.models import Institution, Role, User
from consult.db.session import Database
from tests.factories import accounts as make


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[time_machine.Traveller]:
    """The time, moved by hand."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ministry(database: Database) -> Institution:
    with database.transaction() as session:
        return make.institution(session)


@pytest.fixture
def agency(database: Database) -> Institution:
    """Another institution."""
    with database.transaction() as session:
        return make.institution(session, "Statistics agency", kind="statistics_office")


@pytest.fixture
def admin(database: Database, ministry: Institution) -> User:
    with database.transaction() as session:
        return make.user(session, ministry, Role.ADMINISTRATOR, email="admin@example.org")


@pytest.fixture
def officer(database: Database, ministry: Institution) -> User:
    with database.transaction() as session:
        return make.user(session, ministry, Role.OFFICER, email="officer@example.org")


@pytest.fixture
def steward(database: Database, ministry: Institution) -> User:
    with database.transaction() as session:
        return make.user(session, ministry, Role.STEWARD, email="steward@example.org")
