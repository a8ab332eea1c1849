"""Texts on which coders differ: a third decides."""

from __future__ import annotations

import uuid

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.coding import queries, service
from consult.coding.views.blueprint import DESK, after, blueprint, found, published, render, with_keys
from consult.coding.words import KINDS
from consult.core.coding.codebook import counted
from consult.core.errors import Refused
from consult.processes import desk
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session


@blueprint.get(f"{DESK}/differences")
def differences(slug: str) -> ResponseReturnValue:
    """Go to the next text that coders differ on, or say that there is none."""
    process = desk.found_process(slug)
    published(process)
    item = queries.next_difference(session(), process.id, actor().id, after(request.args.get("after")))
    if item is None:
        return render("coding/agreed.html", process)
    within = next(one for one in process.activities if one.id == item.activity_id)
    return redirect(url_for("coding.difference", slug=slug, activity=within.slug, item_id=item.id))


@blueprint.route(f"{DESK}/differences/<activity>/<uuid:item_id>", methods=["GET", "POST"])
def difference(slug: str, activity: str, item_id: uuid.UUID) -> ResponseReturnValue:
    """What coders said of a text, side by side and without names; decide."""
    place = found(slug, activity, item_id)
    problems: list[str] = []
    if ConfirmForm().validate_on_submit():
        if request.form.get("act") == "skip":
            return redirect(url_for("coding.differences", slug=slug, after=str(item_id)))
        try:
            service.decide(session(), place.item, request.form.getlist("code"), place.latest, by=actor())
        except Refused as refused:
            rollback()
            place, problems = found(slug, activity, item_id), sentences(refused.problems)
        else:
            return redirect(url_for("coding.differences", slug=slug, after=str(item_id)))
    latest = place.latest
    said = [
        counted(one.codes, one.version, latest.number, latest.maps, latest.known)
        for one in queries.codings(session(), place.item)
    ]
    return render(
        "coding/difference.html",
        place.process,
        place=place,
        said=said,
        chosen=request.form.getlist("code") if problems else set(said[0]).intersection(*said) if said else (),
        codes=with_keys(place.latest),
        kinds=KINDS,
        problems=[("#codes", words) for words in problems],
    )
