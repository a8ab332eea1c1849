"""Events in a row of a table."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from consult.core.text import LocalisedText
from consult.events import queries
from consult.events.models.planned import Event, Form, Occasion, Selection
from consult.events.models.signed import SignUp, Standing
from consult.processes.models import Activity, Kind, Process
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process

OPENED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HELD = dt.datetime(2026, 6, 6, 9, tzinfo=dt.UTC)


def make_event(
    session: Session,
    process: Process | None = None,
    *,
    form: Form = Form.FOCUS_GROUP,
    selection: Selection = Selection.FIRST,
    locales: tuple[str, ...] = ("en",),
    opens_at: dt.datetime | None = OPENED,
    event: Mapping[str, object] | None = None,
    **given: object,
) -> Activity:
    """An event to which people can sign up, with a notice and texts, and without occasions. `event`: its own fields."""
    process = process or make_process(session, locales=locales, public=True)
    activity = make_activity(
        session,
        process,
        kind=Kind.EVENT,
        title="Life abroad",
        locales=locales,
        opens_at=opens_at,
        **given,  # type: ignore[arg-type]  # what make_activity takes
    )
    make_notice(session, activity)
    made = Event.unset(activity.id)
    made.form, made.selection = form, selection
    made.about = LocalisedText(dict.fromkeys(locales, "We want to hear how life abroad is."))
    made.consent = LocalisedText(dict.fromkeys(locales, "Notes are taken; nobody is named in them."))
    if selection == Selection.DRAW:
        made.seed_source = LocalisedText(dict.fromkeys(locales, "The national lottery of 1 June 2026."))
    for name, value in (event or {}).items():
        setattr(made, name, value)
    session.add(made)
    session.flush()
    return activity


def make_occasion(session: Session, activity: Activity, title: str = "Milan", **given: object) -> Occasion:
    """An occasion of an event, in Milan at eleven in the morning unless told otherwise."""
    number = len(queries.occasions(session, activity.id)) + 1
    row = {
        "title": LocalisedText(dict.fromkeys(activity.locales, title)),
        "place": LocalisedText(dict.fromkeys(activity.locales, f"Town hall, {title}")),
        "in_place": True,
        "time_zone": "Europe/Rome",
        "starts_at": HELD,
        "ends_at": HELD + dt.timedelta(hours=2),
        "capacity": 12,
        "taken": 0,
        "listed": 0,
    }
    made = Occasion(id=uuid.uuid4(), activity_id=activity.id, number=number, **{**row, **given})
    session.add(made)
    session.flush()
    return made


def make_sign_up(session: Session, occasion: Occasion, **given: object) -> SignUp:
    """Somebody who signed up and waits for the selection, unless told otherwise, without contact data."""
    row = {
        "code": uuid.uuid4().bytes * 2,
        "standing": Standing.ASKED,
        "ticket": uuid.uuid4().hex[:12],
        "locale": "en",
        "day": OPENED.date(),
    }
    made = SignUp(activity_id=occasion.activity_id, occasion_id=occasion.id, **{**row, **given})
    session.add(made)
    session.flush()
    session.refresh(made)  # what was not given is None only once it was read
    return made
