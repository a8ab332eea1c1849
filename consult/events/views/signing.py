"""Signing up for an occasion: one page, then the receipt."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Problem, Refused
from consult.events import queries, signing, wanted
from consult.events.models.planned import Occasion
from consult.events.models.signed import Way
from consult.events.views import answered, screening
from consult.events.views import visit as at
from consult.events.views.answered import Typed
from consult.events.views.blueprint import PUBLIC, blueprint
from consult.events.views.screening import Asked
from consult.events.views.visit import Visit, go
from consult.events.wanted import Wanted
from consult.events.words import NEEDS
from consult.participation import codes, measures, once
from consult.participation.views import carrying, guarding
from consult.participation.views.carrying import Form
from consult.web.choices import zones
from consult.web.context import keys, settings
from consult.web.security import same_origin_only
from consult.web.transaction import rollback, session


@blueprint.route(f"{PUBLIC}/<int:number>/sign-up", methods=["GET", "POST"])
def sign_up(slug: str, number: int) -> Answer:
    """Sign up for an occasion. A form that is sent twice signs up once."""
    seen = at.visit(slug)
    occasion = at.occasion(seen, number)
    if request.method == "GET":
        if not _takes(seen, occasion):
            return _closed(seen, occasion)
        form = carrying.fresh(seen.door)
        return _page(seen, occasion, form, screening.asked(seen, form.token.encode(), {}), {"way": Way.SELF})
    same_origin_only()
    form = carrying.sent(seen.door)
    mine = at.with_code(seen, once.code_of(keys().codes, seen.door.activity_id, form.token))
    if at.own(mine) is not None:
        return at.remember(go(mine, "receipt"), mine)
    if not _takes(seen, occasion):
        return _closed(seen, occasion, 410)
    return _sent(mine, occasion, form)


def _sent(mine: Visit, occasion: Occasion, form: Form) -> Answer:
    sent = screening.sent(mine, form.token.encode())
    said = answered.wanted(mine, mine.code, sent)
    if sent.turned_away or wanted.turned_away(mine.event, said):
        return go(mine, "away")

    def again(problems: Sequence[Problem]) -> Answer:
        return _page(mine, occasion, form, sent.again(), answered.fields(), problems, 422)

    problems = [*wanted.problems(mine.event, said)]
    if problems or sent.unfinished:
        return again(problems)
    try:
        _store(mine, occasion, form, said)
    except Refused as refused:
        rollback()
        if not _takes(mine, at.occasion(mine, occasion.number)):
            return _closed(mine, occasion, 410)
        return again(refused.problems)
    return at.remember(go(mine, "receipt"), mine)


def _store(mine: Visit, occasion: Occasion, form: Form, said: Wanted) -> None:
    """Refuses `events.sign_up.early` where it is to be sent once more, a little later."""
    door = mine.door
    found = guarding.found(door, carrying.lasted(door, form))
    if found is None or (found.spends and not measures.spend(session(), door.activity_id, found.spends)):
        raise Refused.because("events.sign_up.early")
    signing.sign_up(
        session(), keys(), mine.event, occasion.id, said, apart=found.suspect, today=mine.today, now=mine.now
    )


def _takes(seen: Visit, occasion: Occasion) -> bool:
    return seen.open and queries.takes(occasion, seen.now)


def _closed(seen: Visit, occasion: Occasion, status: int = 200) -> Answer:
    return at.page(seen, "events/closed.html", status, occasion=occasion, state=seen.door.state(seen.now))


def _page(
    seen: Visit,
    occasion: Occasion,
    form: Form,
    asked: Asked,
    typed: Typed,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Answer:
    known = request.method == "GET" and at.own(seen) is not None
    return at.page(
        seen, "events/sign_up.html", status, occasion=occasion, form=form, known=known,
        **in_form(asked, typed, problems),
    )  # fmt: skip


def in_form(asked: Asked, typed: Typed, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What templates need that show the form of a sign-up, or part of it."""
    told = answered.told(problems)
    summary = [(f"#{name}" if name else "#main", sentence) for name, sentence in told.items()]
    return {
        "asked": asked.html,
        "more": asked.more,
        "typed": typed,
        "problems": told,
        "errors": [*summary, *asked.errors],
        "zones": zones(str(typed.get("time_zone", "")) or None),
        "needs": NEEDS,
    }


@blueprint.get(f"{PUBLIC}/away")
def away(slug: str) -> Answer:
    """What is said to whoever cannot take part: nothing of them is kept."""
    return at.page(at.visit(slug), "events/away.html")


@blueprint.get(f"{PUBLIC}/receipt")
def receipt(slug: str) -> Answer:
    """The code, and what happens next."""
    seen = at.visit(slug)
    mine = at.own(seen)
    if mine is None:
        return go(seen, "own")
    return at.page(
        seen,
        "events/receipt.html",
        mine=mine,
        occasion=mine.occasion,
        groups=codes.groups(seen.code),
        own_url=f"{settings().base_url}{seen.url('own')}",
    )
