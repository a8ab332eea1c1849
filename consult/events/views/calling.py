"""The list of those who are to be called."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.events import calling, people, trail
from consult.events.letters import said, zone_of
from consult.events.views.blueprint import DESK, blueprint
from consult.events.views.describing import found, render
from consult.web.context import keys, now, settings
from consult.web.permissions import actor
from consult.web.transaction import database, session


@blueprint.get(f"{DESK}/calls")
def calls(slug: str) -> str:
    """Who cannot be written to and does not know how things are, with what they are to be told."""
    activity = found(slug)
    number, _sep, key = request.args.get("after", "").partition(".")
    after = int(number) if number.isdecimal() and len(number) < 7 else 0, people.key(key)
    some, last = calling.calls(session(), keys(), activity.id, mail=bool(settings().smtp_url), after=after, now=now())
    onward = url_for("events.calls", slug=slug, after=f"{last[0]}.{last[1].hex()}") if last else ""
    if some:
        with database().transaction() as opened:  # a reading request writes nothing
            trail.note(opened, activity, "read_calls", {}, actor(), now())
    first = url_for("events.calls", slug=slug) if request.args.get("after") else ""
    return render("events/calls.html", activity, calls=some, said=said, zone_of=zone_of, first=first, onward=onward)


@blueprint.post(f"{DESK}/calls")
def called(slug: str) -> ResponseReturnValue:
    """Note that somebody was told."""
    activity = found(slug)
    done = calling.called(
        session(),
        activity,
        people.key(request.form.get("who", "")),
        request.form.get("mark", ""),
        by=actor(),
        now=now(),
    )
    if done:
        flash(_("Saved."), "success")
    else:
        flash(_("Things have changed meanwhile. See below what they are to be told now."), "warning")
    return redirect(url_for("events.calls", slug=slug))
