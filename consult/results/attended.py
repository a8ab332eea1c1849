"""What there is of an event, read from the database for a release: who signed up, what was noted, who stands for what.

Nobody's contact data are read. Nothing is kept of it but the release: `digest` says whether it is still the same.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consult.coding import queries as coding
from consult.coding import service as codings
from consult.core.aggregation import signups
from consult.core.aggregation.coded import categories
from consult.core.aggregation.contributions import NO, YES, Labelled
from consult.core.aggregation.signups import CANCELLED, PLACED, REFUSED, UNDECIDED, WAITING, Asked, Noted, Screened
from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED, Category
from consult.core.questionnaire import document
from consult.core.questionnaire.steps import Compiled
from consult.core.text import plain
from consult.events import queries
from consult.events.models.held import Note, Said
from consult.events.models.signed import SignUp, Standing, Way
from consult.processes.models import Activity
from consult.questionnaires.queries import documents

_STANDS: Final[Mapping[str, str]] = {
    Standing.PLACED: PLACED,
    Standing.LISTED: WAITING,
    Standing.OFFERED: WAITING,
    Standing.REFUSED: REFUSED,
    Standing.CANCELLED: CANCELLED,
    Standing.ASKED: UNDECIDED,
}


class Person(NamedTuple):
    """Somebody who signed up."""

    record: int
    """Random, below 2³²: their part in the noise of cell keys."""
    locale: str
    answers: Mapping[str, str]
    """Code or status by question (`signups.questionnaire`)."""


class Position(NamedTuple):
    """What an institution stands for on themes, by their codes."""

    institution: str
    views: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Came:
    """Everything that counts."""

    asked: Asked
    selection: str
    """How it is decided who gets a place."""
    people: Sequence[Person]
    themes: Sequence[Labelled]
    codes: Sequence[Category]
    """Those that notes could be given."""
    notes: Sequence[Noted]
    positions: Sequence[Position]

    def digest(self) -> str:
        """SHA-256 of all of it: the same as long as nothing was added, changed or taken back."""
        found = [self.asked, self.selection, self.people, self.themes, self.codes, self.notes, self.positions]
        return hashlib.sha256(msgspec.json.encode(found, enc_hook=plain, order="sorted")).hexdigest()


def any_came(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether anybody has signed up, or anything was noted."""
    signed, noted = (exists().where(model.activity_id == activity_id) for model in (SignUp, Note))
    return bool(session.scalar(select(signed | noted)))


def profile(session: Session, activity: Activity) -> tuple[Screened, ...]:
    """The questions of the screening that a profile can be made of."""
    return signups.screened(document.decode(edition.document) for edition in documents(session, activity.id))


def read(session: Session, activity: Activity) -> Came:
    """Read it, in the order of random keys, so that every database gives the same. Do it with a snapshot.

    Whom others nominated counts once they have agreed, or came.
    """
    occasions = queries.occasions(session, activity.id)
    numbers = {one.id: str(one.number) for one in occasions}
    rows = session.execute(
        select(
            SignUp.code,
            SignUp.occasion_id,
            SignUp.standing,
            SignUp.way,
            SignUp.profile,
            SignUp.locale,
            SignUp.attended,
        ).where(SignUp.activity_id == activity.id, SignUp.consented | SignUp.attended)
    ).all()
    answered = {name for row in rows for name in row.profile}
    asked = Asked(
        title=activity.title,
        locales=tuple(dict.fromkeys((*activity.locales, *sorted({row.locale for row in rows})))),
        occasions=tuple(Labelled(code=str(one.number), label=one.title) for one in occasions),
        ways=tuple(Way),
        profile=tuple(one for one in profile(session, activity) if one.question.id in answered),
    )
    latest = coding.latest(session, activity.process_id)
    codes = tuple(categories(latest.codebook)) if latest else ()
    given = codings.contributed(session, activity.id, latest) if latest else {}
    return Came(
        asked=asked,
        selection=queries.event(session, activity.id).selection,
        people=tuple(_people(sorted(rows, key=lambda row: row.code), numbers, asked)),
        themes=tuple(Labelled(code=theme.code, label=theme.label) for theme in activity.process.themes),
        codes=codes,
        notes=tuple(_notes(session, activity, numbers, given)),
        positions=tuple(_positions(session, activity.id, numbers)),
    )


def _people(rows: Sequence[Any], numbers: Mapping[uuid.UUID, str], asked: Asked) -> Iterator[Person]:
    compiled = Compiled(signups.questionnaire(asked))
    known: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}  # many have the same profile
    for row in rows:
        profile_of = tuple(sorted(row.profile.items()))
        if profile_of not in known:
            known[profile_of] = signups.answers(compiled, row.profile)
        own = {signups.OCCASION: numbers[row.occasion_id], **_stands(row)}
        yield Person(int.from_bytes(row.code[:4], "big"), row.locale, {**own, **known[profile_of]})


def _stands(row: Any) -> dict[str, str]:
    """Where somebody stands. Who came on the day and was there counts as such; else as having signed up."""
    standing = _STANDS[row.standing]
    there = {None: SKIPPED, True: YES, False: NO}[row.attended] if standing == PLACED else NOT_RELEVANT
    way = row.way if row.way != Way.WALK_IN or there == YES else Way.SELF
    return {signups.STANDING: standing, signups.WAY: str(way), signups.ATTENDED: there}


def _notes(
    session: Session,
    activity: Activity,
    numbers: Mapping[uuid.UUID, str],
    given: Mapping[uuid.UUID, tuple[str, ...]],
) -> list[Noted]:
    """Of all that is not confidential and that no coder has flagged; positions are counted by themselves.

    `given`: the codes of those that were coded.
    """
    flagged = {one.id for one in coding.concerns(session, activity.process_id)}
    rows = session.execute(
        select(Note.id, Note.theme, Note.occasion_id).where(
            Note.activity_id == activity.id, Note.confidential.is_(False), Note.said != Said.POSITION
        )
    )
    found = [Noted(row.theme, numbers[row.occasion_id], given.get(row.id)) for row in rows if row.id not in flagged]
    return sorted(found, key=lambda one: (one.theme, one.occasion, one.codes is not None, one.codes or ()))


def _positions(session: Session, activity_id: uuid.UUID, numbers: Mapping[uuid.UUID, str]) -> Iterator[Position]:
    """What each institution said last on each theme, without what is confidential."""
    rows = session.scalars(
        select(Note).where(
            Note.activity_id == activity_id,
            Note.confidential.is_(False),
            Note.said == Said.POSITION,
            Note.theme != "",
            Note.view != "",
        )
    )
    found: dict[str, dict[str, str]] = {}
    for note in sorted(rows, key=lambda one: (one.day, int(numbers[one.occasion_id]), one.id)):
        found.setdefault(note.institution, {})[note.theme] = note.view
    yield from (Position(name, found[name]) for name in sorted(found))
