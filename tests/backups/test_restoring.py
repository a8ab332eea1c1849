"""A restore, rehearsed: on an empty machine with either database everything is as it was, and only with the keys."""

from __future__ import annotations

import datetime as dt
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete, func, select

from consult.accounts.models import SignIn, User
from consult.accounts.service import secondstep
from consult.audit import service as audit
from consult.audit.models import Entry
from consult.backups import archive, making
from consult.backups.making import Made
from consult.backups.restoring import Restored, restore
from consult.config import Keys, Settings, load_keys, write_keys
from consult.core.errors import Refused
from consult.core.sealing import UnsealError
from consult.db import migrate
from consult.db.installation import Installation
from consult.db.session import Database
from consult.files import Folder
from consult.mail import service as mail
from consult.mail.models import Message
from consult.processes.models import Activity
from consult.responses import uploads
from consult.responses.models import Response
from consult.results import columns
from consult.results.segments import ENTRIES
from tests.backups.places import SYSTEMS, files, installed, rows
from tests.factories.accounts import TOTP_SECRET
from tests.factories.installations import CONTACT, PICTURE, make_lived_in

Machine = Callable[[str], Settings]
LATER = {"audit_entries", "sign_ins"}
"""Tables that a restore itself writes to."""


@pytest.fixture(params=SYSTEMS)
def backed(
    request: pytest.FixtureRequest, empty: Machine, keys: Keys, now: dt.datetime
) -> Iterator[tuple[Installation, Made]]:
    """An installation that has been used, and its backup."""
    with installed(empty(request.param), keys) as installation:
        make_lived_in(installation, now)
        yield installation, making.make(installation, now=now)


@pytest.fixture
def keys_file(tmp_path: Path, keys: Keys) -> Path:
    path = tmp_path / "in-the-safe.json"
    write_keys(keys, path)
    return path


def restored(
    made: Made, settings: Settings, keys_file: Path, now: dt.datetime, *, force: bool = False, afterwards: tuple = ()
) -> Restored:
    return restore(made.path, settings, keys_file, force=force, afterwards=afterwards, now=now)


def refusal(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


@pytest.mark.parametrize("system", SYSTEMS)
def test_everything_is_as_it_was_on_an_empty_machine_with_either_database(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, now: dt.datetime, system: str
) -> None:
    installation, made = backed
    target = empty(system)

    restored(made, target, keys_file, now)

    before, after = rows(installation.settings), rows(target)
    assert all(before[table].rows for table in ("responses", "intake", "segments", "media", "outbox", "users"))
    assert {name: found for name, found in after.items() if name not in LATER} == {
        name: found for name, found in before.items() if name not in LATER
    }
    assert made.manifest.lost == ()
    assert files(target) == files(installation.settings) != {}
    assert any(ENTRIES in name for name in made.manifest.files)
    assert load_keys(target.keys_file) == load_keys(keys_file)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_audit_chain_goes_on_from_where_it_was(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, keys: Keys, now: dt.datetime, system: str
) -> None:
    _, made = backed
    target = empty(system)

    restored(made, target, keys_file, now)

    with installed(target, keys) as found:
        audit.chain(found.database)
        with found.database.reading() as session:
            verdict = audit.verify(session, audit.Head.read(made.manifest.audit))
            last = session.scalars(select(Entry).order_by(Entry.number.desc())).first()
    assert (verdict.misfit, verdict.head.number) == (None, audit.Head.read(made.manifest.audit).number + 1)
    assert (last.action, last.subject, last.details["erased"]) == ("backups.restore", made.path.name, 0)


def test_the_restored_installation_works_as_before(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, keys: Keys, now: dt.datetime
) -> None:
    _, made = backed
    target = empty("sqlite")
    restored(made, target, keys_file, now)

    with installed(target, keys) as found, found.database.reading() as session:
        (person,) = session.scalars(select(User).where(User.totp_secret.is_not(None)))
        assert secondstep.secret_of(keys, person) == TOTP_SECRET
        (message,) = session.scalars(select(Message))
        assert mail.open_message(keys, message).recipient == CONTACT
        opened = session.scalars(select(Activity).where(Activity.slug == "open")).one()
        folder = uploads.folder(target.uploads, opened.id)
        assert {folder.get(name) for name in folder.names()} == {PICTURE % number for number in range(13)}
        for segment in columns.manifest(session, opened.id):
            assert segment.rows


def test_nobody_is_signed_in_after_a_restore(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, keys: Keys, now: dt.datetime
) -> None:
    _, made = backed
    target = empty("sqlite")

    restored(made, target, keys_file, now)

    with installed(target, keys) as found, found.database.reading() as session:
        assert made.manifest.tables["sign_ins"].rows == 1
        assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_files_and_folders_are_for_the_owner_only_and_keep_their_timeless_times(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, now: dt.datetime
) -> None:
    _, made = backed
    target = empty("sqlite")
    before = os.umask(0o022)

    restored(made, target, keys_file, now)

    os.umask(before)

    for path in (made.path, target.keys_file, *target.uploads.rglob("*"), target.data, made.path.parent):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert {when for name, (_, when) in files(target).items() if name.startswith(("uploads", "media"))} == {0}


# Without the keys


def test_without_the_keys_the_archive_says_nothing(
    backed: tuple[Installation, Made], empty: Machine, tmp_path: Path, now: dt.datetime
) -> None:
    _, made = backed
    content = made.path.read_bytes()
    write_keys(Keys.draw(), tmp_path / "others.json")

    assert not [
        word for word in (CONTACT.encode(), b"picture of", b"responses", b"PAR1", b"consulates") if word in content
    ]
    target = empty("sqlite")
    with refusal("backups.keys.missing"):
        restored(made, target, target.keys_file, now)
    with refusal("backups.key"):
        restored(made, target, tmp_path / "others.json", now)
    assert not target.data.exists()


def test_with_the_key_of_backups_alone_contacts_and_secrets_stay_closed(
    backed: tuple[Installation, Made], empty: Machine, tmp_path: Path, keys: Keys, now: dt.datetime
) -> None:
    """The archive opens, and what is sealed in the database does not."""
    _, made = backed
    other = replace(Keys.draw(), backup=keys.backup)
    write_keys(other, tmp_path / "backup-key-only.json")
    target = empty("sqlite")

    restored(made, target, tmp_path / "backup-key-only.json", now)

    with installed(target, other) as found, found.database.reading() as session:
        (message,) = session.scalars(select(Message))
        with pytest.raises(UnsealError):
            mail.open_message(other, message)
        (person,) = session.scalars(select(User).where(User.totp_secret.is_not(None)))
        with pytest.raises(UnsealError):
            secondstep.secret_of(other, person)
    assert CONTACT.encode() not in b"".join(path.read_bytes() for path in target.data.rglob("*") if path.is_file())


# What is refused


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :],
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data + b"\0",
    ],
    ids=["flipped early", "flipped in the middle", "a byte cut off", "half", "empty", "a byte more"],
)
def test_a_damaged_archive_touches_nothing(
    backed: tuple[Installation, Made], keys_file: Path, now: dt.datetime, harm: Callable[[bytes], bytes]
) -> None:
    installation, made = backed
    before = rows(installation.settings), files(installation.settings)
    made.path.write_bytes(harm(made.path.read_bytes()))

    with refusal("backups.damaged"):
        restored(made, installation.settings, keys_file, now, force=True)

    assert (rows(installation.settings), files(installation.settings)) == before


