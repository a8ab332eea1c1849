"""The coder's screen: one text after the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.coding import flagging, queries, service
from consult.coding.forms import ConcernForm
from consult.coding.queries import Wanted
from consult.coding.views.blueprint import DESK, Place, after, blueprint, found, published, render, with_keys
from consult.coding.words import KINDS
from consult.core.coding.neighbours import Proposal
from consult.core.errors import Refused
from consult.processes import desk
from consult.web.context import keys, now
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_TEXT = f"{DESK}/texts/<activity>/<uuid:item_id>"


@blueprint.get(f"{DESK}/next", endpoint="next")
def next_text(slug: str) -> ResponseReturnValue:
    """Go to the text that is next for this coder, or say that none is."""
    process = desk.found_process(slug)
    published(process)
    activities = {one.slug: one for one in process.activities}
    chosen = activities.get(request.args.get("only", ""))
    wanted = Wanted(chosen.id if chosen else None, request.args.get("language", ""))
    item = queries.next_item(session(), process.id, actor().id, wanted, after(request.args.get("after")))
    if item is None:
        return render("coding/nothing.html", process)
    within = next(one for one in process.activities if one.id == item.activity_id)
    return redirect(_address(slug, within.slug, item.id, {**_filters(), "before": request.args.get("before", "")}))


@blueprint.route(_TEXT, methods=["GET", "POST"])
def text(slug: str, activity: str, item_id: uuid.UUID) -> ResponseReturnValue:
    """Read a text and give it codes; skip it; take back what was said of it."""
    place = found(slug, activity, item_id)
    problems: list[str] = []
    if ConfirmForm().validate_on_submit():
        try:
            _act(place)
        except Refused as refused:
            rollback()
            place, problems = found(slug, activity, item_id), sentences(refused.problems)
        else:
            last = "" if request.form.get("act") == "back" else f"{activity}/{item_id}"
            following: Any = {**_filters(), "before": last or None, "after": str(item_id)}
            return redirect(url_for("coding.next", slug=slug, **following))
    mine = queries.coding(session(), place.item, actor().id)
    return render(
        "coding/text.html",
        place.process,
        place=place,
        mine=mine,
        chosen=request.form.getlist("code") if problems else mine.codes if mine else (),
        proposals={one.code: one.score for one in _proposals(place)},
        codes=with_keys(place.latest),
        kinds=KINDS,
        before=_before(slug),
        filters=_filters(),
        problems=[("#codes", words) for words in problems],
    )


def _act(place: Place) -> None:
    act = request.form.get("act", "save")
    if act == "skip":
        service.skip(session(), place.item, place.latest, by=actor())
    elif act == "back":
        service.take_back(session(), place.item, by=actor())
        flash(_("Nothing is said of this text any more."), "success")
    else:
        codes, proposed = request.form.getlist("code"), request.form.getlist("proposed")
        service.code(session(), place.item, codes, place.latest, proposed=proposed, by=actor())


def _proposals(place: Place) -> list[Proposal]:
    return service.proposals(session(), keys().codes, place.item, place.words, place.latest)


def _filters() -> dict[str, str]:
    """What the coder wants to see, as addresses carry it on."""
    return {name: value for name in ("only", "language") if (value := request.args.get(name, ""))}


def _before(slug: str) -> str:
    """Address of the text before this one, so that a mistake can be mended; empty where there is none."""
    activity, _, item = request.args.get("before", "").partition("/")
    known = after(item)
    if not activity or str(known) != item:
        return ""
    return _address(slug, activity, known, _filters())


def _address(slug: str, activity: str, item_id: uuid.UUID, more: Mapping[str, str]) -> str:
    given: Any = {name: value for name, value in more.items() if value}
    return url_for("coding.text", slug=slug, activity=activity, item_id=item_id, **given)


@blueprint.route(f"{_TEXT}/concern", methods=["GET", "POST"])
def flag(slug: str, activity: str, item_id: uuid.UUID) -> ResponseReturnValue:
    """Hand a text in which somebody may be in danger to those who follow it up."""
    place = found(slug, activity, item_id)
    form = ConcernForm()
    if form.validate_on_submit():
        try:
            flagging.flag(session(), place.activity, place.item, form.words.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            place = found(slug, activity, item_id)
        else:
            flash(_("The text is with those who follow it up. Nobody codes it any more."), "success")
            return redirect(url_for("coding.next", slug=slug, after=str(item_id)))
    return render("coding/flag.html", place.process, form=form, place=place)
