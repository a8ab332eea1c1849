"""Protection concerns: a text that reveals abuse or danger leaves coding at once, and is never a result."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from consult.coding.gathering import forget
from consult.coding.models import AnswerTranslation, Item, ItemKind
from consult.coding.service import note
from consult.consultations import concerns
from consult.consultations.models.contributed import State
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.text import clean
from consult.processes.models import Activity, Process

LONGEST = 2000


def flag(session: Session, activity: Activity, item: Item, words: str, *, by: Actor, now: dt.datetime) -> None:
    """Take a text out of coding: a contribution goes to the focal point of its consultation, all else to the stewards.

    Refuses `coding.concern.words`, and `coding.gone` where somebody did so before or it is shown no more.
    """
    said = clean(words).strip()
    if not 0 < len(said) <= LONGEST:
        raise Refused(Problem("coding.concern.words", {"max": LONGEST}, Place(field="words")))
    if item.kind in (ItemKind.ANSWER, ItemKind.NOTE):
        mine = (Item.activity_id == item.activity_id, Item.id == item.id)
        values = {"state": "concern", "concern": said}
        fresh = update(Item).where(*mine, Item.state == "open").values(**values).returning(Item.id)
        if session.execute(fresh).first() is None:
            raise Refused.because("coding.gone")
        # It does not wait for the translators either
        unsent = AnswerTranslation.activity_id == item.activity_id, AnswerTranslation.item_id == item.id
        session.execute(delete(AnswerTranslation).where(*unsent))
    else:
        try:
            concerns.flag(session, activity, item.kind, item.id, said, seen=State.SHOWN, by=by, now=now)
        except Refused:
            raise Refused.because("coding.gone") from None
        forget(session, item.activity_id, [item.id])
    note(session, activity.process, "flag", {"activity": activity.slug, "text": str(item.id)}, by=by, now=now)


def give_back(session: Session, process: Process, item: Item, *, by: Actor, now: dt.datetime) -> None:
    """A steward has looked at a text: it may be coded."""
    mine = (Item.activity_id == item.activity_id, Item.id == item.id, Item.state == "concern")
    session.execute(update(Item).where(*mine).values(state="open", concern=""))
    note(session, process, "give_back", {"text": str(item.id)}, by=by, now=now)
