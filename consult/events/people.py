"""Who signed up for an occasion, a page at a time, by their random keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list somebody looks at."""

    standing: Standing | None = None
    """All of them where there is none."""
    after: str = ""
    """The key after which the page begins: of the waiting list the rank, else the code's HMAC in hexadecimal digits."""


def page(session: Session, occasion: Occasion, wanted: Wanted, limit: int) -> Sequence[SignUp]:
    """Those who signed up: the waiting list in its order, others by their random keys."""
    rows = select(SignUp).where(SignUp.activity_id == occasion.activity_id, SignUp.occasion_id == occasion.id)
    if wanted.standing is not None:
        rows = rows.where(SignUp.standing == wanted.standing)
    if wanted.standing == Standing.LISTED:
        rank = int(wanted.after) if wanted.after.isdecimal() and len(wanted.after) < 10 else 0
        rows = rows.where(SignUp.rank > rank).order_by(SignUp.rank)
    else:
        rows = rows.where(SignUp.code > key(wanted.after)).order_by(SignUp.code)
    return session.scalars(rows.limit(limit)).all()


def after(wanted: Wanted, last: SignUp) -> str:
    """Where the page that follows on somebody begins."""
    return str(last.rank) if wanted.standing == Standing.LISTED else last.code.hex()


def key(given: str) -> bytes:
    """The key that hexadecimal digits spell; one that nobody has where they spell none."""
    try:
        return bytes.fromhex(given)
    except ValueError:
        return b""


def counts(session: Session, occasion: Occasion) -> Mapping[str, int]:
    """How many stand where."""
    here = SignUp.activity_id == occasion.activity_id, SignUp.occasion_id == occasion.id
    wanted = select(SignUp.standing, func.count()).where(*here).group_by(SignUp.standing)
    return {row[0]: row[1] for row in session.execute(wanted)}
