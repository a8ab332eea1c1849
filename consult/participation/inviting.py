"""Invitations at the door: a code lets somebody in, resumes their draft while it is open, and is used once.

The first use draws a nonce. The draft lies under a participant's code that follows from the invitation's code and that
nonce, and carries the invitation's digest sealed under that participant's code. Sending marks the invitation used and
erases both: from then on nothing, keys included, leads from an invitation to a response, but the order in which rows
were written. Mixing takes that away.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, cast

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.db.insert import insert
from consult.db.prepared import Executor
from consult.db.rewriting import rewrite
from consult.jobs.models import Job
from consult.participation import codes, invitation_codes, quotas, service
from consult.participation.models import Guesses, Invitation, InvitationList
from consult.participation.service import Coming
from consult.processes.models import Activity, Process

LINK: Final = "invited"
"""Key of a draft's context: the sealed digest of the invitation. What is sent does not have it."""
GUESSES: Final = 60
"""Wrong codes per activity, until they are forgotten a minute later, after which wrong ones are told to wait; right
ones never."""
_GRAIN: Final = 10
_TABLE = cast(Table, Invitation.__table__)


@dataclass(frozen=True, slots=True)
class Let:
    """An invitation that lets somebody in."""

    nonce: bytes
    profile: str


def let_in(session: Session, activity_id: uuid.UUID, digest: bytes) -> Let:
    """Take a known invitation for a draft, or find it taken: its first use draws the nonce, every other gets the same.

    The row stays locked until this transaction ends, so that nothing is sent meanwhile. Refuses
    `participation.code.used`.
    """
    mine = and_(Invitation.activity_id == activity_id, Invitation.code == digest)
    taken = session.execute(
        update(Invitation)
        .where(mine, Invitation.state.in_(("unused", "begun")))
        .values(state="begun", nonce=func.coalesce(Invitation.nonce, secrets.token_bytes(invitation_codes.NONCE)))
        .returning(Invitation.nonce, Invitation.profile)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is not None and taken.nonce is not None:
        return Let(taken.nonce, taken.profile)
    raise Refused.because("participation.code.used")


def begin(
    session: Session,
    key: bytes,
    activity_id: uuid.UUID,
    code: str,
    draft: str,
    let: Let,
    coming: Coming,
    *,
    now: dt.datetime,
    full: bool = False,
) -> bool:
    """Store an invitation's draft under the participant's code `draft`; one that is there already stays.

    False where the activity is not open or a quota is full: `full` says so of the channel's.
    """
    invitation = invitation_codes.digest(key, activity_id, code)
    link = invitation_codes.linked(key, activity_id, draft, invitation)
    linked = replace(coming, context={**coming.context, LINK: link})
    under = codes.digest(key, activity_id, draft)
    begun = not full and service.begin(session, activity_id, under, linked, now=now, profile=let.profile)
    return begun or service.find(session, activity_id, under) is not None


def send(
    session: Executor,
    key: bytes,
    activity_id: uuid.UUID,
    code: str,
    seen: Coming,
    coming: Coming,
    *,
    now: dt.datetime,
) -> bool:
    """Store what is sent for the first time under the participant's code, mark its invitation used, if there is one.

    False where it changed meanwhile or the activity is not open: then all of this is to be undone.
    """
    # The invitation before the draft, as `let_in` takes them: neither waits for the other with what that wants.
    profile = use(session, key, activity_id, code, seen.context[LINK]) if LINK in seen.context else ""
    digest = codes.digest(key, activity_id, code)
    if not service.replace(session, activity_id, digest, seen, coming, now=now):
        return False
    if profile:
        quotas.used(session, activity_id, profile)
    return True


def behind(key: bytes, activity_id: uuid.UUID, code: str, own: Coming) -> bytes | None:
    """The digest of the invitation with which an open draft was begun; none where nobody was invited, or it is sent."""
    return invitation_codes.unlinked(key, activity_id, code, own.context[LINK]) if LINK in own.context else None


def removed(session: Session, activity_id: uuid.UUID, invitation: bytes | None, remove: Callable[[], bool]) -> bool:
    """Have `remove` delete what lies under a code, and say whether there was anything; the invitation of an open draft
    is then as if it had not begun.

    So what is begun with it anew lies under another code: the erasure ledger names the one that was withdrawn.
    """
    if invitation is None:
        return remove()
    mine = and_(Invitation.activity_id == activity_id, Invitation.code == invitation)
    session.execute(select(Invitation.state).where(mine).with_for_update())  # before the draft, as `send` does
    there = remove()
    if there:  # or the invitation may have begun another draft meanwhile
        _unbegin(session, mine)
    return there


def _unbegin(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(Invitation)
        .where(which, Invitation.state == "begun")
        .values(state="unused", nonce=None)
        .execution_options(synchronize_session=False)
    )


def use(session: Executor, key: bytes, activity_id: uuid.UUID, code: str, link: str) -> str | None:
    """Mark the invitation of a participant's code as used; its profile, none where it has not begun."""
    invitation = invitation_codes.unlinked(key, activity_id, code, link)
    return session.scalar(
        update(Invitation)
        .where(Invitation.activity_id == activity_id, Invitation.code == invitation, Invitation.state == "begun")
        .values(state="used", nonce=None)
        .returning(Invitation.profile)
        .execution_options(synchronize_session=False)
    )


def mix(session: Session, activity_id: uuid.UUID) -> None:
    """Write all used marks anew, in the order of their keyed hashes, which is as random as any.

    All of them, not those that are new: batches of marks beside batches of responses would tell which belong together.
    Call it in a transaction of its own.
    """
    used = and_(_TABLE.c.activity_id == activity_id, _TABLE.c.state == "used")
    if session.scalar(select(exists().where(used))):
        rewrite(session, _TABLE, used, by="code")


def seal(session: Session, activity_id: uuid.UUID) -> None:
    """The same for a closed activity, whose open drafts are gone: codes that had begun are as if they had not."""
    _unbegin(session, Invitation.activity_id == activity_id)
    rewrite(session, _TABLE, _TABLE.c.activity_id == activity_id, by="code")


def is_known(executor: Executor, activity_id: uuid.UUID, digest: bytes) -> bool:
    """Whether there is such an invitation: asked before anything is written, so that a flood of guesses only reads."""
    mine = select(Invitation.state).where(Invitation.activity_id == activity_id, Invitation.code == digest)
    return executor.scalar(mine) is not None


def too_many_guesses(executor: Executor, activity_id: uuid.UUID) -> bool:
    """Whether wrong codes are told to wait."""
    wrong = executor.scalar(select(Guesses.wrong).where(Guesses.activity_id == activity_id))
    return wrong is not None and wrong >= GUESSES


def guessed(session: Session, activity_id: uuid.UUID) -> bool:
    """Count a wrong code; whether there have been too many."""
    counted = session.scalar(
        insert(session, Guesses)
        .values(activity_id=activity_id, wrong=1)
        .on_conflict_do_update(
            index_elements=["activity_id"], set_={"wrong": Guesses.wrong + 1}, where=Guesses.wrong < GUESSES
        )
        .returning(Guesses.wrong)
    )
    return counted is None


def forget_guesses(session: Session) -> None:
    """Let everybody try again."""
    session.execute(delete(Guesses))


def count(session: Session, today: dt.date) -> None:
    """Count the used codes of lists that were not counted today, as the fieldwork page counts: rounded down to tens,
    and none before they are as many as the threshold."""
    due = or_(InvitationList.counted_on.is_(None), InvitationList.counted_on < today)
    lists = session.execute(
        select(InvitationList, Process.threshold)
        .join(Activity, Activity.id == InvitationList.activity_id)
        .join(Process, Process.id == Activity.process_id)
        .where(due, InvitationList.made)
    )
    for found, threshold in lists.all():
        used = (
            session.scalar(
                select(func.count()).where(
                    Invitation.activity_id == found.activity_id,
                    Invitation.list_id == found.id,
                    Invitation.state == "used",
                )
            )
            or 0
        )
        found.used, found.counted_on = (used - used % _GRAIN if used >= threshold else 0), today
    session.flush()


def sweep(session: Session) -> None:
    """Delete lists that were not made and that no job is making any more."""
    making = select(Job.id).where(Job.state.in_(("waiting", "running")))
    session.execute(delete(InvitationList).where(InvitationList.made.is_(False), InvitationList.id.not_in(making)))
