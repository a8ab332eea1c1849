"""What one can do with one's code: see the sign-up, change it, take an offer, cancel, withdraw, leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Problem, Refused
from consult.events import queries, signing, tickets, vault, withdrawing
from consult.events.models.signed import SignUp, Standing
from consult.events.screening import together
from consult.events.vault import Person
from consult.events.views import answered, screening
from consult.events.views import visit as at
from consult.events.views.answered import Typed
from consult.events.views.blueprint import PUBLIC, blueprint
from consult.events.views.screening import Asked, Sent
from consult.events.views.signing import in_form
from consult.events.views.visit import Visit, go
from consult.events.wanted import turned_away
from consult.participation import codes
from consult.participation.views import coming_back
from consult.participation.views.carrying import number
from consult.privacy.ledger import Ledger
from consult.web.context import keys, settings
from consult.web.security import same_origin_only
from consult.web.transaction import commit, rollback, session


@blueprint.route(f"{PUBLIC}/own", methods=["GET", "POST"])
def own(slug: str) -> Answer:
    """One's own sign-up; without a code, or with `?another`, where one is typed in."""
    seen = at.visit(slug)
    if request.method == "POST":
        return _entered(seen)
    mine = at.own(seen)
    return _ask(seen) if mine is None or "another" in request.args else _shown(seen, mine)


def _entered(seen: Visit) -> Answer:
    same_origin_only()
    activity_id = seen.door.activity_id
    found = coming_back.entered(
        activity_id,
        lambda digest: queries.sign_up(session(), activity_id, digest) is not None,
        _("Nobody signed up with this code. Check every letter and digit."),
    )
    if not found.code:
        return _ask(seen, found.status, found.typed, found.problem)
    mine = at.with_code(seen, found.code)
    return at.remember(go(mine, "own"), mine)


def _ask(seen: Visit, status: int = 200, typed: str = "", problem: str = "") -> Answer:
    errors = [("#code", problem)] if problem else []
    return at.page(seen, "events/code.html", status, code=typed, errors=errors)


def _shown(seen: Visit, mine: SignUp, problems: Sequence[Problem] = (), status: int = 200) -> Answer:
    return at.page(
        seen,
        "events/own.html",
        status,
        mine=mine,
        occasion=mine.occasion,
        person=_person(seen, mine),
        live=mine.standing in signing.LIVE and seen.now < mine.occasion.ends_at,
        takes=seen.open and queries.takes(mine.occasion, seen.now),
        groups=codes.groups(seen.code),
        picture=tickets.picture(mine.ticket) if mine.standing == Standing.PLACED else "",
        sent=request.args.get("sent", ""),
        **in_form(Asked(), answered.fields(), problems),
    )


def _person(seen: Visit, mine: SignUp) -> Person | None:
    return vault.person(session(), keys(), seen.door.activity_id, mine.code)


@blueprint.route(f"{PUBLIC}/own/change", methods=["GET", "POST"])
def change(slug: str) -> Answer:
    """Change how one is reached, what one needs, whom one brings along."""
    seen = at.visit(slug)
    mine = at.own(seen)
    person = _person(seen, mine) if mine else None
    if mine is None or person is None or mine.standing not in signing.LIVE:
        return go(seen, "own")
    asks = signing.answerable(session(), mine, seen.now)
    if request.method == "GET":
        asked = screening.asked(seen, mine.code, together(mine.profile, person)) if asks else Asked()
        return _changing(seen, mine, asked, answered.fields_of(mine, person))
    same_origin_only()
    return _changed(seen, mine, screening.sent(seen, mine.code) if asks else Sent())


def _changed(seen: Visit, mine: SignUp, sent: Sent) -> Answer:
    if sent.turned_away:
        return go(seen, "cancel")

    def again(problems: Sequence[Problem]) -> Answer:
        return _changing(seen, mine, sent.again(), answered.fields(), problems)

    if sent.unfinished:
        return again(())
    try:
        signing.change(
            session(), keys(), seen.event, mine.code, answered.wanted(seen, seen.code, sent),
            revision=number("revision"), now=seen.now,
        )  # fmt: skip
    except Refused as refused:
        rollback()
        return again(refused.problems)
    return go(seen, "own", sent="changed")


def _changing(
    seen: Visit, mine: SignUp, asked: Asked, typed: Typed, problems: Sequence[Problem] | None = None
) -> Answer:
    status = 200 if problems is None else 422
    context = in_form(asked, typed, problems or ())
    revision = request.form.get("revision", mine.revision)
    return at.page(seen, "events/change.html", status, occasion=mine.occasion, revision=revision, **context)


@blueprint.post(f"{PUBLIC}/own/agree")
def agree(slug: str) -> Answer:
    """Agree to what the event asks consent to: who was nominated by others."""
    same_origin_only()
    seen = at.visit(slug)
    mine = at.own(seen)
    if mine is None:
        return go(seen, "own")
    said = answered.wanted(seen, seen.code, Sent())
    if turned_away(seen.event, said):
        return go(seen, "cancel")
    try:
        signing.agree(session(), keys(), seen.event, mine.code, said, now=seen.now)
    except Refused as refused:
        return _refused(seen, refused, 422)
    return go(seen, "own", sent="agreed")


@blueprint.post(f"{PUBLIC}/own/take")
def take(slug: str) -> Answer:
    """Take the place that is offered."""
    return _doing(slug, signing.take_offer, "taken")


@blueprint.route(f"{PUBLIC}/own/cancel", methods=["GET", "POST"])
def cancel(slug: str) -> Answer:
    """Ask once, and take the sign-up back: also how an offer is declined, and how to say that one cannot come."""
    if request.method == "GET":
        seen = at.visit(slug)
        mine = at.own(seen)
        live = mine is not None and mine.standing in signing.LIVE
        return at.page(seen, "events/cancel.html", occasion=mine.occasion) if mine and live else go(seen, "own")
    return _doing(slug, signing.cancel, "cancelled")


def _doing(slug: str, verb: Callable[..., None], sent: str) -> Answer:
    same_origin_only()
    seen = at.visit(slug)
    mine = at.own(seen)
    if mine is None:
        return go(seen, "own")
    try:
        verb(session(), seen.door.activity_id, mine.code, now=seen.now)
    except Refused as refused:
        return _refused(seen, refused, 409)
    return go(seen, "own", sent=sent)


def _refused(seen: Visit, refused: Refused, status: int) -> Answer:
    rollback()
    mine = at.own(seen)
    return go(seen, "own") if mine is None else _shown(seen, mine, refused.problems, status)


@blueprint.route(f"{PUBLIC}/own/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Answer:
    """Ask once, and erase everything under the code."""
    seen = at.visit(slug)
    mine = at.own(seen)
    if mine is None:
        return go(seen, "own")
    if request.method == "GET":
        return at.page(seen, "events/withdraw.html", done=False)
    same_origin_only()
    ledger = Ledger(settings().ledger)
    withdrawing.withdraw(session(), keys(), seen.door.activity_id, mine.code, ledger=ledger, today=seen.today)
    commit()
    return at.forget(at.page(seen, "events/withdraw.html", done=True), seen)


@blueprint.get(f"{PUBLIC}/exit")
def leave(slug: str) -> Answer:
    """Take the code off the device and show a page that says nothing about the event."""
    same_origin_only()
    return at.forget(coming_back.left(), at.visit(slug))
