"""A ministry, a survey that it leads with answers drawn at random, and a steward of its own in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.accounts.models import Role
from consult.config import Store
from consult.db.installation import Installation
from consult.processes.models import Activity
from tests.factories import accounts as make
from tests.factories.accounts import sign_in
from tests.results import objects
from tests.results.fieldwork import Fieldwork
from tests.results.surveying import Survey


@pytest.fixture
def ministry(database):
    with database.transaction() as session:
        return make.institution(session)


@pytest.fixture
def survey(database, settings, keys, now, ministry):
    found = Survey(database, settings, keys, now, lead=ministry)
    found.answer_at_random(400)
    with database.transaction() as session:
        activity = session.get_one(Activity, found.activity_id)
        activity.opens_at, found.activity = now, activity.slug
    return found


@pytest.fixture
def steward(database, client, ministry):
    with database.transaction() as session:
        person = make.user(session, ministry, Role.STEWARD)
    sign_in(client, person)
    client.person = person.id
    return client


@pytest.fixture
def installation(database, settings, keys):
    return Installation(settings, keys, database)


@pytest.fixture
def unanswered(sqlite, settings, keys, now):
    """A survey that nobody has answered, on the one database that tests of files need."""
    return Survey(sqlite, settings, keys, now)


@pytest.fixture
def fieldwork(database, store):
    return Fieldwork(database, store, 40)


@pytest.fixture(scope="module")
def s3() -> Iterator[objects.Objects]:
    """A server of the tests' own."""
    with objects.served() as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty column store, of both sorts."""
    return tmp_path / "columns" if request.param == "folder" else request.getfixturevalue("s3").store()
