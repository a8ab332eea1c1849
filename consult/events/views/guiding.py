"""The facilitator's guide: reading it, printing it, writing it."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import guiding, queries
from consult.events.guiding import Outline
from consult.events.held_forms import BlockForm, themes_of
from consult.events.models.held import GuideBlock
from consult.events.views.blueprint import DESK, blueprint
from consult.events.views.describing import found, render
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session

_GUIDE = f"{DESK}/guide"


@blueprint.get(_GUIDE)
def guide(slug: str) -> str:
    """The whole guide, and how its minutes compare with the time there is on each occasion."""
    activity = found(slug)
    blocks = guiding.blocks(session(), activity.id)
    lasting = [
        (one, int((one.ends_at - one.starts_at).total_seconds() // 60))
        for one in queries.occasions(session(), activity.id)
        if one.state == "planned"
    ]
    return render(
        "events/guide.html",
        activity,
        blocks=blocks,
        themes=themes_of(activity),
        minutes=sum(one.minutes for one in blocks),
        lasting=lasting,
    )


@blueprint.route(f"{_GUIDE}/new", methods=["GET", "POST"])
def add_block(slug: str) -> ResponseReturnValue:
    """Another block."""
    return _edited(slug, None)


@blueprint.route(f"{_GUIDE}/<uuid:block_id>", methods=["GET", "POST"])
def block(slug: str, block_id: uuid.UUID) -> ResponseReturnValue:
    """One block."""
    return _edited(slug, block_id)


@blueprint.post(f"{_GUIDE}/<uuid:block_id>/up")
def raise_block(slug: str, block_id: uuid.UUID) -> ResponseReturnValue:
    """Ask it earlier."""
    activity = found(slug)
    guiding.raise_up(session(), activity, _found(activity, block_id), by=actor(), now=now())
    return redirect(url_for("events.guide", slug=slug))


@blueprint.post(f"{_GUIDE}/<uuid:block_id>/remove")
def remove_block(slug: str, block_id: uuid.UUID) -> ResponseReturnValue:
    """Take it out of the guide."""
    activity = found(slug)
    guiding.remove(session(), activity, _found(activity, block_id), by=actor(), now=now())
    flash(_("The block is removed. What was noted under it stays."), "success")
    return redirect(url_for("events.guide", slug=slug))


def _edited(slug: str, block_id: uuid.UUID | None) -> ResponseReturnValue:
    activity = found(slug)
    one = None if block_id is None else _found(activity, block_id)
    names = ("title", "theme", "questions", "probes", "minutes")
    form = BlockForm(locales=activity.locales, data={name: getattr(one, name) for name in names} if one else {})
    form.offer(activity)
    if form.validate_on_submit():
        outline = Outline(**{name: form[name].data for name in names})
        try:
            guiding.put(session(), activity, one, outline, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.guide", slug=slug))
    return render("events/guide_block.html", activity, form=form)


def _found(activity: Activity, block_id: uuid.UUID) -> GuideBlock:
    return guiding.find(session(), activity.id, block_id) or abort(404)
