"""A backup is of one moment while people answer, whole or not there, and old ones go."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text

from consult.audit import service as audit
from consult.backups import archive, holdings, making, shelf
from consult.backups.restoring import restore
from consult.cli import main
from consult.config import Keys, Settings, read_keys
from consult.core.errors import Refused
from consult.core.questionnaire.uploads import Upload
from consult.db import migrate
from consult.db.base import Base
from consult.db.installation import Installation
from consult.files import Folder
from consult.participation.models import Intake
from consult.processes.models import Activity
from consult.responses import mixing, uploads
from consult.responses.models import Response
from consult.responses.queries import all_held
from tests.backups.places import SYSTEMS, files, installed
from tests.factories.installations import make_lived_in
from tests.factories.responses import digest, make_submission

Machine = Callable[[str], Settings]
DAY = dt.timedelta(days=1)


@pytest.fixture(params=SYSTEMS)
def installation(request: pytest.FixtureRequest, empty: Machine, keys: Keys) -> Iterator[Installation]:
    with installed(empty(request.param), keys) as found:
        yield found


@pytest.fixture
def small(empty: Machine, keys: Keys) -> Iterator[Installation]:
    """An installation without data, on SQLite."""
    with installed(empty("sqlite"), keys) as found:
        yield found


def refusal(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


# One moment


def test_a_backup_under_load_is_of_one_moment_and_has_what_was_acknowledged_before(
    installation: Installation, empty: Machine, keys: Keys, now: dt.datetime
) -> None:
    """Six people submit with a picture each, one withdraws, the mixing job runs, while backups are made."""
    opened = make_lived_in(installation, now)
    crowd = Crowd(installation, opened.id, now)
    with crowd:
        crowd.wait_for(20)
        before = set(crowd.acknowledged)
        withdrawn = set(crowd.withdrawn)
        made = making.make(installation, now=now)
        crowd.wait_for(len(crowd.acknowledged) + 20)
    target = empty("sqlite")

    restore(made.path, target, installation.settings.keys_file, force=False, afterwards=(), now=now)

    with installed(target, keys) as found, found.database.reading() as session:
        codes = [*session.scalars(select(Intake.code)), *session.scalars(select(Response.code))]
        named = holdings.named(session, target)
        pictures = all_held(session, opened.id)
    assert len(codes) == len(set(codes))
    assert {digest(opened.id, code) for code in before - set(crowd.withdrawn)} <= set(codes)
    assert {digest(opened.id, code) for code in withdrawn}.isdisjoint(codes)
    assert made.manifest.lost == ()
    assert named == files(target).keys()
    assert len(pictures) > 12


class Crowd:
    """People who submit one after another, from six devices, and a worker that mixes; some withdraw."""

    def __init__(self, installation: Installation, activity_id: object, now: dt.datetime) -> None:
        self.installation, self.activity_id, self.now = installation, activity_id, now
        self.acknowledged: list[str] = []
        self.withdrawn: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._submit) for _ in range(6)]
        self._threads.append(threading.Thread(target=self._mix))

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, count: int) -> None:
        end = time.monotonic() + 60
        while len(self.acknowledged) < count:
            assert time.monotonic() < end
            time.sleep(0.01)

    def _submit(self) -> None:
        folder = uploads.folder(self.installation.settings.uploads, self.activity_id)
        turn = 0
        while not self._stop.is_set():
            picture = os.urandom(20)
            name = folder.put(picture)
            with self.installation.database.transaction() as session:
                activity = session.get_one(Activity, self.activity_id)
                answers = {"photo": Upload(name, "image/jpeg", len(picture))}
                code = make_submission(session, activity, answers, now=self.now)
            turn += 1
            if turn % 5 == 4:
                with self.installation.database.transaction() as session:
                    gone = delete(Intake).where(
                        Intake.activity_id == self.activity_id, Intake.code == digest(self.activity_id, code)
                    )
                    taken = session.execute(gone).rowcount
                if taken:
                    folder.remove([name])
                    self.withdrawn.append(code)
                    continue
            self.acknowledged.append(code)
            time.sleep(0.01)

    def _mix(self) -> None:
        chance = random.Random(4)
        folder = uploads.folder(self.installation.settings.uploads, self.activity_id)
        while not self._stop.wait(0.05):
            moved = mixing.Files()
            with self.installation.database.transaction() as session:
                mixing.mix(session, self.activity_id, least=10, chance=chance, files=moved)
            moved.settle(folder)


def test_what_changes_after_the_moment_is_not_in_it(installation: Installation, now: dt.datetime) -> None:
    make_lived_in(installation, now)
    with installation.database.snapshot() as session:
        before = len(session.scalars(select(Response.id)).all())
        with installation.database.transaction() as other:
            other.execute(delete(Response))
        assert len(session.scalars(select(Response.id)).all()) == before


def test_rows_stand_in_the_order_of_their_keys(installation: Installation, keys: Keys, now: dt.datetime) -> None:
    """Nothing in a backup tells who came first: neither rows nor files lie as they came."""
    make_lived_in(installation, now)
    made = making.make(installation, now=now)
    keyed: list[bytes] = []
    names: list[str] = []
    with archive.opened(made.path, keys) as (head, members):
        layout = head.tables["responses"]
        for member in members:
            if archive.table_of(member.name) == "responses":
                place = [[*layout.columns].index(column) for column in layout.key]
                found = [msgspec.json.decode(line) for line in archive.rows(member)]
                keyed += [[row[index] for index in place] for row in found]
            elif member.name.startswith("uploads/"):
                names.append(member.name)
    assert keyed == sorted(keyed)
    assert len(keyed) > 30
    assert names == sorted(names)


def test_no_table_counts_its_rows_by_itself() -> None:
    """A backup brings back rows and no counters: keys are drawn at random or given."""
    counted = [
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.primary_key
        if column is table.autoincrement_column and column.identity is not None
    ]
    assert counted == []


def test_a_file_that_is_lost_is_said_and_the_rest_is_kept(small: Installation, keys: Keys, now: dt.datetime) -> None:
    make_lived_in(small, now)
    lost = next(iter(sorted(small.settings.media.iterdir())))
    lost.unlink()

    made = making.make(small, now=now)

    assert made.manifest.lost == (f"media/{lost.name}",)
    assert archive.verify(made.path, keys).manifest == made.manifest


def test_orphans_stay_out(small: Installation, now: dt.datetime) -> None:
    make_lived_in(small, now)
    name = Folder(small.settings.media).put(b"nobody names it")

    assert f"media/{name}" not in making.make(small, now=now).manifest.files


def test_what_was_deleted_while_a_backup_read_is_forgotten_after_it(
    empty: Machine, keys: Keys, now: dt.datetime
) -> None:
    """A long reader keeps SQLite's log from being emptied, as closing wants it: so the backup empties it afterwards."""
    with installed(empty("sqlite"), keys) as installation:
        make_lived_in(installation, now)
        log = installation.settings.data / "consult.db-wal"
        assert log.stat().st_size > 0

        making.make(installation, now=now)

        assert log.stat().st_size == 0


