"""Signing: what an institution has agreed on becomes its response; whoever asked may open it again.

There is nobody to protect: who answered is known. So the response does not wait to be mixed, and nobody holds a code to
it; what stands in place of one follows from the institution under the key of codes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, exists, update
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.questionnaire.answers import Answers, encode
from consult.participation import codes
from consult.participation.models import Channel
from consult.participation.service import day
from consult.responses.joint.answering import open_at
from consult.responses.joint.asking import note
from consult.responses.joint.models import Change, Joint, Outcome, Signature
from consult.responses.joint.queries import Of, of, signature
from consult.responses.models import Response
from consult.responses.service import bury


@dataclass(frozen=True, slots=True)
class Signing:
    """What somebody signs."""

    seen: int
    """The version that they saw."""
    name: str
    """Name and office, as they wrote them."""
    locale: str
    document: Answers
    """The relevant answers."""


def sign(session: Session, joint: Joint, signing: Signing, *, key: bytes, by: Actor, now: dt.datetime) -> Signature:
    """Freeze the answers, and let them be the institution's response in place of what was signed before.

    Refuses `responses.joint.changed` where they are not what was seen any more, an answer is still disputed, they were
    signed already, or the activity is not open.
    """
    which = of(joint)
    disputed = exists().where(which.own(Change), Change.outcome == Outcome.HELD)
    if not _turned(session, which, "signed", now, Joint.state == "open", Joint.version == signing.seen, ~disputed):
        raise Refused.because("responses.joint.changed")
    joint = session.get_one(Joint, which, populate_existing=True)
    assert joint.edition is not None, "nobody sees what nobody has begun"
    before = signature(session, which)
    response = _respond(session, joint, signing, key, now)
    made = Signature(
        **which._asdict(),
        number=before.number + 1 if before else 1,
        version=joint.version,
        edition=joint.edition,
        locale=signing.locale,
        answers=response.answers,
        response_id=response.id,
        institution_name=joint.institution.name,
        name=signing.name,
        user_id=by.id,
        signed_at=now,
    )
    session.add(made)
    session.flush()
    note(session, joint.activity, which, "sign", by, now, number=made.number, version=made.version)
    return made


def _respond(session: Session, joint: Joint, signing: Signing, key: bytes, now: dt.datetime) -> Response:
    digest = codes.digest(key, joint.activity_id, f"institution {joint.institution_id}")
    bury(session, joint.activity_id, [digest])
    response = Response(
        activity_id=joint.activity_id,
        id=uuid.uuid4(),
        code=digest,
        edition=joint.edition,
        locale=signing.locale,
        channel=Channel.INVITED,
        day=day(now, joint.activity.time_zone),
        answers=encode(signing.document),
    )
    session.add(response)
    session.flush()
    return response


def reopen(session: Session, joint: Joint, reason: str, *, by: Actor, now: dt.datetime) -> None:
    """Let the hands change what they signed. It stays the institution's response until they sign again.

    Refuses `responses.joint.not_signed` where it is not signed (any more), or the activity is not open.
    """
    which = of(joint)
    if not _turned(session, which, "open", now, Joint.state == "signed"):
        raise Refused.because("responses.joint.not_signed")
    latest = signature(session, which)
    assert latest is not None, "it was signed"
    latest.reopened_at, latest.reopened_by, latest.reason = now, by.id, reason
    session.flush()
    note(session, joint.activity, which, "reopen", by, now, number=latest.number)


def _turned(session: Session, which: Of, into: str, now: dt.datetime, *conditions: ColumnElement[bool]) -> bool:
    turned = session.execute(
        update(Joint)
        .where(which.own(Joint), open_at(which, now), *conditions)
        .values(state=into)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[tuple[()]], turned).rowcount == 1
