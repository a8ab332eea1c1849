"""The command line for results: `consult releases …` and `consult results refresh`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.core.text import LocalisedText, clean
from consult.db.installation import Installation
from consult.processes.models import Process
from consult.results import engines, queries, service, upkeep
from consult.results.content import Plan, content_of
from consult.results.exports import FORMATS
from consult.results.models import Release
from consult.results.presentation import Reader
from consult.results.translations import words_of
from consult.web.messages import sentence

Opener = Callable[[], Installation]


@click.group("results")
def results() -> None:
    """The column store."""


@results.command("refresh")
@click.pass_obj
def refresh(installation: Opener) -> None:
    """Bring the column store of every activity up to date, and count what is due."""
    upkeep.refresh(installation())
    upkeep.count(installation(), dt.datetime.now(dt.UTC))


@click.group("releases")
def releases() -> None:
    """Frozen sets of aggregates: the only way numbers leave the system."""


@releases.command("list")
@click.argument("process")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the list.")
@click.pass_obj
def list_command(installation: Opener, process: str, form: str) -> None:
    """List the releases of PROCESS (its address)."""
    with installation().database.reading() as session:
        found = queries.releases(session, _process(session, process).id)
        told = [
            {
                "number": release.number,
                "title": release.title.resolve("en").text,
                "state": "published" if release.published_at else "frozen",
                "frozen_on": release.frozen_at.date().isoformat(),
                "hash": release.hash,
            }
            for release in found
        ]
    lines = ["  ".join(str(value) for value in line.values()) for line in told]
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if form == "json" else "\n".join(lines))


@releases.command("freeze")
@click.argument("process")
@click.option("--title", default="", help="Title, in the process's first language.")
@click.option("--by", "crossings", multiple=True, metavar="CONCEPT", help="Break results down by this; repeatable.")
@click.option("--threshold", type=int, default=0, help="Least number of people behind a count; can only be raised.")
@click.pass_obj
def freeze(installation: Opener, process: str, title: str, crossings: tuple[str, ...], threshold: int) -> None:
    """Compute and freeze a release of PROCESS. Exit code 2: refused, with the reasons."""
    opened, now = installation(), dt.datetime.now(dt.UTC)
    with _refusals():
        with opened.database.reading() as session:
            found = _process(session, process)
            text = LocalisedText({found.locales[0]: clean(title).strip()})
            plan = Plan(title=text, crossings=crossings or Plan().crossings, threshold=threshold)
            engine = engines.connect(opened.settings)
            made = service.draft(
                session, found, plan, now=now, settings=opened.settings, engine=engine, keys=opened.keys
            )
        with opened.database.transaction() as session:
            release = service.freeze(session, _process(session, process), made, by=None, now=now, keys=opened.keys)
            click.echo(f"{release.number} {release.hash}")


@releases.command("publish")
@click.argument("process")
@click.argument("number", type=int)
@click.pass_obj
def publish(installation: Opener, process: str, number: int) -> None:
    """Publish frozen release NUMBER of PROCESS. Exit code 2: refused, with the reasons."""
    opened, now = installation(), dt.datetime.now(dt.UTC)
    with _refusals():
        with opened.database.reading() as session:
            found = _process(session, process)
            held = service.examine(session, found, _release(session, found, number), keys=opened.keys)
        with opened.database.transaction() as session:
            found = _process(session, process)
            release = _release(session, found, number)
            service.publish(session, found, release, by=None, now=now, keys=opened.keys, held=held)


@releases.command("verify")
@click.argument("process")
@click.argument("number", type=int, required=False)
@click.pass_context
def verify(context: click.Context, process: str, number: int | None) -> None:
    """Check hash, pattern and numbers of the releases of PROCESS. Exit code 1: something does not hold."""
    opened: Installation = context.obj()
    good = True
    with opened.database.reading() as session:
        found = _process(session, process)
        wanted = [number] if number else [release.number for release in queries.releases(session, found.id)]
        for each in wanted:
            verdict = service.verify(
                session,
                found,
                _release(session, found, each),
                keys=opened.keys,
                store=opened.settings.column_store,
                engine=engines.connect(opened.settings),
            )
            good = good and verdict.good
            recomputed = {True: "recomputed", False: "DIFFERS", None: "responses have changed since"}
            hash_, pattern = ("intact" if verdict.intact else "DAMAGED"), ("safe" if verdict.safe else "BROKEN")
            click.echo(f"{each}: {hash_}, {pattern}, {recomputed[verdict.recomputed]}")
    context.exit(0 if good else 1)


@releases.command("export")
@click.argument("process")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--locale", type=click.Choice(LOCALES), default=LOCALES[0], help="Language of labels and words.")
@click.pass_obj
def export(installation: Opener, process: str, number: int, file: Path, locale: str) -> None:
    """Write published release NUMBER of PROCESS to FILE; its ending says the format (csv, xlsx, docx, json)."""
    wanted = FORMATS.get(file.suffix.removeprefix("."))
    if wanted is None:
        raise click.BadParameter(f"one of {', '.join(FORMATS)}", param_hint="FILE")
    with installation().database.reading() as session:
        found = _process(session, process)
        release = queries.published(session, found.id, number)
        if release is None:
            raise click.ClickException(f"there is no published release {number}")
    reader = Reader(locale, words_of(locale))
    with file.open("wb") as target:
        for piece in wanted.write(content_of(release.content), release.content, release.hash, reader):
            target.write(piece)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        for problem in refused.problems:
            click.echo(sentence(problem, str), err=True)
        raise click.exceptions.Exit(2) from refused


def _process(session: Session, slug: str) -> Process:
    found = queries.process_by_slug(session, slug)
    if found is None:
        raise click.ClickException(f"there is no process {slug!r}")
    return found


def _release(session: Session, process: Process, number: int) -> Release:
    found = queries.release(session, process.id, number)
    if found is None:
        raise click.ClickException(f"there is no release {number}")
    return found
