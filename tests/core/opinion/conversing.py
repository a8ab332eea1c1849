"""Conversations for the tests: small ones written as rows, and seven that were held (conversations/README.md)."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import numpy as np

from consult.core.opinion.votes import AGREE, DISAGREE, PASS, UNSEEN, Votes, arrange

HELD = Path(__file__).with_name("conversations")
NAMES = ("15-per-hour", "bg2050-volunteers", "brexit", "london", "scoop", "ssis", "uberx")
SIGNS = {"+": AGREE, "-": DISAGREE, "0": PASS, ".": UNSEEN}


def matrix(*rows: str) -> np.ndarray:
    """Cells from rows such as `+-0.`: agree, disagree, pass, unseen."""
    return np.array([[SIGNS[sign] for sign in row] for row in rows], dtype=np.int8)


def votes(*rows: str) -> Votes:
    """Participants and statements called by their number."""
    cells = matrix(*rows)
    return arrange([str(row) for row in range(len(cells))], [str(at) for at in range(cells.shape[1])], cells)


def planted(rng: np.random.Generator, *sizes: int, statements: int = 12) -> Votes:
    """Groups of these sizes, each with opinions of its own that most of it holds; half of the votes are cast."""
    opinions = rng.choice([AGREE, DISAGREE], (len(sizes), statements))
    cells = np.repeat(opinions, sizes, axis=0)
    cells = np.where(rng.random(cells.shape) < 0.1, rng.choice([AGREE, DISAGREE, PASS], cells.shape), cells)
    cells = np.where(rng.random(cells.shape) < 0.3, UNSEEN, cells).astype(np.int8)
    return arrange([str(row) for row in range(len(cells))], [str(at) for at in range(statements)], cells)


def file(name: str, kind: str) -> bytes:
    """A file of a conversation that was held."""
    return gzip.decompress(HELD.joinpath(f"{name}.{kind}.csv.gz").read_bytes())


def rows(name: str, kind: str) -> list[dict[str, str]]:
    """Its rows."""
    return list(csv.DictReader(io.StringIO(file(name, kind).decode(), newline="")))


def published(name: str) -> dict[str, int]:
    """The published grouping."""
    return {
        row["participant"]: int(row["group-id"]) for row in rows(name, "participants-votes") if row["group-id"] != ""
    }
