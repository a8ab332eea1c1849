"""Withdrawing: the sign-up and what leads to the person are erased, and seats are free again.

The erasure ledger has a line before that is committed, so that a restored backup does not bring them back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.db.installation import Installation
from consult.events import placing, vault
from consult.events.models.signed import SignUp
from consult.events.sealing import TABLES
from consult.privacy.ledger import Ledger


def withdraw(
    session: Session, keys: Keys, activity_id: uuid.UUID, digest: bytes, *, ledger: Ledger, today: dt.date
) -> None:
    """Erase somebody's sign-up and contact data. Raises `NoRoom` where the ledger cannot be written."""
    again(session, keys, activity_id, [digest])
    ledger.withdrawn(activity_id, digest, day=today)


def again(session: Session, keys: Keys, activity_id: uuid.UUID, digests: Sequence[bytes]) -> int:
    """Erase what lies under the HMACs of codes; how many sign-ups that were."""
    mine = SignUp.activity_id == activity_id, SignUp.code.in_(digests)
    found = session.execute(select(SignUp.code, SignUp.occasion_id).where(*mine).order_by(SignUp.occasion_id)).all()
    for code, occasion_id in found:
        placing.held(session, occasion_id)
        one = delete(SignUp).where(SignUp.activity_id == activity_id, SignUp.code == code)
        gone = session.execute(one.returning(SignUp.standing, SignUp.seats)).one_or_none()
        if gone is not None and gone.standing in placing.HOLDING:
            placing.give_back(session, occasion_id, gone.seats)
        vault.forget(session, keys, activity_id, code)
    return len(found)


def withdrawn(installation: Installation, activity_id: uuid.UUID, digests: Sequence[bytes]) -> int:
    """Erase once more what was withdrawn before a backup brought it back."""
    with installation.database.transaction() as session:
        count = again(session, installation.keys, activity_id, digests)
    if count:
        installation.database.scrub(*TABLES)
    return count
