"""Sounds and pictures beside questions: the same bytes for everybody, from the moment at which people can take part."""

from __future__ import annotations

from flask import Response, abort

from consult.files import Folder
from consult.questionnaires import queries
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.visit import door_of
from consult.web.context import now, settings
from consult.web.media import content
from consult.web.transaction import database


# One address for all locales, so that it is kept once.
@elsewhere("/media/<slug>/<address>", "medium")
def medium(slug: str, address: str) -> Response:
    """What this is the address of in an edition of the activity; 404 before its opening."""
    door = door_of(slug)
    if door.state(now()) == "scheduled":
        abort(404)
    with database().reading() as session:
        found = queries.published_medium(session, door.activity_id, address)
    data = Folder(settings().media).get(found.file) if found else None
    if found is None or data is None:
        abort(404)
    return content(data, found.media_type, found.hash, public=True)
