"""What tests of kept questionnaires share."""

from __future__ import annotations

import pytest

from consult.db.session import Database
from tests.factories.responses import make_open


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What devices keep does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def survey(database: Database) -> None:
    """An open activity at `/…/q/survey`: two pages whose questions depend on each other."""
    with database.transaction() as session:
        make_open(session, "in_place", slug="survey", locales=("en", "fr", "ar"))
