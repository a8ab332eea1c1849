"""Where everybody reads what was said and what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from flask import request
from werkzeug.wrappers import Response as Answer

from consult.consultations import answering, following
from consult.consultations.models.answered import OfficialAnswer
from consult.consultations.parts import WHOLE
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.visit import Visit
from consult.consultations.words import OUTCOMES
from consult.core.text import LocalisedText
from consult.processes import queries as processes
from consult.web.transaction import session

PAGE: Final = 20
Targets = Mapping[str, list[str]]
"""To which themes and paragraphs an answer answers, by kind."""


@blueprint.get(f"{PUBLIC}/answers")
def answers(slug: str) -> Answer:
    """Official answers by theme and paragraph, in pages."""
    seen = at.visit(slug)
    activity_id = seen.door.activity_id
    text, themes = following.paragraphs(session(), activity_id), following.themes(session(), activity_id)
    places = answering.published_places(session(), activity_id)
    wanted = request.args.get("theme", ""), request.args.get("part", "")
    ordered = [
        one for one in _in_order(places, [*themes], [WHOLE, *text])
        if _about(places[one], "theme", wanted[0]) and _about(places[one], "part", wanted[1])
    ]  # fmt: skip
    first = next((place for place, one in enumerate(ordered) if str(one) == request.args.get("from")), 0)
    some = answering.among(session(), activity_id, ordered[first : first + PAGE])
    return at.page(
        seen,
        "consultations/answers.html",
        answers=some,
        to=places,
        told=answering.kinds(session(), [one.id for one in some]),
        themes=themes,
        text={part: block.words for part, block in text.items()},
        answered={kind: _answered(places.values(), kind) for kind in ("theme", "part")},
        institutions=institutions(some),
        outcomes=OUTCOMES,
        wanted=wanted,
        next_url=_next_page(seen, wanted, ordered, first),
    )


def institutions(some: Collection[OfficialAnswer]) -> Mapping[str, LocalisedText]:
    """The names of the institutions that answer, by their ids."""
    ids = {uuid.UUID(place) for one in some for place in one.institutions}
    return {str(place.id): place.name for place in processes.institutions(session(), ids)}


def _next_page(seen: Visit, wanted: tuple[str, str], ordered: Sequence[uuid.UUID], first: int) -> str:
    if len(ordered) <= first + PAGE:
        return ""
    following_id = str(ordered[first + PAGE])
    return seen.url("answers", theme=wanted[0] or None, part=wanted[1] or None, **{"from": following_id})


def _about(to: Targets, kind: str, target: str) -> bool:
    return not target or target in to.get(kind, ())


def _answered(all_targets: Collection[Targets], kind: str) -> set[str]:
    return {target for to in all_targets for target in to.get(kind, ())}


def _in_order(shown: Mapping[uuid.UUID, Targets], themes: Sequence[str], parts: Sequence[str]) -> list[uuid.UUID]:
    """By theme, then by paragraph, as these stand in their orders; what answers neither last."""
    known = [*(("theme", code) for code in themes), *(("part", part) for part in parts)]
    places = {target: place for place, target in enumerate(known)}

    def place(one: uuid.UUID) -> tuple[int, uuid.UUID]:
        found = (places.get((kind, target)) for kind, targets in shown[one].items() for target in targets)
        return min((number for number in found if number is not None), default=len(known)), one

    return sorted(shown, key=place)
