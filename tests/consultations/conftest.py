"""Fixtures of tests in which people contribute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from consult.consultations.models.asked import OpenQuestion
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity
from tests.factories.consultations import make_consultation
from tests.factories.texts import make_text
from tests.responses.journey import Clock


@pytest.fixture
def clock(now: dt.datetime) -> Iterator[Clock]:
    """The tests' moment, which can be moved on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller.shift


@pytest.fixture
def activity(database: Database, clock: Clock) -> Activity:
    """A consultation of all phases in two languages, with a text of one paragraph and an open question."""
    with database.transaction() as session:
        made = make_consultation(session, slug="draft", locales=("en", "fr"))
        make_text(session, made)
        question = LocalisedText({"en": "What is missing?", "fr": "Que manque-t-il ?"})
        session.add(OpenQuestion(activity_id=made.id, position=1, label=question, theme=""))
    return made
