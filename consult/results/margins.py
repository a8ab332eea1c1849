"""Margins of an activity: read from a file, proposed, fitted once a day, accepted or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.aggregation.fits import MERGED, Fit, KnownMargin, Weighting
from consult.core.aggregation.tables import Kind, Variable
from consult.core.aggregation.variables import CHANNEL
from consult.core.aggregation.weights import plain
from consult.core.errors import Problem, Refused, refuse_if_any
from consult.core.exchange.responses.tables import read_tables
from consult.core.exchange.workbook import Sheet
from consult.core.text import LocalisedText
from consult.participation.service import day
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.results import queries, weighting
from consult.results.models import Margins, MarginsState

COLUMNS: Final = ("variable", "category", "total")
_AGREE: Final = 1e-6
"""Relative difference of two variables' sums that is a matter of rounding."""


def read(data: bytes, filename: str, known: Sequence[Variable]) -> tuple[KnownMargin, ...]:
    """The margins in a file with the columns variable, category and total.

    `known`: the variables of the activity; one is named by its concept, name or id, a category by its code, several
    that have one total by their codes with `MERGED` between. Refuses, with row and column, what `weighting.margins`
    refuses, `weights.margins.variable`, `.category`, and `weights.margin.twice` and `.totals`.
    """
    table = read_tables(data, filename)[0]
    margins = weighting.margins(table)
    named = weighting.texts(table, COLUMNS[0])
    names = {name: variable for name in named if (variable := _variable(name, known))}
    refuse_if_any(_misplaced(table, names, known))
    first = margins[0]
    refuse_if_any(
        Problem(
            "weights.margin.totals",
            {
                "variable": each.variable,
                "total": plain(each.sum),
                "first": first.variable,
                "first_total": plain(first.sum),
            },
            table.place(column=table.headers.index(COLUMNS[2])),
        )
        for each in margins
        if abs(each.sum - first.sum) > _AGREE * first.sum
    )
    return tuple(KnownMargin(variable=names[each.variable].id, totals=tuple(each.totals.items())) for each in margins)


def _variable(text: str, known: Sequence[Variable]) -> Variable | None:
    """The single choice of a name, a concept or an id; questions before circumstances. Channels are weighted apart."""
    fit = [one for one in known if one.kind is Kind.SINGLE and one.id != CHANNEL and not one.until]
    return next((one for one in fit if text and text in (one.concept, one.name, one.id)), None)


def _misplaced(table: Sheet, names: Mapping[str, Variable], known: Sequence[Variable]) -> Iterator[Problem]:
    """Rows whose variable or category the activity does not have, or has in another row already."""
    seen: dict[tuple[str, str], int] = {}
    variables, categories = (weighting.texts(table, header) for header in COLUMNS[:2])
    for row, text, category in zip(table.rows, variables, categories, strict=True):
        variable = names.get(text)
        if variable is None:
            offered = ", ".join(one.name for one in known if _variable(one.name, known) is one)
            place = table.place(row.number, table.headers.index(COLUMNS[0]))
            yield Problem("weights.margins.variable", {"variable": text, "names": offered}, place)
            continue
        place = table.place(row.number, table.headers.index(COLUMNS[1]))
        codes = [category] if category in variable.codes() else category.split(MERGED)
        for code in codes:
            if code not in variable.codes():
                params = {"category": code, "variable": text, "codes": ", ".join(variable.codes())}
                yield Problem("weights.margins.category", params, place)
            elif seen.setdefault((variable.id, code), row.number) != row.number:
                yield Problem("weights.margin.twice", {"variable": text, "category": code}, place)


