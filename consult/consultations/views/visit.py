"""What every page on which people take part begins with: the door, the code in the cookie, what is asked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask import abort, request
from werkzeug.wrappers import Response as Answer

from consult.consultations import participants, queries
from consult.consultations.models.asked import Consultation
from consult.participation import codes, inviting
from consult.participation.models import Channel
from consult.participation.views import visiting
from consult.participation.views.visiting import go as go
from consult.participation.views.visiting import remember as remember
from consult.participation.views.visiting import with_code as with_code
from consult.processes.models import Kind
from consult.web.context import keys
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Visit(visiting.Visit):
    """A request at a consultation's door."""

    consultation: Consultation

    PAGES: ClassVar[str] = "consultations"
    COOKIE: ClassVar[str] = "part"


def visit(slug: str) -> Visit:
    """The consultation of an address; 404 where it does not exist, is a draft or is not offered in the locale."""
    arrived = visiting.arrive(slug, Kind.CONSULTATION, Visit.COOKIE)
    return Visit(*arrived, consultation=queries.consultation(session(), arrived[0].activity_id))


def begun(slug: str) -> Visit:
    """The same; 404 before it opens, too: until then nobody reads what it asks."""
    seen = visit(slug)
    if seen.door.state(seen.now) == "scheduled":
        abort(404)
    return seen


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


def forget(response: Answer, seen: Visit) -> Answer:
    """Take the code and the way to the invitation off the device."""
    return visiting.forget(response, seen.cookie, invited_name(seen.door.slug))


def thanked(seen: Visit, page: str, *, first: bool, **values: Any) -> Answer:
    """Back to a page once something is stored; by way of the receipt, where somebody has not seen their code yet."""
    if not first:
        return remember(go(seen, page, **values, sent="yes"), seen)
    answer = remember(go(seen, "receipt", part=values.get("part")), seen)
    return visiting.forget(answer, invited_name(seen.door.slug))


def closed(seen: Visit, status: int = 200) -> Answer:
    """The page of a consultation that takes nothing now."""
    return page(seen, "consultations/closed.html", status, state=seen.door.state(seen.now))


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Answer:
    """A page of the consultation."""
    return visiting.page(seen, template, status, consultation=seen.consultation, **context)
