"""Opinion groups of a consultation: a job makes them of all votes, and pages read what it left.

Votes are read in blocks by their key, each in a transaction of its own, and what was found is written in one statement:
who votes meanwhile waits for nothing, and a job that died has left nothing and is done again.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    String,
    Uuid,
    delete,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.consultations.models.asked import Consultation, Phase
from consult.consultations.models.contributed import Participant, State
from consult.consultations.models.opinions import Analysis, Statement, Vote
from consult.core.errors import Refused
from consult.core.opinion import analysis as core
from consult.core.opinion.marks import Mark
from consult.core.opinion.outlines import Outline, centres, outlines
from consult.core.opinion.priority import priority
from consult.core.opinion.stability import Stability
from consult.core.opinion.votes import UNSEEN, Votes
from consult.db.insert import insert
from consult.db.session import Database
from consult.jobs.service import enqueue
from consult.participation.models import Channel
from consult.processes.models import Activity

if TYPE_CHECKING:
    import numpy.typing as npt

Read = Row[bytes, object, int]
"""A vote as it is read: code, statement, value."""
_BLOCK: Final = 100_000
_STALE: Final = dt.timedelta(days=1)
"""After this, groups are made anew even where few votes are new: votes can change without becoming more."""
_NEW: Final = priority(agree=0, passed=0, seen=0, extremity=0.0)
"""Priority of a statement that no analysis knows yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an analysis leaves behind: nobody's position or vote is in it."""

    version: str
    people: int
    """Who has voted on any statement that is asked."""
    votes: int
    centre: tuple[float, ...]
    """By statement, as `components`."""
    components: tuple[tuple[float, float], ...]
    statements: tuple[core.Statement, ...]
    groups: tuple[core.Group, ...]
    """None where there are no distinct groups; each is as large as the disclosure threshold."""
    centres: tuple[tuple[float, float], ...]
    outlines: tuple[Outline, ...]
    majority: tuple[Mark, ...]
    silhouette: float | None
    stability: Stability | None


def due(session: Session, now: dt.datetime) -> Sequence[uuid.UUID]:
    """The consultations whose votes have changed enough since they were analysed: by a hundredth, or a day ago; after
    their closing once more."""
    wanted = (
        select(Activity, Consultation.phases, Analysis.votes, Analysis.at)
        .join(Consultation, Consultation.activity_id == Activity.id)
        .outerjoin(Analysis, Analysis.activity_id == Activity.id)
        .where(Activity.opens_at <= now)
    )
    return [
        activity.id
        for activity, phases, votes, at in session.execute(wanted)
        if Phase.VOTE in phases and _is_due(session, activity, votes, at, now)
    ]


