"""Who it is that sends a form, and what tells it from others."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from flask import request

from consult.consultations import limits, participants
from consult.consultations.comments import Author, speaks_for
from consult.consultations.models.contributed import Stakeholder
from consult.consultations.views import visit as at
from consult.consultations.views.visit import Visit
from consult.core.errors import Refused
from consult.participation import codes, invitation_codes, measures, once
from consult.participation.models import Channel
from consult.participation.views import carrying, guarding
from consult.participation.views.carrying import Form
from consult.web.context import keys
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Contributing:
    """Somebody who contributes."""

    mine: Visit
    author: Author
    first: bool
    """Whether they have not seen their code yet."""


def key_of(seen: Visit, form: Form, *content: str) -> uuid.UUID:
    """The id of what is sent."""
    return once.id_of(keys().codes, seen.door.activity_id, form.token, *content)


def contributing(seen: Visit, form: Form, key: uuid.UUID, kind: str = "comment") -> Contributing:
    """Who sends something, with a code that is drawn now if they have none. `key`: of what they may have sent before:
    then nothing measures it again. `kind`: what it spends of the day's allowance (`limits`).

    Refuses `consultations.early` where it is to be sent once more, a little later, and `consultations.limit`.
    """
    activity_id = seen.door.activity_id
    apart = False
    repeated = participants.wrote(session(), activity_id, key, _codes(seen, form))
    if not repeated and _channel(seen) in (Channel.OPEN, Channel.SUSPECT):
        found = guarding.found(seen.door, carrying.lasted(seen.door, form))
        if found is None or (found.spends and not measures.spend(session(), activity_id, found.spends)):
            raise Refused.because("consultations.early")
        apart = found.suspect
    who = _joined(seen, form, apart=apart)
    if not repeated:
        spend(who.mine, kind)
    return who


def spend(mine: Visit, kind: str) -> None:
    """Take what a contribution costs from the day's allowance of who sends it. Refuses `consultations.limit`."""
    assert mine.digest is not None, "who joins has a code"
    if not limits.may_contribute(session(), mine.door.activity_id, mine.digest, kind, today=mine.today):
        raise Refused.because("consultations.limit")


def _codes(seen: Visit, form: Form) -> list[bytes]:
    """Under which codes they may have sent it before."""
    activity_id = seen.door.activity_id
    drawn = codes.digest(keys().codes, activity_id, once.code_of(keys().codes, activity_id, form.token))
    return [drawn] if seen.digest is None else [seen.digest, drawn]


def sharing(seen: Visit, form: Form) -> Contributing:
    """Who shares a comment: that takes no time and no computing, so only how many come counts."""
    apart = _channel(seen) in (Channel.OPEN, Channel.SUSPECT) and (guarding.crowded(seen.door) or guarding.trapped())
    return _joined(seen, form, apart=apart)


def _joined(seen: Visit, form: Form, *, apart: bool) -> Contributing:
    activity_id = seen.door.activity_id
    drawn = once.code_of(keys().codes, activity_id, form.token)
    first = seen.digest is None or not participants.known(session(), activity_id, seen.digest)
    mine = at.joining(seen, Channel.SUSPECT if apart else Channel.OPEN, drawn)
    assert mine.digest is not None, "who joins has a code"
    channel = Channel.SUSPECT if apart else participants.channel(session(), activity_id, mine.digest)
    stakeholder = request.form.get("stakeholder", "")
    author = Author(
        activity_id,
        mine.digest,
        channel,
        mine.locale,
        mine.today,
        stakeholder if stakeholder in set(Stakeholder) else "",
    )
    return Contributing(mine, replace(author, stakeholder=speaks_for(session(), author)), first)


def _channel(seen: Visit) -> str:
    """How somebody comes in, as far as is known before they do."""
    if seen.digest is None:
        return Channel.OPEN
    known = participants.channel(session(), seen.door.activity_id, seen.digest)
    link = request.cookies.get(at.invited_name(seen.door.slug), "")
    if not known and invitation_codes.unlinked(keys().codes, seen.door.activity_id, seen.code, link) is not None:
        return Channel.INVITED
    return known or Channel.OPEN
