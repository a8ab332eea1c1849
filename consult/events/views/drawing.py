"""The draw: what it starts from, the seed, and the public record of it."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult import paths
from consult.core.errors import Refused
from consult.core.sampling.record import decode
from consult.events import drawing, queries
from consult.events.choosing_forms import DrawForm
from consult.events.models.planned import Occasion, Selection
from consult.events.models.signed import Draw
from consult.events.views import planning
from consult.events.views import visit as at
from consult.events.views.blueprint import OCCASION, PUBLIC, blueprint
from consult.events.views.choosing import categories
from consult.events.views.describing import render
from consult.participation import queries as participation
from consult.processes import desk
from consult.processes.models import Activity, Kind
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.ready import Ready
from consult.web.transaction import session

_KEPT = "public, max-age=300"


@blueprint.route(f"{OCCASION}/draw", methods=["GET", "POST"])
def draw(slug: str, number: int) -> ResponseReturnValue:
    """What the draw starts from, and the one form that draws."""
    activity, occasion = planning.found(slug, number)
    if occasion.event.selection != Selection.DRAW:
        abort(404)
    form = DrawForm()
    if form.validate_on_submit():
        try:
            drawing.draw(session(), activity, occasion, form.seed.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = planning.found(slug, number)
        else:
            flash(_("Drawn. The record is public."), "success")
            return redirect(url_for("events.draw", slug=slug, number=number))
    return _page(activity, occasion, form)


@blueprint.get(f"{PUBLIC}/<int:number>/draw")
def drawn(slug: str, number: int) -> Answer:
    """The draw of an occasion, as everybody may know it."""
    seen = at.visit(slug)
    occasion, made = _drawn(seen.door.activity_id, number)
    return at.page(
        seen,
        "events/draw_record.html",
        occasion=occasion,
        made=made,
        record=decode(made.record),
        asked=categories(seen.door.activity_id),
    )


@blueprint.get("/e/<slug>/<int:number>/draw.json")
def draw_file(slug: str, number: int) -> Response:
    """The same as a file: what anybody recomputes it from. One address for all locales, so that it is kept once."""
    door = participation.door(session(), slug, Kind.EVENT) or abort(404)
    _occasion, made = _drawn(door.activity_id, number)
    return Ready.of(made.record.encode()).response("application/json", _KEPT)


@blueprint.get("/e/recompute-draw.py")
def draw_program() -> Response:
    """The program by which a stranger recomputes a draw."""
    return Ready.of(paths.RECOMPUTE_DRAW.read_bytes()).response("text/x-python; charset=utf-8", _KEPT)


def _page(activity: Activity, occasion: Occasion, form: DrawForm) -> str:
    made, ends = drawing.drawn(session(), occasion), queries.sign_up_ends(activity, occasion)
    return render(
        "events/draw.html",
        activity,
        form=form,
        event=occasion.event,
        occasion=occasion,
        ends=ends,
        made=made,
        record=made and decode(made.record),
        preview=drawing.preview(session(), activity, occasion) if made is None and ends <= now() else None,
        asked=categories(activity.id),
    )


def _drawn(activity_id: uuid.UUID, number: int) -> tuple[Occasion, Draw]:
    occasion = queries.occasion(session(), activity_id, number) or abort(404)
    return occasion, drawing.drawn(session(), occasion) or abort(404)
