"""The command line for responses: `consult responses import`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy.orm import Session

from consult.core.errors import Problem, Refused
from consult.core.exchange.responses import Found, read
from consult.core.questionnaire import document
from consult.core.questionnaire.steps import Compiled
from consult.participation.service import day
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.questionnaires import queries
from consult.questionnaires.models import Edition
from consult.questionnaires.telling import line, told
from consult.responses.importing import take_in


@click.group("responses")
def responses() -> None:
    """Responses from other systems."""


@responses.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", "process_slug", required=True, metavar="SLUG", help="Address of the policy process.")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--edition", "number", type=int, default=0, help="Edition that they answer; otherwise the newest.")
@click.option("--incomplete", is_flag=True, help="Also take in rows that leave required questions unanswered.")
@click.option("--check", "only_check", is_flag=True, help="Only say what would be taken in.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the report.")
@click.pass_context
def import_command(
    context: click.Context,
    file: Path,
    process_slug: str,
    activity_slug: str,
    number: int,
    incomplete: bool,
    only_check: bool,
    form: str,
) -> None:
    """Take in the responses in FILE (CSV or XLSX), and say why each other row is refused (exit code 1 if any is)."""
    installation, now = context.obj(), dt.datetime.now(dt.UTC)
    with installation.database.reading() as session:
        activity, edition = _found(session, process_slug, activity_slug, number)
    questionnaire, today = document.decode(edition.document), day(now, activity.time_zone)
    try:
        data = file.read_bytes()
        found = read(data, Compiled(questionnaire), day=today, filename=file.name, incomplete=incomplete)
    except Refused as refused:
        _print(form, {"problems": refused.problems})
        context.exit(1)
    counts = {"rows": len(found.rows), "refused_rows": found.refused_rows}
    if not only_check:
        try:
            with installation.database.transaction() as session:
                activity, _edition = _found(session, process_slug, activity_slug, number)
                taken = take_in(
                    session,
                    activity,
                    found.rows,
                    edition=edition.number,
                    locale=questionnaire.source,
                    key=installation.keys.codes,
                    day=today,
                    by=None,
                    now=now,
                )
        except Refused as refused:
            _print(form, {"problems": refused.problems})
            context.exit(1)
        counts |= {"new": taken.new, "known": taken.known}
    _report(form, counts, found)
    context.exit(1 if found.refused else 0)


def _found(session: Session, process: str, slug: str, number: int) -> tuple[Activity, Edition]:
    activity = processes.activity_of(session, process, slug)
    if activity is None:
        raise click.ClickException(f"There is no activity {slug!r} of a process {process!r}.")
    wanted = queries.edition(session, activity.id, number) if number else queries.latest_edition(session, activity.id)
    if wanted is None:
        raise click.ClickException(f"The activity {slug!r} has no such edition.")
    return activity, wanted


def _report(form: str, counts: dict[str, int], found: Found) -> None:
    if form == "text":
        click.echo("\n".join(f"{name}: {count}" for name, count in counts.items()))
        counts = {}
    _print(form, {"refused": found.refused, "warnings": found.warnings}, counts)


def _print(form: str, problems: dict[str, Iterable[Problem]], counts: dict[str, int] | None = None) -> None:
    listed = {name: [told(problem) for problem in some] for name, some in problems.items()}
    if form == "json":
        click.echo(json.dumps({**(counts or {}), **listed}, ensure_ascii=False, indent=2))
        return
    for name, some in listed.items():
        if some:
            click.echo("\n".join([f"\n{name}:", *map(line, some)]))
