"""Fixtures of tests about the languages that participants are spoken to in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from consult.db.session import Database
from consult.languages import queries, service
from consult.languages.models import Language
from consult.languages.service import Particulars
from consult.questionnaires import exchanging

HERE = Path(__file__).parent
DARI = Particulars(
    name="دری", english="Dari", direction="rtl", digits="arabext", plural="one: i = 0 or n = 1", fallback="en"
)
AMHARIC = Particulars(
    name="አማርኛ", english="Amharic", direction="ltr", digits="latn", plural="one: i = 0 or n = 1", fallback="en"
)
TIGRINYA = Particulars(
    name="ትግርኛ", english="Tigrinya", direction="ltr", digits="ethi", plural="one: n = 0..1", fallback="en"
)
ADDED = {"prs": DARI, "am": AMHARIC, "ti": TIGRINYA}
Added = Callable[..., Language]


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[Callable[[dt.timedelta], None]]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift


@pytest.fixture
def added(database: Database, now: dt.datetime) -> Added:
    """Adds a language with what its translators have written: `added("prs")`, or without it: `words=False`."""

    def add(code: str, *, words: bool = True) -> Language:
        with database.transaction() as session:
            service.add(session, code, ADDED[code], by=None, now=now)
        if words:
            take_in(database, code, now)
        with database.reading() as session:
            found = queries.language(session, code)
            assert found is not None
            return found

    return add


def take_in(database: Database, code: str, now: dt.datetime) -> int:
    """The round trip: what translators wrote into the file that was exported."""
    found = exchanging.read((HERE / f"{code}.po").read_bytes(), f"{code}.po")
    with database.transaction() as session:
        language = queries.language(session, code)
        assert language is not None
        return exchanging.take(session, language, code, found, {}, reviews=True, by=None, now=now)
