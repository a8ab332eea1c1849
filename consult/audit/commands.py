"""The command line for the audit trail."""

from __future__ import annotations

from collections.abc import Callable

import click

from consult.audit import service
from consult.audit.service import Head
from consult.db.installation import Installation


def read_head(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Head | None:
    """A head as `verify` prints it: `number:hash`."""
    if value is None:
        return None
    try:
        return Head.read(value)
    except ValueError:
        raise click.BadParameter("a head is written NUMBER:HASH, as this command prints it") from None


@click.group("audit")
def audit() -> None:
    """The trail of what staff do."""


@audit.command("verify")
@click.option(
    "--head", callback=read_head, metavar="NUMBER:HASH", help="A head printed earlier; it must still be there."
)
@click.pass_context
def verify(context: click.Context, head: Head | None) -> None:
    """Check the chain and print its head. Exit code 1, with the number of the first entry that does not fit.

    Whoever keeps the head elsewhere and gives it again next time also notices that the end was cut off.
    """
    opened: Callable[[], Installation] = context.obj
    service.chain(opened().database)
    with opened().database.reading() as session:
        verdict = service.verify(session, head)
    if verdict.misfit is not None:
        click.echo(f"entry {verdict.misfit} does not fit; the chain holds up to {verdict.head}", err=True)
        context.exit(1)
    click.echo(str(verdict.head))
