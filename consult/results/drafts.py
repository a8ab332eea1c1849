"""Drafts of releases: computed by a job, kept under seal, looked at, then frozen or discarded."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session, defer

from consult.config import Keys
from consult.core.access import Actor
from consult.core.aggregation.tables import canonical, parser
from consult.core.errors import Refused
from consult.core.sealing import seal, unseal
from consult.db.sealed import Sealed
from consult.jobs.asking import Asked, ask
from consult.processes.models import Process
from consult.results import earlier, service
from consult.results.content import Plan
from consult.results.models import Release, ReleaseDraft
from consult.results.service import Draft
from consult.results.trail import note

KEPT: Final = dt.timedelta(days=3)
"""How long a draft may wait: responses come and go, and it does not follow them."""


DRAFT: Final = "results.draft"
"""The task that computes a draft."""
_draft_of: Final = parser(Draft)
RENEW: Final = "results.renew"
"""The task that brings a process's part of the column store up to date."""


def plan(session: Session, process: Process, wanted: Plan, *, by: Actor | None, now: dt.datetime) -> Asked:
    """Have a draft computed by a job; the job that does it already where one of the process has not ended."""
    asked = ask(
        session,
        DRAFT,
        {"plan": canonical(wanted).decode()},
        by=by.id if by else None,
        process_id=process.id,
        key=f"{DRAFT}:{process.id}",
        now=now,
    )
    if asked.new:
        note(session, process, "plan", str(asked.id), by=by, now=now)
    return asked


def renew(session: Session, process: Process, *, by: Actor | None, now: dt.datetime) -> Asked:
    """Have the column store brought up to date without waiting for its turn."""
    return ask(
        session,
        RENEW,
        {},
        by=by.id if by else None,
        process_id=process.id,
        key=f"{RENEW}:{process.id}",
        now=now,
    )


def sealed(
    process_id: uuid.UUID, made: Draft, *, draft_id: uuid.UUID, by: uuid.UUID | None, now: dt.datetime, keys: Keys
) -> ReleaseDraft:
    """A computed release as it is kept until somebody decides: to be added to a session."""
    return ReleaseDraft(
        id=draft_id,
        process_id=process_id,
        title=made.content.title,
        computed=seal(keys.contact, canonical(made), _context(draft_id)),
        made_at=now,
        made_by=by,
    )


def waiting(session: Session, process_id: uuid.UUID, now: dt.datetime) -> Sequence[ReleaseDraft]:
    """The drafts of a process that wait for a decision, the latest first, without what is in them."""
    wanted = select(ReleaseDraft).where(ReleaseDraft.process_id == process_id, ReleaseDraft.made_at > now - KEPT)
    light = defer(ReleaseDraft.computed, raiseload=True)
    return session.scalars(wanted.order_by(ReleaseDraft.made_at.desc()).options(light)).all()


def found(session: Session, process_id: uuid.UUID, draft_id: uuid.UUID, now: dt.datetime) -> ReleaseDraft | None:
    """A draft that waits for a decision."""
    return session.scalar(
        select(ReleaseDraft).where(
            ReleaseDraft.id == draft_id, ReleaseDraft.process_id == process_id, ReleaseDraft.made_at > now - KEPT
        )
    )


def opened(draft: ReleaseDraft, keys: Keys) -> Draft:
    """What was computed; raises `core.sealing.UnsealError`."""
    return _draft_of(unseal(keys.contact, draft.computed, _context(draft.id)))


def examine(session: Session, process: Process, made: Draft, *, keys: Keys) -> Draft:
    """Hold a draft against what was published since it was computed; the same, with the numbers of all of them.

    It may take seconds, so do it with a reading session before `freeze`. Refuses what `earlier.hold` refuses.
    """
    held = earlier.hold(session, process.id, made.content, made.restricted, keys=keys, held=made.held)
    return Draft(made.content, made.restricted, made.engine, held)


def freeze(
    session: Session,
    process: Process,
    draft_id: uuid.UUID,
    made: Draft,
    *,
    by: Actor | None,
    now: dt.datetime,
    keys: Keys,
) -> Release:
    """Give a draft its number. `made`: what `examine` has given. A draft is frozen once.

    Refuses `results.draft.gone` where it was frozen or discarded meanwhile, and what `service.freeze` refuses.
    """
    _take(session, process, draft_id)
    return service.freeze(session, process, made, by=by, now=now, keys=keys)


def discard(session: Session, process: Process, draft_id: uuid.UUID, *, by: Actor | None, now: dt.datetime) -> None:
    """Forget a draft. Refuses `results.draft.gone` where there is none any more."""
    _take(session, process, draft_id)
    note(session, process, "discard", str(draft_id), by=by, now=now)


def forget(session: Session, now: dt.datetime) -> None:
    """Delete the drafts that nobody decided on."""
    session.execute(delete(ReleaseDraft).where(ReleaseDraft.made_at <= now - KEPT))


def _take(session: Session, process: Process, draft_id: uuid.UUID) -> None:
    mine = delete(ReleaseDraft).where(ReleaseDraft.id == draft_id, ReleaseDraft.process_id == process.id)
    if cast(CursorResult[tuple[()]], session.execute(mine)).rowcount == 0:
        raise Refused.because("results.draft.gone")


def _context(draft_id: uuid.UUID) -> bytes:
    return f"release-draft:{draft_id}".encode()


SEALED: Final = (
    Sealed(Release.restricted, earlier.sealed_for, (Release.process_id, Release.number)),
    Sealed(ReleaseDraft.computed, _context, (ReleaseDraft.id,)),
)
