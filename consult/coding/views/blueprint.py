"""The blueprint, and what its pages have in common."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, abort, url_for
from flask_babel import gettext as _

from consult.coding import queries, texts
from consult.coding.models import Item
from consult.coding.queries import Latest
from consult.coding.texts import Words
from consult.core.coding.codebook import Code
from consult.events.speaking import speakers
from consult.processes import desk
from consult.processes.models import Activity, Process
from consult.web.context import keys
from consult.web.locale import current
from consult.web.transaction import session

blueprint = Blueprint("coding", __name__)
DESK = "/<locale>/desk/processes/<slug>/coding"
FIRST = uuid.UUID(int=0)
ACCESS = "123456789abcdefghijlmnopqrtvwxyz"
"""Keys that choose a code; `s` saves and `k` skips."""


class Place(NamedTuple):
    """A text to be coded, where it belongs, and what it says."""

    process: Process
    activity: Activity
    item: Item
    words: Words
    latest: Latest
    speaker: str
    """Who said it, where it is a note: a role, a class of the profile or an institution."""


def published(process: Process) -> Latest:
    """The latest version of the codebook; 404 before the first."""
    return queries.latest(session(), process.id) or abort(404)


def found(slug: str, activity: str, item_id: uuid.UUID) -> Place:
    """A text of a process within the request's scope; 404 where there is none, or nobody may see it any more."""
    process = desk.found_process(slug)
    within = next((one for one in process.activities if one.slug == activity), None) or abort(404)
    item = queries.item(session(), within.id, item_id) or abort(404)
    if item.state != "open":
        abort(404)
    words = texts.read(session(), keys().codes, [item]).get((within.id, item.id)) or abort(404)
    named = speakers(session(), within, current().code, _) if words.speaker else {}
    speaker = named.get(words.speaker, words.speaker)
    return Place(process, within, item, words, published(process), speaker)


def crumb(process: Process) -> desk.Crumb:
    """The way back to the overview."""
    return _("Coding"), url_for("coding.overview", slug=process.slug)


def render(template: str, process: Process, *crumbs: desk.Crumb, **context: object) -> str:
    """A page of coding; `crumbs` are those between the overview and the page itself."""
    above: Sequence[desk.Crumb] = [] if template == "coding/overview.html" else [crumb(process), *crumbs]
    return desk.render(template, process, crumbs=above, **context)


def after(value: str | None) -> uuid.UUID:
    """After which text the next one is looked for, as an address says it."""
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return FIRST


def with_keys(latest: Latest) -> list[tuple[Code, int, str]]:
    """The codes in reading order with their depths, and the keys that choose them as long as there are keys."""
    tree = enumerate(latest.codebook.tree())
    return [(code, depth, ACCESS[place : place + 1]) for place, (code, depth) in tree]
