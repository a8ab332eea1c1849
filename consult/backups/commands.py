"""The command line: `consult backup …` and `consult restore`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from consult import config
from consult.app import AFTER_RESTORE
from consult.backups import archive, making, restoring, shelf
from consult.backups.archive import Manifest
from consult.config import Settings
from consult.core.errors import Refused
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.commands import FORMAT, show
from consult.web.messages import sentence

FILE = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def spoken() -> Iterator[None]:
    """Have refusals end the command with their sentences."""
    try:
        yield
    except Refused as refused:
        raise click.ClickException("\n".join(sentence(problem, str) for problem in refused.problems)) from refused


def read_settings() -> Settings:
    """The settings of the environment. Unlike other commands these never make an installation, nor keys."""
    try:
        return config.read(os.environ)
    except config.SettingsError as error:
        raise click.ClickException(str(error)) from error


@click.group("backup", invoke_without_command=True)
@click.pass_context
def backup(context: click.Context) -> None:
    """Make a backup into CONSULT_BACKUP_FOLDER while people answer, read it again, and delete those that are too old.

    It holds database, files and column store, encrypted with a key of keys.json. That file is not in it: keep a copy
    apart (`consult backup keys`). Exit code 1: no backup was made, or something was missing from it.
    """
    if context.invoked_subcommand:
        return
    settings = read_settings()
    with spoken():
        keys = restoring.keys_at(settings.keys_file)
        database = Database(settings.url)
        try:
            made = making.make(Installation(settings, keys, database), now=dt.datetime.now(dt.UTC))
        finally:
            database.close()
    click.echo(f"{made.path}  {_counted(made.manifest)}")
    for path in made.deleted:
        click.echo(f"deleted {path.name}")
    for name in made.manifest.lost:
        click.echo(f"missing: {name}", err=True)
    context.exit(1 if made.manifest.lost else 0)


@backup.command("list")
@FORMAT
def list_command(form: str) -> None:
    """List the backups, the newest first."""
    rows = [
        {"made_at": found.made_at.isoformat(), "megabytes": found.path.stat().st_size >> 20, "path": str(found.path)}
        for found in shelf.backups(read_settings().backups)
    ]
    show(rows, form)


@backup.command("verify")
@click.argument("path", type=FILE, metavar="BACKUP")
@click.option("--keys", type=FILE, help="The file of keys; default: that of the data folder.")
def verify_command(path: Path, keys: Path | None) -> None:
    """Read BACKUP to its end and hold it against its manifest."""
    with spoken():
        contents = archive.verify(path, restoring.keys_at(keys or read_settings().keys_file))
    click.echo(f"made {contents.head.made_at}, schema {contents.head.revision}, {_counted(contents.manifest)}")
    click.echo(f"audit chain {contents.manifest.audit}")


@backup.command("keys")
@click.argument("path", type=FILE, metavar="FILE")
def keys_command(path: Path) -> None:
    """Copy keys.json to FILE (mode 0600), to be kept apart from data and backups: without it they cannot be read."""
    settings = read_settings()
    with spoken():
        keys = restoring.keys_at(settings.keys_file)
        kept_apart(path, settings)
    if path.exists():
        raise click.ClickException(f"{path} exists already")
    config.write_keys(keys, path)
    click.echo("Keep this file where neither the data nor the backups are. Whoever has both can read everything.")


@click.command("restore")
@click.argument("path", type=FILE, metavar="BACKUP")
@click.option("--keys", type=FILE, help="The file of keys; default: that of the data folder.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def restore(path: Path, keys: Path | None, force: bool) -> None:
    """Bring back BACKUP into the data folder and the database of the settings, and check all of it.

    Stop the service first. The database need not be of the kind that it came from. What the erasure ledger
    (erasures.jsonl in the data folder, and in the backup) names is erased again.
    """
    settings = read_settings()
    with spoken():
        restored = restoring.restore(
            path,
            settings,
            keys or settings.keys_file,
            force=force,
            afterwards=AFTER_RESTORE,
            now=dt.datetime.now(dt.UTC),
        )
    manifest = restored.contents.manifest
    click.echo(f"restored {_counted(manifest)}, erased again {restored.erased}")
    click.echo(f"audit chain {manifest.audit}")
    for name in manifest.lost:
        click.echo(f"missing from the backup: {name}", err=True)


def kept_apart(path: Path, settings: Settings) -> None:
    """Refuse a place for keys among the data or the backups: `backups.keys.beside`."""
    folders = (settings.data.resolve(), settings.backups.resolve())
    if any(path.resolve().is_relative_to(folder) for folder in folders):
        raise Refused.because("backups.keys.beside")


def _counted(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables.values())
    size = sum(file.size for file in manifest.files.values())
    return f"{rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} files with {size} bytes"
