"""Where people begin: what they are asked, and what they can do."""

from __future__ import annotations

from werkzeug.wrappers import Response as Answer

from consult.consultations.models.asked import Phase
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.words import PHASES, REASONS
from consult.participation.views import coming_back
from consult.web.security import same_origin_only

WAYS = {Phase.READ: "text", Phase.VOTE: "vote", Phase.ASK: "answer_questions", Phase.SUBMIT: "submit"}
"""Pages on which people do what a phase is about."""


@blueprint.get(PUBLIC)
def first(slug: str) -> Answer:
    """Purpose, dates, and the ways to take part."""
    seen = at.visit(slug)
    return at.page(seen, "consultations/first.html", phases=PHASES, ways=WAYS, state=seen.door.state(seen.now))


@blueprint.get(f"{PUBLIC}/policy")
def policy(slug: str) -> Answer:
    """What is shown and what is not."""
    return at.page(at.visit(slug), "consultations/policy.html", reasons=REASONS)


@blueprint.get(f"{PUBLIC}/exit")
def leave(slug: str) -> Answer:
    """Take the code off the device and show a page that says nothing about the consultation."""
    same_origin_only()
    seen = at.visit(slug)
    return at.forget(coming_back.left(), seen)
