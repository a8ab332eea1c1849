"""The command line for the column store: `consult results refresh`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click

from consult.db.installation import Installation
from consult.processes.commands import clear, drawn
from consult.results import upkeep

Opener = Callable[[], Installation]


@click.group("results")
def results() -> None:
    """The column store."""


@results.command("refresh")
@click.pass_obj
def refresh(installation: Opener) -> None:
    """Bring the column store of every activity up to date, and count what is due.

    Progress is drawn on standard error where that is a terminal.
    """
    upkeep.refresh(installation(), progress=drawn())
    clear()
    upkeep.count(installation(), dt.datetime.now(dt.UTC))
