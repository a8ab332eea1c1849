"""What an institution is asked to answer: the list, one response at a glance, one question with all that was said."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from consult.core.questionnaire import merging
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.instances import key as key_of
from consult.core.questionnaire.routing import Sheet, Standing
from consult.responses.forms import RemarkForm
from consult.responses.joint import answering as joint
from consult.responses.joint import queries
from consult.responses.joint.models import Change
from consult.responses.views.blueprint import elsewhere
from consult.responses.views.joint.place import PREFIX, Place, address, crumbs, place_of
from consult.web.context import now
from consult.web.permissions import actor, scope
from consult.web.roles import NAME
from consult.web.transaction import session

_LATEST = 10
"""Changes that the overview shows."""


@elsewhere("/<locale>/desk/answers", "asked")
def asked() -> str:
    """What the institutions of somebody are asked to answer, as far as they answer or name who does."""
    moment, naming = now(), NAME.scope(actor())
    names = naming.institutions if naming else frozenset()
    found = [one for one in queries.asked(session(), scope()) if one.hand or one.joint.institution_id in names]
    return render_template(
        "responses/joint/asked.html",
        asked=[(one, queries.standing(one.joint, one.signature, moment)) for one in found],
        names=names,
        now=moment,
        address=address,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A page of questions on the overview."""

    label: Markup
    url: str
    finished: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words."""

    change: Change
    label: Markup
    before: list[str]
    after: list[str]
    now: list[str]
    """What stands at the moment."""
    url: str


def told(place: Place, changes: Sequence[Change]) -> list[Told]:
    """Changes in words, in the reader's language."""
    answers = place.state.answers
    return [
        Told(
            change,
            place.label(change.key, answers),
            place.lines(change.key, decode(change.before)),
            place.lines(change.key, decode(change.after)),
            place.lines(change.key, merging.parts_of(answers, change.key)),
            place.url("joint_question", key=change.key),
        )
        for change in changes
    ]


@elsewhere(PREFIX, "joint")
def overview(slug: str, institution_id: uuid.UUID) -> str:
    """One response at a glance: its pages, what is disputed, who did what last."""
    place = place_of(slug, institution_id)
    standing = place.stand(place.state.answers)
    return render_template(
        "responses/joint/overview.html",
        crumbs=crumbs(place.joint),
        place=place,
        lines=[Line(_heading(place, standing, sheet), place.sheet_url(sheet), standing.finished(sheet))
               for sheet in standing.sheets()],
        complete=standing.unfinished() is None,
        held=told(place, queries.held(session(), place.which)),
        latest=told(place, queries.history(session(), place.which, limit=_LATEST)),
        hands=queries.hands(session(), place.which),
    )  # fmt: skip


def _heading(place: Place, standing: Standing, sheet: Sheet) -> Markup:
    """What a page is called; in a repeat with the number of its instance."""
    page, path = sheet
    label = page.listing.label if page.listing else page.group.label if page.group else None
    return place.called(label, page.chain, path, standing.answers)


@elsewhere(f"{PREFIX}/question/<key>", "joint_question", ["GET", "POST"])
def question(slug: str, institution_id: uuid.UUID, key: str) -> Answer | str:
    """One question: its answer, who changed it from what to what, what hands say to each other about it."""
    place = place_of(slug, institution_id)
    name, path = place.parsed(key)
    key, form = key_of(name, path), RemarkForm()
    if form.validate_on_submit():
        joint.remark(session(), place.joint, key, form.text.data, by=actor(), now=place.now)
        return redirect(place.url("joint_question", key=key, _anchor="remarks"))
    sheet = place.page_of(key)
    history = told(place, queries.history(session(), place.which, key))
    return render_template(
        "responses/joint/question.html",
        crumbs=crumbs(place.joint, inside=True),
        place=place,
        label=place.label(key, place.state.answers),
        answer=place.lines(key, merging.parts_of(place.state.answers, key)),
        page_url=place.sheet_url(sheet, _anchor=name) if sheet else "",
        history=history,
        held=[one for one in history if one.change.outcome == "held"],
        remarks=queries.remarks(session(), place.which, key),
        form=form,
    )


@elsewhere(f"{PREFIX}/settle", "joint_settle", ["POST"])
def settle(slug: str, institution_id: uuid.UUID) -> Answer:
    """Decide which of two answers to one question counts."""
    place = place_of(slug, institution_id)
    numbers = {name: request.form.get(name, "") for name in ("version", "seen")}
    if all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers.values()):
        done = joint.settle(
            session(),
            place.joint,
            (int(numbers["version"]), request.form.get("key", "")),
            take=request.form.get("take") == "held",
            seen=int(numbers["seen"]),
            complete=place.complete,
            by=actor(),
            now=place.now,
        )
        if done:
            flash(_("Decided. The other answer stays in the history."), "success")
        else:
            flash(
                _("Nothing was decided: somebody has changed the answer since you looked, or all is closed."), "warning"
            )
    return redirect(place.url(_anchor="disputed"))
