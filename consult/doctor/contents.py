"""What the database holds: work that is not done, files without a row, rows without a file, seals without a key."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.accounts.service import secondstep
from consult.app import RING
from consult.backups import holdings
from consult.config import Keys, Settings
from consult.core.errors import Problem
from consult.core.sealing import UnsealError, key_id, unseal
from consult.files import GRACE
from consult.jobs.models import Job
from consult.mail.models import Message
from consult.processes.models import Activity
from consult.results import stores
from consult.results.models import Segment

LATE: Final = dt.timedelta(minutes=15)
"""After this nobody works on what is due."""
SEALED_WITHIN: Final = dt.timedelta(hours=1)
_BLOCK: Final = 1 << 20


def work_found(session: Session, now: dt.datetime) -> Iterator[Problem]:
    """What waits for a worker too long, or failed."""
    late = now - LATE
    overdue = (Job.state == "waiting") & (Job.run_at < late) | (Job.state == "running") & (Job.leased_until < late)
    for code, which in (
        ("doctor.fault.jobs_late", select(func.count()).select_from(Job).where(overdue)),
        ("doctor.fault.jobs_failed", select(func.count()).select_from(Job).where(Job.state == "failed")),
        ("doctor.fault.mail_failed", select(func.count()).select_from(Message).where(Message.state == "failed")),
        (
            "doctor.leak.order",
            select(func.count())
            .select_from(Activity)
            .where(Activity.closes_at < now - SEALED_WITHIN, Activity.sealed_at.is_(None)),
        ),
    ):
        if count := session.scalar(which):
            yield Problem(code, {"count": count})


def files_found(session: Session, settings: Settings, now: dt.datetime) -> Iterator[Problem]:
    """Files that are named and not there, and files that nothing names; those that may wait for their row aside."""
    named = holdings.named(session, settings)
    there: set[str] = set()
    orphans: Counter[str] = Counter()
    for name, came in holdings.present(settings):
        there.add(name)
        if name not in named and came < now.timestamp() - GRACE:
            orphans[name.partition("/")[0]] += 1
    lost = Counter(name.partition("/")[0] for name in named - there)
    for folder in holdings.FOLDERS:
        if lost[folder]:
            yield Problem("doctor.fault.files_lost", {"folder": folder, "count": lost[folder]})
        if orphans[folder]:
            yield Problem("doctor.leak.orphans", {"folder": folder, "count": orphans[folder]})


def hashes_found(session: Session, settings: Settings) -> Iterator[Problem]:
    """Files of the column store that are not what was written; each is read to its end."""
    for segment in session.scalars(select(Segment)):
        folder, lost = f"{holdings.COLUMNS}/{segment.activity_id}", False
        digest = hashlib.sha256()
        names = holdings.files_of(settings, segment.activity_id, segment.id)
        for name in names:
            with stores.opened(holdings.place(settings, f"{folder}/{name}")) as found:
                while found and (block := found[0].read(_BLOCK)):
                    digest.update(block)
                lost = lost or found is None  # told apart
        if not lost and digest.hexdigest() != segment.hash:
            yield Problem("doctor.fault.file_changed", {"file": f"{folder}/{names[0]}"})


def seals_found(session: Session, keys: Keys) -> Iterator[Problem]:
    """Whether the keys open what the database keeps sealed."""
    missing = {
        name
        for column in (one.column for one in RING.sealed)
        for sealed in session.scalars(select(func.substr(column, 1, 64, type_=LargeBinary)).where(column.is_not(None)))
        if (name := key_id(sealed or b"\0")) not in keys.contact
    }
    for name in sorted(missing):
        yield Problem("doctor.fault.key_lost", {"key": f"contact.{name}"})
    person = session.scalar(select(User).where(User.totp_secret.is_not(None)).limit(1))
    if person is not None and not missing and not _opens(keys.contact, person):
        yield Problem("doctor.fault.keys_misfit")


def _opens(keys: Mapping[str, bytes], person: User) -> bool:
    try:
        unseal(keys, person.totp_secret or b"", secondstep.context(person.id))
    except UnsealError:
        return False
    return True
