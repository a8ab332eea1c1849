"""The command line for contact keys: `consult keys list, add, rotate, drop`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from consult.audit.service import record
from consult.config import Keys, replace_keys
from consult.db.installation import Installation
from consult.keyring.rotating import KeyringError, Ring, added, dropped, promoted

Opener = Callable[[], Installation]


def keys(ring: Ring) -> click.Group:
    """The group of commands, for what is sealed under contact keys."""
    group = click.Group("keys", help="The keys under which contact data and secrets are sealed.")
    for command in (_list(ring), _add, _rotate(ring), _drop(ring)):
        group.add_command(command)
    return group


def _list(ring: Ring) -> click.Command:
    @click.command("list")
    @click.pass_obj
    def list_(installation: Opener) -> None:
        """Print each key, what it does, and how much is sealed under it."""
        _show(ring, installation())

    return list_


@click.command("add")
@click.pass_obj
def _add(installation: Opener) -> None:
    """Add a key that opens and does not seal yet. Then give keys.json to all nodes and start them again."""
    opened = installation()
    with _spoken():
        _settle(opened, added(opened.keys), "add")
    click.echo("added; give keys.json to all nodes, start them again, then: consult keys rotate")


def _rotate(ring: Ring) -> click.Command:
    @click.command("rotate")
    @click.pass_context
    def rotate(context: click.Context) -> None:
        """Have the newest key seal, and seal everything anew under it. Interrupted, call it again.

        Processes that run go on sealing under the older key: start them again and call this once more. Exit code 1
        where something could not be opened.
        """
        opened: Installation = context.obj()
        fresh = promoted(opened.keys)
        if list(fresh.contact) != list(opened.keys.contact):
            _settle(opened, fresh, "rotate")
        now = replace(opened, keys=fresh)
        done, unopened = ring.reseal(now)
        click.echo(f"sealed anew: {done}")
        _show(ring, now)
        if unopened:
            click.echo(f"could not be opened and stay: {unopened}", err=True)
            context.exit(1)

    return rotate


def _drop(ring: Ring) -> click.Command:
    @click.command("drop")
    @click.argument("key")
    @click.pass_obj
    def drop(installation: Opener, key: str) -> None:
        """Remove KEY, under which nothing is sealed any more. Backups made before need it: keep a copy."""
        opened = installation()
        with _spoken():
            left = dropped(opened.keys, key)
            if count := ring.used(opened)[key]:
                raise KeyringError(f"under key {key} there are {count} values still: consult keys rotate")
            _settle(opened, left, "drop")

    return drop


def _settle(installation: Installation, keys: Keys, verb: str) -> None:
    """The file before the trail: a key that is written down is there."""
    replace_keys(keys, installation.settings.keys_file)
    changed = [*(keys.contact.keys() ^ installation.keys.contact.keys()), list(keys.contact)[-1]]
    with installation.database.transaction() as session:
        now = dt.datetime.now(dt.UTC)
        record(session, actor=None, action=f"keyring.{verb}", subject=changed[0], now=now)


def _show(ring: Ring, installation: Installation) -> None:
    used = ring.used(installation)
    seals = list(installation.keys.contact)[-1]
    for name, count in used.items():
        does = "seals" if name == seals else "opens" if count else "unused"
        click.echo(f"{name} {does} {count}")


@contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except KeyringError as error:
        raise click.ClickException(str(error)) from error
