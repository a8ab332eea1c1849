"""The core group of a process."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.accounts import letters
from consult.accounts.service.people import Invitee
from consult.core.errors import Refused
from consult.processes import desk, group, queries
from consult.processes.forms import SeatForm
from consult.processes.models import Process, Seat
from consult.processes.views.blueprint import blueprint
from consult.processes.words import SEATS
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session

_PREFIX = "/<locale>/desk/processes/<slug>/group"


@blueprint.route(_PREFIX, endpoint="group", methods=["GET", "POST"])
def overview(slug: str) -> ResponseReturnValue:
    """Who has a seat, and a form for one more."""
    process = desk.found_process(slug)
    form = SeatForm()
    form.offer(queries.institutions(session()))
    if not form.is_submitted():
        form.institution_id.data = str(process.lead_institution_id)
        form.seat.data = Seat.MEMBER
    elif form.validate():
        try:
            return _seat(process, form)
        except Refused as refused:
            desk.refuse(form, refused)
    members = sorted(queries.members(session(), process.id), key=lambda member: member.user.name.casefold())
    return desk.render("processes/group.html", process, form=form, members=members, seats=SEATS, today=now().date())


@blueprint.route(f"{_PREFIX}/<uuid:user_id>/remove", methods=["GET", "POST"])
def unseat(slug: str, user_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then take a person out of the core group."""
    process = desk.found_process(slug)
    member = next((found for found in queries.members(session(), process.id) if found.user_id == user_id), None)
    if member is None:
        abort(404)
    if ConfirmForm().validate_on_submit():
        group.unseat(session(), process, user_id, by=actor(), now=now())
        flash(_("%(name)s has no seat in the core group any more.", name=member.user.name), "success")
        return redirect(_address(process))
    crumbs = [(_("Core group"), _address(process))]
    return desk.render("processes/unseat.html", process, crumbs=crumbs, member=member)


def _seat(process: Process, form: SeatForm) -> ResponseReturnValue:
    """Give the seat. Who has no account yet gets one, and a link to set a password: by mail, else to copy."""
    moment = now()
    invitee = Invitee(form.email.data, form.name.data, current().interface, frozenset())
    user, link = letters.welcome(
        session(), settings(), keys(), process.lead_institution, invitee, by=actor(), now=moment
    )
    group.seat(
        session(),
        process,
        user_id=user.id,
        institution_id=uuid.UUID(form.institution_id.data),
        seat=Seat(form.seat.data),
        expires_on=form.expires_on.data,
        by=actor(),
        now=moment,
    )
    if link:
        crumbs = [(_("Core group"), _address(process))]
        return desk.render(
            "processes/link.html", process, crumbs=crumbs, user=user, link=link, onward=_address(process)
        )
    flash(_("%(name)s has a seat in the core group.", name=user.name), "success")
    return redirect(_address(process))


def _address(process: Process) -> str:
    return url_for("processes.group", slug=process.slug)
