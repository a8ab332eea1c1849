"""On the day: the guide at hand, and what was said as it is said."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import guiding, noting
from consult.events.held_forms import NoteForm, PositionForm, themes_of
from consult.events.models.held import GuideBlock, Note, Said, View
from consult.events.noting import Desk, Words
from consult.events.speaking import speakers
from consult.events.views import planning
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.events.words import VIEWS
from consult.processes import desk
from consult.processes.models import Activity
from consult.web.context import keys, now
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{OCCASION}/notes", methods=["GET", "POST"])
def notes(slug: str, number: int) -> ResponseReturnValue:
    """A block of the guide, a form for what is said, what was noted under it; `block` in the query: which; 0: none."""
    at = _at(slug, number)
    blocks = guiding.blocks(session(), at.activity.id)
    place = min(max(request.args.get("block", 1, int), 0), len(blocks))
    block = blocks[place - 1] if place else None
    form = _note_form(at.activity, {"key": str(uuid.uuid4()), "theme": block.theme if block else ""})
    if form.validate_on_submit():
        try:
            noting.add(at, form.drawn, _note(form, block), sure=form.sure.data)
        except Refused as refused:
            at = _refused(form, refused, at)
        else:
            flash(_("The note is kept."), "success")
            return redirect(_back(at, block))
    listed = noting.page(
        session(),
        at.occasion.id,
        block.id if block else None,
        after=request.args.get("after", type=uuid.UUID),
        before=request.args.get("before", type=uuid.UUID),
    )
    return _render("events/notes.html", at, form=form, block=block, place=place, blocks=blocks, listed=listed)


@blueprint.route(f"{OCCASION}/positions", methods=["GET", "POST"])
def positions(slug: str, number: int) -> ResponseReturnValue:
    """Where institutions stand, theme by theme, and another position."""
    at = _at(slug, number)
    form = _position_form(at.activity, {"key": str(uuid.uuid4())})
    if form.validate_on_submit():
        try:
            noting.add(at, form.drawn, _position(form), sure=form.sure.data)
        except Refused as refused:
            at = _refused(form, refused, at)
        else:
            flash(_("The position is kept."), "success")
            return redirect(url_for("events.positions", slug=slug, number=number))
    return _render("events/positions.html", at, form=form, positions=noting.positions(session(), at.occasion.id))


@blueprint.route(f"{OCCASION}/notes/<uuid:note_id>", methods=["GET", "POST"])
def note(slug: str, number: int, note_id: uuid.UUID) -> ResponseReturnValue:
    """Change a note, or a position. What somebody else made of it meanwhile stands beside what was typed."""
    at = _at(slug, number)
    kept = noting.find(session(), at.occasion.id, note_id)
    if kept is None and request.method == "GET":
        abort(404)
    position = kept.said == Said.POSITION if kept else "view" in request.form
    stored = {} if kept is None else {**_stored(kept), "key": str(note_id), "seen": str(kept.revision)}
    form = _position_form(at.activity, stored) if position else _note_form(at.activity, stored)
    block = _block(at, kept) if kept else None
    theirs: Note | None = None
    if form.validate_on_submit():
        words = _position(form) if isinstance(form, PositionForm) else _note(form, block)
        try:
            noting.change(at, note_id, words, seen=form.revision, sure=form.sure.data)
        except Refused as refused:
            at = _refused(form, refused, at)
            if any(problem.code == "events.note.changed" for problem in refused.problems):
                theirs = noting.find(session(), at.occasion.id, note_id)
                form.seen.data = str(theirs.revision) if theirs else ""
        else:
            flash(_("Saved."), "success")
            return redirect(_back(at, block, position=position))
    back = _back(at, block, position=position)
    return _render("events/note.html", at, form=form, note_id=note_id, position=position, theirs=theirs, back=back)


@blueprint.route(f"{OCCASION}/notes/<uuid:note_id>/remove", methods=["GET", "POST"])
def remove_note(slug: str, number: int, note_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once, then delete a note."""
    at = _at(slug, number)
    kept = noting.find(session(), at.occasion.id, note_id) or abort(404)
    back = _back(at, _block(at, kept), position=kept.said == Said.POSITION)
    if ConfirmForm().validate_on_submit():
        noting.remove(at, note_id)
        flash(_("The note is deleted."), "success")
        return redirect(back)
    return _render("events/remove_note.html", at, note=kept, back=back)


def _at(slug: str, number: int) -> Desk:
    activity, occasion = planning.found(slug, number)
    return Desk(session(), keys(), activity, occasion, actor(), now())


def _refused(form: NoteForm | PositionForm, refused: Refused, at: Desk) -> Desk:
    """The desk after what the request wrote was undone; where a word is a name, the form asks whose from now on."""
    slug, number = at.activity.slug, at.occasion.number
    desk.refuse(form, refused)
    form.asks = any(problem.code == "events.note.named" for problem in refused.problems)
    return _at(slug, number)


def _block(at: Desk, kept: Note) -> GuideBlock | None:
    return guiding.find(session(), at.activity.id, kept.block_id) if kept.block_id else None


def _back(at: Desk, block: GuideBlock | None, *, position: bool = False) -> str:
    """The page on which a note stands."""
    where: Any = {"slug": at.activity.slug, "number": at.occasion.number}
    if position:
        return url_for("events.positions", **where)
    return url_for("events.notes", **where, block=block.position if block else 0)


def _note_form(activity: Activity, stored: dict[str, object]) -> NoteForm:
    form = NoteForm(data=stored)
    form.offer(activity, speakers(session(), activity, current().code, _))
    return form


def _position_form(activity: Activity, stored: dict[str, object]) -> PositionForm:
    form = PositionForm(data=stored)
    form.offer(activity)
    return form


def _note(form: NoteForm, block: GuideBlock | None) -> Words:
    return Words(
        body=form.body.data,
        said=Said(form.said.data),
        locale=current().code,
        theme=form.theme.data,
        block_id=block.id if block else None,
        speaker=form.speaker.data,
        people=form.people.data,
        consent=form.consent.data,
        confidential=form.confidential.data,
    )


def _position(form: PositionForm) -> Words:
    return Words(
        body=form.body.data,
        said=Said.POSITION,
        locale=current().code,
        theme=form.theme.data,
        institution=form.institution.data,
        view=View(form.view.data),
        confidential=form.confidential.data,
    )


def _stored(kept: Note) -> dict[str, object]:
    names = ("body", "said", "theme", "speaker", "people", "consent", "institution", "view", "confidential")
    return {name: getattr(kept, name) for name in names}


def _render(template: str, at: Desk, **context: object) -> str:
    return render(
        template,
        at.activity,
        occasion=at.occasion,
        themes=themes_of(at.activity),
        speakers=speakers(session(), at.activity, current().code, _),
        views=VIEWS,
        **context,
    )
