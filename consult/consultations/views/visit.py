"""What every page on which people take part begins with: the door, the code in the cookie, what is asked."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.consultations import participants, queries
from consult.consultations.models.asked import Consultation
from consult.participation import codes
from consult.participation import queries as participation
from consult.participation.models import Channel
from consult.participation.queries import Door
from consult.participation.service import day
from consult.processes.models import Kind
from consult.web.context import keys, now, settings
from consult.web.locale import current, offer
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at a consultation's door."""

    door: Door
    consultation: Consultation
    now: dt.datetime
    code: str
    """From the cookie; empty where there is none."""
    locale: str

    @property
    def open(self) -> bool:
        """Whether it takes contributions."""
        return self.door.state(self.now) == "open"

    @property
    def today(self) -> dt.date:
        """The activity's day: nothing finer is kept of a contribution."""
        return day(self.now, self.door.time_zone)

    @property
    def digest(self) -> bytes | None:
        """What the database keeps of the code; none where there is none."""
        return codes.digest(keys().codes, self.door.activity_id, self.code) if self.code else None

    def url(self, page: str, **values: Any) -> str:
        """Address of a page of this consultation in the reader's locale."""
        return url_for(f"consultations.{page}", slug=self.door.slug, **{"locale": self.locale, **values})


def visit(slug: str) -> Visit:
    """The consultation of an address; 404 where it does not exist, is a draft or is not offered in the locale."""
    door = participation.door(session(), slug, Kind.CONSULTATION)
    locale = current().code
    if door is None or locale not in door.locales:
        abort(404)
    code = codes.read(request.cookies.get(cookie_name(slug), "")) or ""
    return Visit(door, queries.consultation(session(), door.activity_id), now(), code, locale)


def cookie_name(slug: str) -> str:
    """The one cookie of a consultation."""
    return f"part-{slug}"


def joined(seen: Visit) -> bool:
    """Whether the code in the cookie is that of somebody who contributed here."""
    return seen.digest is not None and participants.known(session(), seen.door.activity_id, seen.digest)


def drawn() -> str:
    """A code for somebody who has none yet."""
    return codes.spell(secrets.token_bytes(16))


def joining(seen: Visit, channel: Channel = Channel.OPEN, offered: str = "") -> Visit:
    """The same visit of somebody who has a code: the one in the cookie if it is known here, else one that is drawn now.

    `offered`: a code that was drawn for the form, so that a form sent twice at once joins one person. Call it where
    something is contributed, with `remember` on the answer.
    """
    if joined(seen):
        return seen
    mine = replace(seen, code=codes.read(offered) or drawn())
    assert mine.digest is not None, "it was just drawn"
    participants.join(
        session(), seen.door.activity_id, mine.digest, channel=channel, locale=seen.locale, today=seen.today
    )
    return mine


def remember(response: Answer, seen: Visit) -> Answer:
    """Put the code into the cookie: until the browser is closed or “Exit now”."""
    response.set_cookie(cookie_name(seen.door.slug), seen.code, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def go(seen: Visit, page: str, **values: Any) -> Answer:
    """See other: another page of this consultation."""
    return Answer(status=303, headers={"Location": seen.url(page, **values)})


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Answer:
    """A page of the consultation, never kept by anybody on the way."""
    door = seen.door
    offer(list(door.locales))
    html = render_template(
        template,
        seen=seen,
        title=door.title,
        consultation=seen.consultation,
        source=door.locales[0],
        process=door.process,
        exit_url=seen.url("leave"),
        privacy_url=url_for("privacy.notice", slug=door.slug),
        help_url=url_for("privacy.help", slug=door.slug),
        at=seen.url,
        **context,
    )
    return Answer(html, status, content_type="text/html; charset=utf-8")
