"""The erasure ledger: durable lines outside the database, which many processes append, and no order after the day."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import uuid
from pathlib import Path

import pytest

from consult.files import NoRoom
from consult.privacy.ledger import WITHDRAWN, Ledger, Line

ACTIVITY = uuid.UUID(int=1)
OTHER = uuid.UUID(int=2)
MONDAY = dt.date(2026, 3, 2)
TUESDAY = dt.date(2026, 3, 3)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "apart" / "erasures.jsonl")


def codes(ledger: Ledger) -> list[str]:
    return [line.code for line in ledger.lines()]


def test_there_is_nothing_in_one_that_is_not_there(ledger: Ledger) -> None:
    assert list(ledger.lines()) == []
    assert ledger.faults() == []
    ledger.settle(MONDAY)
    assert not ledger.path.exists()


def test_it_holds_days_activities_and_what_was_erased_and_nothing_else(ledger: Ledger) -> None:
    ledger.withdrawn(ACTIVITY, b"\x01" * 32, day=MONDAY)
    ledger.note(Line(TUESDAY, OTHER, "responses"))
    assert ledger.path.read_text() == (
        f'{{"day":"2026-03-02","activity":"{ACTIVITY}","kind":"withdrawn","code":"{"01" * 32}"}}\n'
        f'{{"day":"2026-03-03","activity":"{OTHER}","kind":"responses"}}\n'
    )
    assert list(ledger.lines()) == [
        Line(MONDAY, ACTIVITY, WITHDRAWN, "01" * 32),
        Line(TUESDAY, OTHER, "responses"),
    ]


def test_neither_file_nor_mode_tell_more(ledger: Ledger) -> None:
    ledger.withdrawn(ACTIVITY, b"\x01" * 32, day=MONDAY)
    found = ledger.path.stat()
    assert (found.st_mode & 0o777, found.st_mtime, found.st_atime) == (0o600, 0, 0)


def test_a_line_is_on_the_disk_before_anything_else_happens(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync

    def noted(opened: int) -> None:
        synced.append(os.fstat(opened).st_ino)
        fsync(opened)

    monkeypatch.setattr(os, "fsync", noted)
    ledger.withdrawn(ACTIVITY, b"\x01" * 32, day=MONDAY)
    assert synced == [ledger.path.stat().st_ino, ledger.path.parent.stat().st_ino]


def test_where_the_disk_refuses_nothing_goes_on(ledger: Ledger) -> None:
    ledger.path.mkdir(parents=True)
    with pytest.raises(NoRoom):
        ledger.withdrawn(ACTIVITY, b"\x01" * 32, day=MONDAY)


@pytest.mark.parametrize(
    "spoilt", [b'{"day":"2026-03-02","activ', b"\x00\x00", b'{"day":"2026-03-02","activity":"1","kind":"x"}', b"[]"]
)
def test_a_line_that_was_cut_off_is_named_and_spoils_no_other(ledger: Ledger, spoilt: bytes) -> None:
    ledger.withdrawn(ACTIVITY, b"\x01" * 32, day=MONDAY)
    with ledger.path.open("ab") as file:
        file.write(spoilt)
    ledger.withdrawn(ACTIVITY, b"\x02" * 32, day=MONDAY)
    assert codes(ledger) == ["01" * 32, "02" * 32]
    assert ledger.faults() == [2]
    ledger.settle(TUESDAY)
    assert codes(ledger) == ["01" * 32, "02" * 32]
    assert len(ledger.faults()) == 1, "it is kept: somebody may know what it was"


def _append(path: Path, process: int) -> None:
    for number in range(20):
        Ledger(path).withdrawn(ACTIVITY, bytes([process, number]) * 16, day=MONDAY)
        if number % 10 == 0:
            Ledger(path).settle(TUESDAY)


def test_several_processes_append_while_one_settles(ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append, args=(ledger.path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert sorted(codes(ledger)) == sorted(
        (bytes([process, number]) * 16).hex() for process in range(3) for number in range(20)
    )
    assert ledger.faults() == []


def test_the_day_after_nothing_tells_who_came_first(ledger: Ledger) -> None:
    for first in (9, 3, 7, 3):
        ledger.withdrawn(ACTIVITY, bytes([first]) * 32, day=MONDAY)
    ledger.withdrawn(ACTIVITY, b"\x08" * 32, day=TUESDAY)
    ledger.withdrawn(ACTIVITY, b"\x02" * 32, day=TUESDAY)
    ledger.settle(MONDAY)
    assert [code[:2] for code in codes(ledger)] == ["09", "03", "07", "03", "08", "02"], "the day is not over"
    ledger.settle(TUESDAY)
    assert [code[:2] for code in codes(ledger)] == ["03", "07", "09", "08", "02"]
    assert ledger.path.stat().st_mtime == 0


def test_once_all_answers_are_erased_no_single_code_need_be_known(ledger: Ledger) -> None:
    ledger.withdrawn(ACTIVITY, b"\x01" * 32, day=MONDAY)
    ledger.withdrawn(OTHER, b"\x02" * 32, day=MONDAY)
    ledger.note(Line(MONDAY, ACTIVITY, "files"), Line(MONDAY, ACTIVITY, "responses"))
    ledger.settle(TUESDAY)
    assert [(line.activity, line.kind) for line in ledger.lines()] == [
        (ACTIVITY, "files"),
        (ACTIVITY, "responses"),
        (OTHER, WITHDRAWN),
    ]


def test_it_is_read_in_parts_however_long_it_is(ledger: Ledger) -> None:
    ledger.note(*(Line(MONDAY, ACTIVITY, WITHDRAWN, number.to_bytes(32).hex()) for number in range(1_234)))
    assert [len(lines) for lines in ledger.batches()] == [500, 500, 234]
