"""Setting up the second step, and recovery codes."""

from __future__ import annotations

import segno
from flask import abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.forms import PasswordForm, SecondStepForm
from consult.accounts.models import User
from consult.accounts.service import secondstep
from consult.accounts.views.blueprint import blueprint
from consult.accounts.views.own import confirmed, own_account
from consult.core.errors import Place, Problem
from consult.web import transaction
from consult.web.context import keys, now, settings
from consult.web.permissions import actor

_SECRET = "second_step"  # noqa: S105  # name of a place in the session


@blueprint.route("/account/second-step", methods=["GET", "POST"])
def second_step() -> ResponseReturnValue:
    """Put a fresh secret into an authenticator app and prove it by a first code; recovery codes are shown once."""
    person, form = own_account(), SecondStepForm()
    secret = session.setdefault(_SECRET, secondstep.draw_secret())
    if form.validate_on_submit() and confirmed(form, person, "password"):
        step = secondstep.matching_step(secret, form.code.data, now())
        if step is not None:
            codes = secondstep.enable(
                transaction.session(), keys(), _stored(person), secret, step, by=actor(), now=now()
            )
            session.pop(_SECRET)
            return render_template("accounts/recovery_codes.html", codes=codes)
        form.refuse([Problem("accounts.code.wrong", {}, Place(field="code"))])
    issuer = settings().base_url.split("://", 1)[-1].split("/", 1)[0]
    address = secondstep.authenticator_address(secret, person.email, issuer)
    return render_template(
        "accounts/second_step.html",
        form=form,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        code=segno.make(address, error="m").svg_data_uri(),
        required=queries.needs_second_step(person),
        replaces=person.totp_secret is not None,
    )


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
def recovery_codes() -> ResponseReturnValue:
    """Fresh recovery codes, shown once; the old ones end."""
    person, form = own_account(), PasswordForm()
    if person.totp_secret is None:
        abort(404)
    if form.validate_on_submit() and confirmed(form, person, "current"):
        codes = secondstep.renew_recovery_codes(transaction.session(), keys(), _stored(person), by=actor(), now=now())
        return render_template("accounts/recovery_codes.html", codes=codes)
    return render_template("accounts/confirm.html", form=form, purpose="recovery_codes")


@blueprint.route("/account/second-step/off", methods=["GET", "POST"])
def second_step_off() -> ResponseReturnValue:
    """Do without the second step; roles that need it rest."""
    person, form = own_account(), PasswordForm()
    if person.totp_secret is None:
        abort(404)
    if form.validate_on_submit() and confirmed(form, person, "current"):
        secondstep.disable(transaction.session(), _stored(person), by=actor(), now=now())
        flash(_("The second step is switched off."), "success")
        return redirect(url_for(".profile"))
    return render_template("accounts/confirm.html", form=form, purpose="second_step_off")


def _stored(person: User) -> User:
    """The account in the writing session."""
    found = queries.user(transaction.session(), person.id)
    if found is None:
        abort(404)
    return found
