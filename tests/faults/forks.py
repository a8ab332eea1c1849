"""Processes that begin at once, as what they need is loaded already, and can be killed like any other."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "consult.cli",
        "duckdb",
        "ibis.backends.duckdb",
        "ibis.backends.sql.compilers.duckdb",
        "pandas",  # pyarrow loads it with the first array
        "psycopg",
        "pyarrow.compute",
        "pyarrow.fs",
        "pyarrow.parquet",
        "scipy.stats",
        "weasyprint",
    ]
)


def begun(work: Callable[..., object], *words: str, environ: Mapping[str, str], printed: Path) -> BaseProcess:
    """A process that works in an environment; what it prints stands in a file."""
    process = FORKS.Process(target=_run, args=(work, words, dict(environ), printed))
    process.start()
    return process


def _run(work: Callable[..., object], words: tuple[str, ...], environ: dict[str, str], printed: Path) -> None:
    os.environ.update(environ)
    with printed.open("wb") as file:
        os.dup2(file.fileno(), 1)
    work(*words)


def command(*words: str) -> None:
    """A `consult` command."""
    from consult.cli import main

    main(words, prog_name="consult")
