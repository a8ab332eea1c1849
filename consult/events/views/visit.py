"""What every page on which people sign up begins with: the door, the code in the cookie, what the event is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import abort
from werkzeug.wrappers import Response as Answer

from consult.events import queries
from consult.events.models.planned import Event, Occasion
from consult.events.models.signed import SignUp
from consult.participation.views import visiting
from consult.participation.views.visiting import go as go
from consult.participation.views.visiting import remember as remember
from consult.participation.views.visiting import with_code as with_code
from consult.processes.models import Kind
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Visit(visiting.Visit):
    """A request at an event's door."""

    event: Event

    PAGES: ClassVar[str] = "events"
    COOKIE: ClassVar[str] = "seat"


def visit(slug: str) -> Visit:
    """The event of an address; 404 where it does not exist, is a draft or is not offered in the locale."""
    arrived = visiting.arrive(slug, Kind.EVENT, Visit.COOKIE)
    return Visit(*arrived, event=queries.event(session(), arrived[0].activity_id))


def occasion(seen: Visit, number: int) -> Occasion:
    """An occasion of the event; 404 where there is none of that number."""
    return queries.occasion(session(), seen.door.activity_id, number) or abort(404)


def own(seen: Visit) -> SignUp | None:
    """What somebody signed up for whose code is in the cookie."""
    return queries.sign_up(session(), seen.door.activity_id, seen.digest) if seen.digest else None


def forget(response: Answer, seen: Visit) -> Answer:
    """Take the code off the device."""
    return visiting.forget(response, seen.cookie)


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Answer:
    """A page of the event."""
    return visiting.page(seen, template, status, event=seen.event, **context)
