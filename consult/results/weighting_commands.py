"""The command line for weights: `consult weights rake`, `estimate` on plain CSV files, and `margins` of an activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from consult.core.aggregation.estimates import Estimate, Sample, means, quantiles, shares, sizes, totals
from consult.core.aggregation.tables import Variable
from consult.core.aggregation.weights import Calibration, classify, deviation, rake
from consult.core.errors import Problem, Refused
from consult.core.exchange.workbook import Sheet
from consult.db.installation import Installation
from consult.processes.models import Activity
from consult.processes.queries import process_by_slug
from consult.questionnaires.refusing import named, refusals
from consult.results import engines, margins, queries, weighing, weighting, weighting_reports
from consult.results.datasets import thresholds
from consult.results.models import Margins

Opener = Callable[[], Installation]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_BOUND = click.FloatRange(min=0)
_STATISTICS = "mean|share|total|quantile:Q"
_MET = 1e-6
"""Relative deviation from a margin that is told."""


@click.group("weights")
def weights() -> None:
    """Weight samples and estimate from them, on plain CSV files; and the margins of an activity."""


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
    with refusals():
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
    with refusals():
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


@weights.command("margins")
@click.argument("activity", metavar="PROCESS/ACTIVITY")
@click.option("--file", type=_FILE, help="CSV: variable,category,total. They are proposed, and fitted once a day.")
@click.option("--lower", type=_BOUND, default=0.0, metavar="L", help="Least weight, as a multiple of the mean.")
@click.option("--upper", type=_BOUND, default=0.0, metavar="U", help="Greatest weight, likewise; 0: none.")
@click.option("--fit", "fitted", is_flag=True, help="Fit the latest margins, if that has not been done today.")
@click.option("--accept/--refuse", "accept", default=None, help="Decide on the latest margins.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
@click.pass_obj
def margins_command(
    installation: Opener,
    activity: str,
    file: Path | None,
    lower: float,
    upper: float,
    fitted: bool,
    accept: bool | None,
    form: str,
) -> None:
    """Propose, fit, accept or refuse the margins that releases weight PROCESS/ACTIVITY to; print the latest.

    Exit code 2: refused, with the reasons.
    """
    opened, now = installation(), dt.datetime.now(dt.UTC)
    with refusals():
        if file:
            with opened.database.transaction() as session:
                found, known = _activity(session, activity)
                read = margins.read(file.read_bytes(), file.name, known)
                margins.propose(
                    session,
                    found,
                    file=margins.text(file.read_bytes()),
                    totals=read,
                    lower=lower,
                    upper=upper,
                    by=None,
                    now=now,
                )
        if file or fitted:
            _fit(opened, activity, now, asked=fitted)
        if accept is not None:
            with opened.database.transaction() as session:
                found, _known = _activity(session, activity)
                margins.decide(session, found, _latest(session, found).number, accept=accept, by=None, now=now)
    with opened.database.reading() as session:
        found, _known = _activity(session, activity)
        click.echo(weighting_reports.margins(_latest(session, found), margins.fits(_latest(session, found)), form))


def _fit(opened: Installation, name: str, now: dt.datetime, *, asked: bool) -> None:
    """Fit the latest margins; where nobody asked for it, only if none have been fitted today."""
    with opened.database.reading() as session:
        found, _known = _activity(session, name)
        latest = _latest(session, found)
        if not margins.may_fit(session, found, now) and not asked:
            return
        number, wanted = latest.number, margins.wanted(latest)
        limits = thresholds(found.process, opened.settings.threshold)
        store, engine = opened.settings.column_store, engines.connect(opened.settings)
        fits = weighing.fit(session, found, wanted, limits, store=store, engine=engine)
    with opened.database.transaction() as session:
        found, _known = _activity(session, name)
        margins.keep_fit(session, found, number, fits, by=None, now=now)


def _activity(session: Session, name: str) -> tuple[Activity, Sequence[Variable]]:
    process, _, slug = name.partition("/")
    owner = process_by_slug(session, process)
    found = next((one for one in owner.activities if one.slug == slug), None) if owner else None
    if found is None:
        raise click.ClickException(f"there is no activity {name!r}")
    return found, weighing.variables_of(session, found)


def _latest(session: Session, activity: Activity) -> Margins:
    found = queries.margins(session, activity.id)
    if not found:
        raise click.ClickException("no margins have been proposed; give them with --file")
    return found[0]


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
        click.echo(named(missed), err=True)
    return Calibration(respondents, base)


def _estimates(
    sample: Sample, table: Sheet, variable: str, name: str, probability: float, by: Sequence[str]
) -> list[Estimate]:
    if name == "quantile":
        return quantiles(sample, weighting.number_answers(table, variable), probability, by)
    if name != "share" and weighting.are_numbers(table, variable):
        return (means if name == "mean" else totals)(sample, weighting.number_answers(table, variable), by)
    return (sizes if name == "total" else shares)(sample, weighting.texts(table, variable), by)
