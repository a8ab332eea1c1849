"""The public record: anybody recomputes it, and whatever is changed in it is noticed, by a stranger's script too."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consult.core.errors import Refused
from consult.core.sampling.draw import draw, verify
from consult.core.sampling.lottery import lottery
from consult.core.sampling.record import Record, commitment, decode, digest, encode, enter
from consult.core.sampling.targets import Target
from tests.architecture.sources import ROOT
from tests.core.sampling.people import crowd

SCRIPT = ROOT / "docs" / "examples" / "recompute_draw.py"
Change = Callable[[dict[str, Any]], object]


def drawn() -> Record:
    people = crowd((9, "east", "f"), (12, "east", "m"), (7, "Île", "f"), (2, "Île", "m"))
    people += crowd((34, "west", "f"), (6, "west", "m"), size=2)[30:]
    wanted = [Target({"region": ("Île",)}, 2, 3), Target({"sex": ("f",)}, 4), Target({"region": ("north",)}, 1)]
    return draw(enter(people, wanted, capacity=10, threshold=4), "the numbers of the lottery of 3 May")


def stranger(record: Path, *flags: str) -> tuple[int, dict[str, str]]:
    """How the script ends, and what it says by part."""
    run = subprocess.run([sys.executable, *flags, SCRIPT, record], capture_output=True, text=True, encoding="utf-8")
    return run.returncode, dict(line.split(": ", 1) for line in run.stdout.splitlines() if ": " in line)


def exchange(record: dict[str, Any]) -> None:
    record["winners"][0], record["waiting"][0] = record["waiting"][0], record["winners"][0]


def other_class(record: dict[str, Any]) -> None:
    """Somebody who has not won is moved to another class."""
    tickets = record["entries"]["tickets"]
    tickets[record["waiting"][-1]] = (tickets[record["waiting"][-1]] + 1) % len(record["entries"]["classes"])


def other_allocation(record: dict[str, Any]) -> None:
    """A place goes to a like ticket of another class, and all that follows is put right."""
    record["allocation"][0] -= 1
    record["allocation"][1] += 1
    found = lottery(record["entries"]["tickets"], record["allocation"], record["seed"])
    record["winners"], record["waiting"] = map(list, found)


CHANGES: list[tuple[str, Change]] = [
    ("winners", exchange),
    ("winners", lambda record: record.update(seed="another")),
    ("waiting", lambda record: record["waiting"].reverse()),
    ("violations", lambda record: record["violations"][2].update(short=0)),
    ("commitment", lambda record: record.update(commitment="0" * 64)),
    ("commitment", other_class),
    ("commitment", lambda record: record["entries"].update(capacity=11)),
    ("commitment", lambda record: record["entries"]["targets"][2].update(minimum=0)),
    ("commitment", lambda record: record["entries"]["classes"][0].update(sizes=[1, 2])),
    ("commitment", lambda record: record["entries"]["tickets"].pop(record["waiting"][0])),
    ("threshold", lambda record: record["entries"].update(threshold=8)),
]


def test_a_record_is_told_in_canonical_words_and_read_back():
    record = drawn()

    assert decode(encode(record)) == record
    assert encode(record) == json.dumps(
        json.loads(encode(record)), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert verify(record) == ()
    assert len({digest(record), digest(draw(record.entries, "another")), commitment(record.entries)}) == 3


def test_a_record_tells_tickets_and_merged_classes_alone():
    entries = drawn().entries

    assert [("+".join(one.profile["region"]), "+".join(one.profile["sex"]), one.sizes) for one in entries.classes] == [
        ("east", "f", (1,)),
        ("east", "m", (1,)),
        ("west", "f", (2,)),
        ("west", "m", (2,)),
        ("Île", "f+m", (1,)),
    ]
    assert {*entries.tickets.values()} == {0, 1, 2, 3, 4}
    assert {*json.loads(encode(drawn()))["entries"]} == {"capacity", "classes", "targets", "threshold", "tickets"}


@pytest.mark.parametrize("flags", [(), ("-I", "-S")], ids=["with SciPy", "without"])
def test_a_stranger_recomputes_the_draw(flags, tmp_path):
    record = tmp_path / "record.json"
    record.write_text(encode(drawn()), encoding="utf-8")
    code, said = stranger(record, *flags)

    assert (code, said.pop("a place goes to")) == (0, " ".join(drawn().winners))
    assert said.pop("allocation") == ("not checked, SciPy is not installed" if flags else "as recorded")
    assert said.pop("target not met") == "{\"region\": [\"north\"]} {'short': 1, 'over': 0}"
    assert {*said.values()} == {"as recorded"}


@pytest.mark.parametrize(("part", "change"), CHANGES)
def test_whatever_is_changed_is_noticed(part, change, tmp_path):
    changed = json.loads(encode(drawn()))
    change(changed)
    record = tmp_path / "record.json"
    record.write_text(json.dumps(changed), encoding="utf-8")
    code, said = stranger(record, "-I", "-S")

    assert part in verify(decode(record.read_text(encoding="utf-8")))
    assert (code, said[part]) == (1, "DIFFERS")


def test_an_allocation_that_is_not_the_best_is_noticed_by_the_programme(tmp_path):
    changed = json.loads(encode(drawn()))
    other_allocation(changed)
    record = tmp_path / "record.json"
    record.write_text(json.dumps(changed), encoding="utf-8")
    code, said = stranger(record)

    assert "allocation" in verify(decode(record.read_text(encoding="utf-8")))
    assert (code, said["winners"], said["allocation"]) == (1, "as recorded", "DIFFERS")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{}", "document.malformed"),
        (encode(drawn()).replace('"version":1', '"version":2'), "document.version"),
        (encode(drawn()).replace('"T001":0', '"T001":99'), "document.malformed"),
        (encode(drawn()).replace('":4', '":3'), "document.malformed"),  # a class without tickets
        (encode(drawn()).replace('"sizes":[1]', '"sizes":[0]'), "document.malformed"),
        (encode(drawn()).replace('"capacity":10', '"capacity":-10'), "document.malformed"),
    ],
)
def test_what_is_no_record_is_refused(document, code, tmp_path):
    with pytest.raises(Refused) as refused:
        decode(document)
    assert refused.value.problems[0].code == code

    record = tmp_path / "record.json"
    record.write_text(document, encoding="utf-8")
    assert stranger(record, "-I", "-S")[0] == 1
