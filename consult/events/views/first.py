"""What an event is about, when and where it takes place, for everybody."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from consult.core.calendar import file_of
from consult.core.localtime import time_zones
from consult.events import drawing, placing, programme, queries
from consult.events.appointments import appointment
from consult.events.models.planned import Selection
from consult.events.views import visit as at
from consult.events.views.blueprint import PUBLIC, blueprint
from consult.events.views.visit import Visit
from consult.events.words import FORMS, LEFT, PROVISIONS, TOLD
from consult.web.choices import zones
from consult.web.downloads import attached
from consult.web.transaction import session


@blueprint.get(PUBLIC)
def first(slug: str) -> Answer:
    """What it is about, how places are given, and its occasions."""
    seen = at.visit(slug)
    occasions = queries.occasions(session(), seen.door.activity_id)
    return _page(seen, "events/first.html", occasions=occasions, forms=FORMS, told=TOLD)


@blueprint.get(f"{PUBLIC}/<int:number>")
def occasion(slug: str, number: int) -> Answer:
    """One occasion: when and where, what happens, what is provided, how much room there is."""
    seen = at.visit(slug)
    one = at.occasion(seen, number)
    return _page(
        seen,
        "events/one.html",
        occasion=one,
        timed=programme.timed(one, queries.slots(session(), one.id)),
        handouts=queries.handouts(session(), one.activity_id),
        provisions=PROVISIONS,
        drawn=drawing.drawn(session(), one),
    )


@blueprint.get(f"{PUBLIC}/<int:number>.ics")
def calendar(slug: str, number: int) -> Response:
    """One occasion for calendars; how to join online is not in it."""
    seen = at.visit(slug)
    one = at.occasion(seen, number)
    entry = appointment(one, seen.locale, now=seen.now)
    return attached(file_of(entry), "text/calendar", f"{slug}-{number}.ics")


def _page(seen: Visit, template: str, **context: Any) -> Answer:
    zone, first_come = _zone(), seen.event.selection == Selection.FIRST
    waited = placing.waited(session(), seen.door.activity_id) if first_come else frozenset()
    context |= {
        "state": seen.door.state(seen.now),
        "left": lambda one: placing.left(one, waited=one.id in waited),
        "takes": lambda one: seen.open and queries.takes(one, seen.now),
        "names": LEFT,
        "zone": zone,
        "zones": zones(zone or None),
    }
    return at.page(seen, template, **context)


def _zone() -> str:
    """The time zone in which somebody wants to read times, as the address says; empty: that of the place alone."""
    wanted = request.args.get("zone", "")
    return wanted if wanted in time_zones() else ""
