"""The command line for XLSForms: `consult xlsform check` and `consult xlsform import`."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn, TextIO

import click
from sqlalchemy.orm import Session

from consult.core.errors import Problem, Refused
from consult.core.exchange.xlsform import Imported, read
from consult.core.questionnaire.changes import Decisions
from consult.processes import queries
from consult.processes.models import Activity
from consult.questionnaires import service
from consult.questionnaires.service import Impact
from consult.web.messages import sentence


@click.group("xlsform")
def xlsform() -> None:
    """Work with questionnaires in XLSForm files."""


@xlsform.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.option("--source", default="", metavar="LOCALE", help="Locale of columns that name no language.")
@click.pass_context
def check(context: click.Context, file: Path, form: str, source: str) -> None:
    """Say what FILE contains, or everything that is wrong with it (exit code 1)."""
    try:
        imported = read(file.read_bytes(), filename=file.name, source=source)
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
@click.option(
    "--map",
    "map_file",
    type=click.File(encoding="utf-8-sig"),
    help="How earlier answers count: CSV with the columns question,old,new. Without new they are kept apart.",
)
@click.option("--meaning-changed", multiple=True, metavar="NAME", help="A question that means something else now.")
@click.option("--renamed", multiple=True, metavar="NEW=OLD", help="A question with another name than before.")
@click.pass_context
def import_command(
    context: click.Context,
    file: Path,
    process_slug: str,
    activity_slug: str,
    source: str,
    publish: bool,
    map_file: TextIO | None,
    meaning_changed: tuple[str, ...],
    renamed: tuple[str, ...],
) -> None:
    """Make FILE the draft of an activity planned at the desk, or say everything that is wrong (exit code 1)."""
    now = dt.datetime.now(dt.UTC)
    said = Said(_rows(map_file) if map_file else (), meaning_changed, tuple(pair.partition("=") for pair in renamed))
    try:
        database = context.obj().database
        with database.reading() as session:
            title = _activity(session, process_slug, activity_slug).title
        imported = read(file.read_bytes(), filename=file.name, source=source, title=title)
        with database.transaction() as session:
            activity = _activity(session, process_slug, activity_slug)
            done = _import(session, activity, imported, file.name, said if publish else None, now)
    except Refused as refused:
        _refused(context, refused, "text")
    click.echo(f"{_text(imported)}\n\n{done}")


def _activity(session: Session, process_slug: str, slug: str) -> Activity:
    activity = queries.activity_of(session, process_slug, slug)
    if activity is None:
        raise click.ClickException(f"There is no activity {slug!r} of a process {process_slug!r}.")
    return activity


class Said(NamedTuple):
    """What was said about earlier answers, by names of questions."""

    codes: Sequence[tuple[str, str, str]]
    """Question, old code, new code; none: kept apart."""
    meaning: Sequence[str]
    renamed: Sequence[tuple[str, str, str]]
    """New name, `=`, old name."""

    def of(self, impact: Impact) -> tuple[Decisions, dict[str, str]]:
        """The same by ids; a name that is nowhere stands for itself, and is refused as unknown."""
        added = {asked.question.name: asked.question.id for asked in impact.changes.added}
        removed = {asked.question.name: asked.question.id for asked in impact.changes.removed}
        same = {added.get(new, new): removed.get(old, old) for new, _, old in self.renamed}
        ids = {question.name: same.get(question.id, question.id) for question in impact.questionnaire.questions()}
        codes: dict[tuple[str, str], tuple[str, ...]] = {}
        for name, old, new in self.codes:
            place = ids.get(name, name), old
            codes[place] = (*codes.get(place, ()), *([new] if new else []))
        return Decisions(codes, frozenset(ids.get(name, name) for name in self.meaning)), same


def _rows(file: TextIO) -> list[tuple[str, str, str]]:
    reader = csv.DictReader(file)
    if {"question", "old", "new"} - set(reader.fieldnames or ()):
        raise click.ClickException("The map needs the columns question, old and new.")
    return [tuple((row[name] or "").strip() for name in ("question", "old", "new")) for row in reader]  # type: ignore[misc]  # three of three


def _import(
    session: Session, activity: Activity, imported: Imported, name: str, said: Said | None, now: dt.datetime
) -> str:
    draft = service.save_draft(
        session, activity, imported.questionnaire, origin=name, warnings=imported.warnings, by=None, now=now
    )
    if said is None:
        return f"draft {draft.number} of {activity.slug}"
    decisions, same = said.of(service.impact(session, activity, draft))
    edition = service.publish(session, activity, decisions=decisions, same=same, by=None, now=now)
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