def test_what_is_there_is_overwritten_only_by_force(
    backed: tuple[Installation, Made], keys_file: Path, now: dt.datetime
) -> None:
    installation, made = backed
    before = rows(installation.settings), files(installation.settings)
    with installation.database.transaction() as session:
        session.execute(delete(Response))
    stray = Folder(installation.settings.media).put(b"came after the backup")
    installation.database.close()

    with refusal("backups.occupied"):
        restored(made, installation.settings, keys_file, now)
    restored(made, installation.settings, keys_file, now, force=True)

    assert files(installation.settings) == before[1]
    assert f"media/{stray}" not in files(installation.settings)
    assert rows(installation.settings)["responses"] == before[0]["responses"]


def test_an_installation_with_files_only_counts_as_occupied(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, now: dt.datetime
) -> None:
    target = empty("sqlite")
    Folder(target.media).put(b"a sound")

    with refusal("backups.occupied"):
        restored(backed[1], target, keys_file, now)


def test_other_keys_in_the_data_folder_are_never_replaced(
    backed: tuple[Installation, Made], empty: Machine, keys_file: Path, now: dt.datetime
) -> None:
    target = empty("sqlite")
    others = load_keys(target.keys_file)

    with refusal("backups.keys.other"):
        restored(backed[1], target, keys_file, now, force=True)

    assert load_keys(target.keys_file) == others


def test_a_restore_that_is_killed_leaves_the_old_database_until_the_new_one_is_whole(
    empty: Machine, keys: Keys, keys_file: Path, now: dt.datetime
) -> None:
    target = empty("sqlite")
    with installed(target, keys) as installation:
        make_lived_in(installation, now, responses=2_000)
        made = making.make(installation, now=now)
    new = rows(target)["responses"]
    with installed(target, keys) as installation, installation.database.transaction() as session:
        session.execute(delete(Response).where(Response.stored))
    old = rows(target)["responses"]
    environ = {**os.environ, "CONSULT_DATA": str(target.data), "CONSULT_BACKUP_FOLDER": target.backup_folder}
    command = [sys.executable, "-m", "consult.cli", "restore", str(made.path), "--force"]
    staged = target.data / ".consult.db.restoring"
    for part in (0.0, 0.3, 0.6):
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not staged.exists() and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.002)
        time.sleep(part)
        process.kill()
        process.wait()
        assert rows(target)["responses"] in (old, new)

    assert subprocess.run(command, env=environ, check=False, capture_output=True).returncode == 0

    assert rows(target)["responses"] == new
    assert not staged.exists()


# Versions


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    empty: Machine, keys: Keys, keys_file: Path, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are written at the schema that they had; then the migrations run on them, as at an upgrade."""
    with installed(empty("sqlite"), keys) as installation:
        made = making.make(installation, now=now)
        contents = archive.verify(made.path, keys)
        older = replace_head(installation, contents, keys, revision="0001")
    target = empty("sqlite")

    restore(older, target, keys_file, force=False, afterwards=(), now=now)

    database = Database(target.url)
    with database.reading() as session:
        assert migrate.current(session) == migrate.head()
    database.close()


def test_a_backup_of_a_newer_version_is_refused(empty: Machine, keys: Keys, keys_file: Path, now: dt.datetime) -> None:
    with installed(empty("sqlite"), keys) as installation:
        made = making.make(installation, now=now)
        newer = replace_head(installation, archive.verify(made.path, keys), keys, revision="9999")

    with refusal("backups.newer"):
        restore(newer, empty("sqlite"), keys_file, force=False, afterwards=(), now=now)


def replace_head(installation: Installation, contents: archive.Contents, keys: Keys, *, revision: str) -> Path:
    """An archive without rows whose head names another revision."""
    path = installation.settings.backups / f"{revision}.backup"
    head = msgspec.structs.replace(contents.head, revision=revision, tables={})
    with path.open("wb") as file:
        writer = archive.Writer(file, keys, head)
        writer.finish(archive.Manifest({}, {}, f"0:{'00' * 32}"))
    return path
