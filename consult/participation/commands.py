"""The command line for invitations: `consult invitations generate | letters | remind`."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

import click
from flask import Flask
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.exchange.responses.tables import read_tables
from consult.core.progress import Steps
from consult.db.installation import Installation
from consult.files import whole
from consult.participation import entrances, generating, invitation_codes, mailing, printing
from consult.participation.generating import MOST, Wanted
from consult.participation.printing import Letters
from consult.participation.trail import note
from consult.processes import queries as processes
from consult.processes.commands import clear, drawn
from consult.processes.models import Activity
from consult.web.messages import sentence


class Opener(Protocol):
    """What the command line opens an installation with."""

    def __call__(self) -> Installation:
        """The installation."""

    def application(self) -> Flask:
        """The application on it."""


_OUT = click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP to write (mode 0600)."
)


@click.group("invitations")
def invitations() -> None:
    """Codes that let people in once, their letters, reminders by mail. ACTIVITY and PROCESS are addresses."""


@invitations.command("generate")
@click.argument("process")
@click.argument("activity")
@click.option("--list", "name", required=True, help="Name of the new list.")
@click.option("--count", required=True, type=click.IntRange(1, MOST), help="How many codes.")
@click.option("--locale", default="", help="Language of the letters; otherwise the activity's first.")
@click.option("--profile", default="", help="What those who get the codes have in common.")
@click.option("--letters", "with_letters", is_flag=True, help="Also make letters to print (PDF).")
@_OUT
@click.pass_obj
def generate_command(
    opener: Opener,
    process: str,
    activity: str,
    name: str,
    count: int,
    locale: str,
    profile: str,
    with_letters: bool,
    out: Path,
) -> None:
    """Make codes and write them to a ZIP of codes.csv, codes.xlsx and letters. Nothing else has the codes."""
    installation, now = opener(), dt.datetime.now(dt.UTC)
    with _told():
        with installation.database.transaction() as session:
            here = _activity(session, process, activity)
            locale = _locale(here, locale)
            begun = entrances.begin_list(session, here, name, size=count, contacts=False)
            begun.made = True  # no job makes it, so nobody would miss it
            details = {"list": name, "size": count, "letters": with_letters}
            note(session, here, "generate", details, None, now)
        wanted = Wanted({"activity": activity}, here.id, name, count, locale, profile, with_letters)
        letters = _letters(opener, here, locale) if with_letters else None
        with whole(out) as file:
            generating.drawn(installation, begun.id, wanted, letters, cast(IO[bytes], file), drawn())
    clear()


@invitations.command("letters")
@click.argument("process")
@click.argument("activity")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_OUT
@click.pass_obj
def letters_command(opener: Opener, process: str, activity: str, file: Path, out: Path) -> None:
    """Print letters for the codes in FILE, which `generate` or the page has written (CSV or XLSX)."""
    with _told():
        with opener().database.reading() as session:
            here = _activity(session, process, activity)
        by_locale = _codes(file, here)
        with whole(out) as target, zipfile.ZipFile(cast(IO[bytes], target), "w", zipfile.ZIP_DEFLATED) as archive:
            for locale, codes in by_locale.items():
                steps = Steps(drawn(), -(-len(codes) // generating.LETTERS))
                generating.put_letters(archive, _letters(opener, here, locale), codes, locale, steps)
    clear()


@invitations.command("remind")
@click.argument("process")
@click.argument("activity")
@click.option("--list", "name", required=True, help="Name of the list.")
@click.pass_obj
def remind_command(opener: Opener, process: str, activity: str, name: str) -> None:
    """Write to everybody on a list of contacts whose code is unused: at first the invitation, then reminders.

    A worker does it; `consult jobs follow` with the id that is printed waits for it.
    """
    installation = opener()
    with _told(), installation.database.transaction() as session:
        here = _activity(session, process, activity)
        made = next((one for one in entrances.lists(session, here.id) if one.name == name), None)
        if made is None:
            raise click.ClickException(f"there is no list {name!r}")
        now = dt.datetime.now(dt.UTC)
        asked = mailing.ask(session, here, made, settings=installation.settings, by=None, now=now)
    click.echo(asked.id)


def _activity(session: Session, process: str, slug: str) -> Activity:
    found = processes.activity_of(session, process, slug)
    if found is None:
        raise click.ClickException(f"there is no activity {slug!r} of a process {process!r}")
    return found


def _locale(activity: Activity, locale: str) -> str:
    if locale and locale not in activity.locales:
        raise click.ClickException(f"the activity is offered in {', '.join(activity.locales)}, not in {locale!r}")
    return locale or activity.locales[0]


def _letters(opener: Opener, activity: Activity, locale: str) -> Letters:
    with opener().database.reading() as session, opener.application().app_context():
        here = session.get_one(Activity, activity.id)
        entrance = entrances.entrance(session, here.id)
        return printing.letters(here, entrance, locale, opener().settings.base_url)


def _codes(file: Path, activity: Activity) -> dict[str, list[str]]:
    """The codes of a table in their order, by the locale of their letters."""
    table = read_tables(file.read_bytes(), file.name, rows=MOST)[0]
    places = {header.lower(): place for place, header in enumerate(table.headers)}
    found: dict[str, list[str]] = {}
    for row in table.rows:
        code = invitation_codes.read(row.cells.get(places.get("code", -1), ""))
        if code is None:
            raise click.ClickException(f"row {row.number} of {file} has no code that is whole")
        locale = _locale(activity, row.cells.get(places.get("locale", -1), ""))
        found.setdefault(locale, []).append(code)
    return found


@contextmanager
def _told() -> Iterator[None]:
    """Say in words why something is refused; exit code 1."""
    try:
        yield
    except Refused as refused:
        raise click.ClickException("\n".join(sentence(problem, str) for problem in refused.problems)) from refused
