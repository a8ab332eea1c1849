"""Responses from a file, taken in on a channel of their own."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.exchange.responses import Row
from consult.core.questionnaire.answers import encode
from consult.participation import codes
from consult.participation import service as participation
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.privacy import queries as privacy
from consult.processes.models import Activity
from consult.responses.models import Response

_AT_ONCE = 500
"""Codes that one statement asks for."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the rows of a file."""

    new: int
    known: int
    """Rows that are there already, from an earlier import of them."""


def take_in(
    session: Session,
    activity: Activity,
    rows: Sequence[Row],
    *,
    edition: int,
    locale: str,
    key: bytes,
    day: dt.date,
    by: Actor | None,
    now: dt.datetime,
) -> Taken:
    """Store rows as submissions that wait to be mixed. A row that was taken in before is not taken in again.

    Nobody holds a code to them: what stands in place of one follows from the row under the key of codes. Refuses
    `responses.not_opened` before the opening: until then an edition counts as one that nobody has answered; and
    `responses.erased` once the answers of the activity were erased.
    """
    if activity.state(now) in ("draft", "scheduled"):
        raise Refused.because("responses.not_opened")
    if privacy.erased_on(session, activity.id) is not None:
        raise Refused.because("responses.erased")
    digests = {codes.digest(key, activity.id, row.identity.hex()): row for row in rows}
    known = _mixed(session, activity.id, list(digests))
    coming = (
        (digest, Coming(edition, locale, day, {}, encode(row.answers), state="submitted", channel=Channel.IMPORTED))
        for digest, row in digests.items()
        if digest not in known
    )
    new = participation.enter(session, activity.id, coming)
    record(
        session,
        actor=by,
        action="responses.import",
        subject=activity.slug,
        now=now,
        process_id=activity.process_id,
        details={"edition": edition, "new": new, "known": len(rows) - new},
    )
    return Taken(new, len(rows) - new)


def _mixed(session: Session, activity_id: uuid.UUID, digests: Sequence[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for start in range(0, len(digests), _AT_ONCE):
        some = digests[start : start + _AT_ONCE]
        found.update(
            session.scalars(select(Response.code).where(Response.activity_id == activity_id, Response.code.in_(some)))
        )
    return found
