"""Interviews: an interviewer answers for somebody on the pages that participants use, and reads nothing back.

Beginning needs a sign-in and leaves no entry in the audit trail: with the moment and the name of the interviewer it
would lead to the response. From then on nothing knows who interviews; the pages have no session.
"""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.config import LOCALES
from consult.participation import queries as participation_queries
from consult.participation import service as participation
from consult.participation.models import Channel
from consult.privacy.ledger import Ledger
from consult.processes.models import Activity
from consult.responses import service
from consult.responses.reader import Reader
from consult.responses.views import arriving, cookies
from consult.responses.views import visit as at
from consult.responses.views.blueprint import blueprint, elsewhere
from consult.responses.views.drafts import no_draft, onwards, sent_of
from consult.responses.views.visit import closed, go
from consult.web.context import now, settings
from consult.web.locale import current, offer
from consult.web.permissions import scope
from consult.web.security import same_origin_only
from consult.web.transaction import commit, database, session


@elsewhere("/<locale>/desk/interviews", "interviews")
def interviews() -> str:
    """The activities in which somebody interviews, and the interview that is open in this browser."""
    offer(list(LOCALES))
    activities = participation_queries.interviews(session(), scope())
    return render_template(
        "responses/interviews.html",
        activities=[(activity, _at_hand(activity)) for activity in activities],
        now=now(),
    )


def _at_hand(activity: Activity) -> str:
    """Address of the interview of this browser that is not finished; empty where there is none."""
    seen = at.visit_in(activity.slug, activity.locales[0], assisted=True)
    own = seen.own() if seen else None
    if seen is None or own is None or (own.state == "draft" and not seen.open):
        return ""
    return seen.url("first", locale=own.locale)


@elsewhere("/<locale>/desk/activities/<slug>/interview", "begin_interview", ["POST"])
def begin(slug: str) -> Answer:
    """Make a draft for somebody in their language, and hand over to the pages on which it is answered."""
    with database().reading() as opened:
        activity = participation_queries.interview(opened, scope(), slug) or abort(404)
    back = redirect(url_for("responses.interviews", locale=current().shipped, _anchor=slug))
    seen = at.visit_in(slug, request.form.get("language", activity.locales[0]), assisted=True)
    if seen is not None and seen.open:
        if seen.own() is not None:
            flash(_("An interview is open in this browser. Finish or discard it first."), "warning")
            return back
        if Channel.ASSISTED in seen.door.full:
            flash(_("As many have taken part by interviews as can, so no other one can begin."), "warning")
            return back
        code, draft = at.new_draft(seen, seen.door.edition)
        digest = at.digest_of(seen.door, code)
        with database().single(write=True) as connection:
            begun = participation.begin(connection, seen.door.activity_id, digest, draft, now=seen.now)
        if begun:
            return cookies.remember(onwards(seen, draft), seen, code)
    flash(_("This questionnaire takes no answers now, so no interview can begin."), "danger")
    return back


@blueprint.get("/interview", endpoint="interview_first")
def first(slug: str) -> Answer:
    """Go on with the interview of this browser."""
    seen = at.visit(slug)
    own = seen.own()
    if own is None:
        return no_draft(seen)
    return closed(seen) if own.state == "draft" and not seen.open else onwards(seen, own)


@blueprint.get("/interview/receipt", endpoint="interview_receipt")
def receipt(slug: str) -> Answer:
    """The code, shown once for the person interviewed: with this page it leaves the browser.

    Chromium keeps pages with the status 200 for its back button, also those that are not to be stored; this one has
    another (201), and the script of pages asks for it again in browsers that keep it all the same.
    """
    seen = at.visit(slug)
    sent = sent_of(seen)
    pieces = at.parts(
        seen,
        "responses/interview_receipt.html",
        context=lambda: {
            "locales": [],  # in another language the page would be another one, without the code
            "discard_url": "",
            "interviews_url": at.interviews_url(seen.door),
            "resume_url": f"{settings().base_url}{url_for('responses.resume', slug=slug)}",
        },
    )
    words = at.texts(seen, at.edition_of(seen.door, sent))
    return cookies.forget(Response(Reader(words, {}, (), code=seen.code).encoded(pieces), 201), seen)


@blueprint.get("/interview/discard", endpoint="interview_discard")
def discard(slug: str) -> Answer:
    """Ask once whether everything that was entered is to be deleted."""
    seen = at.visit(slug)
    own = seen.own()
    if own is None:
        return no_draft(seen)
    if own.state != "draft":
        return go(seen, "receipt")
    return at.page(
        seen,
        "responses/interview_discard.html",
        action=seen.marked(seen.url("drop")),
        cancel_url=seen.url("first"),
        discard_url="",
    )


@blueprint.post("/interview/discard", endpoint="interview_drop")
def drop(slug: str) -> Answer:
    """Delete everything that was entered, unless it was sent meanwhile."""
    same_origin_only()
    seen = at.visit(slug)
    with arriving.clearing(seen):
        ledger, day = Ledger(settings().ledger), seen.day(Channel.ASSISTED)
        dropped = service.discard(session(), seen.door.activity_id, seen.digest, ledger=ledger, today=day)
        commit()
    if not dropped:
        return go(seen, "receipt")
    return cookies.forget(
        at.page(
            seen,
            "responses/interview_discard.html",
            done=True,
            discard_url="",
            interviews_url=at.interviews_url(seen.door),
        ),
        seen,
    )
