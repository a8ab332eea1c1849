"""The command line for what is erased: `consult erasures due, list, apply`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import select

from consult.db.installation import Installation
from consult.privacy.erasing import again
from consult.privacy.kinds import Retention
from consult.privacy.ledger import Ledger
from consult.privacy.retention import dues
from consult.processes.models import Activity

Opener = Callable[[], Installation]


def erasures(retention: Retention) -> click.Group:
    """The group of commands, for these kinds of data."""
    group = click.Group("erasures", help="What is erased on which day, and what was.")
    for command in (_due(retention), _list, _apply(retention)):
        group.add_command(command)
    return group


def _due(retention: Retention) -> click.Command:
    @click.command("due")
    @click.pass_obj
    def due(installation: Opener) -> None:
        """Print the day on which each kind of data of each closed activity is erased, the next first."""
        now = dt.datetime.now(dt.UTC)
        with installation().database.reading() as session:
            found = [
                (one.on, activity.slug, one.kind.name)
                for activity in session.scalars(select(Activity).where(Activity.closes_at.is_not(None)))
                for one in dues(session, activity, retention.kinds, now=now)
                if one.on is not None and one.erased is None
            ]
        for day, slug, kind in sorted(found):
            click.echo(f"{day} {slug} {kind}")

    return due


@click.command("list")
@click.option("--codes", is_flag=True, help="Also print the HMACs of withdrawn codes.")
@click.pass_context
def _list(context: click.Context, codes: bool) -> None:
    """Print the erasure ledger: day, activity, what was erased. Exit code 1 where a line cannot be read."""
    ledger = _ledger(context.obj())
    for line in ledger.lines():
        code = f" {line.code}" if codes and line.code else ""
        click.echo(f"{line.day} {line.activity} {line.kind}{code}")
    _complain(context, ledger)


def _apply(retention: Retention) -> click.Command:
    @click.command("apply")
    @click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.pass_context
    def apply(context: click.Context, files: tuple[Path, ...]) -> None:
        """Erase again what the ledger names: after every restore, before the service starts.

        FILES are further ledgers, such as a copy that is newer than the one in the backup; their lines are taken over
        into the ledger. Exit code 1 where a line cannot be read.
        """
        installation: Installation = context.obj()
        ledger, others = _ledger(installation), [Ledger(file) for file in files]
        for other in others:
            ledger.take_over(other.lines())
        found = again(installation, retention, ledger, now=dt.datetime.now(dt.UTC))
        click.echo(f"erased again: {found.pieces}, of activities: {found.activities}")
        if found.unknown:
            click.echo(f"of kinds that this version does not know: {', '.join(found.unknown)}", err=True)
        _complain(context, *others, ledger)

    return apply


def _ledger(installation: Installation) -> Ledger:
    return Ledger(installation.settings.ledger)


def _complain(context: click.Context, *ledgers: Ledger) -> None:
    spoilt = [f"{ledger.path}, line {number}" for ledger in ledgers for number in ledger.faults()]
    for place in spoilt:
        click.echo(f"cannot be read: {place}", err=True)
    context.exit(1 if spoilt else 0)
