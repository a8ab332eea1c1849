"""Where officers plan occasions."""

from __future__ import annotations

from dataclasses import asdict

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import planning, queries
from consult.events.models.planned import Occasion
from consult.events.planning import City, Plan
from consult.events.planning_forms import ROWS, OccasionForm, series_form
from consult.events.views import describing
from consult.events.views.blueprint import DESK, OCCASION, blueprint
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.fields import ConfirmForm, StaffForm
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session


@blueprint.route(f"{DESK}/occasions/new", methods=["GET", "POST"])
def add_occasion(slug: str) -> ResponseReturnValue:
    """Another occasion."""
    return _edited(slug, None)


@blueprint.route(OCCASION, methods=["GET", "POST"])
def change_occasion(slug: str, number: int) -> ResponseReturnValue:
    """One occasion."""
    return _edited(slug, number)


@blueprint.route(f"{OCCASION}/cancel", methods=["GET", "POST"])
def cancel_occasion(slug: str, number: int) -> ResponseReturnValue:
    """Ask once, saying how many people it concerns, then hold it no more."""
    activity, occasion = found(slug, number)
    if ConfirmForm().validate_on_submit():
        try:
            planning.cancel(session(), activity, occasion, by=actor(), now=now())
        except Refused as refused:
            rollback()
            for sentence in sentences(refused.problems):
                flash(sentence, "danger")
        else:
            flash(_("The occasion is cancelled."), "success")
        return redirect(url_for("events.show", slug=slug))
    people = planning.concerned(session(), occasion)
    return describing.render("events/cancel_occasion.html", activity, occasion=occasion, people=people)


@blueprint.route(f"{OCCASION}/series", methods=["GET", "POST"])
def copy_occasion(slug: str, number: int) -> ResponseReturnValue:
    """The same for further cities."""
    activity, occasion = found(slug, number)
    form = series_form(activity)
    if form.validate_on_submit():
        try:
            made = planning.copy(session(), activity, occasion, _cities(form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = found(slug, number)
        else:
            flash(_("Occasions planned: %(count)s.", count=len(made)), "success")
            return redirect(url_for("events.show", slug=slug))
    return describing.render("events/series.html", activity, form=form, occasion=occasion, rows=range(1, ROWS + 1))


def found(slug: str, number: int) -> tuple[Activity, Occasion]:
    """The event of an address within the request's scope, and one of its occasions, else 404."""
    activity = describing.found(slug)
    return activity, queries.occasion(session(), activity.id, number) or abort(404)


def _edited(slug: str, number: int | None) -> ResponseReturnValue:
    activity, occasion = (describing.found(slug), None) if number is None else found(slug, number)
    form = _form(activity, occasion)
    if form.validate_on_submit():
        try:
            planning.put(session(), activity, occasion, _plan(form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = (describing.found(slug), None) if number is None else found(slug, number)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.show", slug=slug))
    return describing.render("events/occasion.html", activity, form=form, occasion=occasion)


def _form(activity: Activity, occasion: Occasion | None) -> OccasionForm:
    if occasion is None:
        first = {"time_zone": activity.time_zone, "in_place": True, "languages": list(activity.locales)}
        data: dict[str, object] = {**first, "minutes": 120, "capacity": 12}
    else:
        data = asdict(planning.plan_of(occasion))
    form = OccasionForm(locales=activity.locales, data=data)
    chosen = (*occasion.languages, *occasion.interpretation) if occasion else ()
    form.offer(activity, chosen)
    return form


def _plan(form: OccasionForm) -> Plan:
    return Plan(
        title=form.title.data,
        time_zone=form.time_zone.data,
        starts=form.starts.data,
        minutes=form.minutes.data,
        capacity=form.capacity.data,
        in_place=form.in_place.data,
        place=form.place.data,
        online=form.online.data,
        link=form.link.data or "",
        sign_up_until=form.sign_up_until.data,
        languages=_all(form.languages.data, form.further_language.data),
        interpretation=_all(form.interpretation.data, form.further_interpretation.data),
        provisions=form.provisions.data or (),
    )


def _all(chosen: list[str] | None, further: str | None) -> list[str]:
    return list(dict.fromkeys([*(chosen or ()), *([further] if further else ())]))


def _cities(form: StaffForm) -> dict[int, City]:
    """The rows in which anything is written."""
    found = {}
    for row in range(1, ROWS + 1):
        title, place, zone, starts = (form[f"{name}_{row}"].data for name in ("title", "place", "time_zone", "starts"))
        if title or place or starts:
            found[row] = City(title or "", place or "", zone, starts)
    return found
