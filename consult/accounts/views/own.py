"""One's own account."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.forms import ROLE_NAMES, ChangePasswordForm, ProfileForm
from consult.accounts.models import User
from consult.accounts.service import links, passwords, people, signins
from consult.accounts.views.blueprint import COOKIE, blueprint
from consult.accounts.views.door import counted
from consult.core.errors import Place, Problem
from consult.web import transaction
from consult.web.context import keys, now
from consult.web.fields import StaffForm
from consult.web.permissions import actor
from consult.web.transaction import database


def own_account() -> User:
    """The account of whoever has signed in, read apart from the writing session."""
    with database().reading() as opened:
        person = queries.user(opened, actor().id)
    if person is None:
        abort(404)
    return person


def confirmed(form: StaffForm, person: User, field: str) -> bool:
    """Whether a form carries the right password; says so at the field if not. Counts like signing in."""
    if not counted(person.email):
        form.refuse([Problem("accounts.sign_in.resting", {}, Place(field=field))])
        return False
    if not passwords.matches(person.password, form[field].data):
        form.refuse([Problem("accounts.password.wrong", {}, Place(field=field))])
        return False
    with database().transaction() as opened:
        signins.forget_attempts(opened, signins.subject_of(keys(), person.email))
    return True


@blueprint.route("/account", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Name, language, roles, second step, and where one has signed in."""
    person = own_account()
    form = ProfileForm(obj=person)
    if form.validate_on_submit():
        people.describe(transaction.session(), person.id, form.name.data, form.locale.data, by=actor(), now=now())
        flash(_("Saved."), "success")
        return redirect(url_for(".profile"))
    with database().reading() as opened:
        open_now = queries.sign_ins(opened, person.id, now=now())
        codes_left = queries.recovery_codes_left(opened, person.id)
    return render_template(
        "accounts/profile.html",
        form=form,
        person=person,
        role_names=ROLE_NAMES,
        rests=queries.needs_second_step(person),
        sign_ins=open_now,
        here=signins.token_of(keys(), session[COOKIE]),
        codes_left=codes_left,
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """A new password; every other browser is signed out."""
    person, form = own_account(), ChangePasswordForm()
    if form.validate_on_submit() and confirmed(form, person, "current"):
        problems = passwords.problems(form.password.data, person.email)
        form.refuse(problems)
        if not problems:
            fresh = passwords.hashed(form.password.data)
            writing = transaction.session()
            stored = queries.user(writing, person.id)
            if stored is None:
                abort(404)
            links.set_password(writing, keys(), stored, fresh, by=actor(), now=now())
            session.clear()
            session[COOKIE] = signins.begin(writing, keys(), stored, now=now())
            flash(_("Your password is changed. Every other browser has been signed out."), "success")
            return redirect(url_for(".profile"))
    return render_template("accounts/change_password.html", form=form)


@blueprint.post("/account/sign-ins/<token>/end")
def end_sign_in(token: str) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    try:
        stored = bytes.fromhex(token)
    except ValueError:
        abort(404)
    signins.end(transaction.session(), stored, by=actor(), now=now())
    return redirect(url_for(".profile"))
