"""Coming in by an invitation: its code is typed in, or stands in the address after `#`, and leads to a draft."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Refused
from consult.participation import invitation_codes
from consult.participation import inviting as letting
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.participation.views import guarding
from consult.responses import queries
from consult.responses.views import cookies
from consult.responses.views import visit as at
from consult.responses.views.blueprint import blueprint
from consult.responses.views.drafts import onwards, still_open
from consult.responses.views.visit import Visit, closed, full
from consult.web.context import keys
from consult.web.locale import figures
from consult.web.messages import sentences
from consult.web.security import same_origin_only
from consult.web.transaction import database


@blueprint.get("/invited")
def invited(slug: str) -> Response:
    """Where the code of an invitation is typed in: the same bytes for everybody, without a cookie."""
    seen = _invited(slug)
    return entering(seen) if seen.open else closed(seen)


def entering(seen: Visit) -> Response:
    """The same, also in place of the first page where one comes in by an invitation only; where institutions answer,
    the way for their hands."""
    if not seen.door.invited:
        return at.alike(seen, "signed-in", lambda: _signing_in(seen).encode())
    return at.alike(seen, "invited", lambda: _asked(seen).encode())


@blueprint.post("/invited")
def use_invitation(slug: str) -> Answer:
    """The code was sent: begin the draft to which it leads, or go on with it."""
    same_origin_only()
    seen = _invited(slug)
    if not seen.open:
        return closed(seen, 410)
    typed = request.form.get("code", "")[:200]
    code = invitation_codes.read(typed)
    if code is None:
        if invitation_codes.is_long_enough(typed):
            return _again(seen, 422, typed, _("One letter or digit is wrong. Compare the code with your invitation."))
        count = figures(str(invitation_codes.LENGTH))
        told = _("This is not a whole code. It has %(number)s letters and digits.", number=count)
        return _again(seen, 422, typed, told)
    digest = invitation_codes.digest(keys().codes, seen.door.activity_id, code)
    with database().single() as connection:
        known = letting.is_known(connection, seen.door.activity_id, digest)
    if not known:
        if guarding.guessed(seen.door.activity_id):
            return _again(seen, 429, typed, _("Too many wrong codes were typed in. Wait a minute, then try again."))
        return _again(seen, 404, typed, _("Nobody is invited with this code. Check every letter and digit."))
    try:
        own = _let_in(seen, code, digest)
    except Refused as refused:
        return _again(seen, 409, typed, *sentences(refused.problems))
    if own is None:
        return full(seen, 409) if still_open(seen) else closed(seen, 410)
    mine, draft = own
    return cookies.remember(onwards(mine, draft), mine, mine.code)


def _let_in(seen: Visit, code: str, digest: bytes) -> tuple[Visit, Coming] | None:
    """The draft of an invitation, under the participant's code that belongs to it; none where none can begin now."""
    secret, activity_id = keys().codes, seen.door.activity_id
    with database().session(write=True) as opened:
        let = letting.let_in(opened, activity_id, digest)
        mine = replace(seen, code=invitation_codes.draft_code(secret, activity_id, code, let.nonce))
        context = at.new_context(mine, mine.code)
        new = Coming(mine.door.edition, mine.locale, mine.today, context, "{}", channel=Channel.INVITED)
        full = Channel.INVITED in mine.door.full
        if not letting.begin(opened, secret, activity_id, code, mine.code, let, new, now=mine.now, full=full):
            return None
        draft = queries.own(opened, activity_id, mine.digest)
        opened.commit()
    assert draft is not None, "it is there, or has begun"
    return mine, draft


def _invited(slug: str) -> Visit:
    """An activity to which people are invited, else 404."""
    seen = at.visit(slug)
    if not seen.door.invited:
        abort(404)
    return seen


def _asked(seen: Visit, typed: str = "", problem: str = "") -> str:
    return render_template(
        "responses/invited.html",
        **{**at.common(seen), "url_for_locale": lambda code: seen.url("invited", locale=code)},
        title=seen.door.title,
        action=seen.url("use_invitation"),
        resume_url=seen.url("resume"),
        first_url=seen.url("first") if seen.door.open_link else "",
        code=typed,
        errors=[("#code", problem)] if problem else [],
    )


def _signing_in(seen: Visit) -> str:
    return render_template("responses/joint/entrance.html", **at.common(seen), title=seen.door.title)


def _again(seen: Visit, status: int, typed: str, problem: str) -> Response:
    return Response(_asked(seen, typed, problem), status)
