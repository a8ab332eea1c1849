"""The way out for whoever chose an answer with which nobody can take part: nothing they answered is kept."""

from __future__ import annotations

from flask import Response, render_template
from werkzeug.wrappers import Response as Answer

from consult.participation import inviting
from consult.privacy.ledger import Ledger
from consult.responses import service
from consult.responses.views import arriving, cookies
from consult.responses.views import visit as at
from consult.responses.views.blueprint import blueprint
from consult.responses.views.visit import Visit, go
from consult.web.context import keys, settings
from consult.web.transaction import commit, session


def turn_away(seen: Visit) -> Answer:
    """Delete what was begun and show the way out. What had been sent already is withdrawn only by who says so."""
    own = seen.own()
    if own is not None and (own.corrects or own.state != "draft"):
        return go(seen, "withdraw")
    if own is not None:
        activity_id = seen.door.activity_id
        invitation = inviting.behind(keys().codes, activity_id, seen.code, own)
        with arriving.clearing(seen):
            ledger, day = Ledger(settings().ledger), seen.day(own.channel)
            service.discard(
                session(), activity_id, seen.digest, ledger=ledger, today=day, tray=seen.tray, invitation=invitation
            )
            commit()
    return cookies.forget(go(seen, "away"), seen)


@blueprint.get("/away")
def away(slug: str) -> Response:
    """What is said to them: the same bytes for everybody."""
    seen = at.visit(slug)

    def page() -> bytes:
        own = {"title": seen.door.title, "first_url": seen.url("first")}
        return render_template("responses/away.html", **{**at.common(seen), **own}).encode()

    return at.alike(seen, "away", page)


@blueprint.get("/interview/away", endpoint="interview_away")
def interview_away(slug: str) -> Response:
    """The same for an interviewer."""
    seen = at.visit(slug)
    return at.page(
        seen, "responses/away.html", title=seen.door.title, discard_url="", interviews_url=at.interviews_url(seen.door)
    )
