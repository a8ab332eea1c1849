"""Coming in by an invitation: its code is typed in, or stands in the address after `#`.

It leads to a participant's code, the same until something is contributed. The browser keeps the way from there to the
invitation, sealed under the participant's code; the database has none. What is contributed first uses the invitation
up (`visit.joining`), and from then on nothing leads from one to the other.
"""

from __future__ import annotations

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.visit import Visit, go
from consult.core.errors import Refused
from consult.participation import invitation_codes, inviting
from consult.participation.views import guarding
from consult.web.context import keys, settings
from consult.web.locale import figures
from consult.web.messages import sentences
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session


@blueprint.route(f"{PUBLIC}/invited", methods=["GET", "POST"])
def invited(slug: str) -> Answer:
    """Where the code of an invitation is typed in; where nobody is invited, who may take part is said."""
    seen = at.visit(slug)
    if seen.door.open_link and not seen.door.invited:
        return go(seen, "first")
    if request.method == "GET":
        return _asked(seen)
    same_origin_only()
    if not seen.door.invited:
        abort(404)
    if not seen.open:
        return at.closed(seen, 410)
    typed = request.form.get("code", "")[:200]
    code = invitation_codes.read(typed)
    if code is None:
        if invitation_codes.is_long_enough(typed):
            return _asked(seen, 422, typed, _("One letter or digit is wrong. Compare the code with your invitation."))
        count = figures(str(invitation_codes.LENGTH))
        told = _("This is not a whole code. It has %(number)s letters and digits.", number=count)
        return _asked(seen, 422, typed, told)
    digest = invitation_codes.digest(keys().codes, seen.door.activity_id, code)
    if not inviting.is_known(session(), seen.door.activity_id, digest):
        rollback()
        if guarding.guessed(seen.door.activity_id):
            return _asked(seen, 429, typed, _("Too many wrong codes were typed in. Wait a minute, then try again."))
        return _asked(seen, 404, typed, _("Nobody is invited with this code. Check every letter and digit."))
    try:
        let = inviting.let_in(session(), seen.door.activity_id, digest)
    except Refused as refused:
        rollback()
        return _asked(seen, 409, typed, *sentences(refused.problems))
    return _let_in(seen, code, digest, let.nonce)


def _let_in(seen: Visit, code: str, digest: bytes, nonce: bytes) -> Answer:
    secret, activity_id = keys().codes, seen.door.activity_id
    mine = at.with_code(seen, invitation_codes.draft_code(secret, activity_id, code, nonce))
    link = invitation_codes.linked(secret, activity_id, mine.code, digest)
    answer = at.remember(go(mine, "first", invited="yes"), mine)
    name = at.invited_name(seen.door.slug)
    answer.set_cookie(name, link, httponly=True, samesite="Lax", secure=settings().secure)
    return answer


def _asked(seen: Visit, status: int = 200, typed: str = "", problem: str = "") -> Answer:
    errors = [("#code", problem)] if problem else []
    return at.page(seen, "consultations/invited.html", status, code=typed, errors=errors)
