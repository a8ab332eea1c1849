"""The queue of moderators: what waits, what is shown, what was decided about it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.consultations import concerns, moderating, queries, queue, words
from consult.consultations.forms import DecideForm, ModerateForm
from consult.consultations.models.contributed import State
from consult.consultations.models.moderated import Act
from consult.consultations.moderating import Which
from consult.consultations.queue import PER_PAGE, Item, Wanted
from consult.consultations.views.blueprint import DESK, OBJECT, blueprint
from consult.consultations.views.describing import found, render
from consult.core import redaction
from consult.core.errors import Refused
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import session

STATES = (State.WAITING, State.SHOWN, State.SET_APART, State.REFUSED)
"""Those that moderators look through."""
FLAGGED = 10
"""So many that participants flagged stand at the head of the queue."""


@blueprint.get(f"{DESK}/moderation", endpoint="queue")
def waiting(slug: str) -> str:
    """Contributions in a state, of a kind, in the languages that somebody chose."""
    return _queue(found(slug))


@blueprint.post(f"{DESK}/moderation")
def decide(slug: str) -> ResponseReturnValue:
    """Decide about several at once: those that are marked, or all of a group of near-duplicates that the page shows.

    What was not on the page, or was changed by its author since, stays as it is.
    """
    activity, wanted = found(slug), _wanted()
    form = _offered(wanted)
    read = _read()
    whole = wanted.alike_id is not None and "group" in request.form
    ids = list(read) if whole else [one for one in map(_id, request.form.getlist("ids")) if one is not None]
    if not form.validate_on_submit():
        return _queue(activity, form), 422
    if not ids:
        form.form_errors.append(_("Mark at least one contribution."))
        return _queue(activity, form), 422
    which = Which(wanted.kind, ids, revisions=read)
    try:
        number = moderating.decide(
            session(), activity, which, Act(form.act.data), seen=wanted.state, reason=form.reason.data,
            by=actor(), now=now(),
        )  # fmt: skip
    except Refused as refused:
        desk.refuse(form, refused)
        return _queue(found(slug), form), 422
    flash(ngettext("%(num)s decision was made.", "%(num)s decisions were made.", number), "success")
    if number < len(ids):
        late = len(ids) - number
        flash(
            ngettext(
                "%(num)s was left as it is: somebody else has decided meanwhile.",
                "%(num)s were left as they are: somebody else has decided meanwhile.",
                late,
            ),
            "warning",
        )
    return redirect(url_for("consultations.queue", slug=slug, **_address(wanted)))


@blueprint.route(f"{DESK}/moderation/{OBJECT}", methods=["GET", "POST"])
def moderate(slug: str, kind: str, object_id: uuid.UUID) -> ResponseReturnValue:
    """One contribution in its original, with its place and everything that was decided about it."""
    activity = found(slug)
    item = visible(activity, kind, object_id)
    spans = msgspec.json.encode(item.redacted).decode()
    marked = redaction.marked(item.body, item.redacted)
    form = ModerateForm(data={"seen": item.state, "revision": item.revision, "before": spans, "marked": marked})
    form.offer(moderating.acts(item.state, kind))
    if form.validate_on_submit():
        try:
            _moderate(activity, item, form)
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
            item = visible(activity, kind, object_id)
            # What is shown now is what the next decision is about.
            form.seen.data, form.before.data = item.state, msgspec.json.encode(item.redacted).decode()
            if form.revision.data != str(item.revision):
                form.revision.data = str(item.revision)
                form.marked.data = redaction.marked(item.body, item.redacted)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.queue", slug=slug, **_address(_wanted())))
    return render(
        "consultations/moderate.html",
        activity,
        form=form,
        item=item,
        places=queue.places(session(), activity.id, [item]),
        decisions=queue.decisions(session(), activity.id, object_id),
        flagged=(kind, object_id) in concerns.unlooked(session(), activity.id, among=[object_id]),
        back=url_for("consultations.queue", slug=slug, **_address(_wanted())),
        words=words,
    )


@blueprint.post(f"{DESK}/moderation/{OBJECT}/stand")
def let_stand(slug: str, kind: str, object_id: uuid.UUID) -> ResponseReturnValue:
    """Leave what a participant flagged in its place, after having looked."""
    activity = found(slug)
    ConfirmForm().validate_on_submit()
    concerns.let_stand(session(), activity, kind, object_id, by=actor(), now=now())
    flash(_("It stays in its place. The focal point has what was written."), "success")
    return redirect(url_for("consultations.queue", slug=slug))


@blueprint.get(f"{DESK}/moderation/campaigns")
def campaigns(slug: str) -> str:
    """Groups of near-identical comments that are large."""
    return _campaigns(found(slug))


@blueprint.post(f"{DESK}/moderation/campaigns")
def decide_group(slug: str) -> ResponseReturnValue:
    """Set a whole group apart, or bring it back: before moderators, where they read before everybody does."""
    activity = found(slug)
    ConfirmForm().validate_on_submit()
    alike_id = _id(request.form.get("group", "")) or abort(400)
    apart = request.form.get("act") == Act.SET_APART
    back = Act.BRING_BACK if queries.consultation(session(), activity.id).before else Act.SHOW
    act, seen = (Act.SET_APART, (State.WAITING, State.SHOWN)) if apart else (back, (State.SET_APART,))
    which = Which("comment", alike_id=alike_id)
    number = sum(
        moderating.decide(session(), activity, which, act, seen=state, by=actor(), now=now()) for state in seen
    )
    flash(ngettext("%(num)s decision was made.", "%(num)s decisions were made.", number), "success")
    return redirect(url_for("consultations.campaigns", slug=slug))


def readable(activity: Activity) -> Sequence[State]:
    """In which states who has signed in reads contributions: who does not moderate reads what everybody reads."""
    return STATES if desk.can("consultations.moderate", activity.process) else (State.SHOWN,)


def visible(activity: Activity, kind: str, object_id: uuid.UUID) -> Item:
    """A contribution that moderators may read: 404 where it lies with the focal point, or its author withdrew it."""
    item = queue.item(session(), activity.id, kind, object_id)
    if item is None or item.state not in STATES:
        abort(404)
    return item


def _moderate(activity: Activity, item: Item, form: ModerateForm) -> None:
    act, by, moment = Act(form.act.data), actor(), now()
    state = State(form.seen.data) if form.seen.data in set(State) else item.state
    if act is Act.REDACT:
        before = _spans(form.before.data)
        spans = redaction.read(item.body, request.form.get("marked", ""))
        moderating.redact(
            session(), activity, item.kind, item.id, spans, seen=(state, before),
            revision=_number(form.revision.data), reason=form.reason.data, by=by, now=moment,
        )  # fmt: skip
        return
    which = Which(item.kind, [item.id], revisions={item.id: _number(form.revision.data)})
    done = moderating.decide(
        session(), activity, which, act, seen=state, reason=form.reason.data, by=by, now=moment
    )  # fmt: skip
    if not done:
        raise Refused.because("consultations.moderate.moved")


def _queue(activity: Activity, form: DecideForm | None = None) -> str:
    wanted = _wanted()
    found_ = queue.page(session(), activity.id, wanted, PER_PAGE + 1)
    items, opened = found_[:PER_PAGE], session()
    flagged = queue.items(opened, activity.id, concerns.unlooked(opened, activity.id, limit=FLAGGED))
    numbers = queue.counts(opened, activity.id, wanted.state)
    address = _address(wanted)
    return render(
        "consultations/queue.html",
        activity,
        form=form or _offered(wanted),
        wanted=wanted,
        items=items,
        numbers=numbers,
        locales_here=sorted({locale for _kind, locale in numbers} | set(activity.locales)),
        states=STATES,
        places=queue.places(opened, activity.id, [*items, *flagged]),
        flagged=flagged,
        campaigns=queue.campaigns(opened, activity.id, limit=1),
        kept={name: value for name, value in address.items() if name != "kind"},
        first=url_for("consultations.queue", slug=activity.slug, **address) if wanted.after else "",
        further=url_for("consultations.queue", slug=activity.slug, **address, after=items[-1].id)
        if len(found_) > PER_PAGE
        else "",
        marked=set(request.form.getlist("ids")),
        words=words,
    )


def _campaigns(activity: Activity) -> str:
    after = request.args.get("after", "").partition("_")
    alike_id = _id(after[2])
    start = (int(after[0]), alike_id) if alike_id and after[0].isdecimal() and len(after[0]) < 10 else None
    groups = queue.campaigns(session(), activity.id, after=start, limit=PER_PAGE + 1)
    shown = groups[:PER_PAGE]
    further = len(groups) > PER_PAGE
    return render(
        "consultations/campaigns.html",
        activity,
        groups=shown,
        least=queue.CAMPAIGN,
        first=url_for("consultations.campaigns", slug=activity.slug) if start else "",
        further=url_for(
            "consultations.campaigns", slug=activity.slug, after=f"{shown[-1].size}_{shown[-1].alike_id}"
        ) if further else "",
        words=words,
    )  # fmt: skip


def _offered(wanted: Wanted) -> DecideForm:
    form = DecideForm()
    form.offer([act for act in moderating.acts(wanted.state, wanted.kind) if act is not Act.REDACT])
    return form


def _wanted() -> Wanted:
    given: Mapping[str, str] = {**request.args, **(request.view_args or {})}
    kind, state = given.get("kind", ""), given.get("state", "")
    return Wanted(
        kind=kind if kind in moderating.KINDS else "comment",
        state=State(state) if state in STATES else State.WAITING,
        locales=[code for code in request.args.getlist("in") if len(code) <= 20][:50],
        alike_id=_id(given.get("group", "")),
        after=_id(given.get("after", "")),
    )


def _address(wanted: Wanted) -> dict[str, Any]:
    """What of the queue somebody looks at, as its address says it; `after` is left out."""
    chosen = {"kind": wanted.kind, "state": str(wanted.state), "in": list(wanted.locales), "group": wanted.alike_id}
    return {name: value for name, value in chosen.items() if value}


def _read() -> dict[uuid.UUID, int]:
    """What stood on the page that was sent, each as `id.revision`."""
    found_ = [one.partition(".") for one in request.form.getlist("read")[:PER_PAGE]]
    return {key: _number(revision) for one, _dot, revision in found_ if (key := _id(one)) is not None}


def _number(given: str | None) -> int:
    """A revision; one that nothing has where it is none."""
    return int(given) if given and given.isdecimal() and len(given) < 10 else -1


def _id(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except ValueError:
        return None


def _spans(given: str) -> list[list[int]]:
    try:
        return msgspec.json.decode(given or "[]", type=list[list[int]])
    except msgspec.DecodeError:
        abort(400)
