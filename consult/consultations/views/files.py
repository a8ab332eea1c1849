"""Files of submissions as moderators and focal points read them: before anybody else does."""

from __future__ import annotations

import uuid

from flask import Response, abort

from consult.consultations import concerns, queue, submissions
from consult.consultations.models.contributed import State
from consult.consultations.views.blueprint import DESK, blueprint
from consult.consultations.views.describing import found
from consult.consultations.views.moderating import STATES
from consult.participation.service import day
from consult.web.context import now, settings
from consult.web.downloads import attached
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.get(f"{DESK}/moderation/submission/<uuid:object_id>/files/<name>")
def moderated_file(slug: str, object_id: uuid.UUID, name: str) -> Response:
    """A file of one that its reader may read, to be saved: where it lies with the focal point, by these alone."""
    activity = found(slug)
    item = queue.item(session(), activity.id, "submission", object_id) or abort(404)
    apart = item.state is State.CONCERN
    if item.state not in STATES and not (
        apart and concerns.reads(session(), activity, actor(), day(now(), activity.time_zone))
    ):
        abort(404)
    file = submissions.file_of(item.files, name) or abort(404)
    content = submissions.folder(settings().uploads, activity.id).get(file["file"]) or abort(404)
    return attached(content, file["type"], name)
