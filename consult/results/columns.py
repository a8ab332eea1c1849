"""The column store: what the manifest holds, and how responses get into it.

The manifest (`results.models.Segment`) is the truth. Files are written and made durable first, in a reading
transaction; a short writing one then enters them and lets go of what they replace. Files without a row are swept.
Whoever is killed meanwhile leaves the state before or the state after, and perhaps a file that the next one sweeps.

A refresh costs what is new. What many of them leave is merged in the background, level by level, so that a response
is rewritten a few times and a table reads a few files.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, Uuid, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from consult.config import Store
from consult.core.aggregation.tabulate import Source
from consult.core.aggregation.variables import kept, kind
from consult.core.progress import Progress, unwatched
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Question, Questionnaire
from consult.db.locks import locked
from consult.db.session import Database, Sessions
from consult.processes.models import Activity
from consult.questionnaires.queries import documents
from consult.responses.models import Response, Tombstone
from consult.results import engines, segments, stores
from consult.results.models import Segment
from consult.results.segments import Columns, Line
from consult.results.terms import Terms, terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

MOST: Final = 1 << 18
"""Responses in a segment at most, so that rewriting one takes bounded memory."""
_AT_ONCE: Final = 1 << 15
"""Fresh responses entered at once, so that others wait for the database a moment only."""
_LEVEL: Final = 8
"""So many segments of one level make one of the next."""
_CHUNK: Final = 500


class Overtaken(Exception):  # noqa: N818  # not an error: whoever asked tries again later
    """Responses or segments changed while a segment was being written; nothing was entered."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What somebody goes by who writes segments of an activity."""

    activity_id: uuid.UUID
    store: Store
    rng: random.Random
    most: int
    least: int = 0
    closed: bool = False
    complete: bool = True
    """Whether nobody waits beyond those who are at hand."""
    gone: frozenset[uuid.UUID] = frozenset()
    """Responses that were withdrawn or replaced."""


@dataclass(slots=True)
class _Change:
    """What becomes of one edition's segments and responses."""

    written: list[Segment] = field(default_factory=list)
    replaced: list[uuid.UUID] = field(default_factory=list)
    stored: list[uuid.UUID] = field(default_factory=list)
    """Responses that were waiting."""
    returned: list[uuid.UUID] = field(default_factory=list)
    """Responses that go back to wait, because too few are left for a segment."""

    @property
    def rows(self) -> int:
        """How many responses were written."""
        return sum(segment.rows for segment in self.written)


def refresh(
    database: Database,
    activity_id: uuid.UUID,
    *,
    store: Store,
    least: int,
    rng: random.Random,
    most: int = MOST,
    progress: Progress = unwatched,
) -> int:
    """Bring an activity's segments up to date; how many responses were written.

    Fresh responses make a segment per edition once there are `least` of them. Segments that hold a withdrawn or
    replaced response are rewritten without it. Once the activity is closed and mixed, everything is rewritten to as few
    segments of at most about `most` responses as there can be, whose membership says nothing of when a response came.
    Raises `Overtaken` where somebody else changed the same responses meanwhile.
    """
    written, more = 0, True
    with locked(database.engine, activity_id, exclusive=True) as alone:
        while more:
            with database.reading() as session:
                closed = session.get_one(Activity, activity_id).sealed_at is not None
                gone = frozenset(session.scalars(select(Tombstone.id).where(Tombstone.activity_id == activity_id)))
                fresh = _fresh(session, activity_id)
                more = len(fresh) == _AT_ONCE
                progress(written, written + len(fresh))
                work = _Work(activity_id, store, rng, most, least, closed, complete=not more, gone=gone)
                changes = [
                    _due(work, session, edition, kept(questionnaire), [key for key, its in fresh if its == edition])
                    for edition, questionnaire in editions(session, activity_id).items()
                ]
            _enter(alone, activity_id, changes, gone)
            written += sum(change.rows for change in changes)
        _sweep(alone, activity_id, store)
    return written


def compact(database: Database, activity_id: uuid.UUID, *, store: Store, rng: random.Random, most: int = MOST) -> int:
    """Merge segments of an open activity where there are many of about one size; how many responses were rewritten.

    At most one merge per edition, of at most `most` responses. Raises `Overtaken` as `refresh` does.
    """
    work = _Work(activity_id, store, rng, most)
    changes = []
    with locked(database.engine, activity_id, exclusive=True) as alone:
        with database.reading() as session:
            if session.get_one(Activity, activity_id).sealed_at is None:
                for edition in editions(session, activity_id):
                    present = [one for one in manifest(session, activity_id) if one.edition == edition]
                    merged = [present[place] for place in mergeable([one.rows for one in present], most)]
                    change = _Change(replaced=[one.id for one in merged])
                    if found := segments.read(store, activity_id, change.replaced):
                        change.written.append(_written(work, edition, [found]))
                    changes.append(change)
        _enter(alone, activity_id, changes, frozenset())
        _sweep(alone, activity_id, store)
    return sum(change.rows for change in changes)


