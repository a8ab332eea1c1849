"""The doctor finds nothing in a healthy installation, and each planted fault by its code; it changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text, update

from consult.audit.models import Entry
from consult.backups import making, shelf
from consult.cli import main
from consult.config import LOCALES, Keys, Settings, read_keys, write_keys
from consult.db import migrate
from consult.db.installation import Installation
from consult.db.session import Database
from consult.doctor import databases, surroundings
from consult.doctor.examination import Wanted, examine
from consult.files import GRACE, Folder
from consult.jobs.models import Job
from consult.mail.models import Message
from consult.processes.models import Activity
from consult.results.segments import ENTRIES, TEXTS
from consult.web.messages.doctor import MESSAGES
from tests.backups.conftest import empty  # noqa: F401  # machines of the neighbour
from tests.backups.places import SYSTEMS, files, installed, rows
from tests.factories.installations import make_lived_in

HOUR = dt.timedelta(hours=1)
ELSEWHERE = {"doctor.fault.backup_near"}
"""Tests have one disk."""


@dataclass
class Patient:
    """An installation, and how it is examined."""

    installation: Installation
    settings: Settings
    now: dt.datetime
    environ: dict[str, str]

    @property
    def database(self) -> Database:
        return self.installation.database

    def sql(self, statement: str, **values: object) -> None:
        with self.database.transaction() as session:
            session.execute(text(statement), values)

    def codes(self, *, deep: bool = False) -> list[str]:
        found = examine(self.settings, self.environ, Wanted(deep=deep), now=self.now)
        return sorted({problem.code for problem in found} - ELSEWHERE)


@pytest.fixture(params=SYSTEMS)
def patient(
    request: pytest.FixtureRequest,
    empty: Callable[[str], Settings],  # noqa: F811  # the fixture
    keys: Keys,
) -> Iterator[Patient]:
    """A healthy installation with a backup of today."""
    now = dt.datetime.now(dt.UTC)
    with installed(
        replace(empty(request.param), base_url="https://consult.example.org", proxies=1), Keys.draw()
    ) as found:
        installation = Installation(found.settings, read_keys(found.settings.keys_file), found.database)
        installation.settings.data.chmod(0o700)
        make_lived_in(installation, now)
        making.make(installation, now=now)
        yield Patient(installation, installation.settings, now, {})


def test_a_healthy_installation_has_nothing_and_is_left_as_it_was(patient: Patient) -> None:
    before = rows(patient.settings), files(patient.settings)

    assert patient.codes(deep=True) == []

    assert (rows(patient.settings), files(patient.settings)) == before


# Planted, one at a time


def weaken(**changes: object) -> Callable[[Patient], None]:
    def plant(patient: Patient) -> None:
        patient.settings = replace(patient.settings, **changes)

    return plant


def rewrite_keys(**changes: object) -> Callable[[Patient], None]:
    def plant(patient: Patient) -> None:
        keys = replace(read_keys(patient.settings.keys_file), **changes)
        patient.settings.keys_file.unlink()
        write_keys(keys, patient.settings.keys_file)

    return plant


def misspell(patient: Patient) -> None:
    patient.environ = {"CONSULT_TRUSTED_HOST": "x", "CONSULT_DATA": "x"}


def lay_keys_beside(patient: Patient) -> None:
    shutil.copy(patient.settings.keys_file, patient.settings.backups / "copy.json")


def segment_of(patient: Patient, part: str = "") -> Path:
    return next(patient.settings.column_store.glob(f"*/{'?' * 36}{part}.parquet"))


def upload_of(patient: Patient) -> Path:
    return next(path for path in patient.settings.uploads.rglob("*") if path.is_file())


def orphan(patient: Patient) -> None:
    patient.now += dt.timedelta(seconds=2 * GRACE)
    Folder(upload_of(patient).parent).put(b"of a response that was withdrawn")


def stray_segment(patient: Patient) -> None:
    patient.now += dt.timedelta(seconds=2 * GRACE)
    path = segment_of(patient)
    shutil.copy(path, path.with_name("0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b.parquet"))


def job(**values: object) -> Callable[[Patient], None]:
    def plant(patient: Patient) -> None:
        with patient.database.transaction() as session:
            session.add(Job(kind="mail.send", payload={}, **{"run_at": patient.now - 2 * HOUR, **values}))

    return plant


def fail_mail(patient: Patient) -> None:
    with patient.database.transaction() as session:
        session.execute(update(Message).values(state="failed"))


def leave_unmixed(patient: Patient) -> None:
    with patient.database.transaction() as session:
        session.execute(update(Activity).where(Activity.slug == "open").values(closes_at=patient.now - 2 * HOUR))


def falsify(patient: Patient) -> None:
    patient.sql("UPDATE audit_entries SET subject = 'nothing' WHERE number = 1")


def date_ahead(patient: Patient) -> None:
    with patient.database.transaction() as session:
        session.add(Entry(at=patient.now + HOUR, actor_name="", action="x.y", subject="", details={}))


def age_backups(patient: Patient) -> None:
    patient.now += 3 * dt.timedelta(days=1)


def keep_expired(patient: Patient) -> None:
    (found,) = shelf.backups(patient.settings.backups)
    shutil.copy(found.path, found.path.with_name("consult-20200101T000000Z.backup"))


def flip(place: int) -> Callable[[Patient], None]:
    def plant(patient: Patient) -> None:
        (found,) = shelf.backups(patient.settings.backups)
        data = bytearray(found.path.read_bytes())
        data[place] ^= 1
        found.path.write_bytes(data)

    return plant


def change_segment(patient: Patient, part: str = "") -> None:
    path = segment_of(patient, part)
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def cut_off_ledger(patient: Patient) -> None:
    with os.fdopen(os.open(patient.settings.ledger, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
        file.write(b'{"day":"2026-03-')


PLANTED: dict[str, list[tuple[str, Callable[[Patient], None]]]] = {
    "doctor.leak.address": [("http", weaken(base_url="http://consult.example.org"))],
    "doctor.leak.threshold": [("five", weaken(threshold=5))],
    "doctor.fault.proxies": [("none", weaken(proxies=0))],
    "doctor.fault.hosts": [("another", weaken(trusted_hosts=("www.example.org",)))],
    "doctor.fault.any_host": [("all below", weaken(trusted_hosts=("consult.example.org", ".example.org")))],
    "doctor.fault.setting": [("misspelt", misspell)],
    "doctor.fault.keys_missing": [("gone", lambda patient: patient.settings.keys_file.unlink())],
    "doctor.fault.keys_unreadable": [
        ("empty", lambda patient: patient.settings.keys_file.write_text("")),
        ("half", lambda patient: patient.settings.keys_file.write_text('{"session": "00"}')),
    ],
    "doctor.leak.keys_weak": [
        ("short", rewrite_keys(session=b"secret")),
        ("zeros", rewrite_keys(session=bytes(32))),
        ("repeated", lambda patient: rewrite_keys(session=read_keys(patient.settings.keys_file).codes)(patient)),
    ],
    "doctor.leak.open": [
        ("keys", lambda patient: patient.settings.keys_file.chmod(0o644)),
        ("data", lambda patient: patient.settings.data.chmod(0o755)),
        ("backups", lambda patient: patient.settings.backups.chmod(0o750)),
        ("ledger", lambda patient: (patient.settings.ledger.touch(), patient.settings.ledger.chmod(0o644))),
    ],
    "doctor.fault.ledger": [("cut off", cut_off_ledger)],
    "doctor.leak.keys_beside": [("copy", lay_keys_beside)],
    "doctor.leak.orphans": [("upload", orphan), ("segment", stray_segment)],
    "doctor.fault.files_lost": [
        ("upload", lambda patient: upload_of(patient).unlink()),
        ("segment", lambda patient: segment_of(patient).unlink()),
        ("texts", lambda patient: segment_of(patient, TEXTS).unlink()),
        ("entries", lambda patient: segment_of(patient, f"{ENTRIES}*").unlink()),
        ("sound", lambda patient: next(patient.settings.media.iterdir()).unlink()),
    ],
    "doctor.fault.file_changed": [
        ("segment", change_segment),
        ("entries", lambda patient: change_segment(patient, f"{ENTRIES}*")),
    ],
    "doctor.fault.jobs_late": [
        ("waiting", job()),
        ("silent", job(state="running", leased_until=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))),
    ],
    "doctor.fault.jobs_failed": [("failed", job(state="failed"))],
    "doctor.fault.mail_failed": [("failed", fail_mail)],
    "doctor.leak.order": [("closed", leave_unmixed)],
    "doctor.fault.audit": [("changed", falsify)],
    "doctor.fault.clock": [("ahead", date_ahead)],
    "doctor.fault.schema": [
        ("behind", lambda patient: migrate.downgrade(patient.database, "0006")),
        ("none", lambda patient: patient.sql("DELETE FROM alembic_version")),
    ],
    "doctor.fault.no_backup": [("none", lambda patient: shutil.rmtree(patient.settings.backups))],
    "doctor.fault.backup_old": [("old", age_backups)],
    "doctor.leak.backups_expired": [("expired", keep_expired)],
    "backups.damaged": [("head", flip(200)), ("end", flip(-1))],
}
AS_WELL: dict[str, set[str]] = {
    "doctor.fault.backup_old": {"doctor.fault.clocks", "doctor.fault.jobs_late"},
    "doctor.leak.orphans": {"doctor.fault.clocks", "doctor.fault.jobs_late"},
}
"""What a planted fault brings with it, where time passes for this machine only."""


@pytest.mark.parametrize(
    ("code", "plant"),
    [
        pytest.param(code, plant, id=f"{code.removeprefix('doctor.')}-{name}")
        for code, plants in PLANTED.items()
        for name, plant in plants
    ],
)
def test_each_planted_fault_is_named(patient: Patient, code: str, plant: Callable[[Patient], None]) -> None:
    plant(patient)

    found = set(patient.codes(deep=True))

    assert code in found
    assert found - {code} <= AS_WELL.get(code, set())


def test_keys_of_another_installation_are_noticed(patient: Patient) -> None:
    """By what they do not open, and by what the last backup knew of them."""
    own = read_keys(patient.settings.keys_file)
    rewrite_keys(contact=Keys.draw().contact)(patient)
    assert patient.codes() == ["doctor.fault.key_lost", "doctor.fault.keys_misfit"]

    rewrite_keys(contact={"7": own.contact["1"]})(patient)
    assert patient.codes() == ["doctor.fault.key_lost"]

    rewrite_keys(**{name: getattr(Keys.draw(), name) for name in ("session", "codes", "contact", "offline", "backup")})(
        patient
    )
    assert patient.codes() == ["backups.key", "doctor.fault.keys_misfit"]


def test_a_database_that_is_away_is_said_and_not_made(tmp_path: Path, keys: Keys, now: dt.datetime) -> None:
    write_keys(keys, tmp_path / "keys.json")
    for url in ("", "postgresql://nobody@127.0.0.1:1/nowhere"):
        found = examine(Settings(data=tmp_path, database_url=url), {}, Wanted(), now=now)
        assert "doctor.fault.database_away" in {problem.code for problem in found}
    assert not (tmp_path / "consult.db").exists()


def test_a_damaged_database_file_is_noticed(patient: Patient) -> None:
    if not patient.database.sqlite:
        pytest.skip("PostgreSQL checks its own files")
    with patient.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    patient.database.close()
    with (patient.settings.data / "consult.db").open("r+b") as file:
        for page in range(pages // 3, pages // 3 + 20):
            file.seek(4096 * page)
            file.write(os.urandom(4096))

    assert {"doctor.fault.damaged", "doctor.fault.database_away"} & set(patient.codes(deep=True))


def test_a_full_disk_is_noticed(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(patient.settings.data)
    monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda _: usage._replace(free=10**8))

    assert patient.codes() == ["doctor.fault.disk"]


def test_clocks_that_differ_are_noticed(patient: Patient) -> None:
    if patient.database.sqlite:
        pytest.skip("SQLite has no clock of its own")
    patient.now += dt.timedelta(minutes=5)

    assert patient.codes() == ["doctor.fault.clocks"]


def test_the_settings_are_those_of_the_server(patient: Patient) -> None:
    if patient.database.sqlite:
        pytest.skip("of PostgreSQL")
    with patient.database.reading() as session:
        session.execute(text("SET log_statement = 'all'"))
        session.execute(text("SET synchronous_commit = off"))
        found = [problem.params["setting"] for problem in databases.found(session, patient.now)]
    assert sorted(found) == ["log_statement", "synchronous_commit"]


# On the command line


def test_the_command_says_what_and_what_to_do_in_every_language(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data", "database_url", "backup_folder", "base_url", "proxies"):
        monkeypatch.setenv(f"CONSULT_{name.upper()}", str(getattr(patient.settings, name)))
    monkeypatch.setenv("CONSULT_THRESHOLD", "3")
    said = {}
    for locale in LOCALES:
        result = CliRunner().invoke(main, ["doctor", "--format", "json", "--locale", locale])
        found = {row["code"]: row for row in json.loads(result.output) if row["code"] not in ELSEWHERE}
        assert result.exit_code == 1
        assert [*found] == ["doctor.leak.threshold"]
        assert found["doctor.leak.threshold"]["kind"] == "leak"
        said[locale] = found["doctor.leak.threshold"]["text"]
    assert len(set(said.values())) == len(LOCALES)
    assert all("CONSULT_THRESHOLD = 3" in sentence for sentence in said.values())
    result = CliRunner().invoke(main, ["doctor"])
    assert "doctor.leak.threshold: CONSULT_THRESHOLD = 3 shows small groups. Set it to 10 or more." in result.output


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no second disk")
def test_backups_on_another_disk_and_nothing_else_is_nothing_said(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data", "database_url", "base_url", "proxies"):
        monkeypatch.setenv(f"CONSULT_{name.upper()}", str(getattr(patient.settings, name)))
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        monkeypatch.setenv("CONSULT_BACKUP_FOLDER", folder)
        assert CliRunner().invoke(main, ["backup"]).exit_code == 0
        result = CliRunner().invoke(main, ["doctor", "--deep"])
    assert (result.exit_code, result.output) == (0, "")


def test_every_fault_that_it_knows_is_planted_here() -> None:
    elsewhere = {
        *("doctor.leak.proxy", "doctor.leak.unit", "doctor.fault.unread"),  # tests/doctor/test_configurations.py
        *("doctor.leak.database", "doctor.fault.database", "doctor.fault.damaged", "doctor.fault.disk"),
        *("doctor.fault.key_lost", "doctor.fault.keys_misfit", "doctor.fault.database_away"),
        *("doctor.fault.clocks", "doctor.fault.backup_near"),
    }
    assert MESSAGES.keys() == (PLANTED.keys() | elsewhere) - {"backups.damaged"}
