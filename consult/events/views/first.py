"""What an event is about, when and where it takes place."""

from __future__ import annotations

from werkzeug.wrappers import Response as Answer

from consult.events import queries
from consult.events.views import visit as at
from consult.events.views.blueprint import PUBLIC, blueprint
from consult.events.words import FORMS
from consult.web.transaction import session


@blueprint.get(PUBLIC)
def first(slug: str) -> Answer:
    """What it is about, and its occasions."""
    seen = at.visit(slug)
    occasions = queries.occasions(session(), seen.door.activity_id)
    return at.page(seen, "events/first.html", occasions=occasions, forms=FORMS, state=seen.door.state(seen.now))
