"""Codes in bulk: drawn, their HMACs stored, and all that is ever seen of them written into one file for who asked.

Only that file has the codes, so making them and getting them is one. It lies encrypted until it is fetched, and is
deleted then. A job makes it, for letters take a while and a request that breaks off would leave codes that nobody has.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final, cast

import msgspec
from sqlalchemy import Table, delete, insert, update
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core import sealedstream
from consult.core.access import Actor
from consult.core.exchange import xlsx
from consult.core.exchange.csv import MARK, line
from consult.core.progress import Progress, Steps
from consult.core.sealedstream import CHUNK, Opener, Sealer
from consult.db.installation import Installation
from consult.db.session import Database
from consult.jobs import asking
from consult.jobs.asking import Asked
from consult.jobs.long import Order, Settle
from consult.jobs.made import Made, to_file
from consult.participation import codes, contacts, entrances, invitation_codes, printing
from consult.participation.models import Invitation, InvitationList
from consult.participation.printing import Letters, address
from consult.participation.trail import note
from consult.processes.models import Activity

GENERATE: Final = "participation.generate"
MERGE: Final = "participation.merge"
"""The tasks."""
MOST: Final = 100_000
"""Codes of one list."""
HEADER: Final = ("code", "address", "list", "profile", "locale")
LETTERS: Final = 1_000
"""Letters of one PDF: a printer takes it, and no more is held in memory."""
_AT_ONCE: Final = 5_000
_DATE: Final = (1980, 1, 1, 0, 0, 0)


class Wanted(msgspec.Struct, frozen=True):
    """What is to be generated."""

    at: Mapping[str, str]
    activity_id: uuid.UUID
    name: str
    count: int
    locale: str
    """Of the letters, and of the page to which their pictures lead."""
    profile: str
    letters: bool


class Merge(msgspec.Struct, frozen=True):
    """Whose mail-merge file is to be made."""

    at: Mapping[str, str]
    activity_id: uuid.UUID
    list_id: uuid.UUID


def ask(session: Session, activity: Activity, wanted: Wanted, *, by: Actor | None, now: dt.datetime) -> Asked:
    """Have a list of codes made. Refuses `participation.list.taken`."""
    begun = entrances.begin_list(session, activity, wanted.name, size=wanted.count, contacts=False)
    key = f"{GENERATE}:{begun.id}"
    asked = _ask(session, activity, GENERATE, wanted, key, by, now)
    # The list is known by its job: while that runs the list is not swept away.
    session.execute(update(InvitationList).where(InvitationList.id == begun.id).values(id=asked.id))
    details = {"list": wanted.name, "size": wanted.count, "letters": wanted.letters}
    note(session, activity, "generate", details, by, now)
    return asked


def ask_merge(
    session: Session, activity: Activity, made: InvitationList, *, by: Actor | None, now: dt.datetime
) -> Asked:
    """Have the addresses and codes of a list written for a mail merge elsewhere."""
    wanted = Merge({"activity": activity.slug}, activity.id, made.id)
    asked = _ask(session, activity, MERGE, wanted, f"{MERGE}:{made.id}:{by.id if by else ''}", by, now)
    note(session, activity, "merge", {"list": made.name}, by, now)
    return asked


def _ask(
    session: Session,
    activity: Activity,
    kind: str,
    wanted: Wanted | Merge,
    key: str,
    by: Actor | None,
    now: dt.datetime,
) -> Asked:
    payload: dict[str, Any] = msgspec.to_builtins(wanted)
    who = by.id if by else None
    return asking.ask(session, kind, payload, by=who, process_id=activity.process_id, key=key, now=now)


def generate(installation: Installation, order: Order, progress: Progress) -> Settle:
    """Make a list: with the file it is there."""
    settle = to_file(_write)(installation, order, progress)

    def both(session: Session) -> Mapping[str, object]:
        session.execute(update(InvitationList).where(InvitationList.id == order.id).values(made=True))
        return settle(session)

    return both


def _write(installation: Installation, order: Order, target: Path, progress: Progress) -> Made:
    wanted = msgspec.convert(order.payload, Wanted)
    letters = _letters(installation, wanted) if wanted.letters else None
    with target.open("wb") as file, closing(Sealer(file, installation.keys.contact, order.id.bytes)) as sealed:
        drawn(installation, order.id, wanted, letters, cast(IO[bytes], sealed), progress)
    return Made(f"{wanted.at['activity']}-codes.zip", "application/zip")


def _letters(installation: Installation, wanted: Wanted) -> Letters:
    with installation.database.reading() as session:
        activity = session.get_one(Activity, wanted.activity_id)
        entrance = entrances.entrance(session, activity.id)
        return printing.letters(activity, entrance, wanted.locale, installation.settings.base_url)


def drawn(
    installation: Installation,
    list_id: uuid.UUID,
    wanted: Wanted,
    letters: Letters | None,
    target: IO[bytes],
    progress: Progress,
) -> None:
    """Draw the codes of a list that has begun, store their HMACs, write the codes and their letters as a ZIP."""
    steps = Steps(progress, -(-wanted.count // _AT_ONCE) + (-(-wanted.count // LETTERS) if letters else 0))
    new = [invitation_codes.draw() for _ in range(wanted.count)]
    _store(installation.database, installation.keys, list_id, wanted, new, steps)
    with installation.database.reading() as session:
        activity = session.get_one(Activity, wanted.activity_id)
        where = address(installation.settings.base_url, activity, wanted.locale)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(_part("codes.csv"), "w", force_zip64=True) as part:
            part.write(MARK)
            for row in _rows(wanted, where, new):
                part.write(line(row))
        with archive.open(_part("codes.xlsx"), "w", force_zip64=True) as part:
            xlsx.write(part, wanted.name, _rows(wanted, where, new))
        if letters:
            put_letters(archive, letters, new, wanted.locale, steps)


def put_letters(archive: zipfile.ZipFile, letters: Letters, new: Sequence[str], locale: str, steps: Steps) -> None:
    """Write letters in files of `LETTERS`, numbered by their first and last."""
    for start in range(0, len(new), LETTERS):
        some = new[start : start + LETTERS]
        name = f"letters-{locale}-{start + 1:06}-{start + len(some):06}.pdf"
        archive.writestr(_part(name), letters.pdf(some))
        steps.step()


def _rows(wanted: Wanted, where: str, new: Sequence[str]) -> Iterator[Sequence[str]]:
    yield HEADER
    for code in new:
        yield " ".join(codes.groups(code)), f"{where}#{code}", wanted.name, wanted.profile, wanted.locale


def _store(
    database: Database, keys: Keys, list_id: uuid.UUID, wanted: Wanted, new: Sequence[str], steps: Steps
) -> None:
    """Store the HMACs in their own order, which is not that of the file; an attempt that died left some of others."""
    with database.transaction() as session:
        session.execute(delete(Invitation).where(Invitation.list_id == list_id))
    digests = sorted(invitation_codes.digest(keys.codes, wanted.activity_id, code) for code in new)
    same = {"activity_id": wanted.activity_id, "list_id": list_id, "profile": wanted.profile, "state": "unused"}
    for start in range(0, len(digests), _AT_ONCE):
        rows = [{**same, "code": digest} for digest in digests[start : start + _AT_ONCE]]
        with database.transaction() as session:
            session.execute(insert(cast(Table, Invitation.__table__)), rows)
        steps.step()


def merge(installation: Installation, order: Order, target: Path, progress: Progress) -> Made:
    """Write the addresses and codes of a list as CSV."""
    wanted = msgspec.convert(order.payload, Merge)
    base, keys = installation.settings.base_url, installation.keys
    with target.open("wb") as file, closing(Sealer(file, keys.contact, order.id.bytes)) as sealed:
        sealed.write(MARK + line([*contacts.COLUMNS, "code", "link"]))
        with installation.database.reading() as session:
            activity = session.get_one(Activity, wanted.activity_id)
            for number, person in enumerate(contacts.each(session, keys, wanted.activity_id, wanted.list_id)):
                link = f"{address(base, activity, person.locale)}#{person.code}"
                spelt = " ".join(codes.groups(person.code))
                sealed.write(line([person.address, person.locale, person.profile, spelt, link]))
                if not number % 1_000:
                    progress(number, 0)
    return Made(f"{wanted.at['activity']}-mail-merge.csv", "text/csv; charset=utf-8")


def content(path: Path, keys: Keys, job_id: uuid.UUID) -> Iterator[bytes]:
    """What a file that was made has in it."""
    with path.open("rb") as file:
        opened = Opener(file, keys.contact, job_id.bytes)
        while part := opened.read(CHUNK):
            yield part


def keys_of_files(installation: Installation) -> Iterator[str]:
    """The keys under which files of codes and addresses are sealed; such a file is deleted after a day."""
    folder = installation.settings.made
    for path in folder.iterdir() if folder.is_dir() else ():
        with path.open("rb") as file:
            key = sealedstream.key_id(file)
        if key is not None:
            yield key


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _DATE)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part
