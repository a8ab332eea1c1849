"""What counts in results: what is shown, with or without what was set apart; nothing else.

What waits, was refused or withdrawn does not count, nor does what revealed that somebody is in danger.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from consult.consultations.models.contributed import Comment, State, Submission
from consult.consultations.models.opinions import Statement

_BATCH: Final = 1000


class Counted(NamedTuple):
    """A contribution that counts, without its words."""

    kind: str
    id: uuid.UUID
    code: bytes | None
    """HMAC of the author's code; none where nobody is known to be the author."""
    locale: str
    channel: str
    state: str
    """`shown` or `set_apart`."""
    stakeholder: str
    target: str
    """`text` or `question`; empty but for comments."""
    part: str
    """Paragraph or question, likewise."""
    stance: str
    """Likewise."""
    alike_id: uuid.UUID | None
    """The group of near-duplicates, likewise."""
    parent_id: uuid.UUID | None
    """The comment that it answers, likewise."""


def counted(session: Session, activity_id: uuid.UUID, *, apart: bool) -> Iterator[Counted]:
    """Contributions that count, by kind and key; `apart`: those that were set apart are among them."""
    states = [State.SHOWN, State.SET_APART] if apart else [State.SHOWN]
    nothing, none = literal(""), literal(None)
    about = Comment.target, Comment.part, Comment.stance, Comment.alike_id, Comment.parent_id
    for kind, model, further in (
        ("comment", Comment, (Comment.stakeholder, *about)),
        ("statement", Statement, (nothing, nothing, nothing, nothing, none, none)),
        ("submission", Submission, (Submission.stakeholder, nothing, nothing, nothing, none, none)),
    ):
        wanted = select(literal(kind), model.id, model.code, model.locale, model.channel, model.state, *further)
        wanted = wanted.where(model.activity_id == activity_id, model.state.in_(states)).order_by(model.id)
        for row in session.execute(wanted.execution_options(yield_per=_BATCH)):
            yield Counted(*row)
