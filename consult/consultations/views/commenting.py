"""Where people comment on a part of the text, answer comments, and share them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import abort, request
from werkzeug.wrappers import Response as Answer

from consult.consultations import comments, listing, moderating, participants
from consult.consultations.comments import Said
from consult.consultations.listing import Filter
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Comment, Stance, State
from consult.consultations.parts import WHOLE, Block, block, comes_from, earlier, stands_on
from consult.consultations.views import sending, showing
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.visit import Visit, go
from consult.consultations.words import STAKEHOLDERS, STANCES
from consult.core.errors import Problem, Refused
from consult.participation.views import carrying
from consult.participation.views.carrying import Form
from consult.web.messages import sentence
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session


class Place(NamedTuple):
    """A part of the text."""

    part: str
    """Its id; empty for the whole text."""
    block: Block
    """As somebody reads it: in the version that their form was made of, else in the latest."""
    latest: Block
    """As it is now; without words where it is no more."""

    @property
    def name(self) -> str:
        """In addresses."""
        return self.part or WHOLE


@blueprint.route(f"{PUBLIC}/text/<part>", methods=["GET", "POST"])
def part(slug: str, part: str) -> Answer:
    """A part of the text with what was said about it, and the form to say something."""
    seen = at.begun(slug)
    version = request.form.get("version", 0, type=int)
    place = _place(seen, part, version)
    if request.method == "GET":
        return _shown(seen, place, carrying.fresh(seen.door))
    same_origin_only()
    if not seen.open:
        return at.closed(seen, 410)
    form, said = carrying.sent(seen.door), _said(seen, place)
    if version != place.block.version:
        return _shown(seen, place, form, [Problem("consultations.text.changed")])
    problems = list(comments.problems(said))
    if problems:
        return _shown(seen, place, form, problems)
    key = sending.key_of(seen, form, place.part, said.stance, said.body, said.suggestion)
    try:
        who = sending.contributing(seen, form, key)
    except Refused as refused:
        rollback()
        return _shown(seen, place, form, refused.problems)
    comments.write(session(), who.author, said, key=key, before=seen.consultation.before)
    now = stands_on(session(), seen.door.activity_id, (said.part, said.version)) or WHOLE
    return at.thanked(who.mine, "part", first=who.first, part=now)


@blueprint.route(f"{PUBLIC}/comments/<uuid:comment_id>", methods=["GET", "POST"])
def comment(slug: str, comment_id: uuid.UUID) -> Answer:
    """A comment with all answers, and the form to answer it."""
    seen = at.begun(slug)
    found = listing.one(session(), seen.door.activity_id, comment_id, seen.digest) or abort(404)
    if request.method == "GET":
        return _thread(seen, found, carrying.fresh(seen.door))
    same_origin_only()
    if not seen.open:
        return at.closed(seen, 410)
    if found.comment.state != State.SHOWN:
        abort(404)
    form = carrying.sent(seen.door)
    about = found.comment
    said = Said(carrying.typed("body"), part=about.part, version=about.version, parent_id=about.id)
    problems = list(comments.problems(said))
    if problems:
        return _thread(seen, found, form, problems)
    key = sending.key_of(seen, form, str(about.id), said.body)
    try:
        who = sending.contributing(seen, form, key)
    except Refused as refused:
        rollback()
        return _thread(seen, found, form, refused.problems)
    comments.write(session(), who.author, said, key=key, before=seen.consultation.before)
    return at.thanked(who.mine, "comment", first=who.first, comment_id=str(about.id))


@blueprint.get(f"{PUBLIC}/comments/<uuid:comment_id>/alike")
def alike(slug: str, comment_id: uuid.UUID) -> Answer:
    """What people said that is nearly the same."""
    seen = at.begun(slug)
    page = listing.alike(session(), seen.door.activity_id, comment_id, which())
    if not page.rows:
        abort(404)
    first = page.rows[0]
    place = _place(seen, stands_on(session(), seen.door.activity_id, (first.part, first.version)) or WHOLE)
    translated = listing.translations(session(), seen.door.activity_id, page.rows)
    return at.page(
        seen,
        "consultations/alike.html",
        page=page,
        part=place.name,
        paging=_paging(seen, "alike", comment_id=str(comment_id)),
        **_words(seen, place.latest, page.rows),
        translated=translated,
    )


@blueprint.post(f"{PUBLIC}/comments/<uuid:comment_id>/share")
def share(slug: str, comment_id: uuid.UUID) -> Answer:
    """Share a comment of somebody else, or no more."""
    same_origin_only()
    seen = at.begun(slug)
    if not seen.open:
        return at.closed(seen, 410)
    found = listing.one(session(), seen.door.activity_id, comment_id, seen.digest) or abort(404)
    if "back" in request.form and seen.digest is not None:
        comments.take_back(session(), seen.door.activity_id, seen.digest, comment_id)
        return _back(seen, found.comment)
    who = sending.sharing(seen, carrying.sent(seen.door))
    if comments.endorse(session(), who.author, comment_id):
        try:
            sending.spend(who.mine, "endorsement")
        except Refused as refused:
            rollback()
            return _thread(seen, found, carrying.fresh(seen.door), refused.problems)
    if who.first:
        return at.thanked(who.mine, "comment", first=True, comment_id=str(comment_id))
    return at.remember(_back(who.mine, found.comment), who.mine)


def which() -> Filter:
    """What the address asks for; what makes no sense in it is passed over."""

    def key(name: str) -> uuid.UUID | None:
        try:
            return uuid.UUID(request.args.get(name, ""))
        except ValueError:
            return None

    stance = request.args.get("stance", "")
    return Filter(
        stance if stance in set(Stance) else "",
        request.args.get("language", "")[:20],
        key("after"),
        key("before"),
    )


def _place(seen: Visit, part: str, version: int = 0) -> Place:
    """A part as a version has it, as the latest does where that is unknown; 404 where neither has it, or nobody is
    asked about a text."""
    if Phase.READ not in seen.consultation.phases:
        abort(404)
    name = "" if part == WHOLE else part
    latest = block(session(), seen.door.activity_id, name)
    read = block(session(), seen.door.activity_id, name, version) if version else latest
    return Place(name, read or latest or abort(404), latest or Block(0, None))


def _back(seen: Visit, about: Comment) -> Answer:
    """To where a comment was shared: the page that it stood on."""
    whence = which()
    if "thread" in request.form:
        return go(seen, "comment", comment_id=str(about.id))
    kept = {
        "stance": whence.stance or None,
        "language": whence.locale or None,
        "after": whence.after,
        "before": whence.before,
    }
    place = stands_on(session(), seen.door.activity_id, (about.part, about.version))
    return go(seen, "part", part=place or WHOLE, **kept, _anchor=f"comment-{about.id}")


def _said(seen: Visit, place: Place) -> Said:
    stance = request.form.get("stance", "")
    words = comments.suggested(
        carrying.typed("suggestion"), place.block.words, locale=seen.locale, source=seen.door.locales[0]
    )
    return Said(
        carrying.typed("body"),
        part=place.part,
        version=place.block.version,
        stance=stance if stance in set(Stance) else Stance.SUGGEST if words else "",
        suggestion=words,
    )


def _shown(seen: Visit, place: Place, form: Form, problems: Sequence[Problem] = ()) -> Answer:
    wanted = which()
    on = comes_from(session(), seen.door.activity_id, place.part)
    page = listing.comments(session(), seen.door.activity_id, on, wanted, seen.digest)
    return at.page(
        seen,
        "consultations/part.html",
        422 if problems else 200,
        block=place.block,
        part=place.name,
        page=page,
        which=wanted,
        paging=_paging(seen, "part", part=place.name, stance=wanted.stance or None, language=wanted.locale or None),
        **_words(seen, place.latest, [row.comment for row in page.rows]),
        **form_context(seen, form, problems),
    )


def _thread(seen: Visit, found: listing.Listed, form: Form, problems: Sequence[Problem] = ()) -> Answer:
    place = stands_on(session(), seen.door.activity_id, (found.comment.part, found.comment.version))
    latest = block(session(), seen.door.activity_id, place) or Block(0, None)
    page = listing.replies(session(), seen.door.activity_id, found.comment.id, which())
    translated = listing.translations(session(), seen.door.activity_id, page.rows)
    return at.page(
        seen,
        "consultations/comment.html",
        422 if problems else 200,
        listed=found,
        page=page,
        translated=translated,
        part=place or WHOLE,
        paging=_paging(seen, "comment", comment_id=str(found.comment.id)),
        **_words(seen, latest, [found.comment]),
        **form_context(seen, form, problems),
    )


def form_context(seen: Visit, form: Form, problems: Sequence[Problem]) -> dict[str, Any]:
    """What every page with a form to write needs: what was typed, and what is wrong with it."""
    kept = participants.stakeholder(session(), seen.door.activity_id, seen.digest)
    return {
        "form": form,
        "problems": {problem.place.field: sentence(problem) for problem in problems},
        "errors": [(f"#{problem.place.field or 'main'}", sentence(problem)) for problem in problems],
        "typed": {name: request.form.get(name, "") for name in ("body", "suggestion", "stance", "stakeholder")},
        "asks_stakeholder": not kept,
        "stances": STANCES,
        "without_suggestion": {stance: words for stance, words in STANCES.items() if stance != Stance.SUGGEST},
        "admitted": at.admitted(seen),
        "stakeholders": STAKEHOLDERS,
        "sent": request.args.get("sent", ""),
    }


def _words(seen: Visit, latest: Block, rows: Sequence[Comment]) -> Mapping[str, Any]:
    """How comments are told: their stance, for whom they speak, what they would word otherwise."""
    known = earlier(session(), seen.door.activity_id, {(row.part, row.version) for row in rows})
    refused = [row.id for row in rows if row.state == State.REFUSED]
    tombs = moderating.standing(session(), seen.door.activity_id, refused)
    teller = showing.Teller(known, latest, seen.door.locales[0], tombs, seen.door.process.threshold)
    return {"told": teller, "stance_words": STANCES, "stakeholder_words": STAKEHOLDERS}


def _paging(seen: Visit, page: str, **values: Any) -> Callable[[str, uuid.UUID | None], str]:
    def url(name: str, key: uuid.UUID | None) -> str:
        return "" if key is None else seen.url(page, **values, **{name: str(key)})

    return url
