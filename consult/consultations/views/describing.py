"""A consultation at a glance, and what it asks."""

from __future__ import annotations

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations import concerns, queries, queue, service
from consult.consultations.forms import DescribeForm
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import State
from consult.consultations.service import Particulars
from consult.consultations.views.blueprint import DESK, blueprint
from consult.consultations.words import PHASES
from consult.core.errors import Refused
from consult.participation.service import day
from consult.privacy import queries as privacy
from consult.privacy.template import gaps
from consult.privacy.words import PARTS
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity, Kind
from consult.questionnaires import fieldwork
from consult.web.context import now
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import session

render = desk.render_activity
"""A desk page of a consultation."""


@blueprint.get(DESK)
def show(slug: str) -> str:
    """One consultation: what it asks, what is missing, when people can take part."""
    activity = found(slug)
    notice = privacy.notice(session(), activity.id)
    return render(
        "consultations/show.html",
        activity,
        consultation=queries.consultation(session(), activity.id),
        phases=PHASES,
        notice_written=notice is not None,
        gaps=gaps(notice, activity.locales),
        parts=PARTS,
        hindrances=sentences(fieldwork.hindrances(session(), activity, now=now())),
        waiting=sum(queue.counts(session(), activity.id, State.WAITING).values()),
        reads_concerns=concerns.reads(session(), activity, actor(), day(now(), activity.time_zone)),
    )


@blueprint.route(f"{DESK}/describe", methods=["GET", "POST"])
def describe(slug: str) -> ResponseReturnValue:
    """Purpose, policy, phases, languages, moderation."""
    activity = found(slug)
    kept = queries.consultation(session(), activity.id)
    form = DescribeForm(
        locales=[activity.locales[0], *(code for code in activity.process.locales if code != activity.locales[0])],
        data={
            "purpose": kept.purpose,
            "policy": kept.policy,
            "phases": kept.phases,
            "further": activity.locales[1:],
            "before": "yes" if kept.before else "no",
            "propose": kept.propose,
            "focal_id": str(kept.focal_id or ""),
        },
    )
    people = processes.running(session(), activity.process, now().date())
    form.offer(activity, {str(user.id): user.name or user.email for user in people})
    if form.validate_on_submit():
        try:
            service.describe(session(), activity, _wanted(form), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.show", slug=slug))
    return render("consultations/describe.html", activity, form=form)


def _wanted(form: DescribeForm) -> Particulars:
    return Particulars(
        purpose=form.purpose.data,
        policy=form.policy.data,
        phases=[Phase(phase) for phase in form.phases.data or ()],
        locales=form.further.data or (),
        before=form.before.data == "yes",
        propose=form.propose.data,
        focal_id=uuid.UUID(form.focal_id.data) if form.focal_id.data else None,
    )


def found(slug: str) -> Activity:
    """The consultation of an address within the request's scope, else 404."""
    return desk.found_activity(slug, Kind.CONSULTATION)
