"""How much one participant can contribute in a day.

An allowance, not a count of each kind: what takes a moderator longer costs more. It is spent by one conditional
statement, so that many requests at once spend no more than there is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import case, or_, update
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import Participant

ALLOWANCE: Final = 60
"""What a code can spend in a day."""
COSTS: Final[Mapping[str, int]] = MappingProxyType({"comment": 2, "endorsement": 1, "statement": 6, "submission": 20})
"""Thirty comments, sixty comments of others that one shares, ten statements or three submissions, or some of each.
Answers to open questions cost what a comment does, however many are sent at once: each is given once."""


def may_contribute(session: Session, activity_id: uuid.UUID, digest: bytes, kind: str, *, today: dt.date) -> bool:
    """Spend what a contribution costs; false, and nothing is spent, where the day's allowance does not reach.

    The participant must have joined. Call it in the transaction that stores the contribution.
    """
    fresh = or_(Participant.spent_on.is_(None), Participant.spent_on != today)
    cost = COSTS[kind]
    spent = session.execute(
        update(Participant)
        .where(Participant.activity_id == activity_id, Participant.code == digest)
        .where(or_(fresh, Participant.spent <= ALLOWANCE - cost))
        .values(spent=case((fresh, cost), else_=Participant.spent + cost), spent_on=today)
        .returning(Participant.spent)
        .execution_options(synchronize_session=False)
    )
    return spent.first() is not None
