"""Sign-ups are written anew once nobody can sign up any more, and again once they were checked in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from consult.events import sealing
from tests.factories.events import HELD, OPENED, make_event, make_occasion, make_sign_up

CLOSED = HELD - dt.timedelta(days=10)
HOUR = dt.timedelta(hours=1)


def test_an_event_is_sealed_at_closing_and_a_day_after_each_occasion(session: Session) -> None:
    activity = make_event(session, opens_at=OPENED, closes_at=CLOSED)
    occasions = [make_occasion(session, activity, title) for title in ("Milan", "London")]
    occasions[1].starts_at += dt.timedelta(days=7)
    occasions[1].ends_at += dt.timedelta(days=7)
    make_sign_up(session, occasions[0])
    session.flush()
    assert sealing.unsealed(session, CLOSED - HOUR) == []
    for due in (CLOSED, *(occasion.ends_at + sealing.SETTLED for occasion in occasions)):
        assert sealing.unsealed(session, due) == [activity.id]
        sealing.seal(session, activity.id, now=due)
        session.expire_all()
        assert sealing.unsealed(session, due + HOUR) == []
