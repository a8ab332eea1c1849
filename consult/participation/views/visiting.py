"""What every page on which people take part in one activity begins with: the door, the code in the cookie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.participation import codes, queries
from consult.participation.queries import Door
from consult.participation.service import day
from consult.processes.models import Kind
from consult.web.context import keys, now, settings
from consult.web.locale import current, offer
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at an activity's door. Each slice adds what is asked there."""

    door: Door
    now: dt.datetime
    code: str
    """From the cookie; empty where there is none."""
    locale: str

    PAGES: ClassVar[str]
    """The blueprint that has the pages."""
    COOKIE: ClassVar[str]
    """What the name of the cookie begins with, before the address of the activity."""

    @property
    def open(self) -> bool:
        """Whether something can be sent in."""
        return self.door.state(self.now) == "open"

    @property
    def today(self) -> dt.date:
        """The activity's day: nothing finer is kept of what people send."""
        return day(self.now, self.door.time_zone)

    @property
    def digest(self) -> bytes | None:
        """What the database keeps of the code; none where there is none."""
        return codes.digest(keys().codes, self.door.activity_id, self.code) if self.code else None

    @property
    def cookie(self) -> str:
        """The cookie that holds the code."""
        return f"{self.COOKIE}-{self.door.slug}"

    def url(self, page: str, **values: Any) -> str:
        """Address of a page of this activity in the reader's locale."""
        return url_for(f"{self.PAGES}.{page}", slug=self.door.slug, **{"locale": self.locale, **values})


AVisit = TypeVar("AVisit", bound=Visit)


def arrive(slug: str, kind: Kind, cookie: str) -> tuple[Door, dt.datetime, str, str]:
    """Door, moment, code and locale of a request. `cookie`: what its name begins with.

    404 where the activity does not exist, is a draft or is not offered in the locale.
    """
    door = queries.door(session(), slug, kind)
    locale = current().code
    if door is None or locale not in door.locales:
        abort(404)
    return door, now(), codes.read(request.cookies.get(f"{cookie}-{slug}", "")) or "", locale


def with_code(seen: AVisit, code: str) -> AVisit:
    """The same visit of somebody who has this code."""
    return replace(seen, code=code)


def remember(response: Answer, seen: Visit) -> Answer:
    """Put the code into the cookie: until the browser is closed or “Exit now”."""
    response.set_cookie(seen.cookie, seen.code, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def forget(response: Answer, *cookies: str) -> Answer:
    """Take cookies off the device."""
    for name in cookies:
        response.delete_cookie(name, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def go(seen: Visit, page: str, **values: Any) -> Answer:
    """See other: another page of this activity."""
    return Answer(status=303, headers={"Location": seen.url(page, **values)})


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Answer:
    """A page of the activity, never kept by anybody on the way."""
    door = seen.door
    offer(list(door.locales))
    html = render_template(
        template,
        seen=seen,
        title=door.title,
        source=door.locales[0],
        process=door.process,
        exit_url=seen.url("leave"),
        privacy_url=url_for("privacy.notice", slug=door.slug),
        help_url=url_for("privacy.help", slug=door.slug),
        at=seen.url,
        **context,
    )
    return Answer(html, status, content_type="text/html; charset=utf-8")
