"""Documents: where officers offer them, and where people fetch them."""

from __future__ import annotations

import uuid

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Place, Problem, Refused
from consult.events import handouts as documents
from consult.events import queries
from consult.events.models.planned import Handout
from consult.events.planning_forms import HandoutForm
from consult.events.views import describing
from consult.events.views import visit as at
from consult.events.views.blueprint import DESK, PUBLIC, blueprint
from consult.files import NoRoom
from consult.participation.uploads import put_aside
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import now, settings
from consult.web.downloads import attached
from consult.web.permissions import actor
from consult.web.security import BODY_LIMIT
from consult.web.transaction import rollback, session


@blueprint.route(f"{DESK}/documents", methods=["GET", "POST"])
def handouts(slug: str) -> ResponseReturnValue:
    """All documents, and another one."""
    request.max_content_length = settings().upload_megabytes * 1_000_000 + BODY_LIMIT
    activity = describing.found(slug)
    form = HandoutForm(locales=activity.locales)
    if form.validate_on_submit():
        try:
            _add(activity, form)
        except Refused as refused:
            desk.refuse(form, refused)
            activity = describing.found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.handouts", slug=slug))
    return describing.render(
        "events/handouts.html",
        activity,
        form=form,
        handouts=queries.handouts(session(), activity.id),
        megabytes=settings().upload_megabytes,
    )


@blueprint.post(f"{DESK}/documents/<uuid:handout_id>/remove")
def remove_handout(slug: str, handout_id: uuid.UUID) -> ResponseReturnValue:
    """Offer it no more."""
    activity = describing.found(slug)
    one = documents.find(session(), activity.id, handout_id) or abort(404)
    documents.remove(session(), activity, one, by=actor(), now=now())
    flash(_("Removed."), "success")
    return redirect(url_for("events.handouts", slug=slug))


@blueprint.get(f"{DESK}/documents/<uuid:handout_id>")
def desk_handout(slug: str, handout_id: uuid.UUID) -> Response:
    """One document, to be saved, before anybody else can."""
    activity = describing.found(slug)
    return _sent(documents.find(session(), activity.id, handout_id))


@blueprint.get(f"{PUBLIC}/documents/<uuid:handout_id>")
def handout(slug: str, handout_id: uuid.UUID) -> Response:
    """One document, to be saved."""
    seen = at.visit(slug)
    return _sent(documents.find(session(), seen.door.activity_id, handout_id))


def _add(activity: Activity, form: HandoutForm) -> None:
    """Put the file aside, then offer it; nobody waits for the lock while it is cleaned."""
    into, data, name = documents.folder(settings().uploads, activity.id), form.file.data.read(), form.file.data.filename
    slug = activity.slug
    rollback()
    try:
        if not data:
            raise Refused.because("file.empty")
        upload = put_aside(into, data, {}, picture_only=False, megabytes=settings().upload_megabytes)
    except NoRoom as error:
        raise Refused(Problem("events.handout.room", place=Place(field="file"))) from error
    except Refused as refused:
        raise Refused(*(Problem(one.code, one.params, Place(field="file")) for one in refused.problems)) from refused
    documents.add(
        session(), describing.found(slug), upload, title=form.title.data, filename=name, by=actor(), now=now()
    )


def _sent(one: Handout | None) -> Response:
    if one is None:
        abort(404)
    content = documents.folder(settings().uploads, one.activity_id).get(one.file) or abort(404)
    return attached(content, documents.media_type(one), one.filename)
