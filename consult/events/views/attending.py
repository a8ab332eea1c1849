"""Who is there: the attendance sheet, checking in, and closing the list."""

from __future__ import annotations

from flask import Response, abort, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import attending, queries
from consult.events.attending import MARKS, Listed
from consult.events.models.planned import Occasion
from consult.events.trail import note
from consult.events.views import planning
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.events.words import NEEDS
from consult.processes.models import Activity
from consult.web.assets import script
from consult.web.context import keys, now
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import database, rollback, session

CAMERA = "camera=(self), geolocation=(), microphone=(), browsing-topics=()"
"""Tickets are read by the camera; nothing is recorded."""
LINES = 6
"""For those who come without having signed up."""
MOST = 2000
"""Marks in a request."""


@blueprint.get(f"{OCCASION}/sheet")
def sheet(slug: str, number: int) -> str:
    """The attendance sheet, to be printed and signed."""
    activity, occasion = held(slug, number)
    people = with_names(activity, occasion)
    event = queries.event(session(), activity.id)
    return render("events/sheet.html", activity, occasion=occasion, event=event, people=people, empty_lines=LINES)


@blueprint.get(f"{OCCASION}/check-in")
def check_in(slug: str, number: int) -> Response:
    """Who has a place, and whether they are there."""
    return _list(*held(slug, number))


@blueprint.get(f"{OCCASION}/check-in/marks")
def marks(slug: str, number: int) -> Response:
    """How everybody is marked, by ticket and without names: for pages that stay open."""
    _activity, occasion = held(slug, number)
    return jsonify(attending.marks(session(), occasion))


@blueprint.get(f"{OCCASION}/check-in/worker.js")
def door_worker(slug: str, number: int) -> Response:
    """The service worker of a list that is kept on a phone for the day."""
    held(slug, number)
    response = script("door_worker")
    response.headers["Service-Worker-Allowed"] = url_for("events.check_in", slug=slug, number=number)
    return response


@blueprint.post(f"{OCCASION}/check-in")
def mark(slug: str, number: int) -> ResponseReturnValue:
    """Mark people, each as `ticket.mark`; or look for somebody, whose name is to stand in no address."""
    activity, occasion = held(slug, number)
    if "mark" not in request.form:
        return _list(activity, occasion, request.form.get("search", "")[:200])
    given = [(ticket, name) for ticket, _dot, name in (one.partition(".") for one in request.form.getlist("mark"))]
    if len(given) > MOST or any(name not in MARKS for _ticket, name in given):
        abort(400)
    attending.mark(session(), activity, occasion, given, by=actor(), now=now())
    if request.accept_mimetypes.best == "application/json":
        return jsonify(attending.marks(session(), occasion))
    return redirect(url_for("events.check_in", slug=slug, number=number, _anchor=given[0][0]), 303)


@blueprint.route(f"{OCCASION}/check-in/close", methods=["GET", "POST"])
def close_list(slug: str, number: int) -> ResponseReturnValue:
    """Ask once, then mark who is not marked as not there."""
    activity, occasion = held(slug, number)
    if ConfirmForm().validate_on_submit():
        try:
            attending.close(session(), activity, occasion, by=actor(), now=now())
        except Refused as refused:
            rollback()
            flash(" ".join(sentences(refused.problems)), "danger")
        else:
            flash(_("The list is closed. Marks can still be changed."), "success")
        return redirect(url_for("events.check_in", slug=slug, number=number))
    return render("events/close_list.html", activity, occasion=occasion)


def held(slug: str, number: int) -> tuple[Activity, Occasion]:
    """An occasion of the event of an address within the request's scope that is not cancelled, else 404."""
    activity, occasion = planning.found(slug, number)
    return (activity, occasion) if occasion.state == "planned" else abort(404)


def with_names(activity: Activity, occasion: Occasion) -> list[Listed]:
    """Those who have a place; that their names were read is noted."""
    details = {"occasion": occasion.number}
    if request.method == "GET":
        with database().transaction() as opened:  # a reading request writes nothing
            note(opened, activity, "read_people", details, actor(), now())
    else:
        note(session(), activity, "read_people", details, actor(), now())
    return attending.placed(session(), keys(), occasion)


def _list(activity: Activity, occasion: Occasion, search: str = "") -> Response:
    people = with_names(activity, occasion)
    html = render(
        "events/check_in.html",
        activity,
        occasion=occasion,
        people=[one for one in people if one.is_meant(search)] if search else people,
        search=search,
        everybody=len(people),
        here=sum(one.mark == "here" for one in people),
        needs=NEEDS,
        over=occasion.starts_at <= now(),
    )
    answer = make_response(html)
    answer.headers["Permissions-Policy"] = CAMERA
    return answer
