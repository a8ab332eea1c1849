"""Appeals: where authors ask for a second look, and where another moderator gives it."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.consultations import appealing, queue, words
from consult.consultations.queue import PER_PAGE
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import DESK, PUBLIC, blueprint
from consult.consultations.views.describing import found, render
from consult.core.errors import Refused
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.messages import sentence
from consult.web.permissions import actor
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session


@blueprint.route(f"{PUBLIC}/decisions/<uuid:decision_id>/appeal", methods=["GET", "POST"])
def appeal(slug: str, decision_id: uuid.UUID) -> Answer:
    """The author of a contribution asks for a second look at what was decided; others find nothing here."""
    seen = at.visit(slug)
    activity_id = seen.door.activity_id
    if request.method == "POST":
        same_origin_only()
    digest = seen.digest or abort(404)
    decision = appealing.own_decision(session(), activity_id, digest, decision_id) or abort(404)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            appealing.appeal(session(), activity_id, digest, decision_id, request.form.get("words", ""))
        except Refused as refused:
            rollback()
            errors = [(f"#{problem.place.field or 'main'}", sentence(problem)) for problem in refused.problems]
        else:
            return at.go(seen, "appeal", decision_id=decision_id)
    return at.page(
        seen,
        "consultations/appeal.html",
        status=422 if errors else 200,
        decision=decision,
        item=queue.item(session(), activity_id, decision.object, decision.object_id),
        typed=request.form.get("words", ""),
        errors=errors,
        longest=appealing.LONGEST,
        words=words,
    )


@blueprint.get(f"{DESK}/appeals")
def appeals(slug: str) -> str:
    """Decisions whose authors wait for a second look."""
    return _appeals(found(slug))


@blueprint.post(f"{DESK}/appeals/<uuid:decision_id>")
def settle_appeal(slug: str, decision_id: uuid.UUID) -> ResponseReturnValue:
    """Uphold or overturn what another moderator decided."""
    activity = found(slug)
    ConfirmForm().validate_on_submit()
    upheld = {"upheld": True, "overturned": False}.get(request.form.get("outcome", ""))
    if upheld is None:
        abort(400)
    try:
        appealing.settle(session(), activity, decision_id, upheld=upheld, by=actor(), now=now())
    except Refused as refused:
        rollback()
        return _appeals(found(slug), [("#main", sentence(problem)) for problem in refused.problems]), 422
    flash(_("Saved."), "success")
    return redirect(url_for("consultations.appeals", slug=slug))


def _appeals(activity: Activity, problems: list[tuple[str, str]] | None = None) -> str:
    try:
        after = uuid.UUID(request.args.get("after", ""))
    except ValueError:
        after = None
    waiting = appealing.waiting(session(), activity.id, after, PER_PAGE + 1)
    shown = waiting[:PER_PAGE]
    items = queue.items(session(), activity.id, [(one.object, one.object_id) for one in shown])
    return render(
        "consultations/appeals.html",
        activity,
        appeals=shown,
        items={item.id: item for item in items},
        places=queue.places(session(), activity.id, items),
        me=actor().id,
        problems=problems or [],
        first=url_for("consultations.appeals", slug=activity.slug) if after else "",
        further=url_for("consultations.appeals", slug=activity.slug, after=shown[-1].id)
        if len(waiting) > PER_PAGE
        else "",
        words=words,
    )
