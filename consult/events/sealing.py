"""Sealing: who signed up is written anew in the order of random keys, once nobody can any more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consult.db.base import Base
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, SignUpContact
from consult.participation import sealing
from consult.processes.models import Activity, Kind

_BY: Final[dict[type[Base], str]] = {SignUp: "code", SignUpContact: "id"}
SETTLED: Final = dt.timedelta(days=1)
"""After this time nobody is checked in or marked any more, as a rule."""
TABLES: Final = tuple(model.__tablename__ for model in _BY)


def unsealed(session: Session, now: dt.datetime) -> Sequence[uuid.UUID]:
    """Closed events that have not been sealed, or not since one of their occasions was held: seats are taken back and
    people checked in between."""
    closed = Activity.kind == Kind.EVENT, Activity.closes_at <= now
    held = exists().where(
        Occasion.activity_id == Activity.id, Occasion.ends_at <= now - SETTLED, Occasion.ends_at >= Activity.sealed_at
    )
    return session.scalars(select(Activity.id).where(*closed, Activity.sealed_at.is_(None) | held)).all()


def seal(session: Session, activity_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Write the sign-ups of a closed event anew, and the contact data apart from them."""
    sealing.seal(session, activity_id, _BY, now=now)
