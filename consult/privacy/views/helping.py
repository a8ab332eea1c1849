"""Help for participants: helplines by country, ways to ask and to complain; written at the desk, read by everybody.

The public page is the same bytes for everybody and holds all countries: nobody learns which one somebody opens.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Mapping, Sequence

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.privacy import helping, queries
from consult.privacy.forms import ComplaintForm, HelplineForm
from consult.privacy.models import Helpline
from consult.privacy.views.blueprint import blueprint
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.ready import Ready
from consult.web.templating import country
from consult.web.transaction import session

_DESK = "/<locale>/desk/processes/<slug>/help"


@blueprint.get("/<locale>/q/<slug>/help")
def help(slug: str) -> Response:  # noqa: A001  # the word on the page
    """Where participants of an activity find help, in its locales."""
    activity = processes.public_activity(session(), slug) or abort(404)
    offer(activity.locales)
    layout = {
        "exit_url": url_for("responses.leave", slug=slug),
        "privacy_url": url_for("privacy.notice", slug=slug),
        "help_url": url_for("privacy.help", slug=slug),
    }
    return _alike(page(activity.process, layout))


@blueprint.get("/<locale>/p/<slug>/help")
def process_help(slug: str) -> Response:
    """The same for whoever reads about a process."""
    process = processes.public_process(session(), slug) or abort(404)
    offer(process.locales)
    return _alike(page(process, {"help_url": url_for("privacy.process_help", slug=slug)}))


def page(process: Process, layout: Mapping[str, object]) -> str:
    """The page; `layout`: what the layout wants, where an activity is tried too."""
    told: dict[str, object] = {
        "process": process,
        "source": process.locales[0],
        "synthetic": process.synthetic,
        "countries": _by_country(queries.helplines(session(), process.id)),
        "dialled": lambda phone: re.sub(r"[^0-9+*#]", "", phone),
    }
    return render_template("privacy/help.html", **{**layout, **told})


def _alike(html: str) -> Response:
    return Ready.of(html.encode()).response("text/html; charset=utf-8", "public, max-age=60")


def _by_country(helplines: Sequence[Helpline]) -> list[tuple[str, list[Helpline]]]:
    """Names of countries in the reader's language with their helplines, those for every country first."""
    grouped = itertools.groupby(helplines, key=lambda helpline: helpline.country)
    named = [(country(code) if code else "", list(lines)) for code, lines in grouped]
    return sorted(named, key=lambda entry: entry[0].casefold())


@blueprint.route(_DESK, methods=["GET", "POST"])
def helplines(slug: str) -> ResponseReturnValue:
    """The helplines of a process, and how people can complain."""
    offer(list(LOCALES))
    process = desk.found_process(slug)
    form = ComplaintForm(obj=process, locales=_locales(process))
    if form.validate_on_submit():
        helping.describe(session(), process, form.complaint.data, by=actor(), now=now())
        flash(_("Saved."), "success")
        return redirect(_address(process))
    lines = _by_country(queries.helplines(session(), process.id))
    return desk.render("privacy/helplines.html", process, form=form, countries=lines)


@blueprint.route(f"{_DESK}/add", methods=["GET", "POST"])
def add_helpline(slug: str) -> ResponseReturnValue:
    """Add a helpline."""
    return _edit(desk.found_process(slug), None)


@blueprint.route(f"{_DESK}/<uuid:helpline_id>", methods=["GET", "POST"])
def helpline(slug: str, helpline_id: uuid.UUID) -> ResponseReturnValue:
    """Change a helpline."""
    process = desk.found_process(slug)
    return _edit(process, _found(process, helpline_id))


@blueprint.route(f"{_DESK}/<uuid:helpline_id>/delete", methods=["GET", "POST"])
def remove_helpline(slug: str, helpline_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then take a helpline away."""
    offer(list(LOCALES))
    process = desk.found_process(slug)
    found = _found(process, helpline_id)
    if ConfirmForm().validate_on_submit():
        helping.remove(session(), process, found, by=actor(), now=now())
        flash(_("Deleted."), "success")
        return redirect(_address(process))
    return desk.render("privacy/remove_helpline.html", process, crumbs=[_crumb(process)], helpline=found)


def _edit(process: Process, found: Helpline | None) -> ResponseReturnValue:
    offer(list(LOCALES))
    form = HelplineForm(obj=found, locales=_locales(process))
    if form.validate_on_submit():
        try:
            helping.put(session(), process, found, form.line(), by=actor(), now=now())
        except Refused as refused:
            slug, key = process.slug, found.id if found else None
            desk.refuse(form, refused)
            process = desk.found_process(slug)
            found = _found(process, key) if key else None
        else:
            flash(_("Saved."), "success")
            return redirect(_address(process))
    return desk.render("privacy/helpline.html", process, crumbs=[_crumb(process)], form=form, helpline=found)


def _found(process: Process, helpline_id: uuid.UUID) -> Helpline:
    return queries.helpline(session(), process.id, helpline_id) or abort(404)


def _locales(process: Process) -> list[str]:
    """Those of the process, then further ones in which its activities are offered."""
    offered = (locale for activity in process.activities for locale in activity.locales)
    return list(dict.fromkeys([*process.locales, *offered]))


def _address(process: Process) -> str:
    return url_for("privacy.helplines", slug=process.slug)


def _crumb(process: Process) -> desk.Crumb:
    return _("Help for participants"), _address(process)
