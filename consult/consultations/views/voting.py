"""Voting on statements: one at a time, one's own votes, one's own place, a statement of one's own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, current_app, request
from werkzeug.wrappers import Response as Answer

from consult.consultations import participants, placing, statements, voting
from consult.consultations.analysing import Latest, priorities
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import State
from consult.consultations.models.opinions import Statement
from consult.consultations.picture import letter, picture
from consult.consultations.views import sending
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.visit import Visit
from consult.consultations.words import VOTES
from consult.core.errors import Problem, Refused
from consult.core.opinion.priority import draw
from consult.participation import guard
from consult.participation.models import Channel
from consult.web.context import settings
from consult.web.messages import sentence
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session

_PAGE = 50
_RANGE = "X-Address-Range"
_NAMES = {value: name for name, value in voting.CHOICES.items()}


@blueprint.record_once
def _remember_analyses(state: Any) -> None:
    state.app.extensions["consult.analyses"] = Latest()


def latest() -> Latest:
    """The analyses in the memory of this process."""
    found: Latest = current_app.extensions["consult.analyses"]
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement before somebody, and how they voted on it (`agree`, …; empty: not yet)."""

    statement: Statement
    vote: str = ""


@blueprint.get(f"{PUBLIC}/vote")
def vote(slug: str) -> Answer:
    """The next statement, or the one that is named."""
    seen = _voting(slug)
    fresh = "" if seen.code else at.drawn()
    if fresh:  # for this page alone: nobody joins by looking
        seen = replace(seen, code=fresh)
    ballot = voting.ballot(session(), seen.door.activity_id, _digest(seen))
    voted = {str(statement) for statement, value in ballot.items() if value is not None}
    named = _named(request.args.get("statement", ""))
    found = latest().of(session(), seen.door.activity_id)
    chosen = named if named in ballot else _drawn(priorities(found, ballot.keys()), voted, _digest(seen))
    return at.page(
        seen,
        "consultations/vote.html",
        asked=_asked(seen, chosen, ballot),
        last=None if named in ballot else _asked(seen, _named(request.args.get("last", "")), ballot),
        again=named in ballot and str(named) in voted,
        fresh=fresh,
        done=len(voted),
        total=len(ballot),
        votes=VOTES,
        joined="joined" in request.args,
        own_url=_own(seen),
    )


@blueprint.post(f"{PUBLIC}/vote")
def cast(slug: str) -> Answer:
    """Vote; the first vote joins. What is not asked here, or not any more, is passed over."""
    same_origin_only()
    seen = _voting(slug)
    statement, value = _named(request.form.get("statement", "")), voting.CHOICES.get(request.form.get("vote", ""))
    if statement is None or value is None:
        abort(400)
    if not seen.open:
        return at.go(seen, "vote")
    mine = seen if at.joined(seen) else at.joining(seen, _channel(seen), request.form.get("code", ""))
    if not voting.cast(session(), seen.door.activity_id, _digest(mine), statement, value):
        rollback()
        return at.go(seen, "vote")
    if "again" in request.form:
        return at.remember(at.go(mine, "votes"), mine)
    joined = {"joined": 1} if mine.code != seen.code else {}
    return at.remember(at.go(mine, "vote", last=statement, **joined), mine)


@blueprint.post(f"{PUBLIC}/vote/undo")
def undo(slug: str) -> Answer:
    """Take a vote back and show its statement again."""
    same_origin_only()
    seen = _voting(slug)
    statement = _named(request.form.get("statement", ""))
    if statement is None:
        abort(400)
    if seen.open and seen.digest is not None:
        voting.undo(session(), seen.door.activity_id, seen.digest, statement)
    return at.go(seen, "vote", statement=statement)


@blueprint.get(f"{PUBLIC}/vote/mine")
def votes(slug: str) -> Answer:
    """Everything one has voted on, to change any of it."""
    seen = _voting(slug)
    after = _named(request.args.get("after", ""))
    rows = voting.cast_by(session(), seen.door.activity_id, _digest(seen), after=after, limit=_PAGE + 1)
    return at.page(
        seen,
        "consultations/votes.html",
        asked=[Asked(statement, _NAMES[value]) for statement, value in rows[:_PAGE]],
        votes=VOTES,
        first_url=seen.url("votes") if after else "",
        next_url=seen.url("votes", after=rows[_PAGE - 1][0].id) if len(rows) > _PAGE else "",
    )


