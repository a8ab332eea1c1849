"""Where officers write the programme of an occasion."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import programme as programmes
from consult.events import queries
from consult.events.models.planned import Occasion, Slot
from consult.events.planning_forms import SlotForm
from consult.events.views import describing
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.planning import found
from consult.processes import desk
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session

_PROGRAMME = f"{OCCASION}/programme"


@blueprint.route(_PROGRAMME, methods=["GET", "POST"])
def programme(slug: str, number: int) -> ResponseReturnValue:
    """The parts of a programme, and another one."""
    return _edited(slug, number, None)


@blueprint.route(f"{_PROGRAMME}/<uuid:slot_id>", methods=["GET", "POST"])
def slot(slug: str, number: int, slot_id: uuid.UUID) -> ResponseReturnValue:
    """One part."""
    return _edited(slug, number, slot_id)


@blueprint.post(f"{_PROGRAMME}/<uuid:slot_id>/up")
def raise_slot(slug: str, number: int, slot_id: uuid.UUID) -> ResponseReturnValue:
    """Have it earlier."""
    activity, occasion = found(slug, number)
    programmes.raise_up(session(), activity, occasion, _found(occasion, slot_id), by=actor(), now=now())
    return redirect(url_for("events.programme", slug=slug, number=number))


@blueprint.post(f"{_PROGRAMME}/<uuid:slot_id>/remove")
def remove_slot(slug: str, number: int, slot_id: uuid.UUID) -> ResponseReturnValue:
    """Have it no more."""
    activity, occasion = found(slug, number)
    programmes.remove(session(), activity, occasion, _found(occasion, slot_id), by=actor(), now=now())
    flash(_("Removed."), "success")
    return redirect(url_for("events.programme", slug=slug, number=number))


def _edited(slug: str, number: int, slot_id: uuid.UUID | None) -> ResponseReturnValue:
    activity, occasion = found(slug, number)
    one = None if slot_id is None else _found(occasion, slot_id)
    kept = {"title": one.title, "minutes": one.minutes, "theme": one.theme} if one else {}
    form = SlotForm(locales=activity.locales, data=kept)
    form.offer(activity.process)
    if form.validate_on_submit():
        try:
            wanted = {"title": form.title.data, "minutes": form.minutes.data, "theme": form.theme.data}
            programmes.put(session(), activity, occasion, one, **wanted, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = found(slug, number)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.programme", slug=slug, number=number))
    return describing.render(
        "events/programme.html" if slot_id is None else "events/slot.html",
        activity,
        form=form,
        occasion=occasion,
        timed=programmes.timed(occasion, queries.slots(session(), occasion.id)),
        themes={theme.code: theme.label for theme in activity.process.themes},
    )


def _found(occasion: Occasion, slot_id: uuid.UUID) -> Slot:
    return programmes.find(session(), occasion, slot_id) or abort(404)
