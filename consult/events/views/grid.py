"""The profile grid at the desk."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import grid as grids
from consult.events import queries
from consult.events.models.planned import Target
from consult.events.planning_forms import CELL, target_form
from consult.events.views import describing
from consult.events.views.blueprint import DESK, blueprint
from consult.processes import desk
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{DESK}/grid", methods=["GET", "POST"])
def grid(slug: str) -> ResponseReturnValue:
    """The rows of the grid, and another one."""
    return _edited(slug, None)


@blueprint.route(f"{DESK}/grid/<uuid:target_id>", methods=["GET", "POST"])
def target(slug: str, target_id: uuid.UUID) -> ResponseReturnValue:
    """One row."""
    return _edited(slug, target_id)


@blueprint.post(f"{DESK}/grid/<uuid:target_id>/up")
def raise_target(slug: str, target_id: uuid.UUID) -> ResponseReturnValue:
    """Have it earlier."""
    activity = describing.found(slug)
    grids.raise_up(session(), activity, _found(activity.id, target_id), by=actor(), now=now())
    return redirect(url_for("events.grid", slug=slug))


@blueprint.post(f"{DESK}/grid/<uuid:target_id>/remove")
def remove_target(slug: str, target_id: uuid.UUID) -> ResponseReturnValue:
    """Have it no more."""
    activity = describing.found(slug)
    grids.remove(session(), activity, _found(activity.id, target_id), by=actor(), now=now())
    flash(_("Removed."), "success")
    return redirect(url_for("events.grid", slug=slug))


def _edited(slug: str, target_id: uuid.UUID | None) -> ResponseReturnValue:
    activity = describing.found(slug)
    one = None if target_id is None else _found(activity.id, target_id)
    asked = grids.asked(session(), activity.id)
    kept: dict[str, object] = {f"{CELL}{question}": codes for question, codes in (one.cell if one else {}).items()}
    if one:
        kept |= {"minimum": one.minimum, "maximum": one.maximum}
    form = target_form(asked, activity.locales[0], data=kept)
    if form.validate_on_submit():
        try:
            bounds = {"minimum": form.minimum.data or 0, "maximum": form.maximum.data}
            grids.put(session(), activity, one, cell=form.cell(), **bounds, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = describing.found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.grid", slug=slug))
    targets = queries.targets(session(), activity.id)
    least = grids.least(targets)
    return describing.render(
        "events/grid.html" if target_id is None else "events/target.html",
        activity,
        form=form,
        cells=[field for field in form if field.name.startswith(CELL)],
        asked={question.id: question for question in asked},
        targets=targets,
        least=least,
        small=[
            one for one in queries.occasions(session(), activity.id) if one.capacity < least and one.state == "planned"
        ],
    )


def _found(activity_id: uuid.UUID, target_id: uuid.UUID) -> Target:
    return grids.find(session(), activity_id, target_id) or abort(404)
