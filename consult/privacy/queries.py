"""The notice of an activity whose reachability the caller has established."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from consult.privacy.models import Notice


def notice(session: Session, activity_id: uuid.UUID) -> Notice | None:
    """What participants of an activity are told about their data; none where nobody wrote it yet."""
    return session.get(Notice, activity_id)


def missing(session: Session, activity_id: uuid.UUID, locales: Iterable[str]) -> list[str]:
    """The locales in which an activity's notice is not complete; all, where it was copied and not looked at again."""
    found = notice(session, activity_id)
    if found is None or not found.contact or not found.confirmed:
        return list(locales)
    return [locale for locale in locales if locale not in found.controller or locale not in found.purpose]
