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
from consult.participation import codes, inviting
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


def begun(slug: str) -> Visit:
    """The same; 404 before it opens, too: until then nobody reads what it asks."""
    seen = visit(slug)
    if seen.door.state(seen.now) == "scheduled":
        abort(404)
    return seen


def cookie_name(slug: str) -> str:
    """The one cookie of a consultation."""
    return f"part-{slug}"


def with_code(seen: Visit, code: str) -> Visit:
    """The same visit of somebody who typed in a code."""
    return replace(seen, code=code)


def joined(seen: Visit) -> bool:
    """Whether the code in the cookie is that of somebody who contributed here."""
    return seen.digest is not None and participants.known(session(), seen.door.activity_id, seen.digest)


def drawn() -> str:
    """A code for somebody who has none yet."""
    return codes.spell(secrets.token_bytes(16))


def joining(seen: Visit, channel: Channel = Channel.OPEN, offered: str = "") -> Visit:
    """The same visit of somebody who has a code: the one in the cookie if it is known here or follows from their
    invitation, else the one that was drawn for their form (`offered`), so that a form sent twice at once joins one
    person, else one that is drawn now.

    Call it where something is contributed, with `remember` on the answer. Whoever needs an invitation and has none is
    sent to where its code is typed in.
    """
    if joined(seen):
        return seen
    link = request.cookies.get(invited_name(seen.door.slug), "")
    if seen.digest is not None and link:
        if inviting.use(session(), keys().codes, seen.door.activity_id, seen.code, link) is not None:
            return _joined(seen, Channel.INVITED)
        if joined(seen):  # it was sent twice at once
            return seen
    if not seen.door.open_link:
        abort(go(seen, "invited"))
    return _joined(replace(seen, code=codes.read(offered) or drawn()), channel)


def admitted(seen: Visit) -> bool:
    """Whether somebody may contribute, as far as can be told before they do."""
    return seen.door.open_link or bool(request.cookies.get(invited_name(seen.door.slug))) or joined(seen)


def _joined(mine: Visit, channel: Channel) -> Visit:
    assert mine.digest is not None, "it was just drawn"
    participants.join(
        session(), mine.door.activity_id, mine.digest, channel=channel, locale=mine.locale, today=mine.today
    )
    return mine


def invited_name(slug: str) -> str:
    """The cookie that leads to the invitation of somebody who has not contributed yet."""
    return f"invited-{slug}"


def remember(response: Answer, seen: Visit) -> Answer:
    """Put the code into the cookie: until the browser is closed or “Exit now”."""
    response.set_cookie(cookie_name(seen.door.slug), seen.code, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def go(seen: Visit, page: str, **values: Any) -> Answer:
    """See other: another page of this consultation."""
    return Answer(status=303, headers={"Location": seen.url(page, **values)})


def forget(response: Answer, seen: Visit) -> Answer:
    """Take the code off the device."""
    for name in (cookie_name(seen.door.slug), invited_name(seen.door.slug)):
        response.delete_cookie(name, httponly=True, samesite="Lax", secure=settings().secure)
    return response


def thanked(seen: Visit, page: str, *, first: bool, **values: Any) -> Answer:
    """Back to a page once something is stored; by way of the receipt, where somebody has not seen their code yet."""
    if not first:
        return remember(go(seen, page, **values, sent="yes"), seen)
    answer = remember(go(seen, "receipt", part=values.get("part")), seen)
    answer.delete_cookie(invited_name(seen.door.slug), httponly=True, samesite="Lax", secure=settings().secure)
    return answer


def closed(seen: Visit, status: int = 200) -> Answer:
    """The page of a consultation that takes nothing now."""
    return page(seen, "consultations/closed.html", status, state=seen.door.state(seen.now))


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
