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
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.config import Store
from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import Variable
from consult.core.aggregation.tabulate import Source
from consult.core.aggregation.variables import entries, kept
from consult.core.progress import Progress, unwatched
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Questionnaire
from consult.db.locks import locked
from consult.db.session import Database, Sessions
from consult.participation import queries as participation
from consult.processes.models import Activity
from consult.questionnaires.queries import documents
from consult.responses.models import Tombstone
from consult.results import engines, segments, sources, stored, stores
from consult.results.models import Segment
from consult.results.segments import Columns
from consult.results.terms import Terms, terms_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

MOST: Final = 1 << 18
"""Responses in a segment at most, so that rewriting one takes bounded memory."""
_LEVEL: Final = 8
"""So many segments of one level make one of the next."""


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
    replaced response are rewritten without it; so are those with one that bot measures set apart, where officers leave
    these out, and those from before entries of repeats were kept. Once the activity is closed and mixed, everything is
    rewritten to as few segments of at most about `most` responses as there can be, whose membership says nothing of
    when a response came.
    Raises `stored.Overtaken` where somebody else changed the same responses meanwhile.
    """
    with locked(database.engine, activity_id, exclusive=True) as alone:
        written, more = _renew(database, alone, _Work(activity_id, store, rng, most, least), progress), True
        while more:
            with database.reading() as session:
                closed = session.get_one(Activity, activity_id).sealed_at is not None
                gone = frozenset(session.scalars(select(Tombstone.id).where(Tombstone.activity_id == activity_id)))
                counted = participation.guard(session, activity_id).counted
                apart = frozenset[uuid.UUID]() if counted else stored.apart(session, activity_id)
                gone |= apart
                fresh = stored.fresh(session, activity_id, counted=counted)
                more = len(fresh) == stored.AT_ONCE
                progress(written, written + len(fresh))
                work = _Work(activity_id, store, rng, most, least, closed, complete=not more, gone=gone)
                changes = [
                    _due(work, session, edition, questionnaire, [key for key, its in fresh if its == edition])
                    for edition, questionnaire in editions(session, activity_id).items()
                ]
            _enter(alone, activity_id, changes, gone, apart)
            written += sum(change.rows for change in changes)
        _sweep(alone, activity_id, store)
    return written


def compact(database: Database, activity_id: uuid.UUID, *, store: Store, rng: random.Random, most: int = MOST) -> int:
    """Merge segments of an open activity where there are many of about one size; how many responses were rewritten.

    At most one merge per edition, of at most `most` responses. Raises `stored.Overtaken` as `refresh` does.
    """
    work = _Work(activity_id, store, rng, most)
    changes = []
    with locked(database.engine, activity_id, exclusive=True) as alone:
        with database.reading() as session:
            if session.get_one(Activity, activity_id).sealed_at is None:
                outdated = [segment.id for segment, _ in _outdated(session, activity_id, store)]
                for edition in editions(session, activity_id):
                    present = [
                        one
                        for one in manifest(session, activity_id)
                        if one.edition == edition and one.id not in outdated
                    ]
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
            gone = stored.affected(session.execute(delete(Segment).where(Segment.activity_id == activity_id)))
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
    entries: Callable[[str, Sequence[Variable]], Sequence[Source]]
    """The same of the entries of a repeat, with the answers of their response to some questions with one choice."""


@contextmanager
def held(session: Session, activity_id: uuid.UUID, *, store: Store, engine: BaseBackend) -> Iterator[Held]:
    """What the column store holds of an activity, while nobody rewrites it. For reading sessions only.

    Refuses `results.engine.away` where a distant engine stops answering, meanwhile too.
    """
    with locked(session.get_bind().engine, activity_id, exclusive=False), engines.reached(engine):
        session.rollback()  # what was seen before the lock could name files that are gone
        found = manifest(session, activity_id)
        alike: dict[int, dict[frozenset[str], list[uuid.UUID]]] = {}
        for segment in found:
            names = segments.names(store, activity_id, segment.id)
            alike.setdefault(segment.edition, {}).setdefault(names, []).append(segment.id)
        terms = terms_of(documents(session, activity_id), alike)

        def each() -> Iterator[tuple[Questionnaire, Reading, frozenset[str], list[uuid.UUID]]]:
            for edition, one, how in zip(terms.editions, terms.questionnaires, terms.readings, strict=True):
                yield from ((one, how, names, together) for names, together in alike[edition.number].items())

        def table(together: Sequence[uuid.UUID], repeat: str = "") -> ir.Table:
            paths = [segments.path_of(store, activity_id, one, entries=repeat) for one in together]
            return engines.read(engine, paths)

        def of_entries(repeat: str, groups: Sequence[Variable]) -> list[Source]:
            return [
                sources.of_entries(table(together), table(together, repeat), repeat, questionnaire, reading, groups)
                for questionnaire, reading, names, together in each()
                if repeat in segments.repeats_in(names)
            ]

        every = [
            sources.responses(table(together), questionnaire, reading) for questionnaire, reading, _, together in each()
        ]
        yield Held(found, terms, every, of_entries)


def _outdated(session: Session, activity_id: uuid.UUID, store: Store) -> list[tuple[Segment, Questionnaire]]:
    """The segments from before entries of repeats were kept, with what was asked."""
    wanted = {
        edition: (questionnaire, {segments.how_many(repeat) for repeat in entries(questionnaire)})
        for edition, questionnaire in editions(session, activity_id).items()
    }
    return [
        (segment, questionnaire)
        for segment in manifest(session, activity_id)
        for questionnaire, names in [wanted[segment.edition]]
        if names and not names <= segments.names(store, activity_id, segment.id)
    ]


def _renew(database: Database, alone: Sessions, work: _Work, progress: Progress) -> int:
    """Write outdated segments anew from the responses themselves; how many those were.

    One after the other, each entered as the old one goes: whoever reads meanwhile finds every response once. What was
    withdrawn is in neither; too few who are left wait.
    """
    written = 0
    with database.reading() as session:
        outdated = _outdated(session, work.activity_id, work.store)
    for place, (old, questionnaire) in enumerate(outdated):
        progress(written, written + sum(segment.rows for segment, _ in outdated[place:]))
        change = _Change(replaced=[old.id])
        with database.reading() as session:
            found = _new(work, session, old.edition, questionnaire, segments.keys(_left(work, [old.id])))
            closed = session.get_one(Activity, work.activity_id).sealed_at is not None
        if found.rows >= (1 if closed else work.least):
            change.written.append(_written(work, old.edition, [found]))
        else:
            change.returned = segments.keys(found)
        _enter(alone, work.activity_id, [change], ())
        written += change.rows
    return written


def _due(
    work: _Work, session: Session, edition: int, questionnaire: Questionnaire, fresh: Sequence[uuid.UUID]
) -> _Change:
    """Write what is due of an edition. Too few fresh responses for a segment join one that is rewritten anyway."""
    few = 0 < len(fresh) < work.least
    present = [segment for segment in manifest(session, work.activity_id) if segment.edition == edition]
    if work.closed and work.complete and (fresh or _mingled(work, present)):
        return _mix(work, session, edition, questionnaire, fresh, present)
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
        new = _new(work, session, edition, questionnaire, fresh)
        change.written.append(_written(work, edition, [new, *small]))
    else:
        change.returned = [key for left in small for key in segments.keys(left)]
    return change


def _mix(
    work: _Work,
    session: Session,
    edition: int,
    questionnaire: Questionnaire,
    fresh: Sequence[uuid.UUID],
    present: Sequence[Segment],
) -> _Change:
    """Write everything anew, by the random keys."""
    change = _Change(replaced=[segment.id for segment in present], stored=list(fresh))
    count = len(fresh) + sum(segment.rows for segment in present)
    for span in segments.spans(-(-count // work.most)):
        ids = [one for one in fresh if span.first <= one.bytes <= span.last]
        new = _new(work, session, edition, questionnaire, ids)
        parts = [new, _left(work, change.replaced, span)] if present else [new]
        if any(part.rows for part in parts):
            change.written.append(_written(work, edition, parts))
    return change


def _new(
    work: _Work, session: Session, edition: int, questionnaire: Questionnaire, ids: Sequence[uuid.UUID]
) -> Columns:
    lines = stored.lines(session, work.activity_id, ids)
    return segments.columns(lines, kept(questionnaire), edition, entries(questionnaire))


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


def _enter(
    alone: Sessions,
    activity_id: uuid.UUID,
    changes: Sequence[_Change],
    gone: Collection[uuid.UUID],
    apart: Collection[uuid.UUID] = (),
) -> None:
    """Make everything that was written true at once. `apart`: those that are gone from the store and stay responses."""
    if not gone and not any(change.written or change.replaced for change in changes):
        return
    with alone.transaction() as session:
        for change in changes:
            removed = session.execute(delete(Segment).where(Segment.id.in_(change.replaced)))
            if stored.affected(removed) != len(change.replaced):
                raise stored.Overtaken
            stored.mark(session, activity_id, change.returned, stored=False)
            stored.mark(session, activity_id, change.stored, stored=True)
            session.add_all(change.written)
        stored.mark(session, activity_id, list(apart), stored=False)
        stored.forget(session, activity_id, gone)


def _sweep(alone: Sessions, activity_id: uuid.UUID, store: Store) -> None:
    """Delete the files that the manifest does not know.

    They are listed first: whoever then still reads as the one alone knows that none of them is being written.
    """
    folder = stores.within(store, str(activity_id))
    found = {name: segment for name in stores.names(folder) if (segment := segments.segment_of(name))}
    with alone.reading() as session:
        known = {str(segment.id) for segment in manifest(session, activity_id)}
    stores.delete(folder, [name for name, segment in found.items() if segment not in known])
