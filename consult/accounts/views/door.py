"""Signing in and out.

Every attempt is counted and committed before anything is checked, and hashing happens while no writing session is open.
"""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from consult.accounts import queries
from consult.accounts.forms import CodeForm, SignInForm
from consult.accounts.models import User
from consult.accounts.service import passwords, secondstep, signins
from consult.accounts.service.people import normal_email
from consult.accounts.views.blueprint import COOKIE, blueprint
from consult.core.errors import Problem
from consult.core.fingerprint import fingerprint
from consult.web import transaction
from consult.web.context import keys, now
from consult.web.permissions import actor
from consult.web.redirects import local
from consult.web.transaction import database

_PENDING = "pending"
_PENDING_SECONDS = 600


def counted(email: str) -> bool:
    """Count an attempt with an address; false while it rests."""
    with database().transaction() as opened:
        return signins.attempt(opened, signins.subject_of(keys(), email), now=now())


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Address and password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form)
    email = normal_email(form.email.data)
    if not counted(email):
        form.refuse([Problem("accounts.sign_in.resting")])
        return render_template("accounts/sign_in.html", form=form), 429
    with database().reading() as opened:
        person = queries.by_email(opened, email)
    stored = person.password if person is not None and person.disabled_at is None else ""
    if not passwords.matches(stored, form.password.data) or person is None:
        form.refuse([Problem("accounts.sign_in.wrong")])
        return render_template("accounts/sign_in.html", form=form)
    fresh_hash = passwords.hashed(form.password.data) if passwords.outdated(stored) else stored
    onward = local(request.args.get("next"))
    if person.totp_secret is None:
        return _begin(person.id, onward, fresh_hash)
    session.clear()
    session[_PENDING] = {
        "user": person.id.hex,
        "password": _bound_to(stored),
        "until": int(now().timestamp()) + _PENDING_SECONDS,
        "next": onward,
    }
    return redirect(url_for(".code"))


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The second step."""
    person = _pending_person()
    if person is None:
        session.pop(_PENDING, None)
        return redirect(url_for(".sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("accounts/code.html", form=form)
    if not counted(person.email):
        form.refuse([Problem("accounts.sign_in.resting")])
        return render_template("accounts/code.html", form=form), 429
    step = secondstep.matching_step(secondstep.secret_of(keys(), person), form.code.data, now())
    writing = transaction.session()
    if step is None:
        accepted = secondstep.use_recovery_code(writing, keys(), person.id, form.code.data)
    else:
        accepted = secondstep.accept_step(writing, person.id, step)
    if not accepted:
        transaction.rollback()
        form.refuse([Problem("accounts.code.wrong")])
        return render_template("accounts/code.html", form=form)
    return _begin(person.id, local(session[_PENDING]["next"]), person.password)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    signins.end(transaction.session(), signins.token_of(keys(), session[COOKIE]), by=actor(), now=now())
    session.clear()
    return redirect(url_for(".sign_in"))


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign every browser of this person out, this one too."""
    signins.end_all(transaction.session(), actor().id, by=actor(), now=now())
    session.clear()
    return redirect(url_for(".sign_in"))


def _begin(user_id: uuid.UUID, onward: str | None, password_hash: str) -> ResponseReturnValue:
    """Sign in with a session of its own: nothing that was in the cookie before survives."""
    writing = transaction.session()
    person = queries.user(writing, user_id)
    session.clear()
    if person is None:
        return redirect(url_for(".sign_in"))
    person.password = password_hash
    signins.forget_attempts(writing, signins.subject_of(keys(), person.email))
    session[COOKIE] = signins.begin(writing, keys(), person, now=now())
    if queries.needs_second_step(person):
        return redirect(url_for(".second_step"))
    return redirect(onward or url_for("processes.index"))


def _pending_person() -> User | None:
    """Whose password was right a moment ago in this browser; none once it has been changed or time is up."""
    pending = session.get(_PENDING)
    if not isinstance(pending, dict) or pending.get("until", 0) < now().timestamp():
        return None
    with database().reading() as opened:
        person = queries.user(opened, uuid.UUID(pending["user"]))
    if person is None or person.totp_secret is None or pending["password"] != _bound_to(person.password):
        return None
    return person


def _bound_to(password_hash: str) -> str:
    return fingerprint(keys().codes, "pending", password_hash).hex()
