"""What every page on which people sign up begins with: the door, the code in the cookie, what the event is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.events import queries
from consult.events.models.planned import Event, Occasion
from consult.events.models.signed import SignUp
from consult.participation import codes
from consult.participation import queries as participation
from consult.participation.queries import Door
from consult.participation.service import day
from consult.processes.models import Kind
from consult.web.context import keys, now, settings
from consult.web.locale import current, offer
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at an event's door."""

    door: Door
    event: Event
    now: dt.datetime
    code: str
    """From the cookie; empty where there is none."""
    locale: str

    @property
    def open(self) -> bool:
        """Whether people can sign up."""
        return self.door.state(self.now) == "open"

    @property
    def today(self) -> dt.date:
        """The activity's day: nothing finer is kept of a sign-up."""
        return day(self.now, self.door.time_zone)

    @property
    def digest(self) -> bytes | None:
        """What the database keeps of the code; none where there is none."""
        return codes.digest(keys().codes, self.door.activity_id, self.code) if self.code else None

    def url(self, page: str, **values: Any) -> str:
        """Address of a page of this event in the reader's locale."""
        return url_for(f"events.{page}", slug=self.door.slug, **{"locale": self.locale, **values})


def visit(slug: str) -> Visit:
    """The event of an address; 404 where it does not exist, is a draft or is not offered in the locale."""
    door = participation.door(session(), slug, Kind.EVENT)
    locale = current().code
    if door is None or locale not in door.locales:
        abort(404)
    code = codes.read(request.cookies.get(cookie_name(slug), "")) or ""
    return Visit(door, queries.event(session(), door.activity_id), now(), code, locale)


def cookie_name(slug: str) -> str:
    """The one cookie of an event."""
    return f"seat-{slug}"


def occasion(seen: Visit, number: int) -> Occasion:
    """An occasion of the event; 404 where there is none of that number."""
    return queries.occasion(session(), seen.door.activity_id, number) or abort(404)


def with_code(seen: Visit, code: str) -> Visit:
    """The same visit of somebody who has this code."""
    return replace(seen, code=code)


def own(seen: Visit) -> SignUp | None:
    """What somebody signed up for whose code is in the cookie."""
    return queries.sign_up(session(), seen.door.activity_id, seen.digest) if seen.digest else None


def remember(response: Answer, seen: Visit) -> Answer:
    """Put the code into the cookie: until the browser is closed or “Exit now”."""
    response.set_cookie(cookie_name(seen.door.slug), seen.code, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def forget(response: Answer, seen: Visit) -> Answer:
    """Take the code off the device."""
    response.delete_cookie(cookie_name(seen.door.slug), httponly=True, samesite="Lax", secure=settings().secure)
    return response


def go(seen: Visit, page: str, **values: Any) -> Answer:
    """See other: another page of this event."""
    return Answer(status=303, headers={"Location": seen.url(page, **values)})


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Answer:
    """A page of the event, never kept by anybody on the way."""
    door = seen.door
    offer(list(door.locales))
    html = render_template(
        template,
        seen=seen,
        title=door.title,
        event=seen.event,
        source=door.locales[0],
        process=door.process,
        exit_url=seen.url("leave"),
        privacy_url=url_for("privacy.notice", slug=door.slug),
        help_url=url_for("privacy.help", slug=door.slug),
        at=seen.url,
        **context,
    )
    return Answer(html, status, content_type="text/html; charset=utf-8")
