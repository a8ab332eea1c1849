"""The revision of events goes down and up again, and leaves everything else."""

from __future__ import annotations

import uuid

from sqlalchemy import func, inspect, select

from consult.coding.models import Item
from consult.db import migrate
from consult.db.session import Database
from consult.events.models.planned import Event, Occasion
from consult.events.models.signed import SignUp
from consult.processes.models import Activity
from tests.factories.events import make_event, make_occasion, make_sign_up


def test_events_come_and_go_and_leave_everything_else(database: Database) -> None:
    with database.transaction() as session:
        activity = make_event(session)
        make_sign_up(session, make_occasion(session, activity))
        for kind in ("note", "comment"):
            session.add(Item(activity_id=activity.id, id=uuid.uuid4(), kind=kind, locale="en"))
    migrate.downgrade(database, "0019")
    with database.engine.connect() as connection:
        assert not {"events", "occasions", "sign_ups"} & set(inspect(connection).get_table_names())
    migrate.upgrade(database)
    with database.reading() as session:
        models = (Activity, Event, Occasion, SignUp)
        counts = {model: session.scalar(select(func.count()).select_from(model)) for model in models}
        kinds = session.scalars(select(Item.kind)).all()
    assert counts == {Activity: 1, Event: 0, Occasion: 0, SignUp: 0}
    assert kinds == ["comment"], "notes were no texts to be coded"
