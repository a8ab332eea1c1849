"""What one can do with one's code: see the receipt, go on, read, correct, withdraw, leave."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.core.questionnaire.answers import decode
from consult.participation import codes, inviting
from consult.participation.service import Coming
from consult.participation.views import coming_back, guarding
from consult.privacy.ledger import Ledger
from consult.responses import looks, queries, service
from consult.responses.reader import Reader
from consult.responses.views import arriving, cookies, trying
from consult.responses.views import visit as at
from consult.responses.views.blueprint import blueprint
from consult.responses.views.drafts import draft_of, no_draft, onwards, sent_of
from consult.responses.views.visit import Visit, closed, go
from consult.web.context import keys, settings
from consult.web.locale import figures, url_for_locale
from consult.web.security import same_origin_only
from consult.web.transaction import commit, database, session

_TRIES = 3
"""How often a correction is begun anew when the mixing job has just taken what it begins with."""


@blueprint.get("/receipt")
def receipt(slug: str) -> Answer:
    """Thank you, with the code."""
    seen = at.visit(slug)
    sent = sent_of(seen)
    return _with_code(seen, "responses/receipt.html", sent)


@blueprint.get("/saved")
def saved(slug: str) -> Answer:
    """The draft is saved; the code to go on with."""
    seen = at.visit(slug)
    return _with_code(seen, "responses/saved.html", draft_of(seen))


def _with_code(seen: Visit, template: str, own: Coming) -> Answer:
    pieces = at.parts(
        seen,
        template,
        context=lambda: {
            "answers_url": seen.url("answers"),
            "correct_url": seen.url("correct"),
            "withdraw_url": seen.url("withdraw"),
            "continue_url": seen.url("resume"),
            "resume_url": f"{settings().base_url}{seen.url('resume')}",
            "draft_days": seen.door.draft_days,
        },
    )
    when = {"open" if seen.open else "closed"}
    words = at.texts(seen, at.edition_of(seen.door, own))
    return Response(Reader(words, {}, (), when=when, code=seen.code).encoded(pieces))


@blueprint.get("/resume")
def resume(slug: str) -> Answer:
    """Go on with the draft of this browser, or type the code in."""
    seen = at.visit(slug)
    own = seen.own()
    return _ask(seen, 200) if own is None else _continued(seen, own)


@blueprint.post("/resume")
def enter(slug: str) -> Answer:
    """The code was typed in."""
    same_origin_only()
    seen = at.visit(slug)
    typed = request.form.get("code", "")[:200]
    code = codes.read(typed)
    if code is None:
        count = figures(str(codes.LENGTH))
        told = _("This is not a whole code. It has %(number)s letters and digits.", number=count)
        return _ask(seen, 422, typed, told)
    digest = at.digest_of(seen.door, code)
    with database().single() as connection:
        found = queries.own(connection, seen.door.activity_id, digest, seen.tray)
    if found is None:
        if guarding.guessed(seen.door.activity_id):
            return _ask(seen, 429, typed, _("Too many wrong codes were typed in. Wait a minute, then try again."))
        return _ask(seen, 404, typed, _("There are no answers under this code. Check every letter and digit."))
    return cookies.remember(_continued(seen, found), seen, code)


def _continued(seen: Visit, own: Coming) -> Answer:
    """To where somebody left off, or to what they had answered when it was closed."""
    return go(seen, "answers") if own.state == "draft" and not seen.open else onwards(seen, own)


def _ask(seen: Visit, status: int, typed: str = "", problem: str = "") -> Answer:
    errors = [("#code", problem)] if problem else []
    return at.page(
        seen,
        "responses/resume.html",
        status,
        action=seen.url("enter"),
        first_url=seen.url("first"),
        arrived=request.args.get("arrived", ""),
        code=typed,
        errors=errors,
        url_for_locale=url_for_locale,
    )


@blueprint.get("/answers")
def answers(slug: str) -> Answer:
    """One's own answers, to read and to print."""
    seen = at.visit(slug)
    own = seen.own()
    if own is None:
        return no_draft(seen)
    compiled = at.edition_of(seen.door, own)
    document = decode(own.answers)
    if own.state == "draft":
        document = at.standing_of(seen, compiled, own).document()
    words = at.texts(seen, compiled)
    pieces = at.parts(
        seen,
        "responses/answers.html",
        own.edition,
        context=lambda: {
            **looks.reading(words),
            "receipt_url": seen.url("receipt"),
        },
    )
    when = {"draft" if own.state == "draft" else "sent", "open" if seen.open else "closed"}
    return Response(Reader(words, document, document.keys(), when=when).encoded(pieces))


@blueprint.post("/correct")
def correct(slug: str) -> Answer:
    """Open what was sent for correction."""
    same_origin_only()
    seen = at.visit(slug)
    for _attempt in range(_TRIES):
        own = seen.own()
        if own is None:
            return no_draft(seen)
        if own.state == "draft":
            return _continued(seen, own)
        context = at.new_context(seen, seen.code)
        with database().single(write=True) as connection:
            begun = service.correct(
                connection, seen.door.activity_id, seen.digest, own, context=context, now=seen.now, tray=seen.tray
            )
        if begun:
            return go(seen, "check")
    return closed(seen, 410)


@blueprint.get("/withdraw")
def withdraw(slug: str) -> Answer:
    """Ask once whether everything is to be deleted."""
    seen = at.visit(slug)
    if not seen.open:
        return closed(seen)
    if seen.own() is None:
        return no_draft(seen)
    return at.page(seen, "responses/withdraw.html", action=seen.url("erase"), cancel_url=seen.url("resume"), done=False)


@blueprint.post("/withdraw")
def erase(slug: str) -> Answer:
    """Delete everything under the code."""
    same_origin_only()
    seen = at.visit(slug)
    own = seen.own()
    if own is None:
        return no_draft(seen)
    with arriving.clearing(seen):
        ledger = Ledger(settings().ledger)
        if not service.withdraw(
            session(),
            seen.door.activity_id,
            seen.digest,
            ledger=ledger,
            today=seen.today,
            now=seen.now,
            tray=seen.tray,
            invitation=inviting.behind(keys().codes, seen.door.activity_id, seen.code, own),
        ):
            return closed(seen, 410)
        commit()
    return cookies.forget(at.page(seen, "responses/withdraw.html", done=True), seen)


@blueprint.get("/exit")
def leave(slug: str) -> Answer:
    """Take everything off the device and show a page that says nothing about the activity."""
    same_origin_only()  # or any page could have others lose what waits on their devices
    seen = at.visit(slug)
    neutral = coming_back.left()
    # Also what was kept for use without a network; where a browser does not know the header, the page's script does it.
    neutral.headers["Clear-Site-Data"] = '"storage"'
    left = cookies.forget(neutral, seen)
    return trying.forget(left, seen.door) if seen.trial else left
