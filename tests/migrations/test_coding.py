"""The migration of coding goes down and up on data."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, inspect, select

from consult.accounts.models import User
from consult.coding import models as coding
from consult.db import migrate
from consult.db.session import Database
from consult.processes.models import Activity
from tests.factories.accounts import user
from tests.factories.processes import make_activity, make_process


def test_coding_comes_and_goes_and_leaves_everything_else(database: Database, now: dt.datetime) -> None:
    with database.transaction() as session:
        activity = make_activity(session, make_process(session))
        session.add(coding.Version(process_id=activity.process_id, number=1, document="{}", hash="0", published_at=now))
        session.add(coding.Item(activity_id=activity.id, id=activity.id, kind="answer", part="q", locale="en"))
        session.flush()
        coder = user(session)
        said = {"activity_id": activity.id, "item_id": activity.id, "coder_id": coder.id, "version": 1}
        session.add(coding.Coding(**said, state="coded"))
    migrate.downgrade(database, "0017")
    with database.engine.connect() as connection:
        assert not {"codings", "coding_items", "codebooks"} & set(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        models = (Activity, User, coding.Item, coding.Coding)
        counts = [session.scalar(select(func.count()).select_from(model)) for model in models]
        assert counts == [1, 1, 0, 0]
