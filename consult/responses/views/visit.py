"""What every page of this slice begins with: the door, the code in the cookie, what lies under it."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.core.questionnaire import document
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.routing import Context, Standing, stand
from consult.core.questionnaire.steps import Compiled
from consult.participation import codes
from consult.participation import queries as participation
from consult.participation.queries import Door
from consult.participation.service import Coming, day
from consult.questionnaires import queries as questionnaires
from consult.responses import queries
from consult.responses.shelf import Entry, Ready, Shelf
from consult.responses.texts import Texts
from consult.web.context import keys, now, settings
from consult.web.holes import Part, cut, hole
from consult.web.locale import current, offer
from consult.web.transaction import database

blueprint = Blueprint("responses", __name__, url_prefix="/<locale>/q/<slug>")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at an activity's door."""

    entry: Entry
    now: dt.datetime
    code: str
    """From the cookie; empty where there is none."""
    locale: str

    @property
    def door(self) -> Door:
        """The activity."""
        return self.entry.door

    @property
    def open(self) -> bool:
        """Whether it seems to take answers; writing asks the database again."""
        return self.door.state(self.now) == "open"

    @property
    def today(self) -> dt.date:
        """The activity's day."""
        return day(self.now, self.door.time_zone)

    @property
    def digest(self) -> bytes:
        """What the database keeps of the code."""
        return digest_of(self.door, self.code)

    def own(self) -> Coming | None:
        """What lies under the code."""
        if not self.code:
            return None
        with database().single() as connection:
            return queries.own(connection, self.door.activity_id, self.digest)

    def url(self, page: str, **values: Any) -> str:
        """Address of a page of this activity in the reader's locale, unless `values` name another."""
        wanted = (page, self.locale, *values.items())
        found = self.entry.addresses.get(wanted)
        if found is None:
            found = url_for(f"responses.{page}", slug=self.door.slug, **values)
            if "instance" not in values:  # there are too many of those to remember them
                self.entry.addresses[wanted] = found
        return found


def shelf() -> Shelf:
    """The memory of this process."""
    found: Shelf = current_app.extensions["consult.responses"]
    return found


def init(state: Any) -> None:
    """Give the application its shelf."""
    state.app.extensions["consult.responses"] = Shelf()


blueprint.record_once(init)


def visit(slug: str) -> Visit:
    """The activity of an address; 404 where it does not exist, is a draft or is not offered in the address's locale."""
    moment = now()
    entry = shelf().entry(slug, moment, lambda: _door(slug))
    if entry is None:
        abort(404)
    locale = current().code
    if locale not in entry.door.locales:
        abort(404)
    return Visit(entry, moment, codes.read(request.cookies.get(cookie_name(slug), "")) or "", locale)


def _door(slug: str) -> Door | None:
    with database().reading() as session:
        return participation.door(session, slug)


def digest_of(door: Door, code: str) -> bytes:
    """What the database keeps of a code at this door."""
    return codes.digest(keys().codes, door.activity_id, code)


def edition(door: Door, number: int) -> Compiled | None:
    """An edition of the activity, compiled."""

    def load() -> Compiled | None:
        with database().reading() as session:
            found = questionnaires.edition(session, door.activity_id, number)
            return None if found is None else Compiled(document.decode(found.document))

    return shelf().edition(door.activity_id, number, load)


def edition_of(door: Door, coming: Coming) -> Compiled:
    """The edition that somebody answers."""
    found = edition(door, coming.edition)
    assert found is not None, "responses are on editions that exist"
    return found


def new_context(seen: Visit, code: str) -> dict[str, Any]:
    """What every evaluation of a new draft will see. The seed follows from the code: a correction draws the same."""
    seed = hashlib.sha256(b"seed\0" + digest_of(seen.door, code)).hexdigest()[:16]
    return {"today": seen.today.isoformat(), "seed": seed, "once": {}}


def context_of(seen: Visit, kept: Mapping[str, Any]) -> Context:
    """The same as evaluations want it."""
    return Context(
        today=dt.date.fromisoformat(kept["today"]),
        time_zone=seen.door.time_zone,
        seed=kept["seed"],
        locale=seen.locale,
        once=dict(kept["once"]),
    )


def standing_of(seen: Visit, compiled: Compiled, coming: Coming) -> Standing:
    """Where somebody stands with a draft."""
    return stand(compiled, decode(coming.answers), context_of(seen, coming.context))


def parts(seen: Visit, template: str, *key: object, context: Callable[[], dict[str, object]]) -> tuple[Part, ...]:
    """A page with holes, rendered when it is first wanted behind this door. `key` tells apart what the context does."""
    wanted = (template, seen.locale, *key)
    found = seen.entry.parts.get(wanted)
    if found is None:
        found = cut(render_template(template, hole=hole, **{**common(seen), **context()}))
        seen.entry.parts[wanted] = found
    return found


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Response:
    """A page that is rarely wanted, rendered for this request."""
    switch = {"url_for_locale": lambda code: seen.url("first", locale=code)} if request.method == "POST" else {}
    return make_response(render_template(template, **{**common(seen), **switch, **context}), status)


def alike(seen: Visit, kind: str, render: Callable[[], str]) -> Response:
    """A page that is the same bytes for everybody, without a cookie, from the memory of this process."""
    wanted = (kind, seen.locale)
    ready = seen.entry.ready.get(wanted)
    if ready is None:
        body = render().encode()
        ready = Ready(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:20])
        seen.entry.ready[wanted] = ready
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    tag = f'"{ready.tag}-gzip"' if packed else f'"{ready.tag}"'
    headers = {"Cache-Control": "public, max-age=60", "Vary": "Accept-Encoding", "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers=headers)
    headers["Content-Type"] = "text/html; charset=utf-8"
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(ready.packed if packed else ready.plain, headers=headers)


def common(seen: Visit) -> dict[str, object]:
    """What the layout of every page needs."""
    door = seen.door
    offer(list(door.locales))
    return {
        "process": door.process,
        "privacy_url": url_for("privacy.notice", slug=door.slug),
        "exit_url": seen.url("leave"),
        "closes_at": door.closes_at,
        "opens_at": door.opens_at,
        "zone": door.time_zone,
    }


def closed(seen: Visit, status: int = 200) -> Response:
    """The page of an activity that takes no answers now."""
    state = "closed" if seen.door.state(seen.now) != "scheduled" else "scheduled"
    return page(
        seen, "responses/closed.html", status, title=seen.door.title, state=state, resume_url=seen.url("resume")
    )


def go(seen: Visit, to: str, **values: object) -> Answer:
    """See other: another page of this activity."""
    return Response(status=303, headers={"Location": seen.url(to, **values)})


def texts(seen: Visit, compiled: Compiled) -> Texts:
    """The edition's words in the reader's locale."""
    return _texts(compiled, seen.locale)


@lru_cache(maxsize=500)
def _texts(compiled: Compiled, locale: str) -> Texts:
    return Texts(compiled, locale)


def cookie_name(slug: str) -> str:
    """The one cookie of an activity."""
    return f"draft-{slug}"


def remember(response: Answer, seen: Visit, code: str) -> Answer:
    """Put the code into the cookie: until the browser is closed or “Exit now”."""
    response.set_cookie(cookie_name(seen.door.slug), code, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def forget(response: Answer, slug: str) -> Answer:
    """Take the code off the device."""
    response.delete_cookie(cookie_name(slug), httponly=True, samesite="Lax", secure=settings().secure)
    return response
