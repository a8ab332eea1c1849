"""Where whoever reads a contribution tells the focal point that somebody may be in danger."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.consultations import concerns, queue, words
from consult.consultations.forms import ConcernForm
from consult.consultations.models.contributed import State
from consult.consultations.queue import Item
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import DESK, OBJECT, PUBLIC, blueprint
from consult.consultations.views.describing import found, render
from consult.consultations.views.moderating import STATES
from consult.core.errors import Problem, Refused
from consult.participation.views import guarding
from consult.processes import desk
from consult.web.context import now
from consult.web.messages import sentence
from consult.web.permissions import actor
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session


@blueprint.route(f"{PUBLIC}/{OBJECT}/concern", methods=["GET", "POST"])
def voice_concern(slug: str, kind: str, object_id: uuid.UUID) -> Answer:
    """A participant tells the focal point what worries them about something that is shown."""
    seen = at.begun(slug)
    if request.method == "POST":
        same_origin_only()
        return _voiced(seen, kind, object_id)
    if "sent" in request.args:
        return at.page(seen, "consultations/concern_sent.html")
    return _public(seen, kind, object_id, [])


@blueprint.route(f"{DESK}/flag/{OBJECT}", methods=["GET", "POST"])
def flag(slug: str, kind: str, object_id: uuid.UUID) -> ResponseReturnValue:
    """Staff who read a contribution hand it to the focal point; nobody else sees it then."""
    activity = found(slug)
    item = queue.item(session(), activity.id, kind, object_id)
    whole = desk.can("consultations.moderate", activity.process)
    if item is None or not (item.state in STATES if whole else item.public):
        abort(404)
    form = ConcernForm(data={"seen": item.state})
    if form.validate_on_submit():
        seen = State(form.seen.data) if form.seen.data in set(State) else item.state
        try:
            concerns.flag(session(), activity, kind, object_id, form.words.data, seen=seen, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
            form.seen.data = item.state
        else:
            flash(_("It is with the focal point, and shown to nobody else."), "success")
            return redirect(url_for("consultations.show", slug=slug))
    return render("consultations/flag.html", activity, form=form, item=item, whole=whole, words=words)


def _voiced(seen: at.Visit, kind: str, object_id: uuid.UUID) -> Answer:
    """Whoever reads may tell, with or without an invitation: who it was is kept of nobody."""
    _shown(seen, kind, object_id)
    said, activity_id = request.form.get("words", ""), seen.door.activity_id
    try:
        concerns.flag_as_participant(session(), activity_id, kind, object_id, said, today=seen.today)
        # Nothing is set apart unseen: what is about danger is taken, or its sender is told that it was not.
        if guarding.trapped() or guarding.crowded(seen.door, free=True):
            raise Refused.because("consultations.early")
    except Refused as refused:
        rollback()
        return _public(seen, kind, object_id, list(refused.problems))
    return at.go(seen, "voice_concern", kind=kind, object_id=object_id, sent=1)


def _public(seen: at.Visit, kind: str, object_id: uuid.UUID, problems: list[Problem]) -> Answer:
    return at.page(
        seen,
        "consultations/voice_concern.html",
        status=422 if problems else 200,
        item=_shown(seen, kind, object_id),
        errors=[(f"#{problem.place.field or 'main'}", sentence(problem)) for problem in problems],
        typed=request.form.get("words", ""),
        longest=concerns.LONGEST,
    )


def _shown(seen: at.Visit, kind: str, object_id: uuid.UUID) -> Item:
    item = queue.item(session(), seen.door.activity_id, kind, object_id)
    if item is None or not item.public:
        abort(404)
    return item
