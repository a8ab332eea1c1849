"""What one can do with one's code: see it, read what one contributed, change what waits, take it back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.consultations import comments, following, moderating, participants, submissions, withdrawing, words
from consult.consultations import own as owning
from consult.consultations.appealing import APPEALABLE
from consult.consultations.comments import TEXT, Said
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Comment, Stance, State
from consult.consultations.parts import block
from consult.consultations.views import visit as at
from consult.consultations.views.answers import institutions
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.commenting import form_context, which
from consult.consultations.views.visit import Visit, go
from consult.core.errors import Problem
from consult.core.text import LocalisedText
from consult.participation import codes
from consult.participation.views import carrying, coming_back
from consult.privacy.ledger import Ledger
from consult.web.context import settings
from consult.web.security import same_origin_only
from consult.web.transaction import commit, session


@blueprint.get(f"{PUBLIC}/receipt")
def receipt(slug: str) -> Answer:
    """Thank you, with the code."""
    seen = at.visit(slug)
    if not _known(seen):
        return go(seen, "own")
    back = request.args.get("part", "")
    reading = Phase.READ in seen.consultation.phases
    return at.page(
        seen,
        "consultations/receipt.html",
        groups=codes.groups(seen.code),
        own_url=f"{settings().base_url}{seen.url('own')}",
        back_url=seen.url("part", part=back) if back and reading else seen.url("first"),
    )


@blueprint.route(f"{PUBLIC}/own", methods=["GET", "POST"])
def own(slug: str) -> Answer:
    """One's own contributions; without a code, where it is typed in."""
    seen = at.visit(slug)
    if request.method == "POST":
        return _entered(seen)
    if not _known(seen):
        return _ask(seen)
    assert seen.digest is not None, "it is known"
    activity_id, wanted = seen.door.activity_id, which()
    page = owning.comments(session(), activity_id, seen.digest, after=wanted.after, before=wanted.before)
    sent = submissions.own(session(), activity_id, seen.digest)
    proposed = owning.statements(session(), activity_id, seen.digest)
    pieces = [*(one.id for one in page.rows), *(one.id for one in sent), *(one.id for one in proposed)]
    answered = following.answers_for(session(), activity_id, seen.digest)
    shared, voted = withdrawing.counts(session(), activity_id, seen.digest)
    return at.page(
        seen,
        "consultations/own.html",
        groups=codes.groups(seen.code),
        page=page,
        decisions=moderating.standing(session(), activity_id, pieces),
        told_state=owning.told_state,
        appealable=APPEALABLE,
        words=words,
        questions=owning.asked(session(), activity_id),
        submissions=sent,
        statements=proposed,
        answers=answered,
        institutions=institutions(answered),
        shared=shared,
        voted=voted,
        sent=request.args.get("sent", ""),
        paging=lambda name, key: "" if key is None else seen.url("own", **{name: str(key)}),
    )


def _entered(seen: Visit) -> Answer:
    """The code was typed in."""
    same_origin_only()
    activity_id = seen.door.activity_id
    found = coming_back.entered(
        activity_id,
        partial(participants.known, session(), activity_id),
        _("Nothing was contributed under this code. Check every letter and digit."),
    )
    if not found.code:
        return _ask(seen, found.status, found.typed, found.problem)
    mine = at.with_code(seen, found.code)
    return at.remember(go(mine, "own"), mine)


def _ask(seen: Visit, status: int = 200, typed: str = "", problem: str = "") -> Answer:
    errors = [("#code", problem)] if problem else []
    return at.page(seen, "consultations/code.html", status, code=typed, errors=errors)


@blueprint.route(f"{PUBLIC}/own/comments/<uuid:comment_id>", methods=["GET", "POST"])
def change(slug: str, comment_id: uuid.UUID) -> Answer:
    """Change one's own words while they wait for a moderator."""
    seen = at.visit(slug)
    found = _mine(seen, comment_id)
    if request.method == "GET":
        typed = {"body": found.body, "suggestion": found.suggestion, "stance": found.stance}
        return _changing(seen, found, typed)
    same_origin_only()
    if not seen.open:
        return at.closed(seen, 410)
    said = _said(seen, found)
    problems = list(comments.problems(said))
    if problems:
        return _changing(seen, found, {}, problems)
    assert seen.digest is not None, "it is one's own"
    if not comments.rewrite(session(), seen.door.activity_id, comment_id, seen.digest, said):
        return _changing(seen, found, {}, [Problem("consultations.comment.decided")])
    return go(seen, "own", sent="changed")


