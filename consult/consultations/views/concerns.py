"""Where the focal point reads what was flagged and writes down what was done; for others there is nothing here."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations import concerns as service
from consult.consultations import queue, words
from consult.consultations.forms import SettleForm
from consult.consultations.models.contributed import State
from consult.consultations.queue import PER_PAGE
from consult.consultations.views.blueprint import DESK, OBJECT, blueprint
from consult.consultations.views.describing import found, render
from consult.core.errors import Refused
from consult.participation.service import day
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.web.choices import as_listed
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.get(f"{DESK}/concerns")
def concerns(slug: str) -> str:
    """Contributions that were flagged: those that wait, or those that are done with."""
    activity = _mine(slug)
    settled = request.args.get("done") == "1"
    try:
        after = uuid.UUID(request.args.get("after", ""))
    except ValueError:
        after = None
    rows = service.listed(session(), activity.id, settled=settled, after=after, limit=PER_PAGE + 1)
    shown, chosen = rows[:PER_PAGE], "1" if settled else None
    items = queue.items(session(), activity.id, [(kind, object_id) for kind, object_id, _number in shown])
    return render(
        "consultations/concerns.html",
        activity,
        rows=shown,
        items={item.id: item for item in items},
        settled=settled,
        first=url_for("consultations.concerns", slug=slug, done=chosen) if after else "",
        further=url_for("consultations.concerns", slug=slug, done=chosen, after=shown[-1][1])
        if len(rows) > PER_PAGE
        else "",
        words=words,
    )


@blueprint.route(f"{DESK}/concerns/{OBJECT}", methods=["GET", "POST"])
def concern(slug: str, kind: str, object_id: uuid.UUID) -> ResponseReturnValue:
    """One contribution, what was written about it, and what the focal point did."""
    activity = _mine(slug)
    item = queue.item(session(), activity.id, kind, object_id) or abort(404)
    notes = service.of(session(), activity.id, object_id) or abort(404)
    form = SettleForm(data={"seen": item.state})
    back = _("It goes back to where it was") if item.state == State.CONCERN else _("It stays in its place")
    form.then.choices = as_listed({"away": _("It is kept away from the public, and never counted"), "back": back})
    if form.validate_on_submit():
        seen = State(form.seen.data) if form.seen.data in set(State) else item.state
        try:
            service.settle(
                session(), activity, kind, object_id, form.words.data, away=form.then.data == "away", seen=seen,
                by=actor(), now=now(),
            )  # fmt: skip
        except Refused as refused:
            desk.refuse(form, refused)
            activity = _mine(slug)
            form.seen.data = item.state
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.concerns", slug=slug))
    return render(
        "consultations/concern.html",
        activity,
        form=form,
        item=item,
        notes=notes,
        names=processes.names(session(), {note.done_by for note in notes if note.done_by}),
        places=queue.places(session(), activity.id, [item]),
        words=words,
    )


def _mine(slug: str) -> Activity:
    activity = found(slug)
    if not service.reads(session(), activity, actor(), day(now(), activity.time_zone)):
        abort(404)
    return activity
