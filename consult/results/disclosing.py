"""The command line for tables of any origin: `consult disclosure protect` and `consult disclosure attack`."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

import click

from consult.core.aggregation.attack import ContradictionError, Interval
from consult.core.aggregation.cellkey import Noise, NoSuchNoiseError, derived_key, same_respondents
from consult.core.aggregation.search import UnprotectableError
from consult.core.aggregation.suppression import known, suppress
from consult.core.aggregation.tables import Key
from consult.core.aggregation.tidy import (
    COUNT,
    LOWER,
    PERTURBED,
    PUBLISHED,
    STATUS,
    SUPPRESSED,
    TOTAL,
    UPPER,
    Grid,
    join,
    named,
    read,
)
from consult.core.errors import Place, Problem, Refused
from consult.core.exchange.responses.tables import read_tables
from consult.questionnaires.telling import line, told

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SECRET: Final = 16
"""Bytes that the secret of cell keys has at least."""
Counts = Mapping[Key, int | None]


@click.group("disclosure")
def disclosure() -> None:
    """Protect tables of counts of persons, and attack protected ones. Plain CSV files, no database."""


@disclosure.command("protect")
@click.argument("tables", nargs=-1, required=True, type=_FILE, metavar="TABLE.csv [MORE.csv …]")
@click.option("--threshold", type=click.IntRange(2), default=10, show_default=True, help="Least count that is shown.")
@click.option("--zeros-safe/--zeros-unsafe", default=True, show_default=True, help="Whether zeros tell nothing.")
@click.option("--method", type=click.Choice(["suppression", "cell-key"]), default="suppression", show_default=True)
@click.option("--key", type=_FILE, help="cell-key: a secret of 16 bytes or more; unneeded with a column cell_key.")
@click.option("--bound", type=click.IntRange(1, 100), default=5, show_default=True, help="cell-key: greatest change.")
@click.option("--variance", type=click.FloatRange(0.1), default=3.0, show_default=True, help="cell-key: of changes.")
@click.option("--out", "outs", multiple=True, required=True, metavar="SAFE.csv", help="What to write; one per table.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Why; JSON, never to be released.")
def protect(
    tables: tuple[Path, ...],
    threshold: int,
    zeros_safe: bool,
    method: str,
    key: Path | None,
    bound: int,
    variance: float,
    outs: tuple[str, ...],
    report: Path | None,
) -> None:
    """Protect tables of the same people together, so that no count under the threshold can be known closely.

    Columns with categories, then `count`; margins are rows with the category `_total`. Exit code 1: a table cannot be
    read; 2: some cells cannot be protected, and are named.
    """
    if len(outs) != len(tables):
        raise click.UsageError(f"{len(tables)} tables need {len(tables)} times --out, in their order.")
    with _telling():
        grids = [_read(path, published=False) for path in tables]
        if method == "suppression":
            shown, why = _suppressed(grids, threshold, zeros_safe=zeros_safe)
        else:
            shown, why = _perturbed(grids, Noise(bound, variance), key)
    said = PUBLISHED if method == "suppression" else PERTURBED
    for grid, counts, out in zip(grids, shown, outs, strict=True):
        Path(out).write_text(_table(grid, counts, said), encoding="utf-8", newline="")
    if report:
        report.write_text(json.dumps(why, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    hidden = {cell for counts in shown for cell, count in counts.items() if count is None}
    click.echo(f"{len(hidden)} of {len({cell for grid in grids for cell in grid.counts})} cells are hidden.")


@disclosure.command("attack")
@click.argument("tables", nargs=-1, required=True, type=_FILE, metavar="SAFE.csv [MORE.csv …]")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
def attack(tables: tuple[Path, ...], form: str) -> None:
    """Bound every hidden cell as tightly as everything shown in the tables allows. Exit code 1: they cannot be read.

    Cells are those of all tables together; a cell of a table without some column has `_total` there.
    """
    with _telling():
        grids = [_read(path, published=True) for path in tables]
        counts, sums = join(grids)
        found = known(counts, sums)
    dimensions = list(dict.fromkeys(dimension for grid in grids for dimension in grid.dimensions))
    rows = [_bounded(dimensions, cell, found[cell]) for cell in counts if cell in found]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif form == "csv":
        empty = [["" if value is None else value for value in row.values()] for row in rows]
        click.echo(_csv([[*dimensions, LOWER, UPPER], *empty]), nl=False)
    else:
        for cell in (cell for cell in counts if cell in found):
            low, high = found[cell]
            click.echo(f"{named(cell)}: {low} … {'∞' if math.isinf(high) else high}")


def _read(path: Path, *, published: bool) -> Grid:
    return read(read_tables(path.read_bytes(), path.name)[0], published=published)


def _suppressed(grids: Sequence[Grid], threshold: int, *, zeros_safe: bool) -> tuple[list[Counts], dict[str, object]]:
    found = suppress(grids, threshold, zeros_safe=zeros_safe)
    shown: list[Counts] = [found.shown(grid) for grid in grids]
    # As an attacker gets them: what is written, and nothing else.
    counts, sums = join(
        [Grid(grid.name, grid.dimensions, grid.categories, part) for grid, part in zip(grids, shown, strict=True)]
    )
    learnt = known(counts, sums)
    full, _ = join(grids)
    cells = [
        {
            "cell": named(cell),
            "count": full[cell],
            "why": "primary" if cell in found.needs else "complementary",
            "lower": learnt[cell].lower,
            "upper": None if math.isinf(learnt[cell].upper) else learnt[cell].upper,
        }
        for cell in full
        if cell in found.hidden
    ]
    return shown, {"method": "suppression", "threshold": threshold, "zeros_safe": zeros_safe, "hidden": cells}


def _perturbed(grids: Sequence[Grid], noise: Noise, key: Path | None) -> tuple[list[Counts], dict[str, object]]:
    joined, sums = join(grids)
    full = {cell: count or 0 for cell, count in joined.items()}
    keys = {cell: number for grid in grids for cell, number in grid.keys.items()}
    if len(keys) < len(full):
        secret = key.read_bytes() if key else b""
        if len(secret) < _SECRET:
            raise click.UsageError(
                f"Cell keys need a column cell_key, or --key FILE with {_SECRET} random bytes or more to keep."
            )
        same = same_respondents(full, sums)
        keys = {cell: derived_key(secret, same[cell], count) for cell, count in full.items()}
    try:
        changed = {cell: noise.perturb(count, keys[cell]) for cell, count in full.items()}
    except NoSuchNoiseError as error:
        raise Refused.because("disclosure.noise") from error
    cells = [{"cell": named(cell), "count": full[cell], "shown": changed[cell]} for cell in full]
    shown: list[Counts] = [{cell: changed[cell] for cell in grid.counts} for grid in grids]
    return shown, {"method": "cell-key", "bound": noise.bound, "variance": noise.variance, "cells": cells}


def _table(grid: Grid, counts: Counts, said: str) -> str:
    """The CSV file. `said`: the status of what is shown."""
    rows = [
        [
            *grid.row(cell),
            "" if counts[cell] is None else counts[cell],
            SUPPRESSED if counts[cell] is None else said,
        ]
        for cell in grid.counts
    ]
    return _csv([[*grid.dimensions, COUNT, STATUS], *rows])


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _bounded(dimensions: Sequence[str], cell: Key, interval: Interval) -> dict[str, str | float | None]:
    coordinates = dict(cell)
    row: dict[str, str | float | None] = {name: coordinates.get(name, TOTAL) for name in dimensions}
    return row | {LOWER: interval.lower, UPPER: None if math.isinf(interval.upper) else interval.upper}


@contextmanager
def _telling() -> Iterator[None]:
    """Say what is wrong, and keep what the solver prints out of what the command prints."""
    sys.stdout.flush()
    aside = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    except Refused as refused:
        _stop(refused.problems, 1)
    except ContradictionError:
        _stop([Problem("disclosure.contradiction")], 1)
    except UnprotectableError as error:
        _stop([Problem("disclosure.unprotectable", {"cell": named(cell)}, Place()) for cell in error.cells], 2)
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(aside, 1)
        os.close(aside)


def _stop(problems: Sequence[Problem], code: int) -> NoReturn:
    for problem in problems:
        click.echo(line(told(problem)), err=True)
    raise click.exceptions.Exit(code)
