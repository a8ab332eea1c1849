"""A folder of files: whole or absent, timeless, swept."""

from __future__ import annotations

import datetime as dt
import stat
import time

import pytest

from consult import files
from consult.files import GRACE, Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "uploads")


def test_what_is_put_is_got_until_it_is_removed(folder):
    name = folder.put(b"content")
    assert folder.get(name) == b"content"
    assert list(folder.names()) == [name]
    folder.remove([name])
    folder.remove([name])
    assert folder.get(name) is None


def test_the_same_content_twice_has_two_names(folder):
    assert folder.put(b"x") != folder.put(b"x")


def test_a_file_has_no_time_and_only_its_owner_reads_it(folder):
    status = (folder.path / folder.put(b"x")).stat()
    assert (status.st_mtime, status.st_atime) == (0, 0)
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", "..", "../keys.json", "a" * 31, "A" * 32, "g" * 32, "a" * 32 + "/x"])
def test_no_name_leads_out_of_the_folder(folder, name):
    folder.put(b"x")
    (folder.path.parent / "keys.json").write_text("secret")
    assert folder.get(name) is None
    folder.remove([name])
    assert (folder.path.parent / "keys.json").exists()


def test_orphans_go_when_they_have_had_the_time_to_get_a_row(folder):
    kept = folder.put(b"1")
    folder.put(b"2")
    (folder.path / ".half").write_bytes(b"written when the power went")
    now = dt.datetime.now(dt.UTC)
    assert folder.sweep({kept}, now=now) == 0
    assert folder.sweep({kept}, now=now + dt.timedelta(seconds=GRACE + 1)) == 2
    assert [path.name for path in folder.path.iterdir()] == [kept]


def test_written_anew_files_lie_on_the_disk_in_the_order_of_their_random_names(folder):
    names = [folder.put(str(turn).encode()) for turn in range(40)]
    contents = {name: folder.get(name) for name in names}
    folder.rewrite(names)
    by_clock = sorted(names, key=lambda name: (folder.path / name).stat().st_ctime_ns)
    assert by_clock == sorted(names)
    assert {name: folder.get(name) for name in names} == contents


def test_without_the_folder_there_is_nothing(folder):
    assert list(folder.names()) == []
    assert folder.sweep((), now=dt.datetime.now(dt.UTC)) == 0
    assert folder.get("a" * 32) is None


@pytest.mark.parametrize("how", ["remove", "sweep", "rewrite"])
def test_of_what_was_deleted_or_replaced_the_bytes_are_gone(folder, how):
    name = folder.put(b"secret")
    with (folder.path / name).open("rb") as held:
        if how == "remove":
            folder.remove([name])
        elif how == "sweep":
            folder.sweep((), now=dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
        else:
            folder.rewrite([name])
        assert held.read() == bytes(6)
    assert folder.get(name) == (b"secret" if how == "rewrite" else None)


def test_sweeping_leaves_no_hour_of_arrival(folder):
    first = folder.put(b"1")
    before = (folder.path / first).stat().st_ctime_ns
    time.sleep(0.05)
    folder.sweep({first}, now=dt.datetime.now(dt.UTC))
    assert (folder.path / first).stat().st_ctime_ns > before


@pytest.mark.parametrize("how", ["put", "remove", "sweep", "rewrite"])
def test_the_folder_does_not_tell_when_the_last_file_came_or_went(folder, how):
    name = folder.put(b"1")
    if how == "remove":
        folder.remove([name])
    elif how == "sweep":
        (folder.path / ".half").write_bytes(b"written when the power went")
        folder.sweep({name}, now=dt.datetime.now(dt.UTC))
    elif how == "rewrite":
        folder.rewrite([name])
    assert folder.path.stat().st_mtime == 0


def test_from_a_folder_that_is_not_there_nothing_is_removed(folder):
    folder.remove(["a" * 32])
    assert not folder.path.exists()


def test_a_disk_that_is_nearly_full_is_left_to_the_database(folder, monkeypatch):
    monkeypatch.setattr(files, "RESERVE", 10**18)
    with pytest.raises(OSError, match="No space"):
        folder.put(b"x")
    assert list(folder.names()) == []
