"""How many may take part by each channel, and of those who are invited with each profile."""

from __future__ import annotations

from flask import Flask, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.participation import quotas as setting
from consult.participation.forms import CHANNELS, QuotaForm
from consult.participation.models import Channel
from consult.participation.quotas import Counted
from consult.participation.views.blueprint import PREFIX, address, blueprint, found, render
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import session


def init(app: Flask, counted: Counted) -> None:
    """Say who counts the responses that have left the door."""
    app.extensions["consult.counted"] = counted


@blueprint.route(f"{PREFIX}/quotas", methods=["GET", "POST"])
def quotas(slug: str, activity: str) -> ResponseReturnValue:
    """The quotas, and a form for one more."""
    here = found(slug, activity)
    form = QuotaForm()
    form.offer(setting.profiles(session(), here.id), _("Everybody"))
    if form.validate_on_submit():
        try:
            _put(here, form)
        except Refused as refused:
            desk.refuse(form, refused)
        else:
            flash(_("The quota is set."), "success")
            return redirect(address("quotas", here))
    return render(
        "participation/quotas.html",
        here,
        form=form,
        quotas=setting.of(session(), here.id),
        channels=CHANNELS,
        threshold=here.process.threshold,
    )


def _put(activity: Activity, form: QuotaForm) -> None:
    counted: Counted = current_app.extensions["consult.counted"]
    channel = Channel(form.channel.data)
    setting.put(
        session(),
        activity,
        channel=channel,
        profile=form.profile.data,
        most=form.most.data,
        mixed=counted(session(), activity.id, channel),
        by=actor(),
        now=now(),
    )


@blueprint.post(f"{PREFIX}/quotas/remove")
def remove_quota(slug: str, activity: str) -> ResponseReturnValue:
    """Take a quota away."""
    here = found(slug, activity)
    if ConfirmForm().validate_on_submit():
        which = {"channel": request.form.get("channel", ""), "profile": request.form.get("profile", "")}
        setting.remove(session(), here, **which, by=actor(), now=now())
        flash(_("The quota is taken away."), "success")
    return redirect(address("quotas", here))