def _said(seen: Visit, found: Comment) -> Said:
    stance = request.form.get("stance", "")
    suggestion = ""
    if _text_of(seen, found) is not None:
        suggestion = comments.suggested(
            carrying.typed("suggestion"), _text_of(seen, found), locale=found.locale, source=seen.door.locales[0]
        )
    fits = stance in set(Stance) and found.target == TEXT and found.parent_id is None
    return Said(
        carrying.typed("body"),
        target=found.target,
        part=found.part,
        parent_id=found.parent_id,
        stance=stance if fits else Stance.SUGGEST if suggestion else "",
        suggestion=suggestion,
    )


def _text_of(seen: Visit, found: Comment) -> LocalisedText | None:
    """The paragraph that can be worded otherwise, as they read it."""
    if found.target != TEXT or not found.part or found.parent_id is not None:
        return None
    read = block(session(), seen.door.activity_id, found.part, found.version)
    return read.words if read else None


def _changing(seen: Visit, found: Comment, typed: dict[str, str], problems: Sequence[Problem] = ()) -> Answer:
    context = form_context(seen, carrying.fresh(seen.door), problems)
    context["typed"] |= typed
    return at.page(
        seen,
        "consultations/change.html",
        422 if problems else 200,
        comment=found,
        words=_text_of(seen, found),
        **{**context, "asks_stakeholder": False},
    )


def _mine(seen: Visit, comment_id: uuid.UUID) -> Comment:
    found = comments.mine(session(), seen.door.activity_id, comment_id, seen.digest) if seen.digest else None
    if found is None or found.state != State.WAITING:
        abort(404)
    return found


@blueprint.route(f"{PUBLIC}/own/take-back/<uuid:piece_id>", methods=["GET", "POST"])
def take_back(slug: str, piece_id: uuid.UUID) -> Answer:
    """Ask once, and take one piece back."""
    seen = at.visit(slug)
    if seen.digest is None:
        return go(seen, "own")
    if not seen.open:
        return at.closed(seen, 410 if request.method == "POST" else 200)
    if not owning.wrote(session(), seen.door.activity_id, piece_id, seen.digest):
        abort(404)
    if request.method == "GET":
        return at.page(seen, "consultations/take_back.html", everything=False, done=False)
    same_origin_only()
    taken = withdrawing.piece(
        session(),
        seen.door.activity_id,
        seen.digest,
        piece_id,
        ledger=Ledger(settings().ledger),
        today=seen.today,
        now=seen.now,
    )
    return _taken(seen, taken) or go(seen, "own", sent="taken")


@blueprint.route(f"{PUBLIC}/own/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Answer:
    """Ask once, and take everything back."""
    seen = at.visit(slug)
    if not _known(seen):
        return go(seen, "own")
    assert seen.digest is not None, "it is known"
    if not seen.open:
        return at.closed(seen, 410 if request.method == "POST" else 200)
    if request.method == "GET":
        return at.page(seen, "consultations/take_back.html", everything=True, done=False)
    same_origin_only()
    taken = withdrawing.everything(
        session(),
        seen.door.activity_id,
        seen.digest,
        ledger=Ledger(settings().ledger),
        today=seen.today,
        now=seen.now,
    )
    gone = _taken(seen, taken)
    return gone or at.forget(at.page(seen, "consultations/take_back.html", everything=True, done=True), seen)


def _taken(seen: Visit, taken: withdrawing.Taken | None) -> Answer | None:
    """Commit what is taken back, and delete its files; the page that says so where all is closed meanwhile."""
    if taken is None:
        return at.closed(seen, 410)
    commit()
    submissions.folder(settings().uploads, seen.door.activity_id).remove(taken)
    return None


def _known(seen: Visit) -> bool:
    return seen.digest is not None and participants.known(session(), seen.door.activity_id, seen.digest)
