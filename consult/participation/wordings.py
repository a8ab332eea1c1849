"""What invitations and reminders say is translated as all that authors write is."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.translation import Text
from consult.participation.models import Entrance
from consult.processes import wordings
from consult.processes.models import Activity
from consult.processes.wordings import Owner, Stamp, Texts, Written

TEXTS: Final = {"invitation": 1500, "reminder": 1500}
"""Texts of an entrance, with the characters that each may have."""
_KIND: Final = "invitations"


def texts(entrance: Entrance) -> list[Text]:
    """What is translated of the ways into an activity."""
    return wordings.attributes(TEXTS, entrance)


def renew(session: Session, activity: Activity, before: list[Text], after: list[Text], stamp: Stamp) -> None:
    """Keep what there was of translations when the words were written anew."""
    wordings.renew(session, activity, _KIND, (before, after), activity.locales[0], stamp)


def _read(session: Session, owner: Owner) -> list[Text]:
    entrance = session.get(Entrance, owner.id)
    return texts(entrance) if entrance else []


def _write(session: Session, owner: Owner, words: Written, _by: Actor | None, _now: dt.datetime) -> None:
    wordings.set_attributes(session, session.get_one(Entrance, owner.id), words)


KINDS: Final = (Texts(_KIND, Activity, _read, _write),)