def test_memory_stays_bounded(small: Installation, now: dt.datetime) -> None:
    """A table of 60 MB and a file of 40 MB pass through some megabytes."""
    opened = make_lived_in(small, now)
    with small.database.transaction() as session:
        template = session.scalars(select(Response).where(Response.activity_id == opened.id)).first()
        session.execute(
            text(
                "INSERT INTO responses (activity_id, id, code, edition, locale, channel, day, answers, stored) "
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) "
                "SELECT :activity, lower(hex(randomblob(16))), randomblob(32), 1, 'en', 'open', :day, "
                "json_object('x', hex(randomblob(1000))), 0 FROM n"
            ),
            {"activity": opened.id.hex, "day": str(template.day)},
        )
    name = next(name for name, _ in holdings.present(small.settings) if name.endswith(".parquet"))
    segment = holdings.place(small.settings, name)
    with segment.open("ab") as file:
        file.truncate(40_000_000)
    tracemalloc.start()

    making.make(small, now=now)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000


# Whole or not there


def test_a_backup_that_is_killed_leaves_the_last_one_and_no_half(
    installation: Installation, keys: Keys, now: dt.datetime
) -> None:
    make_lived_in(installation, now, responses=2_000)
    settings = installation.settings
    last = making.make(installation, now=now)
    content = last.path.read_bytes()
    environ = {
        **os.environ,
        "CONSULT_DATA": str(settings.data),
        "CONSULT_DATABASE_URL": settings.database_url,
        "CONSULT_BACKUP_FOLDER": settings.backup_folder,
        "CONSULT_BACKUP_DAYS": "9999",
    }
    command = [sys.executable, "-m", "consult.cli", "backup"]
    for part in (0.0, 0.03, 0.1):
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not list(settings.backups.glob(".consult-*.draft")) and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.002)
        time.sleep(part)
        process.send_signal(signal.SIGKILL)
        process.wait()

        for found in shelf.backups(settings.backups):
            archive.verify(found.path, read_keys(settings.keys_file))
        assert last.path.read_bytes() == content

    made = making.make(installation, now=now + DAY)

    assert list(settings.backups.glob(".consult-*.draft")) == []
    assert archive.verify(made.path, keys).manifest.tables["responses"].rows > 2_000


