"""The command line: `consult doctor`."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import click
from babel.support import Translations

from consult import paths
from consult.backups.commands import read_settings
from consult.config import LOCALES
from consult.doctor.examination import Wanted, examine
from consult.web.messages import sentence

FILES = click.Path(path_type=Path)


@click.command("doctor")
@click.option("--nginx", type=FILES, multiple=True, help="A configuration of nginx; what it includes is read too.")
@click.option("--unit", "units", type=FILES, multiple=True, help="A systemd unit that runs consult.")
@click.option("--deep", is_flag=True, help="Read the column store and the newest backup to their end.")
@click.option("--locale", type=click.Choice(LOCALES), default=LOCALES[0], show_default=True, help="Language.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.pass_context
def doctor(
    context: click.Context, nginx: tuple[Path, ...], units: tuple[Path, ...], deep: bool, locale: str, form: str
) -> None:
    """Look for leaks and faults and say what to do about each. Nothing is changed.

    Exit codes: 0 nothing was found, 1 something was.
    """
    found = examine(read_settings(), os.environ, Wanted(nginx, units, deep), now=dt.datetime.now(dt.UTC))
    translate = Translations.load(str(paths.TRANSLATIONS), [locale]).gettext
    rows = [
        {
            "kind": "leak" if problem.code.startswith("doctor.leak.") else "fault",
            "code": problem.code,
            "params": dict(problem.params),
            "text": sentence(problem, translate),
        }
        for problem in found
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif rows:
        click.echo("\n".join(f"{row['code']}: {row['text']}" for row in rows))
    context.exit(1 if rows else 0)
