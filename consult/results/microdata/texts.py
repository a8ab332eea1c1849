"""Answers in words, in an order drawn for them and joined to no record."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from consult.config import Store
from consult.core.aggregation.tables import Variable
from consult.core.exchange import csv
from consult.results import segments, stores
from consult.results.columns import Held
from consult.results.presentation import Reader

_BUCKET: Final = 50_000
_MOST: Final = 200
_ROWS: Final = 5_000


def deal(
    held: Held, store: Store, wanted: Sequence[Variable], records: int, folder: Path, rng: random.Random
) -> list[Path]:
    """Deal out every answer in words to files in a folder, at random."""
    count = max(1, min(_MOST, records // _BUCKET))
    paths = [folder / f"{number}.texts" for number in range(count)]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", encoding="utf-8")) for path in paths]
        for name, text in _answers(held, store, wanted):
            rng.choice(files).write(json.dumps([name, text]) + "\n")
    return paths


def _answers(held: Held, store: Store, wanted: Sequence[Variable]) -> Iterator[tuple[str, str]]:
    known = {
        edition.number: {reading.question(variable.id): variable.name for variable in wanted}
        for edition, reading in zip(held.terms.editions, held.terms.readings, strict=True)
    }
    for segment in held.segments:
        names = known[segment.edition]
        with stores.parquet(segments.path_of(store, segment.activity_id, segment.id, texts=True)) as file:
            columns = [name for name in file.schema_arrow.names if name in names]
            for batch in file.iter_batches(batch_size=_ROWS, columns=columns) if columns else ():
                for name in columns:
                    yield from ((names[name], text) for text in batch[name].to_pylist() if text)


def write(paths: Sequence[Path], rng: random.Random) -> Iterator[bytes]:
    """A CSV of question and text."""
    yield csv.MARK + csv.line(("question", "text"))
    for path in paths:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        rng.shuffle(rows)
        yield from map(csv.line, rows)


def count(paths: Sequence[Path]) -> int:
    """How many answers there are."""
    return sum(1 for path in paths for _line in path.open(encoding="utf-8"))


def warning(reader: Reader) -> str:
    """What must be known of texts before they go out."""
    _ = reader.words
    return _(
        "What people wrote can name them or others, and how they write can be recognised. Nobody has read these texts "
        "for you: read them before you pass them on."
    )
