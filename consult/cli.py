"""The `consult` command. Each slice contributes its group; this module runs the installation itself."""

from __future__ import annotations

import os

import click

from consult import __version__, config
from consult.db import migrate
from consult.db.installation import Installation, open_installation


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="consult")
@click.pass_context
def main(context: click.Context) -> None:
    """Listen to the diaspora and turn what it says into evidence. Settings come from CONSULT_* variables."""
    context.obj = LazyInstallation()


class LazyInstallation:
    """Opens the installation when a command first asks for it: many work on plain files and need none."""

    def __init__(self) -> None:
        self._opened: Installation | None = None

    def __call__(self) -> Installation:
        if self._opened is None:
            try:
                self._opened = open_installation(os.environ)
            except config.SettingsError as error:
                raise click.ClickException(str(error)) from error
        return self._opened


@main.command("migrate")
@click.pass_obj
def migrate_command(installation: LazyInstallation) -> None:
    """Bring the database to the schema of this version."""
    migrate.upgrade(installation().database)


if __name__ == "__main__":
    main()
