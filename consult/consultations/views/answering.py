"""Official answers: the desk of those who draft, approve and publish them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.consultations import answering, choosing, following
from consult.consultations.answering import Wording
from consult.consultations.choosing import Filter
from consult.consultations.forms import AnswerForm
from consult.consultations.models.answered import OfficialAnswer
from consult.consultations.parts import WHOLE
from consult.consultations.views.blueprint import DESK, blueprint
from consult.consultations.views.describing import found, render
from consult.consultations.words import OUTCOMES, STANCES
from consult.core import redaction
from consult.core.errors import Refused
from consult.processes import desk
from consult.processes import queries as processes
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

EXCERPT: Final = 80
_PREFIX = f"{DESK}/answers"
_ONE = f"{_PREFIX}/<uuid:answer_id>"


@blueprint.get(_PREFIX)
def replies(slug: str) -> str:
    """The answers by how far they are."""
    activity = found(slug)
    by_state = {state: answering.listed(session(), activity.id, state) for state in ("draft", "approved", "published")}
    return render("consultations/replies.html", activity, by_state=by_state, outcomes=OUTCOMES)


@blueprint.route(f"{_PREFIX}/new", methods=["GET", "POST"])
def write_reply(slug: str) -> ResponseReturnValue:
    """Draft an answer."""
    return _edit(found(slug), None)


@blueprint.route(_ONE, methods=["GET", "POST"])
def reply(slug: str, answer_id: uuid.UUID) -> ResponseReturnValue:
    """Read an answer; change it as long as it is not published."""
    activity, answer = _found(slug, answer_id)
    if answer.state == "published":
        return _shown(activity, answer, [])
    return _edit(activity, answer)


def _edit(activity: Activity, answer: OfficialAnswer | None) -> ResponseReturnValue:
    form = _form(activity, answer)
    slug = activity.slug
    if form.validate_on_submit():
        wording = Wording(
            said=form.said.data,
            did=form.did.data,
            outcome=form.outcome.data or "",
            institutions=form.institutions.data or (),
            themes=form.themes.data or (),
            parts=form.parts.data or (),
        )
        among = [choice.value for choice in form.institutions.choices]
        seen = _seen()
        try:
            kept = answering.write(session(), activity, wording, among, answer=answer, seen=seen, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
            answer = answer and _found(slug, answer.id)[1]
        else:
            flash(_("Saved as a draft. Somebody else of the lead approves of it."), "success")
            return redirect(url_for("consultations.reply", slug=slug, answer_id=kept.id))
    return _shown(activity, answer, [], form)


def _shown(
    activity: Activity, answer: OfficialAnswer | None, problems: Sequence[str], form: AnswerForm | None = None
) -> str:
    to = answering.targets(session(), [answer.id])[answer.id] if answer else {}
    return render(
        "consultations/reply.html",
        activity,
        answer=answer,
        form=form,
        to=_named(activity, to),
        counts={kind: len(to.get(kind, ())) for kind in ("comment", "submission")},
        institutions=_institutions(activity),
        outcomes=OUTCOMES,
        mine=answer is not None and answer.drafted_by == actor().id,
        problems=[("#main", words) for words in problems],
    )


@blueprint.post(f"{_ONE}/approve")
def approve_reply(slug: str, answer_id: uuid.UUID) -> ResponseReturnValue:
    """The lead approves of what they read."""
    activity, answer = _found(slug, answer_id)
    if ConfirmForm().validate_on_submit():
        try:
            answering.approve(session(), activity, answer, seen=_seen(), by=actor(), now=now())
        except Refused as refused:
            rollback()
            activity, answer = _found(slug, answer_id)
            form = _form(activity, answer, asked=False) if answer.state != "published" else None
            return _shown(activity, answer, sentences(refused.problems), form)
        flash(_("Approved. It is published with all others that are."), "success")
    return redirect(url_for("consultations.replies", slug=slug))


@blueprint.route(f"{_ONE}/discard", methods=["GET", "POST"])
def discard_reply(slug: str, answer_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then delete a draft."""
    activity, answer = _found(slug, answer_id)
    if answer.state != "draft":
        abort(404)
    if ConfirmForm().validate_on_submit():
        try:
            answering.discard(session(), activity, answer, seen=_seen(), by=actor(), now=now())
        except Refused as refused:
            rollback()
            flash(" ".join(sentences(refused.problems)), "danger")
        else:
            flash(_("The draft is deleted."), "success")
        return redirect(url_for("consultations.replies", slug=slug))
    return render("consultations/discard_reply.html", activity, answer=answer)


@blueprint.route(f"{_PREFIX}/publish", methods=["GET", "POST"])
def publish_replies(slug: str) -> ResponseReturnValue:
    """Ask once, then publish everything that is approved."""
    activity = found(slug)
    if ConfirmForm().validate_on_submit():
        try:
            count = answering.publish(session(), activity, by=actor(), now=now())
        except Refused as refused:
            rollback()
            flash(" ".join(sentences(refused.problems)), "danger")
        else:
            flash(ngettext("%(num)s answer is published.", "%(num)s answers are published.", count), "success")
        return redirect(url_for("consultations.replies", slug=slug))
    approved = answering.listed(session(), activity.id, "approved")
    return render("consultations/publish_replies.html", activity, approved=approved, outcomes=OUTCOMES)


