"""What came to a consultation, read from the database for a release: participants, their votes, what they wrote.

It counts what is shown, and where a plan says so what was set apart; what waits, was refused or withdrawn, or revealed
that somebody is in danger, counts nowhere (`consultations.counting`). Nothing is kept of it but the release: `digest`
says whether it is still the same.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consult.coding import queries as coding
from consult.coding import service as codings
from consult.coding.queries import Latest
from consult.consultations import analysing, counting, queries, texts
from consult.consultations.counting import Counted
from consult.consultations.models.contributed import Comment, Endorsement, Participant, Stakeholder, Stance, State
from consult.consultations.models.opinions import Statement, Vote
from consult.core.aggregation import coded, contributions
from consult.core.aggregation.contributions import ANSWERS, COMMENTS, NO, SUBMISSIONS, YES, Asked, Labelled
from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED
from consult.core.drafting.document import Draft
from consult.core.opinion.votes import Votes
from consult.core.text import LocalisedText, plain
from consult.participation.models import Channel
from consult.processes.models import Activity

_LONGEST: Final = 60
"""Characters by which a part of the text is known in tables."""

Value = str | list[str]


class Person(NamedTuple):
    """A participant, or whoever wrote something that no code belongs to."""

    record: int
    """Random, below 2³²: their part in the noise of cell keys."""
    channel: str
    locale: str
    stakeholder: str
    country: str


class Entry(NamedTuple):
    """A contribution: who made it, by their place, and what tables count of it."""

    person: int
    values: Mapping[str, Value]
    """Codes by variable; what is left out does not apply."""


@dataclass(frozen=True, slots=True)
class Came:
    """Everything that counts."""

    asked: Asked
    people: Sequence[Person]
    votes: Votes
    voters: Sequence[int]
    """The place among people of each participant of the votes."""
    entries: Mapping[str, Sequence[Entry]]
    apart: int
    """Contributions that were set apart."""

    def digest(self) -> str:
        """SHA-256 of all of it: the same as long as nothing was added, changed or taken back."""
        found = [self.asked, self.people, self.voters, self.entries, self.votes.statements]
        written = msgspec.json.encode(found, enc_hook=plain, order="sorted")
        return hashlib.sha256(written + self.votes.cells.tobytes()).hexdigest()


def any_came(session: Session, activity_id: uuid.UUID) -> bool:
    """Whether anybody has taken part."""
    voted, wrote = (exists().where(model.activity_id == activity_id) for model in (Vote, Participant))
    return bool(session.scalar(select(voted | wrote)))


def read(session: Session, activity: Activity, key: bytes, *, apart: bool) -> Came:
    """Read it, in the order of random keys, so that every database gives the same.

    It takes many looks, which must see the same: do it with a snapshot. `key`: the installation's key of codes, by
    which whoever has no code gets one here: the ids of what they wrote are public, and what noise is drawn from must
    not be. `apart`: what was set apart counts, too.
    """
    cast = analysing.votes(lambda: nullcontext(session), activity.id, suspects=apart)
    written = list(counting.counted(session, activity.id, apart=True))
    counted = [_known(one, key) for one in written if apart or one.state == State.SHOWN]
    people = _people(session, activity.id, counted, cast.codes, apart=apart)
    places = {code: place for place, code in enumerate(people)}
    latest = coding.latest(session, activity.process_id)
    locales = {one.locale for one in counted}
    asked = _asked(session, activity, people.values(), cast.votes.statements, locales, latest)
    codes = codings.contributed(session, activity.id, latest) if latest else {}
    entries: dict[str, list[Entry]] = {of: [] for of in contributions.ENTRIES}
    written_as = _Written.of(asked, codes, counted)
    for one in counted:
        if one.code is not None and (of := _of(one)):
            entries[of].append(Entry(places[one.code], dict(written_as.values(one, of))))
    voters = [places[code] for code in cast.codes]
    aside = sum(one.state != State.SHOWN for one in written)
    return Came(asked, list(people.values()), cast.votes, voters, entries, aside)


def _known(one: Counted, key: bytes) -> Counted:
    """With what whoever contributed is known by: each of those without a code is somebody else. Officers' statements
    are nobody's.
    """
    if one.code is not None or one.kind == "statement":
        return one
    return one._replace(code=hmac.digest(key, b"contributed\0" + one.id.bytes, hashlib.sha256))


def _people(
    session: Session, activity_id: uuid.UUID, counted: Iterable[Counted], voters: Iterable[bytes], *, apart: bool
) -> dict[bytes, Person]:
    """Everybody of whom something counts, in the order of what they are known by."""
    rows = session.execute(
        select(
            Participant.code, Participant.channel, Participant.locale, Participant.stakeholder, Participant.country
        ).where(Participant.activity_id == activity_id)
    )
    profiles = {row.code: row for row in rows}
    shared = (
        select(Endorsement.code)
        .distinct()
        .join(Comment, (Comment.activity_id == Endorsement.activity_id) & (Comment.id == Endorsement.comment_id))
        .where(
            Endorsement.activity_id == activity_id,
            Comment.state.in_([State.SHOWN, State.SET_APART] if apart else [State.SHOWN]),
        )
    )
    if not apart:
        shared = shared.where(Endorsement.channel != Channel.SUSPECT)
    took_part = {*voters, *session.scalars(shared)} & profiles.keys()
    found = {code: _person(code, profiles[code]) for code in took_part}
    for one in counted:
        if one.code is not None:
            found.setdefault(one.code, _person(one.code, profiles.get(one.code, one)))
    for code in voters:  # whose row went while this was read
        found.setdefault(code, Person(_record(code), Channel.OPEN, "", "", ""))
    return {code: found[code] for code in sorted(found)}


def _person(code: bytes, about: Any) -> Person:
    """`about`: the participant, else what they contributed."""
    return Person(_record(code), about.channel, about.locale, about.stakeholder, getattr(about, "country", ""))


def _record(code: bytes) -> int:
    return int.from_bytes(code[:4], "big")


# --- what was asked ---


def _asked(
    session: Session,
    activity: Activity,
    people: Iterable[Person],
    statements: Sequence[str],
    locales: set[str],
    latest: Latest | None,
) -> Asked:
    """`statements`: those of the votes, `latest`: the codebook by which texts count."""
    questions = queries.questions(session, activity.id)
    known = session.scalars(select(Statement).where(Statement.activity_id == activity.id))
    labels = {str(one.id): one for one in known}
    return Asked(
        title=activity.title,
        locales=(*activity.locales, *sorted(locales - {*activity.locales})),
        stakeholders=tuple(Stakeholder),
        stances=tuple(Stance),
        countries=tuple(sorted({one.country for one in people} - {""})),
        statements=tuple(
            Labelled(code=uuid.UUID(name).hex, label=labels[name].label, theme=labels[name].theme)
            for name in statements
        ),
        parts=tuple(parts(session, activity)),
        questions=tuple(Labelled(code=one.id.hex, label=one.label, theme=one.theme) for one in questions),
        codes=tuple(_codebook(latest)) if latest else (),
        themes=tuple(Labelled(code=theme.code, label=theme.label) for theme in activity.process.themes),
    )


def parts(session: Session, activity: Activity) -> Iterator[Labelled]:
    """The blocks of the latest version, then those of earlier ones alone: comments count where they were written."""
    seen = set[str]()
    for version in queries.versions(session, activity.id):
        draft = texts.opened(version.document)
        before = f"v{version.number} · " if seen else ""
        for number, block in enumerate(draft.blocks, start=1):
            if block.id not in seen:
                yield Labelled(
                    code=block.id, label=_beginning(draft, block.words, f"{before}{number}. "), theme=block.theme
                )
        seen |= draft.by_id.keys()


def _beginning(draft: Draft, words: LocalisedText, mark: str) -> LocalisedText:
    """The first words of a part in each language that it is in."""
    return LocalisedText({locale: mark + _cut(" ".join(text.split())) for locale, text in words.items()})


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(" ,;:.") + "…"


def _codebook(latest: Latest) -> Iterator[Labelled]:
    for one in coded.categories(latest.codebook):
        yield Labelled(code=one.code, label=one.label, theme=one.theme)


# --- what was written ---


def _of(one: Counted) -> str:
    """Among which entries a contribution counts; nowhere, where it is a statement."""
    if one.kind == "comment":
        return ANSWERS if one.target == "question" else COMMENTS
    return SUBMISSIONS if one.kind == "submission" else ""


def _alike(counted: Iterable[Counted]) -> set[uuid.UUID]:
    """The groups of which several are shown that say nearly the same."""
    many = Counter(one.alike_id for one in counted if one.alike_id)
    return {group for group, count in many.items() if count > 1}


@dataclass(frozen=True, slots=True)
class _Written:
    """What is known of contributions besides themselves."""

    on: Mapping[str, Mapping[str, Labelled]]
    """On what there can be entries of a kind, by code."""
    codes: frozenset[str]
    """That texts could be given."""
    coded: Mapping[uuid.UUID, tuple[str, ...]]
    alike: set[uuid.UUID]

    @classmethod
    def of(cls, asked: Asked, codes: Mapping[uuid.UUID, tuple[str, ...]], counted: Iterable[Counted]) -> _Written:
        """Of what is asked, with the codes that texts were given."""
        some = {COMMENTS: asked.parts, ANSWERS: asked.questions}
        return cls(
            on={of: {one.code: one for one in each} for of, each in some.items()},
            codes=frozenset(one.code for one in asked.codes),
            coded=codes,
            alike=_alike(counted),
        )

    def values(self, one: Counted, of: str) -> Iterator[tuple[str, Value]]:
        """What tables count of a contribution, by variable."""

        def named(what: str) -> str:
            return contributions.entry(of, what)

        if of in self.on:
            on = self.on[of].get(one.part if of == COMMENTS else one.part.replace("-", ""))
            yield named("theme"), (on.theme if on else "") or SKIPPED
            if of == COMMENTS:
                yield named("part"), on.code if on else contributions.WHOLE
            else:
                yield named("question"), on.code if on else SKIPPED
        if of == COMMENTS:
            yield named("reply"), YES if one.parent_id else NO
            yield named("stance"), NOT_RELEVANT if one.parent_id else one.stance or SKIPPED
            yield named("alike"), YES if one.alike_id in self.alike else NO
        yield named("language"), one.locale
        yield named(contributions.STAKEHOLDER), one.stakeholder or contributions.THEMSELVES
        if self.codes:
            given = self.coded.get(one.id)
            yield named("coded"), NO if given is None else YES
            chosen = [code for code in given or () if code in self.codes] or [SKIPPED]
            yield named(contributions.CODES), [NOT_RELEVANT] if given is None else chosen
