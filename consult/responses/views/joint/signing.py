"""Everything that an institution has answered, and the form by which one of its hands signs it."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.accounts.views.own import confirmed, own_account
from consult.core.errors import Refused
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.routing import Standing
from consult.responses import looks
from consult.responses.forms import SignForm
from consult.responses.joint import queries, signing
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.joint.place import PREFIX, Place, place_of
from consult.web.context import keys
from consult.web.holes import hole
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.transaction import database, rollback, session


@elsewhere(f"{PREFIX}/check", "joint_check", ["GET", "POST"])
def check(slug: str, institution_id: uuid.UUID) -> Answer | str:
    """Read everything; sign it where nothing is open any more and who reads may sign."""
    place = place_of(slug, institution_id)
    offer(list(place.compiled.questionnaire.locales))
    standing = place.stand(place.state.answers)
    with database().reading() as opened:
        disputed = bool(queries.held(opened, place.which))
    ready = place.writable and standing.unfinished() is None and not disputed
    form = SignForm()
    assert place.asked.hand is not None, "others do not get here"
    if place.asked.hand.signs and ready and form.validate_on_submit() and confirmed(form, own_account(), "password"):
        try:
            return _sign(place, standing, form)
        except Refused as refused:
            rollback()
            form.refuse(refused.problems)
    return render_template(
        "responses/joint/check.html",
        given=_given(place),
        process=place.activity.process,
        joint=place,
        form=form,
        ready=ready,
        disputed=disputed,
        url_for_locale=lambda code: place.url("joint_check", locale=code),
    )


def _sign(place: Place, standing: Standing, form: SignForm) -> Answer:
    seen = request.form.get("version", "")
    signed = signing.Signing(
        seen=int(seen) if seen == str(place.state.version) else -1,
        name=form.name.data,
        locale=place.locale,
        document=standing.document(),
    )
    signing.sign(session(), place.joint, signed, key=keys().codes, by=actor(), now=place.now)
    flash(_("Signed. These answers are now the response of the institution."), "success")
    return redirect(place.url())


def _given(place: Place) -> object:
    def page_url(number: int) -> str:
        return place.url("joint_page", locale=place.locale, number=number)

    signature = place.asked.signature
    frozen = place.state.state == "signed" and signature is not None
    return place.given(
        "responses/given.html",
        decode(signature.answers) if frozen and signature else place.state.answers,
        **looks.reading(place.words),
        hole=hole,
        page_url=page_url if place.writable else None,
    )
