"""Trying an activity before it opens: the door with its link, and the pages on which participants will answer.

They are the same views at addresses of their own (`…/trial/…`); what is answered there lies apart (`Visit.tray`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.files import Folder
from consult.participation import codes
from consult.privacy import queries as privacy
from consult.privacy.views import helping, notices
from consult.processes import queries as processes
from consult.questionnaires import queries
from consult.responses.views import answering, away, offline, own, trying
from consult.responses.views import visit as at
from consult.responses.views.blueprint import blueprint
from consult.responses.views.visit import TRIAL
from consult.web.context import settings
from consult.web.locale import url_for_locale
from consult.web.media import content
from consult.web.security import same_origin_only
from consult.web.transaction import database, session

_LINK: Final = "/trial"


@blueprint.get(_LINK, endpoint="trial_first")
def first(slug: str) -> Answer:
    """The first page for who has the link; for anybody else the same form, whether or not there is a trial."""
    return answering.first(slug) if at.trial(slug) else _asked()


@blueprint.post(f"{_LINK}/link", endpoint="trial_link")
def link(slug: str) -> Answer:
    """The code of the link: it came behind “#”, or was typed in."""
    same_origin_only()
    typed = request.form.get("code", "")[:200]
    code, door = codes.read(typed), trying.door(slug)
    if code is None or door is None or not trying.opens(door, code):
        return _asked(typed, _("There is no trial with this code. Ask for the link again: there may be a new one."))
    return trying.let_pass(redirect(url_for("responses.trial_first", slug=slug), 303), door)


def _asked(typed: str = "", problem: str = "") -> Response:
    html = render_template(
        "responses/trial_link.html",
        locales=[],
        url_for_locale=url_for_locale,
        code=typed,
        errors=[("#code", problem)] if problem else [],
    )
    return Response(html, 404 if problem else 200)


@blueprint.get(f"{_LINK}/notice", endpoint="trial_notice")
def notice(slug: str) -> Answer:
    """What participants will be told about their data; the general page as long as that is not written."""
    seen = at.visit(slug)
    activity = processes.activity_named(session(), slug) or abort(404)
    found = privacy.notice(session(), activity.id)
    if found is None:
        return redirect(url_for("pages.privacy"))
    return Response(notices.page(activity, found, at.common(seen)))


@blueprint.get(f"{_LINK}/help", endpoint="trial_help")
def help(slug: str) -> Answer:  # noqa: A001  # the word on the page
    """Where participants will find help."""
    seen = at.visit(slug)
    activity = processes.activity_named(session(), slug) or abort(404)
    return Response(helping.page(activity.process, at.common(seen)))


@blueprint.get(f"{_LINK}/media/<address>", endpoint="trial_medium")
def medium(slug: str, address: str) -> Response:
    """A sound or picture of an edition."""
    seen = at.visit(slug)
    with database().reading() as opened:
        found = queries.published_medium(opened, seen.door.activity_id, address)
    data = Folder(settings().media).get(found.file) if found else None
    if found is None or data is None:
        abort(404)
    return content(data, found.media_type, found.hash, public=False)


_PAGES: Final[tuple[tuple[str, str, str, Callable[..., Any]], ...]] = (
    ("begin", "POST", "", answering.begin),
    ("page", "GET", "/page/<int:number>", answering.page),
    ("page", "GET", "/page/<int:number>/<instance>", answering.page),
    ("answer", "POST", "/page/<int:number>", answering.answer),
    ("answer", "POST", "/page/<int:number>/<instance>", answering.answer),
    ("check", "GET", "/check", answering.check),
    ("submit", "POST", "/submit", answering.submit),
    ("away", "GET", "/away", away.away),
    ("receipt", "GET", "/receipt", own.receipt),
    ("saved", "GET", "/saved", own.saved),
    ("resume", "GET", "/resume", own.resume),
    ("enter", "POST", "/resume", own.enter),
    ("answers", "GET", "/answers", own.answers),
    ("correct", "POST", "/correct", own.correct),
    ("withdraw", "GET", "/withdraw", own.withdraw),
    ("erase", "POST", "/withdraw", own.erase),
    ("leave", "GET", "/exit", own.leave),
    ("offline", "GET", "/offline", offline.kept),
    ("arrive", "POST", "/offline", offline.arrive),
    ("worker", "GET", "/worker.js", offline.worker),
)
"""Name, method, address below the link's, and view of each page that participants have."""

for _name, _method, _rule, _view in _PAGES:
    _defaults = {"instance": ""} if _rule.endswith("<int:number>") else {}
    blueprint.add_url_rule(f"{_LINK}{_rule}", f"{TRIAL}{_name}", _view, methods=[_method], defaults=_defaults)
