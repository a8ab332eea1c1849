"""Settings; and the file of secrets: made once, read by every process, also in the form it had before."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from consult.config import SettingsError, load_keys, read


def test_the_file_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"

    keys = load_keys(path)

    assert load_keys(path) == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len({keys.session, keys.codes, *keys.contact.values(), *keys.offline.values()}) == 5


def test_on_a_file_from_before_all_nodes_agree_on_the_key_of_devices_without_writing(tmp_path: Path) -> None:
    old = {"session": "aa" * 32, "codes": "bb" * 32, "contact": {"1": "cc" * 32}}
    nodes = [tmp_path / name for name in ("one.json", "other.json")]
    for node in nodes:
        node.write_text(json.dumps(old))
        node.chmod(0o400)

    one, other = map(load_keys, nodes)

    assert one.offline == other.offline
    assert set(one.offline.values()).isdisjoint({one.codes, one.session, *one.contact.values()})


def test_a_key_that_was_added_comes_last(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    raw = {"session": "aa" * 32, "codes": "bb" * 32, "contact": {"1": "cc" * 32}, "offline": {"1": "dd" * 32}}
    path.write_text(json.dumps({**raw, "offline": {**raw["offline"], "2": "ee" * 32}}))  # type: ignore[dict-item]

    assert list(load_keys(path).offline) == ["0", "1", "2"]


def test_the_column_store_is_a_folder_unless_it_is_said_to_be_elsewhere() -> None:
    address = "s3://bucket/survey?region=eu-west-1"

    assert read({"CONSULT_DATA": "here"}).column_store == Path("here/columns")
    assert read({"CONSULT_COLUMNS": "/mnt/columns"}).column_store == Path("/mnt/columns")
    assert read({"CONSULT_COLUMNS": address}).column_store == address


@pytest.mark.parametrize("address", ["s3://me:hush@bucket/survey", "s3:///hush", "gs://hush/survey", "file:///hush"])
def test_an_address_that_is_none_or_has_keys_in_it_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="AWS_SECRET_ACCESS_KEY") as found:
        read({"CONSULT_COLUMNS": address})
    assert "hush" not in str(found.value)
