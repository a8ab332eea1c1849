"""The command line for files: `consult export release` and `consult export microdata`."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import msgspec
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.aggregation.tables import Variable
from consult.core.errors import Refused
from consult.db.installation import Installation
from consult.files import whole
from consult.processes.commands import clear, drawn, process_of
from consult.processes.models import Activity, Process
from consult.questionnaires.refusing import refusals
from consult.results import engines, queries, quotes
from consult.results.content import content_of
from consult.results.exports import FORMATS, PACKAGE, write
from consult.results.microdata import asking, making
from consult.results.microdata.choosing import FORMATS as RECORD_FORMATS
from consult.results.microdata.choosing import Choice, Offer, offer
from consult.results.microdata.report import Report, text
from consult.results.models import Release
from consult.results.presentation import Reader
from consult.results.translations import words_of

Opener = Callable[[], Installation]
_OUT = click.Path(dir_okay=False, path_type=Path)
_locale = click.option(
    "--locale", type=click.Choice(LOCALES), default=LOCALES[0], show_default=True, help="Language of labels and words."
)


@click.group("export")
def export() -> None:
    """Files of a published release, and of single records."""


@export.command("release")
@click.argument("process")
@click.argument("number", type=int)
@click.option("--out", required=True, metavar="FILE", help="Where to write it; - writes to standard output.")
@click.option("--format", "form", type=click.Choice([*FORMATS]), help="Format; default: the ending of FILE.")
@_locale
@click.pass_obj
def release(installation: Opener, process: str, number: int, out: str, form: str | None, locale: str) -> None:
    """Write published release NUMBER of PROCESS (its address) to a file.

    Formats: pdf and docx (report), svg.zip and png.zip (pictures), xlsx, ods, csv, zip (data package), parquet,
    xml (DDI-Codebook), json. Exit code 1: there is no such release; 2: no such format.
    """
    ending = max((each for each in FORMATS if out.endswith(f".{each}")), key=len, default="")
    wanted = FORMATS.get(form or ending)
    if wanted is None:
        raise click.BadParameter(f"name a format: one of {', '.join(FORMATS)}", param_hint="--format")
    opened, reader = installation(), Reader(locale, words_of(locale))
    with opened.database.reading() as session:
        found = published(session, process_of(session, process), number)
        quoted = quotes.as_file(session, found, reader, opened.settings) if wanted.extension == PACKAGE else b""
    content = content_of(found.content)
    with _written(out) as target:
        for piece in write(wanted.extension, content, found.content, found.hash, reader, drawn(), quoted):
            target.write(piece)
    clear()


@export.command("microdata")
@click.argument("process")
@click.argument("activity")
@click.option("--out", type=_OUT, metavar="FILE.ZIP", help="Where to write the archive; without it: the report alone.")
@click.option(
    "--variable",
    "variables",
    multiple=True,
    metavar="NAME",
    help="A question that leaves; default: all but sensitive ones.",
)
@click.option("--key", "keys", multiple=True, metavar="NAME", help="A key variable; default: by concept.")
@click.option("--exact", multiple=True, metavar="NAME", help="A number or date that leaves as it was given.")
@click.option("--texts", multiple=True, metavar="NAME", help="Answers in words that leave, in a file apart: read them.")
@click.option("--keep-rare", is_flag=True, help="Do not blank key variables whose combination is rare.")
@click.option("--file-format", "formats", multiple=True, type=click.Choice(RECORD_FORMATS), help="Default: all.")
@click.option("--accept-risk", is_flag=True, help="Write it although participants can be found again.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the report.")
@_locale
@click.pass_obj
def microdata(
    installation: Opener,
    process: str,
    activity: str,
    out: Path | None,
    variables: tuple[str, ...],
    keys: tuple[str, ...],
    exact: tuple[str, ...],
    texts: tuple[str, ...],
    keep_rare: bool,
    formats: tuple[str, ...],
    accept_risk: bool,
    form: str,
    locale: str,
) -> None:
    """Write single records of ACTIVITY of PROCESS, and print their re-identification report.

    Options that name questions can be given several times. Exit code 1: there is no such activity; 2: refused, because
    participants can be found again or nothing was chosen; then nothing is written.
    """
    if out and not out.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {out.parent}", param_hint="--out")
    opened, reader = installation(), Reader(locale, words_of(locale))
    with opened.database.reading() as session:
        found = _activity(process_of(session, process), activity)
        there = offer(session, found)
    if there is None:
        with refusals():
            raise Refused.because("results.microdata.empty")
    wanted = (formats or RECORD_FORMATS) if out else ()
    choice = _choice(there, variables, keys, exact, texts, wanted, blank=not keep_rare)
    report = _made(opened, found, choice, out, reader, accept=accept_risk)
    click.echo(msgspec.json.format(msgspec.json.encode(report)).decode() if form == "json" else text(report, reader))
    if out and not report.safe and not accept_risk:
        click.echo("participants can be found again: nothing was written; see --accept-risk", err=True)
        raise click.exceptions.Exit(2)


def published(session: Session, process: Process, number: int) -> Release:
    """A published release; ends the command where there is none of that number."""
    found = queries.published(session, process.id, number)
    if found is None:
        raise click.ClickException(f"there is no published release {number}")
    return found


def _activity(process: Process, slug: str) -> Activity:
    found = next((one for one in process.activities if one.slug == slug), None)
    if found is None:
        raise click.ClickException(f"there is no activity {slug!r} in this process")
    return found


def _choice(
    there: Offer,
    variables: Sequence[str],
    keys: Sequence[str],
    exact: Sequence[str],
    texts: Sequence[str],
    formats: tuple[str, ...],
    *,
    blank: bool,
) -> Choice:
    usual = there.usual()
    chosen = _ids(variables, there.variables, "--variable") or usual.variables
    return Choice(
        variables=chosen,
        keys=_ids(keys, there.variables, "--key") or tuple(name for name in usual.keys if name in chosen),
        exact=_ids(exact, there.numbers(), "--exact"),
        texts=_ids(texts, there.texts, "--texts"),
        formats=formats,
        blank=blank,
    )


def _ids(names: Sequence[str], there: Sequence[Variable], option: str) -> tuple[str, ...]:
    known = {name: one.id for one in there for name in (one.id, one.name)}
    for name in names:
        if name not in known:
            raise click.BadParameter(f"{name}: one of {', '.join(one.name for one in there)}", param_hint=option)
    return tuple(known[name] for name in names)


def _made(
    opened: Installation, activity: Activity, choice: Choice, out: Path | None, reader: Reader, *, accept: bool
) -> Report:
    """Make the archive beside its place, and put it there if it may leave."""
    now = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory(dir=out.parent if out else None, prefix=".") as folder:
        draft = Path(folder, "records.zip")
        with refusals():
            report = making.make(
                opened.database,
                activity.id,
                choice,
                draft,
                settings=opened.settings,
                engine=engines.connect(opened.settings),
                reader=reader,
                now=now,
                progress=drawn(),
            )
        clear()
        if out and (report.safe or accept):
            with opened.database.transaction() as session:
                asking.note_fetch(session, activity, report, by=None, now=now)
            draft.replace(out)
    return report


@contextmanager
def _written(out: str) -> Iterator[IO[bytes]]:
    """A file that appears when it is whole; standard output for `-`."""
    if out == "-":
        yield sys.stdout.buffer
        return
    try:
        with whole(Path(out), 0o666) as target:
            yield target
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from error
