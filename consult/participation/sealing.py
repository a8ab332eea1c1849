"""Sealing: what people sent is written anew in the order of its random keys, once nobody adds to it.

A transaction's number on a row (PostgreSQL's `xmin`) and the row's place on disk would otherwise tell when it came, and
what came together.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from consult.db.base import Base
from consult.db.rewriting import rewrite
from consult.processes.models import Activity


def seal(session: Session, activity_id: uuid.UUID, tables: Mapping[type[Base], str], *, now: dt.datetime) -> None:
    """Write an activity's rows anew. `tables`: of which models, each with its random key beside the activity."""
    # First of all: what comes late meanwhile waits for this row, and can have it sealed again.
    session.execute(update(Activity).where(Activity.id == activity_id).values(sealed_at=now))
    for model, by in tables.items():
        table = cast(Table, model.__table__)
        rewrite(session, table, table.c.activity_id == activity_id, by=by)
