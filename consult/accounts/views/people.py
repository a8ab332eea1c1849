"""The people of an institution: inviting, roles, links, signing out, disabling."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Flask, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import letters, queries
from consult.accounts.forms import ROLE_NAMES, InviteForm, RolesForm
from consult.accounts.letters import Draft
from consult.accounts.models import Institution, User
from consult.accounts.queries import Seated
from consult.accounts.service import people, signins
from consult.accounts.service.people import Invitee, normal_email
from consult.accounts.views.blueprint import blueprint
from consult.accounts.views.institutions import reachable
from consult.core.errors import Refused
from consult.web import transaction
from consult.web.context import keys, now, settings
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import database

PATH = "/institutions/<uuid:institution_id>/people"


def init(app: Flask, seated: Seated) -> None:
    """Say who sits in core groups for which institution: they work for it as those do who hold a role there."""
    app.extensions["consult.seated"] = seated


@blueprint.get(PATH)
def people_of(institution_id: uuid.UUID) -> str:
    """Everybody who works for an institution."""
    institution = reachable(institution_id)
    found = queries.people(transaction.session(), institution_id, _seated())
    return render_template("accounts/people.html", institution=institution, people=found, role_names=ROLE_NAMES)


@blueprint.route(f"{PATH}/invite", methods=["GET", "POST"])
def invite(institution_id: uuid.UUID) -> ResponseReturnValue:
    """Invite a person: by mail, or without a mail server by a link to copy."""
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("accounts/invite.html", form=form, institution=reachable(institution_id))
    with database().reading() as opened:
        known = queries.by_email(opened, normal_email(form.email.data))
    if known and known.password:
        draft = letters.roles_letter(settings(), known)
    else:
        draft = letters.password_letter(settings(), known, form.locale.data, now=now())
    institution = reachable(institution_id)
    invitee = Invitee(form.email.data, form.name.data, form.locale.data, frozenset(form.roles.data))
    person = people.invite(transaction.session(), institution, invitee, by=actor(), now=now())
    return _handed_over(draft, institution, person)


@blueprint.route(f"{PATH}/<uuid:user_id>", methods=["GET", "POST"])
def person(institution_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """One person's roles at an institution."""
    institution, found = _person(institution_id, user_id)
    held = [grant.role for grant in found.grants if grant.institution_id == institution_id]
    form = RolesForm(data={"roles": held})
    whole = _whole(found)
    if form.validate_on_submit():
        try:
            people.set_roles(transaction.session(), institution, found, form.roles.data, by=actor(), now=now())
        except Refused as refusal:
            transaction.rollback()
            form.refuse(refusal.problems)
            institution, found = _person(institution_id, user_id)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".people_of", institution_id=institution_id))
    return render_template("accounts/person.html", form=form, institution=institution, person=found, whole=whole)


@blueprint.post(f"{PATH}/<uuid:user_id>/link")
def send_link(institution_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """A fresh link to set a password: by mail, or without a mail server to copy."""
    with database().reading() as opened:
        known = queries.person(opened, institution_id, user_id, _seated())
    if known is None:
        abort(404)
    draft = letters.password_letter(settings(), known, known.locale, now=now())
    found = _whole_person(institution_id, user_id)
    return _handed_over(draft, reachable(institution_id), found)


@blueprint.post(f"{PATH}/<uuid:user_id>/disable")
def disable(institution_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """Close an account."""
    return _act(institution_id, user_id, people.disable, _("The account is disabled and signed out everywhere."))


@blueprint.post(f"{PATH}/<uuid:user_id>/enable")
def enable(institution_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """Open a disabled account again."""
    return _act(institution_id, user_id, people.enable, _("The account is open again."))


@blueprint.post(f"{PATH}/<uuid:user_id>/sign-out")
def sign_out_person(institution_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    found = _whole_person(institution_id, user_id)
    signins.end_all(transaction.session(), found.id, by=actor(), now=now())
    flash(_("This person is signed out everywhere."), "success")
    return redirect(url_for(".person", institution_id=institution_id, user_id=user_id))


def _handed_over(draft: Draft, institution: Institution, found: User) -> ResponseReturnValue:
    """Send the mail. Without a mail server the link is shown, once, to whoever manages the whole account."""
    whole, by_mail = _whole(found), bool(settings().smtp_url)
    if by_mail or (draft.token and whole):
        letters.hand_over(transaction.session(), settings(), keys(), found, draft, by=actor(), now=now())
    if by_mail:
        flash(_("A mail is on its way."), "success")
    elif draft.token and whole:
        return render_template("accounts/link.html", institution=institution, person=found, link=draft.link)
    else:
        flash(_("This person has an account already. Tell them that their roles have changed."), "success")
    return redirect(url_for(".people_of", institution_id=institution.id))


def _act(institution_id: uuid.UUID, user_id: uuid.UUID, act: Callable[..., None], done: str) -> ResponseReturnValue:
    """Do something to a whole account and go back to it; what is refused is said there."""
    found = _whole_person(institution_id, user_id)
    try:
        act(transaction.session(), found, by=actor(), now=now())
    except Refused as refusal:
        transaction.rollback()
        for words in sentences(refusal.problems):
            flash(words, "danger")
    else:
        flash(done, "success")
    return redirect(url_for(".person", institution_id=institution_id, user_id=user_id))


def _person(institution_id: uuid.UUID, user_id: uuid.UUID) -> tuple[Institution, User]:
    institution = reachable(institution_id)
    found = queries.person(transaction.session(), institution_id, user_id, _seated())
    if found is None:
        abort(404)
    return institution, found


def _whole_person(institution_id: uuid.UUID, user_id: uuid.UUID) -> User:
    """A person whose whole account this administrator manages; 404 where they also work for others."""
    found = _person(institution_id, user_id)[1]
    if not _whole(found):
        abort(404)
    return found


def _whole(found: User) -> bool:
    """Whether this administrator manages every institution that a person works for."""
    return people.manages(actor(), queries.places(transaction.session(), found.id, _seated()))


def _seated() -> Seated:
    seated: Seated = current_app.extensions["consult.seated"]
    return seated
