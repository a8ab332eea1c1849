"""Where the column store is: a folder, or an S3-compatible store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.config import Store
from tests.results import objects


@pytest.fixture(scope="module")
def s3() -> Iterator[objects.Objects]:
    """A server of the tests' own."""
    with objects.served() as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty column store, of both sorts."""
    return tmp_path / "columns" if request.param == "folder" else request.getfixturevalue("s3").store()
