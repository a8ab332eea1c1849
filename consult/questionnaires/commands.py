"""The command line for files of questionnaires: check, import and export XLSForms, check and import LimeSurvey’s."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn, TextIO

import click
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.exchange import lss as limesurvey
from consult.core.exchange.xlsform import Imported, read, write
from consult.core.questionnaire import document
from consult.core.questionnaire import media as files
from consult.core.text import LocalisedText
from consult.files import Folder, NoRoom
from consult.processes import queries
from consult.processes.models import Activity
from consult.questionnaires import media, papers, service
from consult.questionnaires import queries as questionnaires
from consult.questionnaires.deciding import Said, rows
from consult.questionnaires.paper.making import FORMATS
from consult.questionnaires.papers import Wanted
from consult.questionnaires.telling import line, told
from consult.web.locale import locale_of

Read = Imported | limesurvey.Imported
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_attach = click.option(
    "--attach",
    "attached",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    metavar="PATH",
    help="A file that belongs to the form: choices (CSV), a sound, a picture; can be given several times.",
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
    contents = _contents(attached)
    try:
        imported = read(file.read_bytes(), filename=file.name, source=source, attached=contents)
        files.accept(imported.questionnaire, files.among(contents))
    except Refused as refused:
        _refused(context, refused, form)
    warnings = [told(problem) for problem in imported.warnings]
    click.echo(_json({**imported.summary.to_json(), "warnings": warnings}) if form == "json" else _text(imported))


@xlsform.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", "process_slug", required=True, metavar="SLUG", help="Address of the policy process.")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--source", default="", metavar="LOCALE", help="Locale of columns that name no language.")
@click.option("--publish", is_flag=True, help="Publish it as the next edition.")
@_attach
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
    attached: tuple[Path, ...],
    map_file: TextIO | None,
    meaning_changed: tuple[str, ...],
    renamed: tuple[str, ...],
) -> None:
    """Make FILE the draft of an activity planned at the desk, or say everything that is wrong (exit code 1)."""

    contents = _contents(attached)

    def reader(title: LocalisedText) -> Read:
        return read(file.read_bytes(), filename=file.name, source=source, title=title, attached=contents)

    said = Said(rows(map_file) if map_file else (), meaning_changed, tuple(pair.partition("=") for pair in renamed))
    _make_draft(context, (process_slug, activity_slug), reader, file.name, said if publish else None, contents)


@click.group("lss")
def lss() -> None:
    """Work with surveys in LimeSurvey's .lss files."""


@lss.command("check")
@click.argument("file", type=_FILE)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.pass_context
def check_lss(context: click.Context, file: Path, form: str) -> None:
    """Say what FILE contains and what is lost of it, or why it cannot be imported (exit code 1)."""
    try:
        imported = limesurvey.read(file.read_bytes(), filename=file.name)
    except Refused as refused:
        _refused(context, refused, form)
    warnings = [told(problem) for problem in imported.warnings]
    click.echo(_json({**imported.summary.to_json(), "warnings": warnings}) if form == "json" else _text(imported))


@lss.command("import")
@click.argument("file", type=_FILE)
@click.option("--process", "process_slug", required=True, metavar="SLUG", help="Address of the policy process.")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--publish", is_flag=True, help="Publish it as the next edition.")
@click.pass_context
def import_lss(context: click.Context, file: Path, process_slug: str, activity_slug: str, publish: bool) -> None:
    """Make FILE the draft of an activity planned at the desk and say what is lost, or why not (exit code 1)."""

    def reader(title: LocalisedText) -> Read:
        return limesurvey.read(file.read_bytes(), filename=file.name, title=title)

    _make_draft(context, (process_slug, activity_slug), reader, file.name, Said((), (), ()) if publish else None)


