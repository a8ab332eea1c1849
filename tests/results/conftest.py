"""What tests of results share."""

from __future__ import annotations

import pytest

from tests.results.fieldwork import Fieldwork
from tests.results.surveying import Survey


@pytest.fixture
def fieldwork(database, tmp_path):
    return Fieldwork(database, tmp_path / "columns", 40)


@pytest.fixture
def survey(sqlite, settings, keys, now):
    return Survey(sqlite, settings, keys, now)
