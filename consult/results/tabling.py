"""The command line for tables: `consult tables`, from a published release."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence

import click
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.aggregation.tables import Dataset
from consult.core.exchange import csv
from consult.db.installation import Installation
from consult.processes.commands import process_of
from consult.processes.models import Process
from consult.results import method, queries
from consult.results.content import Content, content_of
from consult.results.exporting import published
from consult.results.exports import tidy
from consult.results.presentation import Item, Reader, Shown, items
from consult.results.translations import words_of

Opener = Callable[[], Installation]
Found = tuple[Item, Shown]


@click.command("tables")
@click.argument("process")
@click.option("--release", "number", type=int, help="Number of a published release; default: the latest.")
@click.option("--activity", metavar="SLUG", help="Tables of one activity.")
@click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="NAME",
    help="A question, by name, id or concept; default: all.",
)
@click.option("--by", metavar="NAME", help="Broken down by this question or concept; default: not broken down.")
@click.option("--list", "listed", is_flag=True, help="Say which tables there are, without their numbers.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    help="How to print them.",
)
@click.option("--locale", type=click.Choice(LOCALES), default=LOCALES[0], show_default=True, help="Language of labels.")
@click.pass_obj
def tables(
    installation: Opener,
    process: str,
    number: int | None,
    activity: str | None,
    questions: tuple[str, ...],
    by: str | None,
    listed: bool,
    form: str,
    locale: str,
) -> None:
    """Print protected tables of a published release of PROCESS (its address).

    Hidden counts are empty, with the status `suppressed`. Exit code 1: there is no such process, release or table.
    """
    reader = Reader(locale, words_of(locale))
    with installation().database.reading() as session:
        found = process_of(session, process)
        content = content_of(published(session, found, number or _latest(session, found)).content)
    chosen = list(_chosen(content, activity, questions, by, reader, listed=listed))
    if not chosen:
        raise click.ClickException("there is no such table, or nothing in it can be shown; see --list")
    if listed:
        _list(chosen, form)
    else:
        _print(chosen, content, reader, form)


def _latest(session: Session, process: Process) -> int:
    numbers = [one.number for one in queries.releases(session, process.id) if one.published_at]
    if not numbers:
        raise click.ClickException("nothing has been published yet")
    return max(numbers)


def _chosen(
    content: Content, activity: str | None, questions: Sequence[str], by: str | None, reader: Reader, *, listed: bool
) -> Iterator[Found]:
    for dataset in content.datasets:
        if activity in (None, dataset.slug):
            for item in items(dataset, reader):
                if not questions or _called(dataset, item.variable.id, questions):
                    for shown in (item.one_way, *item.crossed):
                        group = shown.table.by
                        if listed or (_called(dataset, group, (by,)) if by and group else not by and not group):
                            yield item, shown


def _called(dataset: Dataset, variable: str, names: Sequence[str]) -> bool:
    found = dataset.variable(variable)
    return any(name in (tidy.name(found), found.id, found.concept) for name in names)


def _list(chosen: Sequence[Found], form: str) -> None:
    header = ("activity", "question", "by", "concept", "label")
    rows = [
        (
            item.dataset.slug,
            tidy.name(item.variable),
            tidy.name(item.dataset.variable(shown.table.by)) if shown.table.by else "",
            item.variable.concept,
            item.label,
        )
        for item, shown in chosen
    ]
    if form == "json":
        click.echo(json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif form == "csv":
        _csv(header, rows)
    else:
        click.echo(_aligned([header, *rows]))


def _print(chosen: Sequence[Found], content: Content, reader: Reader, form: str) -> None:
    note = method.synthetic_mark(reader) if content.synthetic else ""
    cells = [cell for item, shown in chosen for cell in _cells(item, shown, reader, note)]
    if form == "json":
        click.echo(json.dumps([cell._asdict() for cell in cells], ensure_ascii=False, indent=2))
    elif form == "csv":
        _csv(tidy.Cell._fields, cells)
    else:
        click.echo("\n\n".join(filter(None, [note, *(_text(item, shown, reader) for item, shown in chosen)])))


def _cells(item: Item, shown: Shown, reader: Reader, note: str) -> Iterator[tidy.Cell]:
    """The cells of a table; with the one-way table go the summaries of a number."""
    return (
        tidy.table(item, shown, note)
        if shown.table.by
        else (cell for cell in tidy.of(item, reader, note) if not cell.by)
    )


def _text(item: Item, shown: Shown, reader: Reader) -> str:
    _ = reader.words
    title = f"{item.label} – {_('By: %(variable)s') % {'variable': shown.by}}" if shown.by else item.label
    head = [title, method.base_sentence(item, reader)]
    if shown.table.withheld:
        return "\n".join(head)
    heads = [_("Count"), "%"]
    labels = [f"{group} {one}" for group in shown.groups for one in heads] if shown.by else heads
    rows: list[Sequence[str]] = [["", *labels]]
    for line in shown.lines:
        numbers = [
            _("hidden") if value is None else str(value)
            for pair in zip(line.counts, line.shares, strict=True)
            for value in pair
        ]
        rows.append([line.label, *(("" if line.missing and place % 2 else one) for place, one in enumerate(numbers))])
    return "\n".join([*head, "", _aligned(rows), *filter(None, [method.hidden_sentence(shown.table, reader)])])


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _csv(header: Sequence[str], rows: Sequence[csv.Fields]) -> None:
    for line in csv.lines(header, rows):
        sys.stdout.write(line.decode().replace("\r\n", "\n"))
