"""The command line for XLSForms: `consult xlsform check`, `consult xlsform import`, `consult xlsform export`."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.orm import Session

from consult.core.errors import Problem, Refused
from consult.core.exchange.xlsform import Imported, read, write
from consult.core.questionnaire import document
from consult.processes import queries
from consult.processes.models import Activity
from consult.questionnaires import queries as questionnaires
from consult.questionnaires import service
from consult.web.locale import locale_of
from consult.web.messages import sentence

_attach = click.option(
    "--attach",
    "attached",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="CSV",
    help="A CSV file that the form takes choices from; can be given several times.",
)


@click.group("xlsform")
def xlsform() -> None:
    """Work with questionnaires in XLSForm files."""


@xlsform.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.option("--source", default="", metavar="LOCALE", help="Locale of columns that name no language.")
@_attach
@click.pass_context
def check(context: click.Context, file: Path, form: str, source: str, attached: tuple[Path, ...]) -> None:
    """Say what FILE contains, or everything that is wrong with it (exit code 1)."""
    try:
        imported = read(file.read_bytes(), filename=file.name, source=source, attached=_contents(attached))
    except Refused as refused:
        _refused(context, refused, form)
    warnings = [_told(problem) for problem in imported.warnings]
    click.echo(_json({**imported.summary.to_json(), "warnings": warnings}) if form == "json" else _text(imported))


@xlsform.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", "process_slug", required=True, metavar="SLUG", help="Address of the policy process.")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--source", default="", metavar="LOCALE", help="Locale of columns that name no language.")
@click.option("--publish", is_flag=True, help="Publish it as the next edition.")
@_attach
@click.pass_context
def import_command(
    context: click.Context,
    file: Path,
    process_slug: str,
    activity_slug: str,
    source: str,
    publish: bool,
    attached: tuple[Path, ...],
) -> None:
    """Make FILE the draft of an activity planned at the desk, or say everything that is wrong (exit code 1)."""
    now = dt.datetime.now(dt.UTC)
    try:
        database = context.obj().database
        with database.reading() as session:
            title = _activity(session, process_slug, activity_slug).title
        imported = read(file.read_bytes(), filename=file.name, source=source, title=title, attached=_contents(attached))
        with database.transaction() as session:
            activity = _activity(session, process_slug, activity_slug)
            done = _import(session, activity, imported, file.name, publish, now)
    except Refused as refused:
        _refused(context, refused, "text")
    click.echo(f"{_text(imported)}\n\n{done}")


@xlsform.command("export")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--edition", type=click.IntRange(min=1), help="Number of the edition; without it the draft is written.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write it."
)
@click.pass_context
def export_command(context: click.Context, activity_slug: str, edition: int | None, out: Path) -> None:
    """Write a questionnaire as an XLSForm that is imported as the same questionnaire again."""
    with context.obj().database.reading() as session:
        activity = queries.activity_named(session, activity_slug)
        if activity is None:
            raise click.ClickException(f"There is no activity {activity_slug!r}.")
        found = questionnaires.document_of(session, activity.id, edition)
    if found is None:
        what = "draft" if edition is None else f"edition {edition}"
        raise click.ClickException(f"The activity {activity_slug!r} has no {what}.")
    try:
        out.write_bytes(write(document.decode(found), lambda code: locale_of(code).name))
    except Refused as refused:
        _refused(context, refused, "text")
    click.echo(str(out))


def _contents(paths: tuple[Path, ...]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}


def _activity(session: Session, process_slug: str, slug: str) -> Activity:
    activity = queries.activity_of(session, process_slug, slug)
    if activity is None:
        raise click.ClickException(f"There is no activity {slug!r} of a process {process_slug!r}.")
    return activity


def _import(
    session: Session, activity: Activity, imported: Imported, name: str, publish: bool, now: dt.datetime
) -> str:
    draft = service.save_draft(
        session, activity, imported.questionnaire, origin=name, warnings=imported.warnings, by=None, now=now
    )
    if not publish:
        return f"draft {draft.number} of {activity.slug}"
    edition = service.publish(session, activity, by=None, now=now)
    return f"edition {edition.number} of {activity.slug}, SHA-256 {edition.hash}"


def _refused(context: click.Context, refused: Refused, form: str) -> NoReturn:
    told = [_told(problem) for problem in refused.problems]
    click.echo(_json({"problems": told}) if form == "json" else "\n".join(map(_line, told)))
    context.exit(1)


def _told(problem: Problem) -> dict[str, str | int | None]:
    """A problem with its place and its sentence, in English."""
    place = problem.place
    return {
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "code": problem.code,
        "message": sentence(problem, str),
    }


def _line(told: dict[str, str | int | None]) -> str:
    place = [told["sheet"], told["row"] and f"row {told['row']}", told["column"]]
    return f"{', '.join(str(part) for part in place if part) or 'file'}: {told['message']} [{told['code']}]"


def _text(imported: Imported) -> str:
    lines = [f"{name}: {_value(value)}" for name, value in imported.summary.to_json().items()]
    if imported.warnings:
        lines += ["", "warnings:", *(_line(_told(problem)) for problem in imported.warnings)]
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {count}" for key, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