@blueprint.route(f"{_ONE}/<any(comment,submission):kind>", methods=["GET", "POST"])
def reply_to(slug: str, answer_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Choose the comments, each with those that say nearly the same, or the submissions that an answer answers."""
    activity, answer = _found(slug, answer_id)
    if answer.state == "published":
        abort(404)
    wanted = Filter(request.args.get("part") or None, request.args.get("stance", ""))
    if ConfirmForm().validate_on_submit():
        shown = _ids("shown")
        chosen = set(_ids("chosen"))
        if request.form.get("act") == "all" and kind == "comment":
            chosen |= set(answering.leaders(session(), activity.id, wanted.part, wanted.stance))
        try:
            answering.answer_to(
                session(), activity, answer, kind, chosen,
                gone=set(shown) - chosen, seen=_seen(), by=actor(), now=now(),
            )  # fmt: skip
        except Refused as refused:
            rollback()
            flash(" ".join(sentences(refused.problems)), "danger")
            return redirect(url_for("consultations.reply", slug=slug, answer_id=answer_id))
        flash(_("Saved."), "success")
        return redirect(url_for("consultations.reply", slug=slug, answer_id=answer_id))
    whole = desk.can("consultations.moderate", activity.process)
    rows, last = choosing.page(session(), activity.id, kind, wanted, request.args.get("from"), whole=whole)
    return render(
        "consultations/reply_to.html",
        activity,
        answer=answer,
        kind=kind,
        rows=rows,
        public=redaction.public,
        chosen=set(answering.targets(session(), [answer.id])[answer.id].get(kind, ())),
        parts=_parts(activity),
        stances=STANCES,
        wanted=wanted,
        next_url=_next_page(slug, answer_id, kind, wanted, last),
    )


def _next_page(slug: str, answer_id: uuid.UUID, kind: str, wanted: Filter, after: uuid.UUID | None) -> str:
    if after is None:
        return ""
    given: Any = {"part": wanted.part, "stance": wanted.stance or None, "from": str(after)}
    return url_for("consultations.reply_to", slug=slug, answer_id=answer_id, kind=kind, **given)


def _found(slug: str, answer_id: uuid.UUID) -> tuple[Activity, OfficialAnswer]:
    activity = found(slug)
    return activity, answering.answer(session(), activity.id, answer_id) or abort(404)


def _seen() -> int:
    """Which revision of the answer its reader has before them."""
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def _ids(name: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(one) for one in request.form.getlist(name)]
    except ValueError:
        abort(400)


def _form(activity: Activity, answer: OfficialAnswer | None, *, asked: bool = True) -> AnswerForm:
    to = answering.targets(session(), [answer.id])[answer.id] if answer else {}
    stored = {"said": answer.said, "did": answer.did, "outcome": answer.outcome} if answer else {}
    institutions = _institutions(activity)
    members = processes.members(session(), activity.process_id)
    own = [str(member.institution_id) for member in members if member.user_id == actor().id]
    stored["institutions"] = answer.institutions if answer else own or [str(activity.process.lead_institution_id)]
    stored |= {"themes": to.get("theme", []), "parts": to.get("part", [])}
    given = {} if asked else {"formdata": None}
    form = AnswerForm(data=stored, locales=activity.locales, **given)
    form.offer(institutions, _themes(activity), _parts(activity))
    return form


def _themes(activity: Activity) -> dict[str, str]:
    source = activity.process.locales[0]
    return {theme.code: theme.label.resolve(current().code, source).text for theme in activity.process.themes}


def _institutions(activity: Activity) -> dict[str, str]:
    """Those of the core group and the lead, by id, with their names for the reader."""
    seated = {member.institution_id for member in processes.members(session(), activity.process_id)}
    places = processes.institutions(session(), seated | {activity.process.lead_institution_id})
    named = {str(place.id): place.name.resolve(current().code).text for place in places}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def _parts(activity: Activity) -> dict[str, str]:
    """The parts of the draft text, with as much of their words as tells them apart."""
    text = following.paragraphs(session(), activity.id)
    if not text:
        return {}
    words = {part: block.words.resolve(current().code, activity.locales[0]).text for part, block in text.items()}
    short = {part: f"{said[:EXCERPT]}…" if len(said) > EXCERPT else said for part, said in words.items()}
    return {WHOLE: _("The whole text"), **short}


def _named(activity: Activity, to: Mapping[str, list[str]]) -> list[str]:
    names = {"theme": _themes(activity), "part": _parts(activity)}
    return [names[kind].get(target, target) for kind in names for target in to.get(kind, ())]
