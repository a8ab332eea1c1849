"""The data steward's page: what a release hides, why, and what that cost. Each look is in the audit trail."""

from __future__ import annotations

from flask import abort, url_for
from flask_babel import gettext as _

from consult.processes import desk
from consult.results import earlier, queries
from consult.results.content import content_of
from consult.results.losses import losses
from consult.results.trail import note_release
from consult.results.views.blueprint import DESK, blueprint, reader
from consult.web.context import keys, now
from consult.web.permissions import actor
from consult.web.transaction import database, session


@blueprint.get(f"{DESK}/<int:number>/hidden")
def hidden(slug: str, number: int) -> str:
    """What is hidden in a release, with reasons that only the full tables tell."""
    process = desk.found_process(slug)
    found = queries.release(session(), process.id, number) or abort(404)
    with database().transaction() as opened:
        note_release(opened, process, found, "look", by=actor(), now=now())
    content = content_of(found.content)
    crumbs = [
        (_("Results"), url_for("results.show", slug=slug)),
        (_("Release %(number)s", number=number), url_for("results.release", slug=slug, number=number)),
    ]
    return desk.render(
        "results/hidden.html",
        process,
        crumbs=crumbs,
        release=found,
        content=content,
        parts=losses(content, earlier.opened(found, keys()), reader()),
    )
