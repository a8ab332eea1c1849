"""Institutions: listed for their administrators, added and edited by operators."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.forms import KIND_NAMES, InstitutionForm
from consult.accounts.models import Institution
from consult.accounts.service import people
from consult.accounts.service.people import InstitutionFacts
from consult.accounts.views.blueprint import blueprint
from consult.web import transaction
from consult.web.context import now
from consult.web.permissions import actor, scope


def reachable(institution_id: uuid.UUID) -> Institution:
    """An institution that this person manages; 404 for any other."""
    found = queries.institution(transaction.session(), scope(), institution_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/institutions")
def institutions() -> str:
    """The institutions that this person manages."""
    found = queries.institutions(transaction.session(), scope())
    return render_template("accounts/institutions.html", institutions=found, kind_names=KIND_NAMES)


@blueprint.route("/institutions/new", methods=["GET", "POST"])
def new_institution() -> ResponseReturnValue:
    """Add an institution."""
    form = InstitutionForm()
    if form.validate_on_submit():
        made = people.create_institution(transaction.session(), _facts(form), by=actor(), now=now())
        flash(_("The institution is added. Invite its first administrator."), "success")
        return redirect(url_for(".invite", institution_id=made.id))
    return render_template("accounts/institution.html", form=form, institution=None)


@blueprint.route("/institutions/<uuid:institution_id>", methods=["GET", "POST"])
def edit_institution(institution_id: uuid.UUID) -> ResponseReturnValue:
    """Edit an institution."""
    institution = reachable(institution_id)
    form = InstitutionForm(obj=institution)
    if form.validate_on_submit():
        people.edit_institution(transaction.session(), institution, _facts(form), by=actor(), now=now())
        flash(_("Saved."), "success")
        return redirect(url_for(".institutions"))
    return render_template("accounts/institution.html", form=form, institution=institution)


def _facts(form: InstitutionForm) -> InstitutionFacts:
    return InstitutionFacts(form.name.data, form.kind.data, form.country.data)
