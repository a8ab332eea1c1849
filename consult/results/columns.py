"""The column store: what the manifest holds, and how responses get into it.

The manifest (`results.models.Segment`) is the truth. Files are written and made durable first, in a reading
transaction; a short writing one then enters them and lets go of what they replace. Files without a row are swept.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consult.core.aggregation.tabulate import Source
from consult.core.aggregation.variables import kept, kind
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Questionnaire
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires.queries import documents
from consult.responses.models import Response, Tombstone
from consult.results import segments
from consult.results.models import Segment
from consult.results.segments import Line
from consult.results.terms import Terms, terms_of

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

_CHUNK = 500


class Overtaken(Exception):  # noqa: N818  # not an error: whoever asked tries again later
    """Responses or segments changed while a segment was being written; nothing was entered."""


@dataclass(slots=True)
class _Change:
    """What one edition's refresh will enter into the manifest and let go of."""

    edition: int
    fresh: list[uuid.UUID]
    replaced: list[uuid.UUID]
    returned: list[uuid.UUID] = field(default_factory=list)
    """Responses that go back to wait, because too few are left for a segment."""
    written: uuid.UUID | None = None
    hash: str = ""
    rows: int = 0


def refresh(database: Database, activity_id: uuid.UUID, *, store: Path, least: int, rng: random.Random) -> int:
    """Bring an activity's segments up to date; how many responses were written.

    Fresh responses make one segment per edition once there are `least` of them, or once the activity is closed and
    mixed; then everything is rewritten to one segment per edition. Segments that hold a withdrawn or replaced response
    are rewritten without it. Raises `Overtaken` where somebody else changed the same responses meanwhile.
    """
    with segments.locked(store, activity_id, exclusive=True):
        with database.reading() as session:
            activity = session.get_one(Activity, activity_id)
            closed = activity.sealed_at is not None
            gone = set(session.scalars(select(Tombstone.id).where(Tombstone.activity_id == activity_id)))
            changes = [
                change
                for edition, questionnaire in editions(session, activity_id).items()
                if (change := _plan(session, activity_id, edition, gone, closed, store))
                and _write(session, activity_id, questionnaire, change, gone, store, least, closed, rng)
            ]
        if changes or gone:
            with database.transaction() as session:
                _enter(session, activity_id, changes, gone)
        with database.reading() as session:
            sweep(session, activity_id, store)
    return sum(change.rows for change in changes)


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
    """What there is to tabulate: the segments of each of these editions, as a table of the engine."""


@contextmanager
def held(session: Session, activity_id: uuid.UUID, *, store: Path, engine: BaseBackend) -> Iterator[Held]:
    """What the column store holds of an activity, while nobody rewrites it. For reading sessions only."""
    with segments.locked(store, activity_id, exclusive=False):
        session.rollback()  # what was seen before the lock could name files that are gone
        found = manifest(session, activity_id)
        paths: dict[int, list[str]] = {}
        for segment in found:
            paths.setdefault(segment.edition, []).append(str(segments.path_of(store, activity_id, segment.id)))
        terms = terms_of(documents(session, activity_id), paths)
        sources = [
            Source(
                engine.read_parquet(paths[edition.number]),
                {name: how for name, question in kept(questionnaire).items() if (how := kind(question))},
                reading,
            )
            for edition, questionnaire, reading in zip(
                terms.editions, terms.questionnaires, terms.readings, strict=True
            )
        ]
        yield Held(found, terms, sources)


def sweep(session: Session, activity_id: uuid.UUID, store: Path) -> int:
    """Delete the files that the manifest does not know; how many there were. Hold the exclusive lock."""
    known = {
        segments.path_of(store, activity_id, segment.id, texts=apart)
        for segment in manifest(session, activity_id)
        for apart in (False, True)
    }
    orphans = [path for path in (store / str(activity_id)).glob("*.parquet") if path not in known]
    for path in orphans:
        path.unlink()
    return len(orphans)


def _plan(
    session: Session, activity_id: uuid.UUID, edition: int, gone: set[uuid.UUID], closed: bool, store: Path
) -> _Change | None:
    """Which responses and segments of an edition are due for rewriting; none where nothing is."""
    fresh = list(
        session.scalars(
            select(Response.id).where(
                Response.activity_id == activity_id, Response.edition == edition, Response.stored.is_(False)
            )
        )
    )
    present = [segment.id for segment in manifest(session, activity_id) if segment.edition == edition]
    spoilt = [name for name in present if gone and not gone.isdisjoint(segments.keys(store, activity_id, name))]
    if closed and (fresh or spoilt or len(present) > 1):
        return _Change(edition, fresh, present)
    return _Change(edition, fresh, spoilt) if fresh or spoilt else None


def _write(
    session: Session,
    activity_id: uuid.UUID,
    questionnaire: Questionnaire,
    change: _Change,
    gone: set[uuid.UUID],
    store: Path,
    least: int,
    closed: bool,
    rng: random.Random,
) -> bool:
    """Write the new segment of an edition; whether there is anything to enter."""
    old = segments.read(store, activity_id, change.replaced)
    remaining = segments.without(old, gone) if old is not None else None
    count = len(change.fresh) + (remaining.rows if remaining else 0)
    if count == 0:
        return bool(change.replaced)
    if count < least and not closed:
        if remaining is None:
            return False
        change.returned = [uuid.UUID(bytes=key) for key in remaining.coded[segments.KEY].to_pylist()]
        change.fresh = []
        return True
    lines = _lines(session, activity_id, change.fresh)
    parts = [segments.columns(lines, kept(questionnaire), change.edition), *([remaining] if remaining else [])]
    change.written = uuid.UUID(int=rng.getrandbits(128), version=4)
    change.rows = count
    change.hash = segments.write(store, activity_id, change.written, segments.joined(parts), rng)
    return True


def _lines(session: Session, activity_id: uuid.UUID, ids: Sequence[uuid.UUID]) -> Iterator[Line]:
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(Response.id, Response.locale, Response.channel, Response.answers).where(
                Response.activity_id == activity_id, Response.id.in_(ids[start : start + _CHUNK])
            )
        )
        yield from (Line(*row) for row in rows)


def _enter(session: Session, activity_id: uuid.UUID, changes: Sequence[_Change], gone: set[uuid.UUID]) -> None:
    for change in changes:
        removed = session.execute(delete(Segment).where(Segment.id.in_(change.replaced)))
        if _affected(removed) != len(change.replaced):
            raise Overtaken
        _mark(session, activity_id, change.returned, stored=False)
        if change.written is None:
            continue
        _mark(session, activity_id, change.fresh, stored=True)
        session.add(
            Segment(
                id=change.written,
                activity_id=activity_id,
                edition=change.edition,
                hash=change.hash,
                rows=change.rows,
            )
        )
    ids = list(gone)
    for start in range(0, len(ids), _CHUNK):
        session.execute(
            delete(Tombstone).where(Tombstone.activity_id == activity_id, Tombstone.id.in_(ids[start : start + _CHUNK]))
        )


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
