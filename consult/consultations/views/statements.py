"""Statements on the desk: adding, translating, deciding about them; and whether opinion groups were found."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.consultations import pasting, statements
from consult.consultations.forms import StatementForm, StatementsForm
from consult.consultations.models.contributed import State
from consult.consultations.models.moderated import Act
from consult.consultations.models.opinions import Statement
from consult.consultations.views.blueprint import DESK, blueprint
from consult.consultations.views.describing import found as found_consultation
from consult.consultations.views.describing import render
from consult.consultations.views.moderating import readable
from consult.consultations.views.voting import latest
from consult.consultations.words import STATES
from consult.core.errors import Refused
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.choices import as_listed
from consult.web.context import now
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_PAGE = 50
_BAND = 10
"""Counts of votes are shown in steps of this."""


@blueprint.get(f"{DESK}/statements", endpoint="statements")
def overview(slug: str) -> str:
    """All statements that somebody may read, or those of them in a state."""
    activity = found_consultation(slug)
    state, after, states = request.args.get("state", ""), _after(), readable(activity)
    state = state if state in states else ""
    chosen = [State(state)] if state else states
    rows = statements.listed(session(), activity.id, states=chosen, after=after, limit=_PAGE + 1)

    def page(**values: object) -> str:
        return url_for("consultations.statements", slug=slug, **({"state": state} if state else {}), **values)  # type: ignore[arg-type]  # of the URL only

    return render(
        "consultations/statements.html",
        activity,
        statements=rows[:_PAGE],
        chosen=state,
        counts=statements.by_state(session(), activity.id, states),
        states=STATES,
        themes={theme.code: theme.label for theme in activity.process.themes},
        first_url=page() if after else "",
        next_url=page(after=rows[_PAGE - 1].id) if len(rows) > _PAGE else "",
    )


@blueprint.route(f"{DESK}/statements/add", methods=["GET", "POST"])
def add_statements(slug: str) -> ResponseReturnValue:
    """Add one or many."""
    activity = found_consultation(slug)
    form = StatementsForm()
    if form.validate_on_submit():
        try:
            wanted = pasting.read(form.pasted.data, activity.locales)
            count = statements.add(session(), activity, wanted, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found_consultation(slug)
        else:
            flash(ngettext("%(num)s statement was added.", "%(num)s statements were added.", count), "success")
            return redirect(url_for("consultations.statements", slug=slug))
    return render("consultations/statements_add.html", activity, form=form)


@blueprint.route(f"{DESK}/statements/<uuid:statement_id>", methods=["GET", "POST"], endpoint="statement")
def translate(slug: str, statement_id: uuid.UUID) -> ResponseReturnValue:
    """Translations and theme of one."""
    activity = found_consultation(slug)
    kept = _found(activity, statement_id)
    others = [code for code in activity.locales if code != kept.locale]
    form = StatementForm(locales=others, data={"label": kept.label, "theme": kept.theme})
    themes = {theme.code: theme.label.resolve(activity.locales[0]).text for theme in activity.process.themes}
    form.theme.choices = as_listed({"": _("None"), **themes})
    if form.validate_on_submit():
        try:
            statements.revise(session(), activity, kept, form.label.data, form.theme.data, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found_consultation(slug)
            kept = _found(activity, statement_id)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.statements", slug=slug))
    return render("consultations/statement.html", activity, form=form, statement=kept, several=bool(others))


@blueprint.post(f"{DESK}/statements/<uuid:statement_id>/decide")
def decide_statement(slug: str, statement_id: uuid.UUID) -> ResponseReturnValue:
    """Decide about one in the list; where that takes a reason, its page of the moderation asks for it."""
    activity = found_consultation(slug)
    form = request.form
    if form.get("act") not in set(Act) or form.get("seen") not in set(State):
        abort(400)
    act, seen, reason = Act(form["act"]), State(form["seen"]), form.get("reason", "")
    try:
        statements.decide(session(), activity, statement_id, act, seen=seen, reason=reason, by=actor(), now=now())
    except Refused as refused:
        rollback()
        flash(" ".join(sentences(refused.problems)), "warning")
    return redirect(url_for("consultations.statements", slug=slug, state=request.args.get("state") or None))


@blueprint.get(f"{DESK}/opinions")
def opinions(slug: str) -> str:
    """Whether groups were found and how stable they are; of votes nothing but how many, in steps.

    What groups hold, how large they are and what all share leaves the system by releases alone.
    """
    activity = found_consultation(slug)
    found = latest().of(session(), activity.id)
    band = max(_BAND, activity.process.threshold)
    rows = statements.listed(session(), activity.id, states=[State.SHOWN], after=_after(), limit=_PAGE + 1)
    seen = {each.id: each.everyone.seen for each in found.statements} if found else {}
    return render(
        "consultations/opinions.html",
        activity,
        found=found,
        band=band,
        people=_floored(found.people, band) if found else 0,
        votes=_floored(found.votes, band) if found else 0,
        rows=[(each, _floored(seen.get(str(each.id), 0), band)) for each in rows[:_PAGE]],
        counts=statements.by_state(session(), activity.id, [State.SHOWN]),
        first_url=url_for("consultations.opinions", slug=slug) if _after() else "",
        next_url=url_for("consultations.opinions", slug=slug, after=rows[_PAGE - 1].id) if len(rows) > _PAGE else "",
    )


def _floored(count: int, band: int) -> int:
    """A count in steps: 0 means fewer than one step."""
    return count // band * band


def _after() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _found(activity: Activity, statement_id: uuid.UUID) -> Statement:
    kept = statements.statement(session(), activity.id, statement_id)
    return kept if kept is not None and kept.state in readable(activity) else abort(404)