def _is_due(session: Session, activity: Activity, votes: int | None, at: dt.datetime | None, now: dt.datetime) -> bool:
    if at is not None and activity.closes_at is not None and activity.closes_at <= now:
        return at < activity.closes_at
    cast = session.scalar(select(func.count()).where(Vote.activity_id == activity.id)) or 0
    if at is None or votes is None:
        return cast > 0
    return abs(cast - votes) >= max(1, votes // 100) or now - at >= _STALE


def ask(session: Session, activity_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Have the worker analyse a consultation; what waits for it already is enough."""
    payload = {"activity": str(activity_id)}
    enqueue(session, "consultations.analyse", payload, run_at=now, key=f"analyse:{activity_id}")


def analyse(database: Database, activity_id: uuid.UUID, *, floor: int, now: dt.datetime, block: int = _BLOCK) -> None:
    """Find the opinion groups of a consultation and keep them in place of those before.

    `floor`: the installation's lowest disclosure threshold; `block`: votes read at a time. What bot measures set
    apart is left out.
    """
    with database.reading() as session:
        activity = session.get(Activity, activity_id)
        if activity is None:
            return
        threshold = max(activity.process.threshold, floor)
    cast = votes(database.reading, activity_id, block)
    try:
        found = _kept(cast.votes, threshold)
    except Refused:  # nobody has voted on anything that is asked
        found = None
    with database.transaction() as session:
        if found is None:
            session.execute(delete(Analysis).where(Analysis.activity_id == activity_id))
        else:
            _keep(session, activity_id, found, cast.seen, now)


@dataclass(frozen=True, slots=True)
class Cast:
    """All votes on the statements that are asked, by default without those that bot measures set apart."""

    votes: Votes
    """Participants are called by their place alone, statements by their ids in their order."""
    codes: Sequence[bytes]
    """HMACs of the codes of those who cast them, in the order of participants."""
    seen: int
    """How many votes were read."""


def votes(
    reading: Callable[[], AbstractContextManager[Session]],
    activity_id: uuid.UUID,
    block: int = _BLOCK,
    *,
    suspects: bool = False,
) -> Cast:
    """The votes of a consultation. `reading`: opens a session for each `block` of votes; `suspects`: those that bot
    measures set apart are among them.
    """
    with reading() as session:
        asked = (Statement.activity_id == activity_id, Statement.state == State.SHOWN)
        statements = session.scalars(select(_raw(Statement.id)).where(*asked)).all()
        aside = (Participant.activity_id == activity_id, Participant.channel == Channel.SUSPECT)
        apart = frozenset[bytes]() if suspects else frozenset(session.scalars(select(Participant.code).where(*aside)))
    return _matrix(_blocks(reading, activity_id, block), statements, apart)


def _raw(key: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[object]:
    """A key as the driver gives it: to make an object of each takes longer than to read a million votes."""
    return type_coerce(key, String)


def _blocks(
    reading: Callable[[], AbstractContextManager[Session]], activity_id: uuid.UUID, size: int
) -> Iterator[Sequence[Read]]:
    """All votes in the order of their keys; each block in a session of its own, so that nothing is held up."""
    code, statement = b"", uuid.UUID(int=0)
    key = tuple_(Vote.code, Vote.statement_id)
    while True:
        after = tuple_(literal(code, LargeBinary), literal(statement, Uuid))
        wanted = select(Vote.code, _raw(Vote.statement_id), Vote.value).where(Vote.activity_id == activity_id)
        wanted = wanted.where(key > after).order_by(Vote.code, Vote.statement_id).limit(size)
        with reading() as session:
            block = session.connection().execute(wanted).all()
        if not block:
            return
        yield block
        code, statement = block[-1][0], _read(block[-1][1])


def _read(raw: object) -> uuid.UUID:
    return uuid.UUID(str(raw))


def _matrix(blocks: Iterable[Sequence[Read]], statements: Sequence[object], apart: Collection[bytes]) -> Cast:
    """Participants × statements."""
    import numpy as np  # noqa: PLC0415  # heavy, and only opinion groups need it

    names = sorted((str(_read(raw)), raw) for raw in statements)
    columns = {raw: at for at, (_, raw) in enumerate(names)}
    rows: list[npt.NDArray[np.int8]] = []
    codes, last, seen = list[bytes](), b"", 0
    for block in blocks:
        seen += len(block)
        for code, statement, value in block:
            at = columns.get(statement)
            if at is None or code in apart:
                continue
            if code != last:
                last = code
                codes.append(code)
                rows.append(np.full(len(columns), UNSEEN, dtype=np.int8))
            rows[-1][at] = value
    cells = np.stack(rows) if rows else np.empty((0, len(columns)), dtype=np.int8)
    found = Votes(tuple(map(str, range(len(rows)))), tuple(name for name, _ in names), cells)
    return Cast(found, codes, seen)


def _kept(votes: Votes, threshold: int) -> Found:
    """Refuses with `opinion.empty`."""
    result = core.analyse(votes, threshold=threshold)
    groups = len(result.groups)
    return Found(
        version=result.version,
        people=len(result.participants),
        votes=sum(statement.everyone.seen for statement in result.statements),
        centre=tuple(result.axes.centre.tolist()),
        components=tuple((float(first), float(second)) for first, second in result.axes.components),
        statements=result.statements,
        groups=result.groups,
        centres=centres(result.positions, result.labels, groups),
        outlines=outlines(result.positions, result.labels, groups),
        majority=result.majority,
        silhouette=result.silhouette,
        stability=result.stability,
    )


def _keep(session: Session, activity_id: uuid.UUID, found: Found, seen: int, now: dt.datetime) -> None:
    row = {"result": msgspec.json.encode(found).decode(), "votes": seen, "at": now}
    kept = insert(session, Analysis).values(activity_id=activity_id, **row)
    session.execute(kept.on_conflict_do_update(index_elements=["activity_id"], set_=row))


class Latest:
    """The analyses in the memory of a process: each is read once, and again when there is a later one."""

    def __init__(self) -> None:
        self._kept: dict[uuid.UUID, tuple[dt.datetime, Found]] = {}

    def of(self, session: Session, activity_id: uuid.UUID) -> Found | None:
        """What was found last; none before the first analysis."""
        here = Analysis.activity_id == activity_id
        at = session.scalar(select(Analysis.at).where(here))
        if at is None:
            return None
        kept = self._kept.get(activity_id)
        if kept is None or kept[0] != at:
            result, at = session.execute(select(Analysis.result, Analysis.at).where(here)).one()
            kept = self._kept[activity_id] = (at, msgspec.json.decode(result, type=Found))
        return kept[1]


def priorities(found: Found | None, statements: Collection[uuid.UUID]) -> Mapping[str, float]:
    """How much it is worth to ask each of these statements; what no analysis has seen yet is worth much."""
    known = {statement.id: statement.priority for statement in found.statements} if found else {}
    return {str(statement): known.get(str(statement)) or _NEW for statement in statements}