@blueprint.get(f"{PUBLIC}/vote/place")
def place(slug: str) -> Answer:
    """Where one stands among the groups."""
    seen = _voting(slug)
    found = latest().of(session(), seen.door.activity_id)
    ballot = voting.ballot(session(), seen.door.activity_id, _digest(seen))
    missing = placing.lacking(found, ballot) if found else 0
    own = placing.place(found, ballot) if found and found.groups and not missing else None
    return at.page(
        seen,
        "consultations/place.html",
        missing=missing,
        picture=picture(found.outlines, own) if found and own else None,
        nearest=[letter(group) for group in own.groups] if own else [],
    )


@blueprint.get(f"{PUBLIC}/vote/propose")
def propose(slug: str) -> Answer:
    """Where one writes a statement of one's own."""
    seen = _proposer(slug)
    return _proposing(seen) if seen.open else at.go(seen, "vote")


@blueprint.post(f"{PUBLIC}/vote/propose")
def keep_proposal(slug: str) -> Answer:
    """Keep it, or show those first that say nearly the same."""
    same_origin_only()
    seen = _proposer(slug)
    typed = request.form.get("statement", "")
    if not seen.open:
        return at.go(seen, "vote")
    try:
        text = statements.worded(typed)
        near = () if "sure" in request.form else statements.alike(session(), seen.door.activity_id, text)
        if near:
            return _proposing(seen, typed=text, near=near)
        measured = Channel.SUSPECT if request.form.get(guard.FIELD) else _channel(seen)
        mine = at.joining(seen, measured, request.form.get("code", ""))
        # What set somebody apart once does so from every address; who was invited is not measured.
        came = Channel(participants.channel(session(), seen.door.activity_id, _digest(mine)))
        channel = measured if came is Channel.OPEN else came
        state = statements.propose(
            session(),
            seen.door.activity_id,
            _digest(mine),
            text,
            locale=seen.locale,
            channel=channel,
            before=seen.consultation.before,
            today=seen.today,
        )
        sending.spend(mine, "statement")
    except Refused as refused:
        rollback()
        return _proposing(seen, status=422, typed=typed, problems=refused.problems)
    return at.remember(at.go(mine, "proposed", **({"shown": 1} if state == State.SHOWN else {})), mine)


@blueprint.get(f"{PUBLIC}/vote/proposed")
def proposed(slug: str) -> Answer:
    """What becomes of it now."""
    seen = _voting(slug)
    return at.page(seen, "consultations/proposed.html", shown="shown" in request.args, own_url=_own(seen))


def _proposing(
    seen: Visit,
    *,
    status: int = 200,
    typed: str = "",
    near: object = (),
    problems: tuple[Problem, ...] = (),
) -> Answer:
    return at.page(
        seen,
        "consultations/propose.html",
        status,
        typed=typed,
        near=near,
        errors=[(f"#{problem.place.field or 'statement'}", sentence(problem)) for problem in problems],
        longest=statements.LONGEST,
        fresh="" if seen.code else at.drawn(),
        trap=guard.FIELD,
    )


def _voting(slug: str) -> Visit:
    """A visit where there is voting; 404 elsewhere."""
    seen = at.visit(slug)
    if Phase.VOTE not in seen.consultation.phases or seen.door.state(seen.now) == "scheduled":
        abort(404)
    return seen


def _proposer(slug: str) -> Visit:
    seen = _voting(slug)
    return seen if seen.consultation.propose else abort(404)


def _digest(seen: Visit) -> bytes:
    """What the database keeps of the code; of nobody's nothing."""
    return seen.digest or b""


def _named(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _drawn(worth: Any, voted: set[str], digest: bytes) -> uuid.UUID | None:
    drawn = draw(worth, voted, digest.hex())
    return uuid.UUID(drawn) if drawn else None


def _asked(seen: Visit, statement_id: uuid.UUID | None, ballot: Any) -> Asked | None:
    """A statement that is asked, with the own vote on it."""
    if statement_id is None or statement_id not in ballot:
        return None
    found = voting.asked(session(), seen.door.activity_id, statement_id)
    return Asked(found, _NAMES.get(ballot[statement_id], "")) if found else None


def _channel(seen: Visit) -> Channel:
    """Open, or set apart where more come from one range of addresses than bot measures let pass."""
    address = request.headers.get(_RANGE, "") if settings().proxies else request.remote_addr or ""
    within, most = guard.range_of(address), seen.door.guard.hourly
    pace: guard.Pace = current_app.extensions["consult.pace"]
    if within and most and pace.count(seen.door.activity_id, within, seen.now) > most:
        return Channel.SUSPECT
    return Channel.OPEN


def _own(seen: Visit) -> str:
    """The page of one's own contributions, where there is one."""
    return seen.url("own") if "consultations.own" in current_app.view_functions else ""
