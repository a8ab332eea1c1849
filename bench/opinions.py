"""Opinion groups of the largest conversation known: 33,547 participants × 783 statements, one vote in twenty cast.

    python -m bench.opinions [PARTICIPANTS] [STATEMENTS]

Three planted groups. Measured in processes of their own with the peak of their memory: the analysis (axes, positions,
two to five groups, silhouettes, stability, what marks groups), and the command from the file to JSON. The baseline is
what numpy takes for the axes and positions alone, written by hand: missing votes filled with means, one product, one
decomposition. Prints JSON.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy

from bench.aggregation import compared, measured
from consult.core.opinion.analysis import analyse
from consult.core.opinion.stability import RUNS
from consult.core.opinion.votes import UNSEEN, Votes, arrange

PARTICIPANTS, STATEMENTS, DENSITY = 33_547, 783, 0.05
GROUPS = (0.5, 0.3, 0.2)
PASSES = 0.15
THRESHOLD, TURNS = 10, 2


def conversation(participants: int, statements: int) -> Votes:
    """Votes of three groups, each with opinions of its own."""
    rng = numpy.random.default_rng(6)
    group = rng.choice(len(GROUPS), participants, p=GROUPS)
    leaning = 1 / (1 + numpy.exp(-rng.normal(0, 1.2, (len(GROUPS), statements))))
    cells = numpy.full((participants, statements), UNSEEN, dtype=numpy.int8)
    for row in range(participants):
        seen = numpy.flatnonzero(rng.random(statements) < DENSITY)
        said = numpy.where(rng.random(len(seen)) < leaning[group[row], seen], 1, -1)
        cells[row, seen] = numpy.where(rng.random(len(seen)) < PASSES, 0, said)
    return arrange([str(row) for row in range(participants)], [str(at) for at in range(statements)], cells)


def groups(votes: Votes) -> None:
    """Everything; the planted groups are found, but for a few who voted little."""
    found = analyse(votes, threshold=THRESHOLD)
    assert len(found.groups) == len(GROUPS)


def by_hand(votes: Votes) -> None:
    """Axes and positions, and nothing else."""
    cells = votes.cells
    seen = cells != UNSEEN
    filled = numpy.where(seen, cells, numpy.nan)
    centred = numpy.nan_to_num(filled - numpy.nanmean(filled, axis=0))
    _, vectors = numpy.linalg.eigh(centred.T @ centred)
    scale = numpy.sqrt(cells.shape[1] / numpy.maximum(seen.sum(axis=1), 1))
    assert (scale[:, None] * (centred @ vectors[:, -2:])).shape == (len(cells), 2)


def write(votes: Votes, file: Path) -> None:
    """The file that Polis would export."""
    texts = numpy.asarray(["0", "1", "", "-1"])
    with file.open("w", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(["participant", *votes.statements])
        rows: Iterable[list[str]] = (texts[row].tolist() for row in votes.cells)
        lines.writerows([name, *row] for name, row in zip(votes.participants, rows, strict=True))


def command(file: Path) -> tuple[float, int]:
    """Seconds and megabytes of `consult opinions`."""
    begun = time.perf_counter()
    call = [sys.executable, "-m", "consult.cli", "opinions", str(file), "--format", "json"]
    printed = subprocess.run(call, check=True, capture_output=True).stdout
    seconds = time.perf_counter() - begun
    assert len(json.loads(printed)["groups"]) == len(GROUPS)
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10


def main(participants: int = PARTICIPANTS, statements: int = STATEMENTS) -> dict[str, object]:
    """All figures."""
    votes = conversation(participants, statements)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "participants-votes.csv")
        write(votes, file)
        seconds, megabytes = command(file)
    (ours,), most = measured((groups, votes, ()), runs=TURNS)
    (baseline,), _ = measured((by_hand, votes, ()), runs=TURNS)
    return {
        "participants": participants,
        "statements": statements,
        "votes": int(votes.cast().sum()),
        "runs": RUNS,
        "analysis": compared(ours, baseline, most),
        "command": compared(seconds, baseline, megabytes),
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
