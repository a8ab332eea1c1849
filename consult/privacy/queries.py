"""The notice of an activity and the helplines of a process whose reachability the caller has established."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.privacy.models import Helpline, Notice
from consult.privacy.template import gaps, sufficed


def notice(session: Session, activity_id: uuid.UUID) -> Notice | None:
    """What participants of an activity are told about their data; none where nobody wrote it yet."""
    return session.get(Notice, activity_id)


def missing(
    session: Session, activity_id: uuid.UUID, locales: Iterable[str], *, taking_part: bool = False
) -> list[str]:
    """The locales in which an activity's notice is not complete; all, where it was copied and not looked at again.

    `taking_part`: people can, or will be able to by a schedule that was made. A notice from before the template, which
    was complete then, stays so until somebody changes it.
    """
    found = notice(session, activity_id)
    return [locale for locale in gaps(found, locales) if not (taking_part and sufficed(found, locale))]


def helplines(session: Session, process_id: uuid.UUID) -> Sequence[Helpline]:
    """The helplines of a process, by country."""
    wanted = select(Helpline).where(Helpline.process_id == process_id)
    return session.scalars(wanted.order_by(Helpline.country, Helpline.id)).all()


def helpline(session: Session, process_id: uuid.UUID, helpline_id: uuid.UUID) -> Helpline | None:
    """One of them."""
    return session.scalar(select(Helpline).where(Helpline.process_id == process_id, Helpline.id == helpline_id))