def _make_draft(
    context: click.Context,
    slugs: tuple[str, str],
    reader: Callable[[LocalisedText], Read],
    name: str,
    said: Said | None,
    attached: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Save what was read as the draft and publish it where something was said of earlier answers."""
    now = dt.datetime.now(dt.UTC)
    try:
        opened = context.obj()
        database = opened.database
        with database.reading() as session:
            title = _activity(session, *slugs).title
        imported = reader(title)
        found = files.accept(imported.questionnaire, files.among(attached))
        kept = media.keep(Folder(opened.settings.media), found)
        with database.transaction() as session:
            activity = _activity(session, *slugs)
            done = _import(session, activity, imported, name, said, kept, now)
            types = {name: each.media_type for name, each in questionnaires.media(session, activity.id).items()}
    except Refused as refused:
        _refused(context, refused, "text")
    except NoRoom as error:
        raise click.ClickException(f"The data folder takes no file: {error.strerror}.") from error
    click.echo(f"{_text(imported)}\n\n{done}")
    for locale, names in files.missing(imported.questionnaire, types).items():
        click.echo(f"missing files, {locale}: {', '.join(names)}")


@xlsform.command("export")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--edition", type=click.IntRange(min=1), help="Number of the edition; without it the draft is written.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write it."
)
@click.option(
    "--media",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where to write its sounds and pictures, under the names that the form uses.",
)
@click.pass_context
def export_command(
    context: click.Context, activity_slug: str, edition: int | None, out: Path, folder: Path | None
) -> None:
    """Write a questionnaire as an XLSForm that is imported as the same questionnaire again."""
    opened = context.obj()
    with opened.database.reading() as session:
        activity = queries.activity_named(session, activity_slug)
        if activity is None:
            raise click.ClickException(f"There is no activity {activity_slug!r}.")
        found = questionnaires.document_of(session, activity.id, edition)
        names = {name: each.file for name, each in questionnaires.media(session, activity.id, edition).items()}
    if found is None:
        what = "draft" if edition is None else f"edition {edition}"
        raise click.ClickException(f"The activity {activity_slug!r} has no {what}.")
    try:
        out.write_bytes(write(document.decode(found), lambda code: locale_of(code).name))
    except Refused as refused:
        _refused(context, refused, "text")
    click.echo(str(out))
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in names.items():
            content = Folder(opened.settings.media).get(file)
            if content is None:
                raise click.ClickException(f"The content of {name!r} is not in the data folder.")
            (folder / name).write_bytes(content)
        click.echo(f"{folder}: {len(names)}")


@xlsform.command("paper")
@click.option("--activity", "activity_slug", required=True, metavar="SLUG", help="Address of the activity.")
@click.option("--edition", type=click.IntRange(min=1), help="Number of the edition; without it the draft is written.")
@click.option("--locale", required=True, metavar="LOCALE", help="One of the languages of the questionnaire.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A .pdf or .docx file.",
)
@click.pass_context
def paper_command(context: click.Context, activity_slug: str, edition: int | None, locale: str, out: Path) -> None:
    """Write a questionnaire as a document, with its routing in words."""
    wanted = Wanted(edition, locale, out.suffix.lstrip(".").lower())
    if wanted.extension not in FORMATS:
        raise click.ClickException(f"The file ends in {' or '.join(f'.{name}' for name in FORMATS)}.")
    opener = context.obj
    installation = opener()
    with installation.database.reading() as session, opener.application().app_context():
        activity = queries.activity_named(session, activity_slug)
        days = installation.settings.backup_days
        found = activity and papers.printed(session, activity, edition, backup_days=days)
        if not found or locale not in document.decode(found.version.document).locales:
            raise click.ClickException("There is no such activity, edition or language.")
        out.write_bytes(papers.write(found, wanted))
    click.echo(str(out))


def _contents(paths: tuple[Path, ...]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}


def _activity(session: Session, process_slug: str, slug: str) -> Activity:
    activity = queries.activity_of(session, process_slug, slug)
    if activity is None:
        raise click.ClickException(f"There is no activity {slug!r} of a process {process_slug!r}.")
    return activity


def _import(
    session: Session,
    activity: Activity,
    imported: Read,
    name: str,
    said: Said | None,
    kept: Sequence[media.Kept],
    now: dt.datetime,
) -> str:
    draft = service.save_draft(
        session, activity, imported.questionnaire, origin=name, warnings=imported.warnings, by=None, now=now
    )
    media.attach(session, activity, kept, by=None, now=now)
    if said is None:
        return f"draft {draft.number} of {activity.slug}"
    decisions, same = said.of(service.impact(session, activity, draft))
    edition = service.publish(session, activity, decisions=decisions, same=same, by=None, now=now)
    return f"edition {edition.number} of {activity.slug}, SHA-256 {edition.hash}"


def _refused(context: click.Context, refused: Refused, form: str) -> NoReturn:
    problems = [told(problem) for problem in refused.problems]
    click.echo(_json({"problems": problems}) if form == "json" else "\n".join(map(line, problems)))
    context.exit(1)


def _text(imported: Read) -> str:
    lines = [f"{name}: {_value(value)}" for name, value in imported.summary.to_json().items()]
    if imported.warnings:
        lines += ["", "warnings:", *(line(told(problem)) for problem in imported.warnings)]
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(count)}" for key, count in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
