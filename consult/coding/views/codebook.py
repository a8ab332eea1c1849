"""The codebook: written, shared out, published, read."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.coding import codebooks, queries
from consult.coding.forms import CodeForm, ShareForm, maps_of
from consult.coding.views.blueprint import DESK, blueprint, render
from consult.core.coding.codebook import Code, decode
from consult.core.errors import Refused
from consult.processes import desk
from consult.processes.models import Process
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_PREFIX = f"{DESK}/codebook"


@blueprint.route(_PREFIX, endpoint="codebook", methods=["GET", "POST"])
def show(slug: str) -> ResponseReturnValue:
    """The codes as they are being written, the published versions, and a form for one more code."""
    process = desk.found_process(slug)
    form = _form(process, None)
    if form.validate_on_submit():
        try:
            codebooks.write(session(), process, form.written(), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            process = desk.found_process(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(process))
    return _page(process, form, ShareForm(formdata=None, twice=_twice(process)))


def _page(process: Process, form: CodeForm, share: ShareForm) -> str:
    draft = codebooks.written(session(), process)
    return render(
        "coding/codebook.html",
        process,
        form=form,
        share=share,
        codes=list(draft.tree()),
        versions=queries.versions(session(), process.id),
        themes={theme.code: theme for theme in process.themes},
    )


@blueprint.post(f"{_PREFIX}/share")
def share(slug: str) -> ResponseReturnValue:
    """Decide how many texts two people code."""
    process = desk.found_process(slug)
    form = ShareForm()
    if form.validate_on_submit():
        try:
            codebooks.share(session(), process, form.twice.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            process = desk.found_process(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(process))
    return _page(process, _form(process, None, asked=False), form)


@blueprint.route(f"{_PREFIX}/codes/<code>", methods=["GET", "POST"])
def code(slug: str, code: str) -> ResponseReturnValue:
    """Change a code."""
    process = desk.found_process(slug)
    found = _found(process, code)
    form = _form(process, found)
    if form.validate_on_submit():
        try:
            codebooks.write(session(), process, form.written(), instead=code, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            process = desk.found_process(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(_address(process))
    return render("coding/code.html", process, _crumb(process), form=form, code=found)


@blueprint.route(f"{_PREFIX}/codes/<code>/delete", methods=["GET", "POST"])
def remove_code(slug: str, code: str) -> ResponseReturnValue:
    """Ask once, then delete a code and those under it."""
    process = desk.found_process(slug)
    found = _found(process, code)
    if ConfirmForm().validate_on_submit():
        codebooks.remove(session(), process, code, by=actor(), now=now())
        flash(_("The code is deleted."), "success")
        return redirect(_address(process))
    below = [one for one in codebooks.written(session(), process).codes if one.parent == code]
    return render("coding/remove_code.html", process, _crumb(process), code=found, below=below)


@blueprint.route(f"{_PREFIX}/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    """Say what codes that are gone count as, and publish the next version."""
    process = desk.found_process(slug)
    gone, problems = codebooks.gone(session(), process), []
    if ConfirmForm().validate_on_submit():
        try:
            version = codebooks.publish(session(), process, maps_of(request.form, gone), by=actor(), now=now())
        except Refused as refused:
            rollback()
            process, problems = desk.found_process(slug), sentences(refused.problems)
        else:
            flash(_("Version %(number)s is published.", number=version.number), "success")
            return redirect(_address(process))
    draft = codebooks.written(session(), process)
    before = queries.latest(session(), process.id)
    return render(
        "coding/publish.html",
        process,
        _crumb(process),
        gone=gone,
        codes=draft.codes,
        new=[one for one in draft.codes if before is None or one.code not in before.known],
        number=before.number + 1 if before else 1,
        problems=[("#main", words) for words in problems],
    )


@blueprint.get(f"{_PREFIX}/<int:number>")
def version(slug: str, number: int) -> str:
    """A published version."""
    process = desk.found_process(slug)
    found = queries.version(session(), process.id, number) or abort(404)
    codes = list(decode(found.document.encode()).tree())
    themes = {theme.code: theme for theme in process.themes}
    return render("coding/version.html", process, _crumb(process), version=found, codes=codes, themes=themes)


def _form(process: Process, found: Code | None, *, asked: bool = True) -> CodeForm:
    stored = (
        {
            "label": found.label,
            "code": found.code,
            "definition": found.definition,
            "theme": found.theme,
            "parent": found.parent,
        }
        if found
        else {}
    )
    form = CodeForm(data=stored, locales=process.locales) if asked else CodeForm(formdata=None, locales=process.locales)
    form.offer(process, codebooks.written(session(), process), found.code if found else "")
    return form


def _twice(process: Process) -> int:
    draft = queries.draft(session(), process.id)
    return draft.twice if draft else 10


def _found(process: Process, code: str) -> Code:
    return codebooks.written(session(), process).named().get(code) or abort(404)


def _address(process: Process) -> str:
    return url_for("coding.codebook", slug=process.slug)


def _crumb(process: Process) -> desk.Crumb:
    return _("Codebook"), _address(process)
