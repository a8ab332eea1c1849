"""The command line for events: `consult events`, to draw places and to check a record of a draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from consult.core.sampling.draw import verify
from consult.core.sampling.record import Record, decode, digest
from consult.db.installation import Installation
from consult.events import drawing, queries
from consult.processes import queries as processes
from consult.questionnaires.refusing import refusals

Opener = Callable[[], Installation]


@click.group("events")
def events() -> None:
    """Events: draw the places of an occasion, and check the record of a draw."""


@events.command("draw")
@click.argument("process")
@click.argument("activity")
@click.argument("number", type=click.IntRange(1))
@click.option("--seed", required=True, help="As the announced source says it.")
@click.pass_obj
def draw_command(opener: Opener, process: str, activity: str, number: int, seed: str) -> None:
    """Draw the places of occasion NUMBER of ACTIVITY, once, and print the public record.

    PROCESS and ACTIVITY are addresses. Exit code 2: refused, with the reasons.
    """
    installation, now = opener(), dt.datetime.now(dt.UTC)
    with refusals(), installation.database.transaction() as session:
        here = processes.activity_of(session, process, activity)
        occasion = queries.occasion(session, here.id, number) if here else None
        if here is None or occasion is None:
            raise click.ClickException(f"there is no occasion {number} of {activity!r} in {process!r}")
        made = drawing.draw(session, here, occasion, seed, by=None, now=now)
    click.echo(made.record)


@events.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_command(file: Path) -> None:
    """Draw once more from the record in FILE, and say whether it comes out the same.

    Exit code 1: it does not. 2: it is no record.
    """
    with refusals():
        record = decode(file.read_text("utf-8"))
    differing = verify(record)
    for name in differing:
        click.echo(f"differs: {name}", err=True)
    if differing:
        raise click.exceptions.Exit(1)
    click.echo("\n".join(_words(record)))


def _words(record: Record) -> list[str]:
    missed = sum(one.short + one.over for one in record.violations)
    return [
        f"right: entries and seed give {len(record.winners)} of {len(record.entries.tickets)} tickets a place",
        f"targets missed by {missed} people" if missed else "all targets met",
        f"commitment {record.commitment}",
        f"hash       {digest(record)}",
    ]