def test_only_one_is_made_at_a_time(small: Installation, now: dt.datetime) -> None:
    with shelf.draft(small.settings.backups), refusal("backups.running"):
        making.make(small, now=now)

    assert making.make(small, now=now).path.exists()


def test_a_schema_of_another_version_is_not_backed_up(small: Installation, now: dt.datetime) -> None:
    migrate.downgrade(small.database, "0006")

    with refusal("backups.schema"):
        making.make(small, now=now)
    assert shelf.backups(small.settings.backups) == []


# Old ones go


def test_backups_expire_but_the_newest_never(small: Installation, now: dt.datetime) -> None:
    for days in (0, 10, 29, 31):
        making.make(small, now=now + days * DAY)
    assert [(found.made_at - now).days for found in shelf.backups(small.settings.backups)] == [31, 29, 10]

    made = making.make(small, now=now + 400 * DAY)

    assert [found.path for found in shelf.backups(small.settings.backups)] == [made.path]


def test_making_one_stands_in_the_trail(small: Installation, now: dt.datetime) -> None:
    made = making.make(small, now=now)

    with small.database.reading() as session:
        found = session.execute(text("SELECT action, subject FROM audit_entries")).all()
        assert audit.verify(session).misfit is None
    assert found == [("backups.make", made.path.name)]


# On the command line


@pytest.fixture
def command(small: Installation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("CONSULT_DATA", str(small.settings.data))
    monkeypatch.setenv("CONSULT_BACKUP_FOLDER", str(small.settings.backups))

    def run(*words: object) -> tuple[int, str]:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


def test_commands_make_list_verify_and_bring_back(
    command: Callable[..., tuple[int, str]],
    small: Installation,
    now: dt.datetime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_lived_in(small, now)
    safe = tmp_path / "safe" / "keys.json"

    code, said = command("backup")
    assert code == 0
    (made,) = shelf.backups(small.settings.backups)
    assert said.startswith(str(made.path))
    assert str(made.path) in command("backup", "list")[1]
    assert command("backup", "verify", made.path)[0] == 0
    assert command("backup", "keys", safe)[0] == 0
    monkeypatch.setenv("CONSULT_DATA", str(tmp_path / "new"))
    code, said = command("restore", made.path, "--keys", safe)

    assert (code, said[:9]) == (0, "restored ")
    assert command("restore", made.path) == (
        1,
        "Error: There are data already. Restore into an empty installation, or replace everything with --force.\n",
    )
    assert command("restore", made.path, "--force")[0] == 0
    assert command("audit", "verify")[0] == 0


def test_keys_are_copied_to_a_place_apart_only(
    command: Callable[..., tuple[int, str]], small: Installation, tmp_path: Path
) -> None:
    assert command("backup", "keys", small.settings.data / "copy.json")[0] == 1
    assert command("backup", "keys", small.settings.backups / "copy.json")[0] == 1
    assert command("backup", "keys", tmp_path / "copy.json")[0] == 0
    assert command("backup", "keys", tmp_path / "copy.json")[0] == 1
    assert (tmp_path / "copy.json").stat().st_mode & 0o777 == 0o600
    assert read_keys(tmp_path / "copy.json") == read_keys(small.settings.keys_file)


def test_no_command_makes_keys_where_there_were_none(
    command: Callable[..., tuple[int, str]], small: Installation
) -> None:
    """Fresh keys would encrypt a backup that nobody has the key of, and hide that the old ones are lost."""
    small.settings.keys_file.unlink()

    assert command("backup")[0] == 1
    assert command("restore", "nothing.backup")[0] == 1
    assert not small.settings.keys_file.exists()
