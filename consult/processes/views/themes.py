"""The theme tree of a process."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.errors import Refused
from consult.core.policy.themes import STARTER_SETS
from consult.processes import desk, queries, themes
from consult.processes.forms import ThemeForm
from consult.processes.models import Process, Theme
from consult.processes.themes import Outline, Way
from consult.processes.views.blueprint import blueprint
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import session

_PREFIX = "/<locale>/desk/processes/<slug>/themes"


@blueprint.route(_PREFIX, endpoint="themes", methods=["GET", "POST"])
def overview(slug: str) -> ResponseReturnValue:
    """The tree, and a form for one more theme."""
    process = desk.found_process(slug)
    form = _form(process, None)
    if form.validate_on_submit():
        try:
            themes.add(session(), process, _outline(form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            return redirect(_address(process))
    return desk.render(
        "processes/themes.html",
        process,
        form=form,
        themes=themes.tree(process.themes),
        starters=list(STARTER_SETS.values()),
    )


@blueprint.route(f"{_PREFIX}/<uuid:theme_id>", methods=["GET", "POST"])
def theme(slug: str, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Change a theme."""
    process = desk.found_process(slug)
    found = _found(process, theme_id)
    form = _form(process, found)
    if form.validate_on_submit():
        try:
            themes.revise(session(), process, found, _outline(form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(process))
    return desk.render("processes/theme.html", process, crumbs=[_crumb(process)], form=form, theme=found)


@blueprint.post(f"{_PREFIX}/<uuid:theme_id>/move")
def move_theme(slug: str, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Move a theme up or down among its siblings."""
    process = desk.found_process(slug)
    ways: dict[str, Way] = {"up": "up", "down": "down"}
    way = ways.get(request.form.get("way", "")) or abort(400)
    themes.move(session(), process, _found(process, theme_id), way, by=actor(), now=now())
    return redirect(_address(process))


@blueprint.route(f"{_PREFIX}/<uuid:theme_id>/delete", methods=["GET", "POST"])
def remove_theme(slug: str, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then delete a theme and those under it."""
    process = desk.found_process(slug)
    found = _found(process, theme_id)
    if ConfirmForm().validate_on_submit():
        themes.remove(session(), process, found, by=actor(), now=now())
        flash(_("The theme is deleted."), "success")
        return redirect(_address(process))
    below = [theme for theme in process.themes if theme.parent_id == found.id]
    return desk.render("processes/remove_theme.html", process, crumbs=[_crumb(process)], theme=found, below=below)


@blueprint.post(f"{_PREFIX}/adopt")
def adopt_themes(slug: str) -> ResponseReturnValue:
    """Add a starter set."""
    process = desk.found_process(slug)
    starter = STARTER_SETS.get(request.form.get("starter", "")) or abort(400)
    count = themes.adopt(session(), process, starter, by=actor(), now=now())
    flash(ngettext("%(num)s theme was added.", "%(num)s themes were added.", count), "success")
    return redirect(_address(process))


def _found(process: Process, theme_id: uuid.UUID) -> Theme:
    return queries.theme(session(), process.id, theme_id) or abort(404)


def _address(process: Process) -> str:
    return url_for("processes.themes", slug=process.slug)


def _crumb(process: Process) -> desk.Crumb:
    return _("Themes"), _address(process)


def _form(process: Process, theme: Theme | None) -> ThemeForm:
    stored: dict[str, object] = {}
    if theme is not None:
        stored = {
            "label": theme.label,
            "code": theme.code,
            "parent_id": str(theme.parent_id or ""),
            "objectives": [str(objective) for objective in theme.objectives],
            "targets": " ".join(theme.targets),
        }
    form = ThemeForm(data=stored, locales=process.locales)
    form.offer(process.locales[0], [other for other in process.themes if other.parent_id is None and other != theme])
    return form


def _outline(form: ThemeForm) -> Outline:
    return Outline(
        label=form.label.data,
        code=form.code.data or "",
        parent_id=uuid.UUID(form.parent_id.data) if form.parent_id.data else None,
        objectives=tuple(int(objective) for objective in form.objectives.data or ()),
        targets=tuple((form.targets.data or "").replace(",", " ").split()),
    )
