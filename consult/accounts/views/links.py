"""Setting a password by a single-use link, and asking for one.

The token stands in the address of the mail only: the answer moves it into the session, so that it remains neither in
the history nor in any referrer.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts.addresses import LINK
from consult.accounts.forms import EmailForm, NewPasswordForm
from consult.accounts.service import links, passwords
from consult.accounts.service.people import normal_email
from consult.accounts.views.blueprint import blueprint
from consult.core.errors import Refused
from consult.web import transaction
from consult.web.context import keys, now, settings
from consult.web.transaction import database

_LINK = "link"


@blueprint.get(LINK)
def link(token: str) -> ResponseReturnValue:
    """Take the token out of the address. Looking uses nothing up and signs nobody out: others can have one look."""
    session[_LINK] = token
    return redirect(url_for(".password"))


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Choose a password, once per link."""
    token = str(session.get(_LINK, ""))
    with database().reading() as opened:
        person = links.find(opened, keys(), token, now=now())
    if person is None:
        return _gone()
    form = NewPasswordForm()
    if form.validate_on_submit():
        problems = passwords.problems(form.password.data, person.email)
        if not problems:
            return _set(token, passwords.hashed(form.password.data))
        form.refuse(problems)
    return render_template("accounts/password.html", form=form, person=person)


@blueprint.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link. The answer is the same, and comes as fast, whether or not there is such an account."""
    form = EmailForm()
    if form.validate_on_submit():
        links.request(transaction.session(), keys(), normal_email(form.email.data), now=now())
        return render_template("accounts/sent.html")
    return render_template("accounts/forgotten.html", form=form, mails=bool(settings().smtp_url))


def _set(token: str, password_hash: str) -> ResponseReturnValue:
    try:
        links.redeem(transaction.session(), keys(), token, password_hash, now=now())
    except Refused:
        transaction.rollback()
        return _gone()
    session.clear()
    flash(_("Your password is set. Sign in with it."), "success")
    return redirect(url_for(".sign_in"))


def _gone() -> ResponseReturnValue:
    session.pop(_LINK, None)
    return render_template("accounts/link_gone.html"), 410