def propose(
    session: Session,
    activity: Activity,
    *,
    file: str,
    totals: Sequence[KnownMargin],
    lower: float,
    upper: float,
    by: Actor | None,
    now: dt.datetime,
) -> Margins:
    """Keep margins until somebody decides on them. Refuses `weights.margins.bounds`: the mean of weights is 1."""
    if lower >= 1 or 0 < upper <= 1:
        raise Refused.because("weights.margins.bounds")
    lock(session, activity)
    earlier = queries.margins(session, activity.id)
    proposed = Margins(
        activity_id=activity.id,
        number=max((one.number for one in earlier), default=0) + 1,
        file=file,
        totals=msgspec.to_builtins(totals),
        lower=lower,
        upper=upper,
        model=earlier[0].model if earlier else LocalisedText(),
        proposed_at=now,
        proposed_by=by.id if by else None,
    )
    session.add(proposed)
    session.flush()
    _note(session, activity, proposed, "propose", by, now)
    return proposed


def may_fit(session: Session, activity: Activity, now: dt.datetime) -> bool:
    """Whether no fit has been made today: one a day, so that fits of many margins do not add up to a count."""
    today = day(now, activity.time_zone)
    return all(one.fitted_on != today for one in queries.margins(session, activity.id))


def keep_fit(
    session: Session, activity: Activity, number: int, fits: Sequence[Fit], *, by: Actor | None, now: dt.datetime
) -> Margins:
    """Note how margins fit. Refuses `weights.margins.day`."""
    lock(session, activity)
    if not may_fit(session, activity, now):
        raise Refused.because("weights.margins.day")
    found = session.get_one(Margins, (activity.id, number))
    found.fit, found.fitted_on = msgspec.to_builtins(fits), day(now, activity.time_zone)
    session.flush()
    _note(session, activity, found, "fit", by, now)
    return found


def decide(
    session: Session, activity: Activity, number: int, *, accept: bool, by: Actor | None, now: dt.datetime
) -> Margins:
    """Accept margins whose fit has been seen, or refuse them, accepted ones included.

    Refuses `weights.margins.unfitted` (no channel would have weights, or nobody has looked) and `.decided`.
    """
    lock(session, activity)
    found = session.get_one(Margins, (activity.id, number))
    if found.state == MarginsState.REFUSED or (accept and found.state == MarginsState.ACCEPTED):
        raise Refused.because("weights.margins.decided")
    if accept and not any(not fit.refused for fit in fits(found)):
        raise Refused.because("weights.margins.unfitted")
    found.state = MarginsState.ACCEPTED if accept else MarginsState.REFUSED
    found.decided_at, found.decided_by = now, by.id if by else None
    session.flush()
    _note(session, activity, found, "accept" if accept else "refuse", by, now)
    return found


def name_model(
    session: Session, activity: Activity, number: int, model: LocalisedText, *, by: Actor | None, now: dt.datetime
) -> None:
    """Say under which model, and which assumptions, self-selected responses have intervals; nothing: they have none."""
    lock(session, activity)
    found = session.get_one(Margins, (activity.id, number))
    found.model = model
    session.flush()
    _note(session, activity, found, "model", by, now)


def totals(margins: Margins) -> tuple[KnownMargin, ...]:
    """What is known of the population."""
    return tuple(msgspec.convert(margins.totals, list[KnownMargin]))


def fits(margins: Margins) -> tuple[Fit, ...]:
    """How they fit, in round numbers, channel by channel; none before somebody has asked."""
    return tuple(msgspec.convert(margins.fit or [], list[Fit]))


def text(data: bytes) -> str:
    """A file as it can be shown and mended."""
    return data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def wanted(margins: Margins) -> Weighting:
    """What a release is weighted to."""
    return Weighting(margins=totals(margins), lower=margins.lower, upper=margins.upper, model=margins.model)


def _note(
    session: Session, activity: Activity, margins: Margins, verb: str, by: Actor | None, now: dt.datetime
) -> None:
    record(
        session,
        actor=by,
        action=f"results.{verb}_margins",
        subject=f"{activity.slug}/{margins.number}",
        now=now,
        process_id=activity.process_id,
        institution_id=activity.process.lead_institution_id,
        details={"variables": len(margins.totals), "lower": margins.lower, "upper": margins.upper},
    )
