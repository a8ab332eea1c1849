"""The command line for jobs: `consult jobs …`."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import click
from sqlalchemy.orm import Session

from consult.core.progress import Progress
from consult.db.installation import Installation
from consult.jobs import asking
from consult.processes import queries
from consult.processes.models import Process
from consult.web.messages import sentence

Opener = Callable[[], Installation]
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="How to print it."
)
EXITS: Final = {"done": 0, "failed": 1, "refused": 2, "cancelled": 3}
"""Exit codes by how a job ended."""
_LOOK: Final = 0.5
"""Seconds between two looks at a job that is followed."""
_BAR: Final = 30


def process_of(session: Session, slug: str) -> Process:
    """The process of an address, whoever asks; ends the command where there is none."""
    found = queries.process_by_slug(session, slug)
    if found is None:
        raise click.ClickException(f"there is no process {slug!r}")
    return found


@click.group("jobs")
def jobs() -> None:
    """Long work that somebody asked for: how far it has come. A worker (`consult serve`, `consult worker`) does it."""


@jobs.command("list")
@click.argument("process")
@FORMAT
@click.pass_obj
def list_command(installation: Opener, process: str, form: str) -> None:
    """List what was asked for about PROCESS (its address) in the last days, the latest first."""
    with installation().database.reading() as session:
        found = process_of(session, process)
        rows = [
            {
                "job": str(job.id),
                "task": job.kind,
                "state": job.state,
                "done": job.done,
                "steps": job.steps,
                "asked_on": job.asked_at.date().isoformat() if job.asked_at else "",
            }
            for job in asking.asked_for(session, found.id)
        ]
    show(rows, form)


@jobs.command("follow")
@click.argument("job", type=click.UUID)
@click.pass_context
def follow_command(context: click.Context, job: uuid.UUID) -> None:
    """Wait for JOB and tell how far it has come.

    Exit codes: 0 done, 1 failed, 2 refused (with the reasons), 3 cancelled.
    """
    context.exit(follow(context.obj(), job))


@jobs.command("cancel")
@click.argument("job", type=click.UUID)
@click.pass_obj
def cancel_command(installation: Opener, job: uuid.UUID) -> None:
    """Cancel JOB: it ends before its next step and leaves nothing. Exit code 1: it has ended already."""
    with installation().database.transaction() as session:
        if not asking.cancel(session, job, dt.datetime.now(dt.UTC)):
            raise click.ClickException("there is no such job, or it has ended")


def follow(installation: Installation, job_id: uuid.UUID) -> int:
    """Wait until a job has ended, with its progress on standard error; the exit code that says how."""
    progress = drawn()
    while True:
        with installation.database.reading() as session:
            job = asking.any_job(session, job_id)
        if job is None:
            raise click.ClickException("there is no such job")
        if job.steps:
            progress(job.done, job.steps)
        if job.state in EXITS:
            break
        time.sleep(_LOOK)
    clear()
    for problem in asking.problems_of(installation.keys, job):
        click.echo(sentence(problem, str), err=True)
    if job.state == "failed":
        click.echo(f"the job failed: {job.error}", err=True)
    return EXITS[job.state]


def drawn() -> Progress:
    """A progress that draws a bar on standard error where that is a terminal, and says nothing elsewhere."""

    def progress(done: int, of: int) -> None:
        if sys.stderr.isatty():
            full = _BAR * done // max(of, 1)
            click.echo(f"\r[{'#' * full}{'.' * (_BAR - full)}] {done}/{of}", err=True, nl=False)

    return progress


def clear() -> None:
    """Leave nothing of the bar."""
    if sys.stderr.isatty():
        click.echo(f"\r{' ' * (_BAR + 20)}\r", err=True, nl=False)


def show(rows: Sequence[Mapping[str, object]], form: str) -> None:
    """Print rows of the same columns: as text without heads, as JSON, or as CSV."""
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif form == "csv" and rows:
        lines = io.StringIO()
        writer = csv.DictWriter(lines, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        click.echo(lines.getvalue(), nl=False)
    elif form == "text" and rows:
        click.echo("\n".join("  ".join(str(value) for value in row.values()) for row in rows))
