"""The speaking order of a hearing, and the page that the room sees."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import attending, grid, queries, speaking_order
from consult.events.attending import Listed
from consult.events.day_forms import DrawSpeakersForm
from consult.events.models.planned import Occasion
from consult.events.views.attending import held, with_names
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.locale import current
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_ACTS: Final[Mapping[str, Callable[..., None]]] = {
    "earlier": partial(speaking_order.move, step=-1),
    "later": partial(speaking_order.move, step=1),
    "add": speaking_order.add,
    "remove": speaking_order.remove,
}
_STEPS: Final = {"next": 1, "back": -1}


@blueprint.route(f"{OCCASION}/speaking", methods=["GET", "POST"], endpoint="speaking_order")
def order(slug: str, number: int) -> ResponseReturnValue:
    """Who speaks when: draw the order, and change it by hand."""
    activity, occasion = _hearing(slug, number)
    kept = speaking_order.floor(session(), occasion)
    form = DrawSpeakersForm(data={"minutes": kept.minutes if kept else 3, "turns": kept.turns if kept else ""})
    form.offer(_questions(activity), _("Nothing: by lot alone"))
    act = request.form.get("act", "")
    if act in _ACTS:
        return _changed(activity, occasion, act)
    if form.validate_on_submit():
        drawn = form.number.data or f"{secrets.randbelow(10**6):06}"
        turns, minutes = form.turns.data, form.minutes.data
        speaking_order.draw(
            session(), activity, occasion, number=drawn, turns=turns, minutes=minutes, by=actor(), now=now()
        )
        flash(_("The order is drawn."), "success")
        return redirect(url_for("events.speaking_order", slug=slug, number=number))
    people = with_names(activity, occasion)
    return render(
        "events/speaking_order.html",
        activity,
        occasion=occasion,
        form=form,
        floor=kept,
        order=_in_order(people),
        asking=[one for one in people if one.row.speaks == 0],
        others=[one for one in people if one.row.speaks is None],
        turns=dict(form.turns.choices).get(kept.turns, "") if kept and kept.turns else "",
    )


@blueprint.route(f"{OCCASION}/floor", methods=["GET", "POST"])
def floor(slug: str, number: int) -> ResponseReturnValue:
    """Who has the floor and who comes next, in large letters for everybody in the room."""
    activity, occasion = _hearing(slug, number)
    kept = speaking_order.floor(session(), occasion) or abort(404)
    if request.method == "POST":
        seen, step = request.form.get("seen", type=int), _STEPS.get(request.form.get("act", ""))
        if seen is None or step is None:
            abort(400)
        speaking_order.go_on(session(), occasion, seen=seen, step=step)
        return redirect(url_for("events.floor", slug=slug, number=number), 303)
    ordered = _in_order(with_names(activity, occasion))
    place = kept.place
    return render(
        "events/floor.html",
        activity,
        occasion=occasion,
        floor=kept,
        speaker=ordered[place - 1] if 0 < place <= len(ordered) else None,
        following=ordered[place : place + 3],
        last=place > len(ordered),
    )


def _hearing(slug: str, number: int) -> tuple[Activity, Occasion]:
    """An occasion of an event at which people can ask to speak, else 404."""
    activity, occasion = held(slug, number)
    return (activity, occasion) if queries.event(session(), activity.id).speaking else abort(404)


def _changed(activity: Activity, occasion: Occasion, act: str) -> ResponseReturnValue:
    ticket = request.form.get("ticket", "")
    if ticket not in attending.marks(session(), occasion):
        abort(404)
    slug, number = activity.slug, occasion.number
    try:
        _ACTS[act](session(), activity, occasion, ticket, by=actor(), now=now())
    except Refused as refused:
        rollback()
        flash(" ".join(sentences(refused.problems)), "danger")
    return redirect(url_for("events.speaking_order", slug=slug, number=number, _anchor=ticket), 303)


def _in_order(people: list[Listed]) -> list[Listed]:
    return sorted((one for one in people if one.row.speaks), key=lambda one: one.row.speaks or 0)


def _questions(activity: Activity) -> list[tuple[str, str]]:
    source = activity.locales[0]
    asked = grid.asked(session(), activity.id)
    return [(one.id, one.label.resolve(current().code, source).text) for one in asked]
