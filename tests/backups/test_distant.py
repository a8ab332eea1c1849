"""Backups of an installation whose column store is an S3-compatible one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from consult.backups import making
from consult.backups.restoring import restore
from consult.config import Keys, Settings, write_keys
from consult.core.errors import Refused
from consult.results import stores
from tests.backups.places import installed
from tests.factories.installations import make_lived_in
from tests.results import objects


def test_the_column_store_comes_out_of_an_s3_store_and_into_one(
    empty: Callable[[str], Settings], keys: Keys, tmp_path: Path, now: dt.datetime
) -> None:
    write_keys(keys, keys_file := tmp_path / "in-the-safe.json")
    with objects.served() as server:
        there, here = (replace(empty("sqlite"), columns=store) for store in (server.store(), server.store()))
        stray = stores.within(here.column_store, f"{uuid.uuid4()}/{uuid.uuid4()}.parquet")
        with stores.new(stray, lambda _block: None) as file:
            file.write(b"left from before")
        with installed(there, keys) as installation:
            make_lived_in(installation, now)
            made = making.make(installation, now=now)

        with pytest.raises(Refused, match=r"^backups\.occupied$"):
            restore(made.path, here, keys_file, force=False, afterwards=(), now=now)
        restore(made.path, here, keys_file, force=True, afterwards=(), now=now)

        before, after = (
            {found.name: (found.size, content(settings, found.name)) for found in stores.walk(settings.column_store)}
            for settings in (there, here)
        )
    assert before == after
    assert len(before) >= 2


def content(settings: Settings, name: str) -> bytes:
    with stores.opened(stores.within(settings.column_store, name)) as found:
        assert found is not None
        return found[0].read()
