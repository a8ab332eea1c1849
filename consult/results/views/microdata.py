"""Single records for data stewards: choose, read the re-identification report, fetch."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.audit.service import record
from consult.core.aggregation.tables import Variable
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results.forms import FetchForm, MicrodataForm
from consult.results.microdata import making, shelf
from consult.results.microdata.choosing import Choice, Offer, dataset_of, offer
from consult.results.microdata.report import Report, lines, paragraphs
from consult.results.microdata.shelf import Waiting
from consult.results.presentation import Reader, variable_label
from consult.results.translations import words_of
from consult.results.views.blueprint import DESK, blueprint, reader
from consult.web.context import now, settings
from consult.web.locale import current
from consult.web.permissions import actor, scope
from consult.web.transaction import database, session

_FORMATS = (("csv", "CSV"), ("r", "R"), ("sav", "SPSS (.sav)"), ("dta", "Stata (.dta)"))


class _Found(NamedTuple):
    """An activity whose records can be given out."""

    id: uuid.UUID
    slug: str
    title: LocalisedText
    source: str
    offer: Offer | None
    labels: dict[str, str]
    """By id of the variable."""


@blueprint.route(f"{DESK}/microdata/<activity>", methods=["GET", "POST"])
def microdata(slug: str, activity: str) -> ResponseReturnValue:
    """Choose what leaves; the file is made, and waits for whoever has read its report."""
    found = _found(slug, activity)
    form = _form(found)
    if found.offer and form.validate_on_submit():
        try:
            name, report = _made(found, found.offer.only(_choice(form)))
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            _note(desk.found_process(slug), "microdata", found, report)
            return redirect(url_for("results.microdata_file", slug=slug, activity=activity, name=name))
    return desk.render(
        "results/microdata.html",
        desk.found_process(slug),
        crumbs=[_crumb(slug)],
        form=form,
        found=found,
        waiting=list(shelf.waiting(settings(), found.id)),
    )


@blueprint.route(f"{DESK}/microdata/<activity>/<name>", methods=["GET", "POST"])
def microdata_file(slug: str, activity: str, name: str) -> ResponseReturnValue:
    """The re-identification report of a file, then the file."""
    found = _found(slug, activity)
    one = shelf.get(settings(), found.id, name) or abort(404)
    form = FetchForm()
    if not one.report.safe:
        form.warn()
    if "discard" in request.form:
        return _discarded(slug, found, one)
    if form.validate_on_submit():
        return _fetched(slug, found, one)
    who = reader()
    return desk.render(
        "results/microdata_file.html",
        desk.found_process(slug),
        crumbs=[_crumb(slug), (_title(found), url_for("results.microdata", slug=slug, activity=activity))],
        form=form,
        found=found,
        one=one,
        report=one.report,
        lines=list(lines(one.report, who)),
        paragraphs=paragraphs(who),
        megabytes=max(0.1, round(one.path.stat().st_size / 1_000_000, 1)),
    )


def _found(slug: str, name: str) -> _Found:
    with database().reading() as opened:
        process = processes.process(opened, scope(), slug) or abort(404)
        activity = next((one for one in process.activities if one.slug == name), None) or abort(404)
        there, dataset, who = offer(opened, activity), dataset_of(activity), reader()
        known = (*there.variables, *there.texts) if there else ()
        labels = {variable.id: _label(variable, variable_label(variable, dataset, who)) for variable in known}
        return _Found(activity.id, activity.slug, activity.title, activity.locales[0], there, labels)


def _label(variable: Variable, label: str) -> str:
    return _("%(label)s (sensitive)", label=label) if variable.sensitive else label


def _form(found: _Found) -> MicrodataForm:
    usual = found.offer.usual() if found.offer else Choice(variables=())
    form = MicrodataForm(obj=usual)
    if found.offer:
        named = [(variable.id, found.labels[variable.id]) for variable in found.offer.variables]
        form.variables.choices = form.keys.choices = named
        form.exact.choices = [(one.id, found.labels[one.id]) for one in found.offer.numbers()]
        form.texts.choices = [(one.id, found.labels[one.id]) for one in found.offer.texts]
    form.formats.choices = list(_FORMATS)
    return form


def _choice(form: MicrodataForm) -> Choice:
    several = {name: tuple(form[name].data or ()) for name in ("variables", "keys", "exact", "texts", "formats")}
    return Choice(blank=form.blank.data, **several)


def _made(found: _Found, choice: Choice) -> tuple[str, Report]:
    """Make the file with no transaction open: nothing is locked meanwhile."""
    path, locale = shelf.place(settings(), found.id), current().interface
    who = Reader(locale, words_of(locale))
    report = making.make(database(), found.id, choice, path, settings=settings(), reader=who, now=now())
    return shelf.enter(path, report), report


def _fetched(slug: str, found: _Found, one: Waiting) -> Response:
    _note(desk.found_process(slug), "microdata_fetch", found, one.report)
    name = f"{found.slug}-records.zip"
    answer = send_file(one.path, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _discarded(slug: str, found: _Found, one: Waiting) -> ResponseReturnValue:
    shelf.remove(one)
    flash(_("The file is deleted."), "success")
    return redirect(url_for("results.microdata", slug=slug, activity=found.slug))


def _note(process: Process, verb: str, found: _Found, report: Report) -> None:
    """In the audit trail: what was made or fetched, and how great its risk is; no number of people."""
    record(
        session(),
        actor=actor(),
        action=f"results.{verb}",
        subject=f"{process.slug}/{found.slug}",
        now=now(),
        process_id=process.id,
        institution_id=process.lead_institution_id,
        details={"variables": len(report.variables), "keys": len(report.keys), "safe": report.safe},
    )


def _title(found: _Found) -> str:
    return reader().text(found.title, found.source)


def _crumb(slug: str) -> desk.Crumb:
    return _("Results"), url_for("results.show", slug=slug)
