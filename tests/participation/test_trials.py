"""Whoever answers in the second of the opening is stored before it, and deleted by it, or finds it done."""

from __future__ import annotations

import datetime as dt
import threading
import time

from sqlalchemy import func, select

from consult.db.session import Database
from consult.participation import service
from consult.participation.models import TrialIntake
from consult.participation.service import TRIAL
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from tests.factories.responses import make_coming, make_open
from tests.factories.trials import make_trial


def test_the_opening_waits_for_answers_that_are_being_stored_and_takes_them_along(
    database: Database, now: dt.datetime
) -> None:
    with database.transaction() as session:
        activity = make_open(session, "relevance", opens_at=None)
        make_trial(session, activity)

    def opening() -> None:
        with database.transaction() as session:
            fieldwork.open_now(session, session.get_one(Activity, activity.id), by=None, now=now)

    thread = threading.Thread(target=opening)
    with database.transaction() as session:
        assert service.begin(session, activity.id, b"1" * 32, make_coming(), now=now, tray=TRIAL)
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive(), "it waits"
    thread.join()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TrialIntake)) == 0
    with database.transaction() as session:
        assert not service.begin(session, activity.id, b"2" * 32, make_coming(), now=now, tray=TRIAL)
