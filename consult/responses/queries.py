"""Responses as their owners find them: by the HMAC of their code, never otherwise."""

from __future__ import annotations

import uuid
from typing import Final, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.types import LargeBinary, Uuid

from consult.participation import service as participation
from consult.participation.service import Coming, Executor
from consult.responses.models import Response

MIXED: Final = "mixed"
"""State of what the mixing job has taken; `draft` and `submitted` still lie in the intake."""

_TABLE = cast(Table, Response.__table__)
_OWN = select(_TABLE.c.edition, _TABLE.c.locale, _TABLE.c.day, _TABLE.c.answers, _TABLE.c.channel).where(
    _TABLE.c.activity_id == bindparam("activity", type_=Uuid), _TABLE.c.code == bindparam("digest", type_=LargeBinary)
)


def own(session: Executor, activity_id: uuid.UUID, digest: bytes) -> Coming | None:
    """What its owner has drafted, submitted or had mixed."""
    return participation.find(session, activity_id, digest) or mixed(session, activity_id, digest)


def mixed(session: Executor, activity_id: uuid.UUID, digest: bytes) -> Coming | None:
    """What the mixing job has taken."""
    row = session.execute(_OWN, {"activity": activity_id, "digest": digest}).one_or_none()
    if row is None:
        return None
    return Coming(row.edition, row.locale, row.day, {}, row.answers, state=MIXED, channel=row.channel)
