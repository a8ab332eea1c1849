"""The command line for draft texts: two files compared, one made the draft and published."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from consult.consultations import texts
from consult.core.drafting.document import Draft
from consult.core.drafting.landing import Row, compare
from consult.core.drafting.matching import carry
from consult.core.drafting.reading import read
from consult.core.errors import Refused
from consult.processes import queries
from consult.processes.models import Kind
from consult.questionnaires.telling import line, told

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BEGINS = 60
"""Characters of a paragraph that are shown."""
_LOCALE = "und"
"""Of files of which nobody said the language (BCP 47)."""


@click.group("consultations")
def consultations() -> None:
    """Work with online consultations."""


@consultations.group("text")
def text() -> None:
    """Draft texts that people comment on: Word (.docx) or Markdown (.md)."""


@text.command("compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
def compare_command(before: Path, after: Path, form: str) -> None:
    """Say of each paragraph what becomes of it from BEFORE to AFTER.

    Comments follow their paragraph: into the longest part of one that is divided, to the whole text from one that is
    left out. Exit code 2: a file cannot be read.
    """
    with _refusals():
        first = carry(None, read(before.read_bytes(), before.name), _LOCALE)
        second = carry(first, read(after.read_bytes(), after.name), _LOCALE)
    rows = [_told(row, first) for row in compare(first, second, _LOCALE)]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        moved = " moved" if row["moved"] else ""
        click.echo(f"{row['id']} {row['change']}{moved}: {row['text']}")


def _told(row: Row, first: Draft) -> dict[str, object]:
    block = row.block
    return {
        "id": block.id,
        "change": str(row.change),
        "moved": row.moved,
        "from": [name for name in (block.id, *block.origins) if name in first.by_id],
        "text": block.words.get(_LOCALE, "")[:_BEGINS],
    }


@text.command("import")
@click.argument("file", type=_FILE)
@click.option("--activity", "slug", required=True, metavar="SLUG", help="Address of the consultation.")
@click.option("--locale", default="", metavar="LOCALE", help="Language of the file, where it is a translation.")
@click.option("--publish", is_flag=True, help="Publish it as the next version.")
@click.pass_context
def import_command(context: click.Context, file: Path, slug: str, locale: str, publish: bool) -> None:
    """Make FILE the draft text of a consultation, or its translation. Exit code 2: refused, with the reasons."""
    now = dt.datetime.now(dt.UTC)
    with _refusals(), context.obj().database.transaction() as session:
        activity = queries.activity_named(session, slug)
        if activity is None or activity.kind != Kind.CONSULTATION:
            raise click.ClickException(f"There is no consultation “{slug}”.")
        draft = texts.bring(session, activity, file.read_bytes(), file.name, locale=locale, by=None, now=now)
        click.echo(f"paragraphs: {len(draft.blocks)}")
        if publish:
            version = texts.publish(session, activity, by=None, now=now)
            click.echo(f"version {version.number}: {version.hash}")


@contextmanager
def _refusals() -> Iterator[None]:
    """End the command where something is refused."""
    try:
        yield
    except Refused as refused:
        for problem in refused.problems:
            click.echo(line(told(problem)), err=True)
        raise click.exceptions.Exit(2) from refused