def clear(database: Database, activity_id: uuid.UUID, *, store: Store) -> int:
    """Forget an activity whose responses are gone: its segments and their files; how many segments there were."""
    with locked(database.engine, activity_id, exclusive=True) as alone:
        with alone.transaction() as session:
            gone = _affected(session.execute(delete(Segment).where(Segment.activity_id == activity_id)))
            session.execute(delete(Tombstone).where(Tombstone.activity_id == activity_id))
        _sweep(alone, activity_id, store)
    return gone


def mergeable(sizes: Sequence[int], most: int) -> list[int]:
    """Which segments of these sizes to merge: the smallest ones of the lowest level that is full; none, if none is.

    A level goes from a power of eight to the next, and is full with eight. What is merged is at most `most`.
    """
    levels: dict[int, list[int]] = {}
    for place in sorted(range(len(sizes)), key=lambda place: sizes[place]):
        levels.setdefault((sizes[place].bit_length() - 1) // 3, []).append(place)
    for level in sorted(levels):
        together = accumulate(sizes[place] for place in levels[level])
        chosen = [place for place, size in zip(levels[level], together, strict=True) if size <= most]
        if len(levels[level]) >= _LEVEL and len(chosen) > 1:
            return chosen
    return []


def editions(session: Session, activity_id: uuid.UUID) -> dict[int, Questionnaire]:
    """The published questionnaires of an activity by number, the oldest first."""
    return {row.number: document.decode(row.document) for row in documents(session, activity_id)}


def manifest(session: Session, activity_id: uuid.UUID) -> Sequence[Segment]:
    """The segments of an activity, by edition."""
    rows = select(Segment).where(Segment.activity_id == activity_id).order_by(Segment.edition, Segment.id)
    return session.scalars(rows).all()


@dataclass(frozen=True, slots=True)
class Held:
    """What the column store holds of an activity."""

    segments: Sequence[Segment]
    terms: Terms
    sources: Sequence[Source]
    """What there is to tabulate: the segments of each of these editions, as a table of the engine. Segments from before
    a column was kept are one of their own."""


@contextmanager
def held(session: Session, activity_id: uuid.UUID, *, store: Store, engine: BaseBackend) -> Iterator[Held]:
    """What the column store holds of an activity, while nobody rewrites it. For reading sessions only.

    Refuses `results.engine.away` where a distant engine stops answering, meanwhile too.
    """
    with locked(session.get_bind().engine, activity_id, exclusive=False), engines.reached(engine):
        session.rollback()  # what was seen before the lock could name files that are gone
        found = manifest(session, activity_id)
        paths: dict[int, dict[frozenset[str], list[Store]]] = {}
        for segment in found:
            alike = paths.setdefault(segment.edition, {})
            path = segments.path_of(store, activity_id, segment.id)
            alike.setdefault(segments.names(store, activity_id, segment.id), []).append(path)
        terms = terms_of(documents(session, activity_id), paths)
        sources = [
            Source(
                engines.read(engine, together),
                {name: how for name, question in kept(questionnaire).items() if (how := kind(question))},
                reading,
            )
            for edition, questionnaire, reading in zip(
                terms.editions, terms.questionnaires, terms.readings, strict=True
            )
            for together in paths[edition.number].values()
        ]
        yield Held(found, terms, sources)


def _due(
    work: _Work, session: Session, edition: int, questions: Mapping[str, Question], fresh: Sequence[uuid.UUID]
) -> _Change:
    """Write what is due of an edition. Too few fresh responses for a segment join one that is rewritten anyway."""
    few = 0 < len(fresh) < work.least
    present = [segment for segment in manifest(session, work.activity_id) if segment.edition == edition]
    if work.closed and work.complete and (fresh or _mingled(work, present)):
        return _mix(work, session, edition, questions, fresh, present)
    change, small = _Change(), list[Columns]()
    for segment in present:
        if work.gone and segments.holds_any(work.store, work.activity_id, segment.id, work.gone):
            change.replaced.append(segment.id)
            left = _left(work, [segment.id])
            if left.rows >= (1 if work.closed else work.least) and (small or not few):
                change.written.append(_written(work, edition, [left]))
            elif left.rows:
                small.append(left)
    count = len(fresh) + sum(left.rows for left in small)
    if count and (work.closed or count >= work.least):
        change.stored = list(fresh)
        new = segments.columns(_lines(session, work.activity_id, fresh), questions, edition)
        change.written.append(_written(work, edition, [new, *small]))
    else:
        change.returned = [key for left in small for key in segments.keys(left)]
    return change


def _mix(
    work: _Work,
    session: Session,
    edition: int,
    questions: Mapping[str, Question],
    fresh: Sequence[uuid.UUID],
    present: Sequence[Segment],
) -> _Change:
    """Write everything anew, by the random keys."""
    change = _Change(replaced=[segment.id for segment in present], stored=list(fresh))
    count = len(fresh) + sum(segment.rows for segment in present)
    for span in segments.spans(-(-count // work.most)):
        ids = [one for one in fresh if span.first <= one.bytes <= span.last]
        new = segments.columns(_lines(session, work.activity_id, ids), questions, edition)
        parts = [new, _left(work, change.replaced, span)] if present else [new]
        if any(part.rows for part in parts):
            change.written.append(_written(work, edition, parts))
    return change


def _mingled(work: _Work, present: Sequence[Segment]) -> bool:
    """Whether segments stem from the time before closing: then their keys overlap."""
    if len(present) < 2:
        return False
    found = sorted(segments.span(work.store, work.activity_id, segment.id) for segment in present)
    return any(one.meets(other) for one, other in pairwise(found))


def _left(work: _Work, ids: Sequence[uuid.UUID], within: segments.Span = segments.ALL) -> Columns:
    found = segments.read(work.store, work.activity_id, ids, within)
    assert found is not None
    return segments.without(found, work.gone) if work.gone else found


def _written(work: _Work, edition: int, parts: Sequence[Columns]) -> Segment:
    """Write a segment; its row for the manifest."""
    name = uuid.UUID(int=work.rng.getrandbits(128), version=4)
    found = segments.joined(parts)
    digest = segments.write(work.store, work.activity_id, name, found)
    return Segment(id=name, activity_id=work.activity_id, edition=edition, hash=digest, rows=found.rows)


def _fresh(session: Session, activity_id: uuid.UUID) -> list[tuple[uuid.UUID, int]]:
    """Responses that wait, with their editions, not more than are entered at once.

    SQLite keeps no count of how few they are, and would look at all responses if it were not told the index.
    """
    told = "INDEXED BY ix_responses_fresh" if session.get_bind().dialect.name == "sqlite" else ""
    waiting = text(
        f"SELECT id, edition FROM responses {told} WHERE activity_id = :activity AND NOT stored LIMIT :most"  # noqa: S608  # of two constants
    ).bindparams(bindparam("activity", activity_id, Uuid()), most=_AT_ONCE)
    found = session.execute(waiting.columns(id=Uuid(), edition=Integer()))
    return sorted((key, edition) for key, edition in found)


def _lines(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Iterator[Line]:
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(Response.id, Response.locale, Response.channel, Response.answers).where(
                Response.activity_id == activity_id, Response.id.in_(ids[start : start + _CHUNK])
            )
        )
        yield from (Line(*row) for row in rows)


def _enter(alone: Sessions, activity_id: uuid.UUID, changes: Sequence[_Change], gone: Collection[uuid.UUID]) -> None:
    """Make everything that was written true at once."""
    if not gone and not any(change.written or change.replaced for change in changes):
        return
    with alone.transaction() as session:
        for change in changes:
            removed = session.execute(delete(Segment).where(Segment.id.in_(change.replaced)))
            if _affected(removed) != len(change.replaced):
                raise Overtaken
            _mark(session, activity_id, change.returned, stored=False)
            _mark(session, activity_id, change.stored, stored=True)
            session.add_all(change.written)
        ids = list(gone)
        for start in range(0, len(ids), _CHUNK):
            chunk = Tombstone.id.in_(ids[start : start + _CHUNK])
            session.execute(delete(Tombstone).where(Tombstone.activity_id == activity_id, chunk))


def _sweep(alone: Sessions, activity_id: uuid.UUID, store: Store) -> None:
    """Delete the files that the manifest does not know.

    They are listed first: whoever then still reads as the one alone knows that none of them is being written.
    """
    folder = stores.within(store, str(activity_id))
    found = {name for name in stores.names(folder) if name.endswith(segments.PARQUET)}
    with alone.reading() as session:
        known = {
            segments.name_of(segment.id, texts=apart)
            for segment in manifest(session, activity_id)
            for apart in (False, True)
        }
    stores.delete(folder, found - known)


def _mark(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID], *, stored: bool) -> None:
    """Note that responses are, or are no longer, in the store; raises `Overtaken` where one has gone meanwhile."""
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        marked = session.execute(
            update(Response)
            .where(Response.activity_id == activity_id, Response.id.in_(chunk), Response.stored.is_(not stored))
            .values(stored=stored)
            .execution_options(synchronize_session=False)
        )
        if _affected(marked) != len(chunk):
            raise Overtaken


def _affected(result: Any) -> int:
    return int(result.rowcount)
