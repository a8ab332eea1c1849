"""The command line for releases: `consult releases …`."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import click
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.text import LocalisedText, clean
from consult.db.installation import Installation
from consult.processes.commands import FORMAT, clear, drawn, follow, process_of, show
from consult.processes.models import Process
from consult.questionnaires.refusing import refusals
from consult.results import drafts, engines, queries, service
from consult.results.comparing import Pair, compare
from consult.results.content import METHODS, Content, Plan, content_of
from consult.results.models import Release
from consult.results.presentation import Reader
from consult.results.service import Draft
from consult.results.translations import words_of

Opener = Callable[[], Installation]
_LOCALE = click.option("--locale", type=click.Choice(LOCALES), default=LOCALES[0], help="Language of labels and words.")
_TITLE = click.option("--title", default="", help="Title, in the process's first language.")
_BY = click.option(
    "--by",
    "crossings",
    multiple=True,
    metavar="CONCEPT",
    help="Break it down by this, or by two (`sex*age_group`); `:places` counts every place of orders, "
    "`:words` the languages of texts. Repeatable.",
)
_THRESHOLD = click.option(
    "--threshold", type=int, default=0, help="Least number of people behind a count; can only be raised."
)

_METHOD = click.option(
    "--method",
    type=click.Choice(METHODS),
    help="How small groups are protected; default: as in the last release, or cell-key while answers still come in.",
)


@click.group("releases")
def releases() -> None:
    """Frozen sets of aggregates: the only way numbers leave the system.

    Exit codes of all commands: 0 it is done, 1 it failed or something does not hold, 2 refused with the reasons on
    standard error, 3 cancelled.
    """


@releases.command("list")
@click.argument("process")
@FORMAT
@click.pass_obj
def list_command(installation: Opener, process: str, form: str) -> None:
    """List the releases of PROCESS (its address), and the drafts that wait for a decision."""
    with installation().database.reading() as session:
        found = process_of(session, process)
        rows = [
            {
                "number": release.number,
                "title": release.title.resolve("en").text,
                "state": release.state,
                "frozen_on": release.frozen_at.date().isoformat(),
                "hash": release.hash,
            }
            for release in queries.releases(session, found.id)
        ]
        rows += [
            {
                "number": str(draft.id),
                "title": draft.title.resolve("en").text,
                "state": "draft",
                "frozen_on": "",
                "hash": "",
            }
            for draft in drafts.waiting(session, found.id, _now())
        ]
    show(rows, form)


@releases.command("plan")
@click.argument("process")
@_TITLE
@_BY
@_THRESHOLD
@_METHOD
@click.option("--wait", is_flag=True, help="Follow the job until it has ended.")
@click.pass_context
def plan(
    context: click.Context,
    process: str,
    title: str,
    crossings: tuple[str, ...],
    threshold: int,
    method: str | None,
    wait: bool,
) -> None:
    """Have a worker compute a release of PROCESS; print the job, which is the draft's name when it is done.

    A draft is kept for three days: look at it with `preview`, then `freeze --draft` it. With --wait the exit codes are
    those of `consult jobs follow`. Exit code 2: another one of this process is being computed.
    """
    opened: Installation = context.obj()
    with opened.database.transaction() as session:
        found = process_of(session, process)
        asked = drafts.plan(session, found, _plan(found, title, crossings, threshold, method), by=None, now=_now())
    click.echo(str(asked.id))
    if not asked.new:
        click.echo("another release of this process is being computed: this is its job", err=True)
        context.exit(2)
    if wait:
        context.exit(follow(opened, asked.id))


@releases.command("preview")
@click.argument("process")
@click.argument("draft", type=click.UUID)
@_LOCALE
@FORMAT
@click.pass_obj
def preview(installation: Opener, process: str, draft: uuid.UUID, locale: str, form: str) -> None:
    """Print the protected tables of DRAFT: every answer with its count and share; empty is hidden."""
    opened = installation()
    with opened.database.reading() as session:
        made = _draft(session, process_of(session, process), draft, opened)
    # Against nothing: every table is there as it would be frozen.
    reader = Reader(locale, words_of(locale))
    show([row for pair in compare(made.content, made.content, reader).pairs for row in _shares(pair)], form)


@releases.command("freeze")
@click.argument("process")
@click.option("--draft", "draft", type=click.UUID, help="A planned draft; without it one is computed here and now.")
@_TITLE
@_BY
@_THRESHOLD
@_METHOD
@click.pass_obj
def freeze(
    installation: Opener,
    process: str,
    draft: uuid.UUID | None,
    title: str,
    crossings: tuple[str, ...],
    threshold: int,
    method: str | None,
) -> None:
    """Freeze a release of PROCESS and print its number and hash. Exit code 2: refused, with the reasons.

    Progress is drawn on standard error where that is a terminal. Cut off at any moment, there is a release or none.
    """
    opened, now = installation(), _now()
    with refusals():
        if draft is None:
            made = _computed(opened, process, lambda found: _plan(found, title, crossings, threshold, method), now)
        else:
            with opened.database.reading() as session:
                found = process_of(session, process)
                made = drafts.examine(session, found, _draft(session, found, draft, opened), keys=opened.keys)
        with opened.database.transaction() as session:
            found = process_of(session, process)
            if draft is None:
                release = service.freeze(session, found, made, by=None, now=now, keys=opened.keys)
            else:
                release = drafts.freeze(session, found, draft, made, by=None, now=now, keys=opened.keys)
            said = f"{release.number} {release.hash}"
    click.echo(said)


@releases.command("publish")
@click.argument("process")
@click.argument("number", type=int)
@click.pass_obj
def publish(installation: Opener, process: str, number: int) -> None:
    """Publish frozen release NUMBER of PROCESS. Exit code 2: refused, with the reasons."""
    opened, now = installation(), _now()
    with refusals():
        with opened.database.reading() as session:
            found = process_of(session, process)
            held = service.examine(session, found, _release(session, found, number), keys=opened.keys)
        with opened.database.transaction() as session:
            found = process_of(session, process)
            release = _release(session, found, number)
            service.publish(session, found, release, by=None, now=now, keys=opened.keys, held=held)


@releases.command("withdraw")
@click.argument("process")
@click.argument("number", type=int)
@click.option(
    "--note",
    "notes",
    multiple=True,
    required=True,
    metavar="LOCALE=TEXT",
    help="What everybody is told, once for each locale of the process.",
)
@click.pass_obj
def withdraw(installation: Opener, process: str, number: int, notes: tuple[str, ...]) -> None:
    """Show published release NUMBER of PROCESS to nobody any more, and everybody why. Exit code 2: refused.

    It stays in the list with the note, and later releases are still held against it: what was public stays known.
    """
    pairs = [note.partition("=") for note in notes]
    text = LocalisedText({locale.strip(): clean(words).strip() for locale, _, words in pairs})
    with refusals(), installation().database.transaction() as session:
        found = process_of(session, process)
        service.withdraw(session, found, _release(session, found, number), text, by=None, now=_now())


@releases.command("compare")
@click.argument("process")
@click.argument("earlier", type=int)
@click.argument("number", type=int)
@_LOCALE
@FORMAT
@click.pass_obj
def compare_command(installation: Opener, process: str, earlier: int, number: int, locale: str, form: str) -> None:
    """Print what release NUMBER of PROCESS says otherwise than EARLIER: changed shares, new and gone tables."""
    with installation().database.reading() as session:
        found = process_of(session, process)
        contents: list[Content] = [content_of(_release(session, found, one).content) for one in (earlier, number)]
    comparison = compare(contents[0], contents[1], Reader(locale, words_of(locale)))
    rows = [row for pair in comparison.pairs for row in _changes(pair)]
    for state, tables in (("new", comparison.new), ("gone", comparison.gone)):
        rows += [_row(state, table.activity, table.question, table.by, "", "", None, None, None) for table in tables]
    show(rows, form)


@releases.command("verify")
@click.argument("process")
@click.argument("number", type=int, required=False)
@FORMAT
@click.pass_context
def verify(context: click.Context, process: str, number: int | None, form: str) -> None:
    """Check hash, pattern and numbers of the releases of PROCESS. Exit code 1: something does not hold."""
    opened: Installation = context.obj()
    good, rows = True, []
    with opened.database.snapshot() as session:
        found = process_of(session, process)
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
            rows.append(
                {
                    "number": each,
                    "hash": "intact" if verdict.intact else "DAMAGED",
                    "pattern": "safe" if verdict.safe else "BROKEN",
                    "numbers": {True: "recomputed", False: "DIFFERS", None: "data have changed since"}[
                        verdict.recomputed
                    ],
                }
            )
    if form == "text":
        for row in rows:
            click.echo(f"{row['number']}: {row['hash']}, {row['pattern']}, {row['numbers']}")
    else:
        show(rows, form)
    context.exit(0 if good else 1)


def _computed(opened: Installation, process: str, planned: Callable[[Process], Plan], now: dt.datetime) -> Draft:
    with opened.database.snapshot() as session:
        found = process_of(session, process)
        try:
            return service.draft(
                session,
                found,
                planned(found),
                now=now,
                settings=opened.settings,
                engine=engines.connect(opened.settings),
                keys=opened.keys,
                progress=drawn(),
            )
        finally:
            clear()


def _plan(process: Process, title: str, crossings: tuple[str, ...], threshold: int, method: str | None) -> Plan:
    text = LocalisedText({process.locales[0]: clean(title).strip()})
    return Plan(title=text, crossings=crossings or Plan().crossings, threshold=threshold, method=method or "")


def _draft(session: Session, process: Process, draft_id: uuid.UUID, opened: Installation) -> Draft:
    found = drafts.found(session, process.id, draft_id, _now())
    if found is None:
        raise click.ClickException(f"there is no draft {draft_id}")
    return drafts.opened(found, opened.keys)


def _shares(pair: Pair) -> Iterator[dict[str, object]]:
    for answer in pair.answers:
        yield {
            "activity": pair.activity,
            "question": pair.variable,
            "by": pair.by,
            "group": answer.group_label,
            "answer": answer.label,
            "count": answer.count,
            "share": answer.after,
        }


def _changes(pair: Pair) -> Iterator[dict[str, object]]:
    for answer in pair.answers:
        if not answer.same:
            yield _row(
                "changed",
                pair.activity,
                pair.variable,
                pair.by,
                answer.group_label,
                answer.label,
                answer.before,
                answer.after,
                answer.change,
            )


def _row(*values: object) -> dict[str, object]:
    heads = ("what", "activity", "question", "by", "group", "answer", "before", "after", "points")
    return dict(zip(heads, values, strict=True))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _release(session: Session, process: Process, number: int) -> Release:
    found = queries.release(session, process.id, number)
    if found is None:
        raise click.ClickException(f"there is no release {number}")
    return found
