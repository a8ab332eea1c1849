"""Pages that belong to no slice: the start, help, contact, accessibility, privacy, health."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consult.config import LOCALES
from consult.processes import queries
from consult.web.context import now
from consult.web.locale import preferred
from consult.web.transaction import session

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> Response:
    """Send a reader to the locale that their browser prefers."""
    answer = redirect(url_for("pages.home", locale=preferred(request.accept_languages, list(LOCALES))))
    answer.headers["Vary"] = "Accept-Language"
    return answer


@blueprint.get("/health")
def health() -> Response:
    """Whether this process answers and reaches its database."""
    session().connection()
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/<locale>/")
def home() -> str:
    """The processes that listen to the public, those with something open first."""
    moment = now()
    found = [
        (process, [activity for activity in process.activities if activity.state(moment) == "open"])
        for process in queries.public_processes(session())
    ]
    return render_template("pages/home.html", processes=sorted(found, key=lambda entry: not entry[1]))


@blueprint.get("/<locale>/help")
def help() -> str:  # noqa: A001  # the word on the page
    """How to take part, and where to find help."""
    return render_template("pages/help.html")


@blueprint.get("/<locale>/contact")
def contact() -> str:
    """Whom to write to or call."""
    return render_template("pages/contact.html", processes=queries.public_processes(session()))


@blueprint.get("/<locale>/accessibility")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("pages/accessibility.html")


@blueprint.get("/<locale>/privacy")
def privacy() -> str:
    """What is kept and what is not."""
    return render_template("pages/privacy.html")
