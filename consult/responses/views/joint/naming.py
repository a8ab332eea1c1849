"""Who answers for an institution: named by its officers and administrators."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import letters
from consult.accounts.models import Role
from consult.accounts.service.people import Invitee
from consult.core.errors import Refused
from consult.responses.forms import HandForm
from consult.responses.joint import asking, queries
from consult.responses.joint.models import Joint
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.joint.place import PREFIX, address, crumbs
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.permissions import actor, scope
from consult.web.transaction import rollback, session


@elsewhere(f"{PREFIX}/hands", "hands", ["GET", "POST"])
def hands(slug: str, institution_id: uuid.UUID) -> ResponseReturnValue:
    """Who answers, and a form for one more."""
    joint, form = _joint(slug, institution_id), HandForm()
    if form.validate_on_submit():
        try:
            return _name(joint, form)
        except Refused as refused:
            rollback()
            form.refuse(refused.problems)
    return render_template(
        "responses/joint/hands.html",
        crumbs=crumbs(joint),
        joint=joint,
        hands=queries.hands(session(), queries.of(joint)),
        form=form,
        address=address,
    )


@elsewhere(f"{PREFIX}/hands/<uuid:user_id>/remove", "remove_hand", ["GET", "POST"])
def remove(slug: str, institution_id: uuid.UUID, user_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then let a person answer no more."""
    joint = _joint(slug, institution_id)
    known = (named.hand for named in queries.hands(session(), queries.of(joint)))
    name = next((hand.user.name for hand in known if hand.user_id == user_id), None) or abort(404)
    if ConfirmForm().validate_on_submit():
        asking.remove_hand(session(), joint, user_id, by=actor(), now=now())
        flash(_("%(name)s does not answer for the institution any more.", name=name), "success")
        return redirect(address(joint, "hands"))
    return render_template(
        "responses/joint/remove_hand.html", crumbs=crumbs(joint), joint=joint, name=name, address=address
    )


def _joint(slug: str, institution_id: uuid.UUID) -> Joint:
    found = queries.asked_of(session(), scope(), slug, institution_id) or abort(404)
    return found.joint


def _name(joint: Joint, form: HandForm) -> ResponseReturnValue:
    """Name the hand. Who has no account yet gets one, and a link to set a password: by mail, else to copy."""
    moment, place = now(), joint.institution
    invitee = Invitee(form.email.data, form.name.data or "", current().shipped, frozenset({Role.RESPONDENT}))
    user, link = letters.welcome(session(), settings(), keys(), place, invitee, by=actor(), now=moment)
    asking.name_hand(session(), joint, user.id, signs=form.signs.data, by=actor(), now=moment)
    if link:
        return render_template(
            "responses/joint/link.html", crumbs=crumbs(joint), joint=joint, user=user, link=link, address=address
        )
    flash(_("%(name)s answers for the institution.", name=user.name), "success")
    return redirect(address(joint, "hands"))
