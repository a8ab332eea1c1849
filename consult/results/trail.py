"""What people did with releases, drafts and single records, as the audit trail has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.processes.models import Process
from consult.results.models import Release

_NONE: Final[Mapping[str, object]] = MappingProxyType({})


def note(
    session: Session,
    process: Process,
    verb: str,
    what: str,
    *,
    by: Actor | None,
    now: dt.datetime,
    details: Mapping[str, object] = _NONE,
) -> None:
    """Note what somebody did with a part of the results of a process.

    `what`: number of a release, id of a draft, address of an activity; `details`: as in `audit.service.record`.
    """
    record(
        session,
        actor=by,
        action=f"results.{verb}",
        subject=f"{process.slug}/{what}",
        now=now,
        process_id=process.id,
        institution_id=process.lead_institution_id,
        details=details,
    )


def note_release(
    session: Session, process: Process, release: Release, verb: str, *, by: Actor | None, now: dt.datetime
) -> None:
    """The same of a release, with its hash."""
    note(session, process, verb, str(release.number), by=by, now=now, details={"hash": release.hash})
