"""What was said on an occasion, as whoever facilitates writes it down. Notes name nobody, and tell the day alone."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.consultations.paging import Page, paged
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.text import clean
from consult.db.insert import insert
from consult.events import trail, vault
from consult.events.models.held import Note, Said, View
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp
from consult.events.vault import Person
from consult.participation.service import day
from consult.processes.models import Activity

LONGEST: Final = 5_000
PAGE: Final = 50
_SHORTEST_NAME: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What is noted; the fields are those of `models.held.Note`."""

    body: str
    said: Said
    locale: str
    theme: str = ""
    block_id: uuid.UUID | None = None
    speaker: str = ""
    people: int | None = None
    consent: bool = False
    institution: str = ""
    view: View | str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes, about which occasion, and when."""

    session: Session
    keys: Keys
    activity: Activity
    occasion: Occasion
    by: Actor | None
    now: dt.datetime

    def trail(self, verb: str) -> None:
        """Write down that something was done with a note: not with which, for the trail tells the time."""
        trail.note(self.session, self.activity, verb, {"occasion": self.occasion.number}, self.by, self.now)


def page(
    session: Session,
    occasion_id: uuid.UUID,
    block_id: uuid.UUID | None,
    *,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
) -> Page[Note]:
    """Some notes and quotes that were written under a block of the guide, or under none."""
    wanted = select(Note).where(Note.occasion_id == occasion_id, Note.said != Said.POSITION, Note.block_id == block_id)
    return paged(session, wanted, Note.id, size=PAGE, after=after, before=before)


def positions(session: Session, occasion_id: uuid.UUID) -> Sequence[Note]:
    """Where institutions stand, as was noted on an occasion."""
    wanted = select(Note).where(Note.occasion_id == occasion_id, Note.said == Said.POSITION)
    return session.scalars(wanted.order_by(Note.institution, Note.theme, Note.id)).all()


def public(session: Session, activity_id: uuid.UUID, occasions: Collection[uuid.UUID]) -> Sequence[Note]:
    """Everything noted on some occasions of an event that does not stay with those who work on it, by theme."""
    wanted = select(Note).where(
        Note.activity_id == activity_id, Note.occasion_id.in_(occasions), Note.confidential.is_(False)
    )
    return session.scalars(wanted.order_by(Note.theme, Note.institution, Note.id)).all()


def find(session: Session, occasion_id: uuid.UUID, note_id: uuid.UUID) -> Note | None:
    """One of them."""
    return session.scalar(select(Note).where(Note.occasion_id == occasion_id, Note.id == note_id))


def add(desk: Desk, note_id: uuid.UUID, words: Words, *, sure: bool) -> None:
    """Keep a note. `note_id`: drawn with the form, so that a form that comes twice makes one note.

    `sure`: whether they say that no name in it is that of a participant. Refuses `events.note.body`,
    `events.note.long`, `events.note.consent` for a quote without it, `events.note.institution` for a position without
    one, and `events.note.named` where a word is part of the name of somebody who signed up and they are not sure.
    """
    _check(desk, words, sure=sure)
    row = _row(words) | {
        "activity_id": desk.activity.id,
        "occasion_id": desk.occasion.id,
        "day": day(desk.now, desk.occasion.time_zone),
        "by_id": desk.by.id if desk.by else None,
        "revision": 0,
    }
    if _inserted(desk.session, row | {"id": note_id}):
        desk.trail("add_note")
        return
    kept = find(desk.session, desk.occasion.id, note_id)
    if kept is None or kept.body != row["body"]:  # what came after it, in a form that was gone back to
        _inserted(desk.session, row | {"id": uuid.uuid4()})
        desk.trail("add_note")


def _inserted(session: Session, row: dict[str, Any]) -> bool:
    wanted = insert(session, Note).values(row).on_conflict_do_nothing()
    return session.execute(wanted.returning(Note.id)).first() is not None


def change(desk: Desk, note_id: uuid.UUID, words: Words, *, seen: int, sure: bool) -> None:
    """Change a note that was seen in a revision.

    Refuses as `add` does, and `events.note.changed` where it was changed or deleted meanwhile.
    """
    _check(desk, words, sure=sure)
    same = (Note.id == note_id, Note.occasion_id == desk.occasion.id, Note.revision == seen)
    done = desk.session.execute(update(Note).where(*same).values(**_row(words), revision=seen + 1))
    if cast(CursorResult[tuple[()]], done).rowcount != 1:
        raise Refused.because("events.note.changed")
    desk.trail("change_note")


def remove(desk: Desk, note_id: uuid.UUID) -> None:
    """Delete a note."""
    desk.session.execute(delete(Note).where(Note.id == note_id, Note.occasion_id == desk.occasion.id))
    desk.trail("remove_note")


def _row(words: Words) -> dict[str, Any]:
    """As it is stored: nothing of one kind of note in another."""
    position, quote = words.said == Said.POSITION, words.said == Said.QUOTE
    return asdict(words) | {
        "body": clean(words.body).strip(),
        "consent": quote and words.consent,
        "institution": words.institution if position else "",
        "view": words.view if position else "",
        "speaker": "" if position else words.speaker,
        "people": None if position else words.people,
    }


def _check(desk: Desk, words: Words, *, sure: bool) -> None:
    refuse_if_any(_problems(words))
    named = None if sure else _named(desk, f"{words.body}\n{words.institution}")
    if named:
        raise Refused(Problem("events.note.named", {"word": named}, Place(field="body")))


def _problems(words: Words) -> Iterator[Problem]:
    body = clean(words.body).strip()
    if not body and words.said != Said.POSITION:
        yield Problem("events.note.body", place=Place(field="body"))
    if len(body) > LONGEST:
        yield Problem("events.note.long", {"limit": LONGEST}, Place(field="body"))
    if words.said == Said.QUOTE and not words.consent:
        yield Problem("events.note.consent", place=Place(field="consent"))
    if words.said == Said.POSITION and not words.institution:
        yield Problem("events.note.institution", place=Place(field="institution"))


def _named(desk: Desk, text: str) -> str:
    """A word of a text that is part of the name of somebody who signed up for the occasion; empty: there is none."""
    codes = desk.session.scalars(select(SignUp.code).where(SignUp.occasion_id == desk.occasion.id)).all()
    people = vault.people(desk.session, desk.keys, desk.activity.id, codes).values()
    names = {word.casefold() for person in people for word in _names(person)}
    return next((word for word in _WORD.findall(text) if word.casefold() in names), "")


def _names(person: Person) -> Iterator[str]:
    for name in (person.name, person.guardian, *person.companions):
        words = [word for word in _WORD.findall(name) if len(word) >= _SHORTEST_NAME]
        # Particles (del, van, bin) are written small and stand in every sentence of their language
        yield from [word for word in words if not word.islower()] or words
