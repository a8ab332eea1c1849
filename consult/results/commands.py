"""The command line for results: `consult releases …`, `consult results refresh` and `consult weights …`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from consult.config import LOCALES
from consult.core.aggregation.estimates import Estimate, Sample, means, quantiles, shares, sizes, totals
from consult.core.aggregation.weights import Calibration, classify, deviation, rake
from consult.core.errors import Problem, Refused
from consult.core.exchange.workbook import Sheet
from consult.core.text import LocalisedText, clean
from consult.db.installation import Installation
from consult.processes.models import Process
from consult.questionnaires.telling import line, told
from consult.results import engines, queries, service, upkeep, weighting, weighting_reports
from consult.results.content import METHODS, Plan, content_of
from consult.results.exports import FORMATS
from consult.results.models import Release
from consult.results.presentation import Reader
from consult.results.translations import words_of
from consult.web.messages import sentence

Opener = Callable[[], Installation]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_BOUND = click.FloatRange(min=0)
_STATISTICS = "mean|share|total|quantile:Q"
_LISTED = 20
"""Problems of a file that are told one by one."""
_MET = 1e-6
"""Relative deviation from a margin that is told."""


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
@click.option(
    "--method",
    type=click.Choice(METHODS),
    help="How small groups are protected; default: as in the last release, or cell-key while answers still come in.",
)
@click.pass_obj
def freeze(
    installation: Opener, process: str, title: str, crossings: tuple[str, ...], threshold: int, method: str | None
) -> None:
    """Compute and freeze a release of PROCESS. Exit code 2: refused, with the reasons."""
    opened, now = installation(), dt.datetime.now(dt.UTC)
    with _refusals():
        with opened.database.reading() as session:
            found = _process(session, process)
            text = LocalisedText({found.locales[0]: clean(title).strip()})
            plan = Plan(title=text, crossings=crossings or Plan().crossings, threshold=threshold, method=method or "")
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


@click.group("weights")
def weights() -> None:
    """Weight samples and estimate from them, on plain CSV files; no installation is needed."""


@weights.command("rake")
@click.argument("data", type=_FILE)
@click.option("--margins", required=True, type=_FILE, help="CSV: variable,category,total. A variable a:b crosses two.")
@click.option("--id", "identifier", metavar="COL", help="Column that identifies respondents; default: their row.")
@click.option("--base-weight", "base", metavar="COL", help="Column of weights to begin with; default: 1 for all.")
@click.option("--lower", type=_BOUND, default=0.0, metavar="L", help="Least weight; what it takes is spread evenly.")
@click.option("--upper", type=_BOUND, default=float("inf"), metavar="U", help="Greatest weight, likewise.")
@click.option("--out", required=True, type=_OUT, metavar="W.CSV", help="Where to write the weights.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the report.")
def rake_command(
    data: Path,
    margins: Path,
    identifier: str | None,
    base: str | None,
    lower: float,
    upper: float,
    out: Path,
    form: str,
) -> None:
    """Weight the respondents in DATA so that they add up to the totals in the margins, and report how that went.

    With a single variable this is post-stratification. Trimming comes last: the report says how far it leaves the
    margins. Exit code 2: refused, with the reasons; nothing is written.
    """
    with _named_refusals():
        table = weighting.read(data)
        header, names = weighting.identifiers(table, identifier)
        known = weighting.margins(weighting.read(margins))
        respondents = classify(weighting.columns_of(table, known), known)
        found = rake(respondents, _base(table, base), lower=lower, upper=upper)
    try:
        weighting.write(out, header, names, found.weights)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from error
    click.echo(weighting_reports.raked(found, form))


@weights.command("estimate")
@click.argument("data", type=_FILE)
@click.option("--weights", "weighted", required=True, type=_FILE, help="CSV: an identifier (or row), weight.")
@click.option("--margins", type=_FILE, help="The margins that the weights were fitted to: the error reckons with them.")
@click.option("--base-weight", "base", metavar="COL", help="The weights that they began with; default: 1 for all.")
@click.option("--var", "variable", required=True, metavar="X", help="What to estimate: numbers or categories.")
@click.option(
    "--statistic", default="mean", show_default=True, metavar=_STATISTICS, help="A share is a mean of categories."
)
@click.option("--by", metavar="Y", help="Column of groups to break it down by.")
@click.option("--strata", metavar="COL", help="Strata that the sample was drawn in.")
@click.option("--cluster", metavar="COL", help="Clusters of the first stage that were drawn.")
@click.option(
    "--fpc", metavar="COL", help="Clusters (or persons) in the population of the stratum, or the share drawn."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="How to print them.")
def estimate_command(
    data: Path,
    weighted: Path,
    margins: Path | None,
    base: str | None,
    variable: str,
    statistic: str,
    by: str | None,
    strata: str | None,
    cluster: str | None,
    fpc: str | None,
    form: str,
) -> None:
    """Estimate the mean of a number or the shares of categories in DATA, weighted, with standard errors.

    Errors and intervals (95 %) hold for samples drawn by chance, not for whoever came through an open link. The raw
    figure stands beside. Exit code 2: refused, with the reasons.
    """
    name, probability = _statistic(statistic)
    with _named_refusals():
        table = weighting.read(data)
        given = weighting.weights(weighting.read(weighted), table)
        sample = Sample(
            given,
            strata=weighting.texts(table, strata, required=True) if strata else (),
            clusters=weighting.texts(table, cluster, required=True) if cluster else (),
            population=weighting.numbers(table, fpc) if fpc else (),
            calibration=_calibration(table, margins, _base(table, base), given) if margins else None,
        )
        found = _estimates(sample, table, variable, name, probability, weighting.texts(table, by) if by else ())
        if not found:
            raise Refused.because("weights.unanswered", header=variable)
    click.echo(weighting_reports.estimates(found, form))


def _base(table: Sheet, header: str | None) -> list[float]:
    return weighting.numbers(table, header) if header else [1.0] * len(table.rows)


def _statistic(text: str) -> tuple[str, float]:
    name, _, rest = text.partition(":")
    good = name in ("mean", "share", "total") and not rest
    if not good and not (name == "quantile" and weighting.is_number(rest) and 0 < float(rest) < 1):
        raise click.BadParameter(f"one of {_STATISTICS}, with Q between 0 and 1", param_hint="--statistic")
    return name, 0.0 if good else float(rest)


def _calibration(table: Sheet, margins: Path, base: Sequence[float], given: Sequence[float]) -> Calibration:
    """What the margins say of the errors; warns where the weights do not meet them."""
    known = weighting.margins(weighting.read(margins))
    respondents = classify(weighting.columns_of(table, known), known)
    off, variable, category = deviation(respondents, given)
    if off > _MET:
        missed = Problem(
            "weights.margin.missed", {"variable": variable, "category": category, "percent": round(100 * off, 3)}
        )
        click.echo(_named(missed), err=True)
    return Calibration(respondents, base)


def _estimates(
    sample: Sample, table: Sheet, variable: str, name: str, probability: float, by: Sequence[str]
) -> list[Estimate]:
    if name == "quantile":
        return quantiles(sample, weighting.number_answers(table, variable), probability, by)
    if name != "share" and weighting.are_numbers(table, variable):
        return (means if name == "mean" else totals)(sample, weighting.number_answers(table, variable), by)
    return (sizes if name == "total" else shares)(sample, weighting.texts(table, variable), by)


def _named(problem: Problem) -> str:
    return line(told(problem)) if problem.place.sheet else f"{sentence(problem, str)} [{problem.code}]"


@contextmanager
def _named_refusals() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        listed = refused.problems[:_LISTED]
        for problem in listed:
            click.echo(_named(problem), err=True)
        if more := len(refused.problems) - len(listed):
            click.echo(sentence(Problem("xlsform.more", {"count": more}), str), err=True)
        raise click.exceptions.Exit(2) from refused


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
