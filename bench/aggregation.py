"""One-way tables of 1,000,000 responses × 30 questions: through our code, and as SQL written by hand.

    python bench/aggregation.py [RESPONSES]

Prints JSON: seconds of the better of three runs each (`ours`, `baseline`), and their ratio.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import ibis
import numpy
import pyarrow
import pyarrow.parquet

from consult.core.aggregation.tables import Category, Kind, Variable
from consult.core.aggregation.tabulate import Source, asked, tabulate

SINGLES, MULTIPLES, NUMBERS = 25, 3, 2
CODES = [f"c{index}" for index in range(8)]
THREADS = 2


def write(path: Path, responses: int) -> None:
    """A segment as the column store writes it."""
    rng = numpy.random.default_rng(1)
    columns: dict[str, pyarrow.Array] = {}
    for index in range(SINGLES):
        codes = pyarrow.array([*CODES, ":skipped"])
        columns[f"s{index}"] = pyarrow.DictionaryArray.from_arrays(rng.integers(0, len(codes), responses), codes)
    for index in range(MULTIPLES):
        sizes = rng.integers(1, 4, responses)
        offsets = numpy.concatenate([[0], numpy.cumsum(sizes)]).astype("int32")
        values = pyarrow.array(CODES).take(pyarrow.array(rng.integers(0, len(CODES), offsets[-1])))
        columns[f"m{index}"] = pyarrow.ListArray.from_arrays(offsets, values)
    for index in range(NUMBERS):
        columns[f"n{index}"] = pyarrow.array(rng.integers(15, 90, responses))
        columns[asked(f"n{index}")] = pyarrow.array(numpy.ones(responses, dtype=bool))
    pyarrow.parquet.write_table(pyarrow.table(columns), path, compression="zstd")


def ours(path: Path) -> None:
    """All one-way tables as a release makes them."""
    names = {
        **{f"s{index}": Kind.SINGLE for index in range(SINGLES)},
        **{f"m{index}": Kind.MULTIPLE for index in range(MULTIPLES)},
        **{f"n{index}": Kind.NUMBER for index in range(NUMBERS)},
    }
    categories = tuple(Category(code=code) for code in CODES)
    variables = [Variable(id=name, name=name, kind=kind, categories=categories) for name, kind in names.items()]
    engine = ibis.duckdb.connect(threads=THREADS)
    tabulate([Source(engine.read_parquet([str(path)]), names)], variables, [], 10)


def baseline(path: Path) -> None:
    """The same counts and summaries in SQL."""
    engine = duckdb.connect(config={"threads": THREADS})
    source = f"read_parquet('{path}')"
    for index in range(SINGLES):
        engine.sql(f"SELECT s{index}, count(*) FROM {source} GROUP BY 1").fetchall()
    for index in range(MULTIPLES):
        engine.sql(f"SELECT c, count(*) FROM (SELECT unnest(m{index}) AS c FROM {source}) GROUP BY c").fetchall()
    for index in range(NUMBERS):
        name = f"n{index}"
        engine.sql(
            f"SELECT count({name}), min({name}), max({name}), avg({name}), stddev_samp({name}),"
            f" quantile_cont({name}, [0.05, 0.25, 0.5, 0.75, 0.95]) FROM {source}"
        ).fetchall()
        engine.sql(f"SELECT {name} // 5, count(*) FROM {source} GROUP BY 1").fetchall()


def best(work: Callable[[Path], None], path: Path) -> float:
    """Seconds of the better of three runs."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        work(path)
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    """Measure and print."""
    responses = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "segment.parquet")
        write(path, responses)
        mine, theirs = best(ours, path), best(baseline, path)
    print(
        json.dumps(
            {
                "responses": responses,
                "questions": SINGLES + MULTIPLES + NUMBERS,
                "ours": round(mine, 3),
                "baseline": round(theirs, 3),
                "ratio": round(mine / theirs, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
