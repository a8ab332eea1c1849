"""Approval by a second person: asked for, given, refused with a reason."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.mail.service import post
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.questionnaires import approving, queries
from consult.questionnaires.views.activity import render
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import keys, now, settings
from consult.web.fields import ConfirmForm
from consult.web.letters import compose
from consult.web.messages import sentence
from consult.web.permissions import actor
from consult.web.transaction import rollback, session


@blueprint.get(f"{PREFIX}/approval")
def approval(slug: str) -> str:
    """How it stands with the draft, and everything that was asked for and said before."""
    return _page(_found(slug))


@blueprint.post(f"{PREFIX}/approval/ask")
def ask_approval(slug: str) -> ResponseReturnValue:
    """Ask for approval of the draft, and write to those who can give it."""
    activity = _found(slug)
    ConfirmForm().validate_on_submit()
    people = processes.running(session(), activity.process, now().date()) if settings().smtp_url else []
    link = f"{settings().base_url}{url_for('questionnaires.approval', slug=slug)}"
    letters = [(person, compose("approval", person.locale, link=link)) for person in people if person.id != actor().id]
    try:
        asked = approving.ask(session(), activity, seen=request.form.get("hash", ""), by=actor(), now=now())
    except Refused as refused:
        return _refused(slug, refused)
    for person, letter in letters:
        if approving.may_decide(session(), activity, asked, person.id):
            post(session(), keys(), to=person.email, locale=person.locale, letter=letter, now=now())
    flash(_("Approval is asked for. Somebody else has to give it."), "success")
    return redirect(url_for("questionnaires.approval", slug=slug))


@blueprint.post(f"{PREFIX}/approval/decide")
def decide_approval(slug: str) -> ResponseReturnValue:
    """Approve of what was seen, or refuse that and say why."""
    activity = _found(slug)
    ConfirmForm().validate_on_submit()
    approves = request.form.get("then") == "approve"
    seen, reason = request.form.get("hash", ""), request.form.get("reason", "")
    try:
        approving.decide(session(), activity, seen=seen, approves=approves, reason=reason, by=actor(), now=now())
    except Refused as refused:
        return _refused(slug, refused)
    flash(_("It is approved.") if approves else _("It is refused, with your reason."), "success")
    return redirect(url_for("questionnaires.approval", slug=slug))


def _found(slug: str) -> Activity:
    activity = desk.found_activity(slug)
    if not activity.process.approval:
        abort(404)
    return activity


def _refused(slug: str, refused: Refused) -> ResponseReturnValue:
    rollback()
    problems = [(f"#{problem.place.field or 'main'}", sentence(problem)) for problem in refused.problems]
    return _page(_found(slug), problems), 422


def _page(activity: Activity, problems: list[tuple[str, str]] | None = None) -> str:
    draft = queries.draft(session(), activity.id)
    seen = approving.of_draft(session(), activity, draft) if draft else ""
    known = approving.approvals(session(), activity)
    found = next((one for one in known if one.hash == seen), None)
    asked = found if found is not None and found.state == "asked" else None
    people = {one.asked_by for one in known} | {one.decided_by for one in known if one.decided_by}
    return render(
        "questionnaires/approval.html",
        activity,
        draft=draft,
        hash=seen,
        found=found,
        may_decide=asked is not None and approving.may_decide(session(), activity, asked, actor().id),
        approvals=known,
        names=processes.names(session(), people),
        problems=problems or [],
        reason=request.form.get("reason", ""),
    )
