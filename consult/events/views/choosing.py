"""Who signed up for an occasion, how the profile grid is filled, and who gets a place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.errors import Refused
from consult.core.sampling import targets as sampling
from consult.core.text import LocalisedText
from consult.events import choosing, drawing, filling, grid, people, trail, vault, words
from consult.events.choosing import Act, Chosen
from consult.events.choosing_forms import ChooseForm
from consult.events.grid import Asked
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing
from consult.events.people import PER_PAGE, Wanted
from consult.events.views import planning
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import keys, now
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import database, session


@blueprint.get(f"{OCCASION}/people", endpoint="people")
def everybody(slug: str, number: int) -> str:
    """Those who signed up, by where they stand, beside the profile grid."""
    activity, occasion = planning.found(slug, number)
    with database().transaction() as opened:  # a reading request writes nothing
        trail.note(opened, activity, "read_people", {"occasion": number}, actor(), now())
    return _people(activity, occasion)


@blueprint.post(f"{OCCASION}/people")
def choose(slug: str, number: int) -> ResponseReturnValue:
    """Decide about those who are marked; who was changed meanwhile stays as they are."""
    activity, occasion = planning.found(slug, number)
    form = _offered(occasion, _wanted())
    seen = {code: revision for one in request.form.getlist("ids")[:PER_PAGE] for code, revision in _seen(one)}
    if form.validate_on_submit():
        try:
            chosen = choosing.choose(
                session(), activity, occasion, seen, Act(form.act.data), form.reason.data or "", by=actor(), now=now()
            )
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = planning.found(slug, number)
        else:
            _tell(chosen)
            standing = _wanted().standing
            return redirect(url_for("events.people", slug=slug, number=number, standing=standing))
    trail.note(session(), activity, "read_people", {"occasion": number}, actor(), now())
    return _people(activity, occasion, form), 422


def categories(activity_id: uuid.UUID) -> dict[str, Asked]:
    """The questions of which profiles are made, by id; to have answered nothing is a category, too."""
    unsaid = LocalisedText({current().code: _("not known")})
    asked = grid.asked(session(), activity_id)
    return {one.id: replace(one, choices={**one.choices, "": unsaid}) for one in asked}


def _people(activity: Activity, occasion: Occasion, form: ChooseForm | None = None) -> str:
    wanted, opened = _wanted(), session()
    rows = people.page(opened, occasion, wanted, PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    standings = filling.filled(opened, occasion)
    address = partial(url_for, "events.people", slug=activity.slug, number=occasion.number, standing=wanted.standing)
    return render(
        "events/people.html",
        activity,
        form=form or _offered(occasion, wanted),
        occasion=occasion,
        wanted=wanted,
        counts=people.counts(opened, occasion),
        rows=shown,
        persons=vault.people(opened, keys(), activity.id, [row.code for row in shown]),
        standings=standings,
        fits={row.code: _fits(row, standings) for row in shown},
        asked=categories(activity.id),
        profiles={row.code: {"cell": {name: [code] for name, code in row.profile.items()}} for row in shown},
        drawn=drawing.drawn(opened, occasion),
        marked={one.partition(".")[0] for one in request.form.getlist("ids")},
        first=address() if wanted.after else "",
        further=address(after=people.after(wanted, shown[-1])) if len(rows) > PER_PAGE else "",
        words=words,
    )


def _fits(row: SignUp, standings: Sequence[sampling.Standing]) -> tuple[list[int], list[int]]:
    """Which targets somebody without a seat would fill, and which maximums they would exceed: places in the grid."""
    if row.standing not in (Standing.ASKED, Standing.LISTED, Standing.REFUSED):
        return [], []
    one = filling.one(row.profile, row.seats)
    fills = [place for place, standing in enumerate(standings) if standing.fills(one)]
    return fills, [place for place, standing in enumerate(standings) if standing.exceeds(one)]


def _offered(occasion: Occasion, wanted: Wanted) -> ChooseForm:
    form = ChooseForm()
    form.offer(choosing.acts(occasion.event.selection, [wanted.standing] if wanted.standing else list(Standing)))
    return form


def _wanted() -> Wanted:
    standing = request.args.get("standing", "")
    return Wanted(Standing(standing) if standing in set(Standing) else None, request.args.get("after", "")[:64])


def _seen(given: str) -> list[tuple[bytes, int]]:
    """Whom somebody marked, and the revision of their sign-up that stood on the page: `code.revision`."""
    code, _dot, revision = given.partition(".")
    known = people.key(code)
    return [(known, int(revision))] if known and revision.isdecimal() and len(revision) < 10 else []


def _tell(chosen: Chosen) -> None:
    flash(ngettext("%(num)s decision was made.", "%(num)s decisions were made.", chosen.done), "success")
    if chosen.moved:
        flash(
            ngettext(
                "%(num)s was left as it is: somebody else has decided meanwhile.",
                "%(num)s were left as they are: somebody else has decided meanwhile.",
                chosen.moved,
            ),
            "warning",
        )
    if chosen.full:
        flash(
            ngettext(
                "There was no room for %(num)s person and those whom they bring along.",
                "There was no room for %(num)s people and those whom they bring along.",
                chosen.full,
            ),
            "warning",
        )
