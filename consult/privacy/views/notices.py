"""The notice of an activity: written at the desk, read by everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from flask import Flask, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.config import LOCALES
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.privacy import queries, service
from consult.privacy.forms import NoticeForm
from consult.privacy.models import Notice
from consult.privacy.service import AsksConsent, Particulars
from consult.privacy.template import gaps, suggested
from consult.privacy.told import RIGHTS
from consult.privacy.views.blueprint import blueprint
from consult.privacy.views.retention import kept
from consult.privacy.words import BASES, PARTS, SPECIAL, USUAL_RIGHTS
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.web.context import now, settings
from consult.web.locale import offer
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route("/<locale>/desk/activities/<slug>/notice", methods=["GET", "POST"])
def write(slug: str) -> ResponseReturnValue:
    """Write the notice of an activity in every locale in which it is offered."""
    offer(list(LOCALES))
    activity = desk.found_activity(slug)
    notice = queries.notice(session(), activity.id)
    form = NoticeForm(data=_proposed(activity, notice), locales=activity.locales)
    if form.validate_on_submit():
        try:
            asks = _asks_consent(activity)
            service.write(session(), activity, form.said(), asks_consent=asks, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = desk.found_activity(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(desk.activity_url(activity, _anchor="notice"))
    return desk.render(
        "privacy/write.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        form=form,
        gaps=gaps(queries.notice(session(), activity.id), activity.locales),
        parts=PARTS,
    )


def init(app: Flask, asks_consent: AsksConsent) -> None:
    """Say which activities ask for consent to special categories of data."""
    app.extensions["consult.asks_consent"] = asks_consent


def _asks_consent(activity: Activity) -> bool:
    asks: AsksConsent = current_app.extensions["consult.asks_consent"]
    return asks(session(), activity)


def _proposed(activity: Activity, notice: Notice | None) -> dict[str, object]:
    """What stands in the fields at first: what was written, else the usual words."""
    usual: dict[str, object] = {"rights": list(USUAL_RIGHTS), **suggested(activity)}
    if notice is None:
        return usual
    written = asdict(Particulars.of(notice))
    found: dict[str, object] = {}
    for name, value in written.items():
        proposal = usual.get(name)
        if isinstance(value, LocalisedText) and isinstance(proposal, LocalisedText):
            found[name] = LocalisedText({**proposal, **value})
        else:
            found[name] = value or proposal
    return found


@blueprint.get("/<locale>/q/<slug>/privacy")
def notice(slug: str) -> str:
    """What participants of an activity are told about their data."""
    activity = processes.public_activity(session(), slug) or abort(404)
    found = queries.notice(session(), activity.id) or abort(404)
    offer(activity.locales)
    return page(activity, found, {"help_url": url_for("privacy.help", slug=slug)})


def page(activity: Activity, found: Notice, layout: Mapping[str, object]) -> str:
    """The same as a page; `layout`: what the layout wants, where the activity is tried too."""
    responses, *others = kept(activity)
    told: dict[str, object] = {
        "activity": activity,
        "process": activity.process,
        "notice": found,
        "months": responses.promised,
        "backup_days": settings().backup_days,
        "periods": [due for due in others if due.kind.usual is not None or due.promised != responses.promised],
        "after_ending": _after_ending,
        "source": activity.locales[0],
        "synthetic": activity.process.synthetic,
        "basis": BASES.get(found.basis),
        "special": SPECIAL.get(found.special),
        "rights": [RIGHTS[code] for code in RIGHTS if code in found.rights],
    }
    return render_template("privacy/notice.html", **{**layout, **told})


def _after_ending(months: int) -> str:
    """Only of events, whose words are not among those that every language needs."""
    words: str = ngettext(
        "deleted %(num)s month after the last occasion",
        "deleted %(num)s months after the last occasion",
        months,
    )
    return words
