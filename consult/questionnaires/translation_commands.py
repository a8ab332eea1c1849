"""The command line for translations: how far they are, out to a file, in from one."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.exchange.merging import Change
from consult.core.translation import fingerprint
from consult.languages import queries as languages
from consult.processes import queries
from consult.processes.wordings import Owner
from consult.questionnaires import exchanging, translating
from consult.questionnaires.exchanging import FORMATS
from consult.questionnaires.telling import line, told

_of_activity = click.option("--activity", metavar="SLUG", help="Address of an activity.")
_of_process = click.option("--process", metavar="SLUG", help="Address of a policy process: its own texts.")
_words = click.option(
    "--words", is_flag=True, help="What participants read on every page, in a language that was added."
)
_into = click.option("--locale", required=True, metavar="LOCALE", help="The language that is translated into.")


@click.group("translations")
def translations() -> None:
    """Translate what authors write: questionnaires, notices, invitations, titles, themes."""


@translations.command("status")
@_of_activity
@_of_process
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.pass_context
def status(context: click.Context, activity: str | None, process: str | None, form: str) -> None:
    """Say for each language how many texts are missing, drafts, reviewed and stale."""
    with context.obj().database.reading() as session:
        counts = translating.counts(session, _owner(session, activity, process))
    told = {count.locale: {state.value: number for state, number in count.states.items()} for count in counts}
    if form == "json":
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    for locale, states in told.items() if form == "text" else ():
        click.echo(f"{locale}: " + ", ".join(f"{state} {number}" for state, number in states.items()))


@translations.command("export")
@_of_activity
@_of_process
@_words
@_into
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it: .xlsx, .xlf (XLIFF 2.0) or .po.",
)
@click.pass_context
def export_command(
    context: click.Context, activity: str | None, process: str | None, words: bool, locale: str, out: Path
) -> None:
    """Write every text with its translation into a file for a translator."""
    form = out.suffix.removeprefix(".")
    if form not in FORMATS:
        raise click.BadParameter("must end in .xlsx, .xlf or .po", param_hint="--out")
    with context.obj().database.reading() as session:
        owner = _language(session, locale) if words else _owner(session, activity, process, locale)
        out.write_bytes(exchanging.export(session, owner, locale, form))
    click.echo(str(out))


@translations.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_of_activity
@_of_process
@_words
@_into
@click.option("--reviewed", is_flag=True, help="What the file marks as reviewed counts as reviewed.")
@click.option(
    "--both",
    type=click.Choice([exchanging.HERE, exchanging.FILE]),
    help="Which side stays where both changed a text; without it such texts are listed and nothing is saved.",
)
@click.pass_context
def import_command(
    context: click.Context,
    file: Path,
    activity: str | None,
    process: str | None,
    words: bool,
    locale: str,
    reviewed: bool,
    both: str | None,
) -> None:
    """Take the translations of FILE in, or say what stands against it (exit code 1)."""
    try:
        found = exchanging.read(file.read_bytes(), file.name)
        with context.obj().database.transaction() as session:
            owner = _language(session, locale) if words else _owner(session, activity, process, locale)
            merged = exchanging.compare(session, owner, locale, found, reviews=reviewed)
            if merged.asked and both is None:
                click.echo("\n".join(map(_both, merged.asked)))
                context.exit(1)
            choices = {change.entry.key: f"{both}:{fingerprint(change.here.text)}" for change in merged.asked}
            now = dt.datetime.now(dt.UTC)
            done = exchanging.take(session, owner, locale, found, choices, reviews=reviewed, by=None, now=now)
    except Refused as refused:
        click.echo("\n".join(line(told(problem)) for problem in refused.problems))
        context.exit(1)
    click.echo(f"saved {done}, kept {len(merged.kept)}, alike {merged.same}, no longer here {len(merged.gone)}")


def _both(change: Change) -> str:
    place = change.entry.place
    where = f"{place.sheet}:{place.row}" if place.row else place.sheet
    return f"{where}: {change.entry.key}\n  here: {change.here.text}\n  file: {change.entry.target}"


def _owner(session: Session, activity: str | None, process: str | None, locale: str | None = None) -> Owner:
    if (activity is None) == (process is None):
        raise click.UsageError("Name either --activity or --process.")
    found = queries.activity_named(session, activity) if activity else queries.process_by_slug(session, process or "")
    if found is None:
        raise click.ClickException(f"There is no {'activity' if activity else 'process'} {activity or process!r}.")
    if locale is not None and not translating.into(session, found, locale):
        raise click.ClickException(f"Nothing is translated into {locale!r} here.")
    return found


def _language(session: Session, code: str) -> Owner:
    found = languages.language(session, code)
    if found is None:
        raise click.ClickException(f"The language {code!r} has not been added.")
    return found
