"""Releases: computed, frozen, published, verified. Numbers leave the system only through them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import msgspec
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from consult.config import Keys, Settings, Store
from consult.core.access import Actor
from consult.core.aggregation.audit import exposed
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.losses import shows
from consult.core.aggregation.tables import Dataset, canonical
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.progress import Progress, Steps, unwatched
from consult.core.sealing import seal
from consult.core.text import LocalisedText
from consult.jobs.service import enqueue
from consult.processes import concepts
from consult.processes.models import Process, Unit
from consult.results import columns, earlier, engines, moment, queries, reports, sources, weighing
from consult.results.content import (
    CELL_KEY,
    METHODS,
    NONE,
    SUPPRESSION,
    ConceptCodes,
    Content,
    Plan,
    Restricted,
    RestrictedDataset,
    SegmentRef,
    ThemeLabel,
    content_of,
    digest,
)
from consult.results.crossings import SET_APART
from consult.results.datasets import STEPS, Computed, compute, held_activities, thresholds
from consult.results.measures import frozen
from consult.results.models import Release
from consult.results.repeats import activity_of
from consult.results.trail import note_release

if TYPE_CHECKING:
    from ibis.backends import BaseBackend


_BESIDE: Final = ("matrix", "weighting")
"""What a dataset holds beside its tables."""


class Draft(msgspec.Struct, frozen=True):
    """A release that is computed but has no number yet."""

    content: Content
    restricted: Restricted
    engine: str
    held: frozenset[int]
    """Published releases that it has been held against."""


class Verdict(NamedTuple):
    """What verification of a release found."""

    intact: bool
    """Whether its content still has the hash under which it was frozen."""
    safe: bool
    """Whether its pattern still withstands the auditor."""
    recomputed: bool | None
    """Whether its segments give the same tables again; none where one of them has been rewritten since."""

    @property
    def good(self) -> bool:
        """Whether nothing speaks against it."""
        return self.intact and self.safe and self.recomputed is not False


def draft(
    session: Session,
    process: Process,
    plan: Plan,
    *,
    now: dt.datetime,
    settings: Settings,
    engine: BaseBackend,
    keys: Keys,
    progress: Progress = unwatched,
) -> Draft:
    """Compute a release and hold it against earlier ones: it may take minutes, so do it with a snapshot.

    Refuses `results.release.empty` where no questionnaire of the process has responses in the column store, and what
    `earlier.hold` refuses.
    """
    limits = thresholds(process, settings.threshold, plan)
    steps = Steps(progress, _steps(session, process))
    chosen = plan.method or usual_method(session, process)
    computed = compute(
        session,
        process,
        plan.crossings,
        limits,
        store=settings.column_store,
        engine=engine,
        key=keys.codes,
        method=chosen,
        step=steps.step,
    )
    if not computed:
        raise Refused.because("results.release.empty")
    method = chosen if any(_protected(part, chosen) for part in computed) else NONE
    content = _content(session, process, plan, limits, method, [part.dataset for part in computed], now)
    restricted = Restricted(datasets=tuple(part.restricted for part in computed))
    if not _safe(content, restricted):  # the weights have just been audited, and wait for `verify`
        raise Refused.because("results.release.broken")
    steps.step()
    held = earlier.hold(session, process.id, content, restricted, keys=keys, step=steps.step)
    return Draft(content, restricted, engines.version(engine), held)


def _content(
    session: Session,
    process: Process,
    plan: Plan,
    limits: Thresholds,
    method: str,
    datasets: Sequence[Dataset],
    now: dt.datetime,
) -> Content:
    codes = {theme.id: theme.code for theme in process.themes}
    return Content(
        process=process.slug,
        process_title=process.title,
        source=process.locales[0],
        number=0,
        title=plan.title,
        frozen_on=now.date().isoformat(),
        synthetic=process.synthetic,
        method=method,
        threshold=limits.ordinary,
        sensitive_threshold=limits.sensitive,
        crossings=plan.crossings,
        themes=tuple(
            ThemeLabel(code=theme.code, label=theme.label, parent=codes[theme.parent_id] if theme.parent_id else "")
            for theme in process.themes
        ),
        datasets=tuple(datasets),
        concepts=tuple(_concepts(session, process, datasets)),
    )


def _concepts(session: Session, process: Process, datasets: Sequence[Dataset]) -> Iterator[ConceptCodes]:
    """The code lists of the concepts that questions measure, with the codes alone that are met."""
    met: dict[str, set[str]] = {}
    for dataset in datasets:
        for name, measured in dataset.measures.items():
            met.setdefault(dataset.variable(name).concept, set()).update(measured.values())
    for concept, found in concepts.code_lists(session, process.id).items():
        codes = tuple(code for code in found.codes if code in met.get(concept, ()))
        if codes:
            labels = {code: found.labels[code] for code in codes if code in found.labels}
            yield ConceptCodes(concept=concept, codes=codes, standard=found.standard, labels=labels)


def _steps(session: Session, process: Process) -> int:
    """Of a draft: the activities' own, the attack on all tables, one for each earlier release."""
    known = [release for release in queries.releases(session, process.id) if release.published_at]
    return STEPS * len(held_activities(session, process)) + 1 + len(known)


def usual_method(session: Session, process: Process) -> str:
    """How a release is protected if its plan does not say: as the last published one was.

    The first is protected by cell keys while answers can still come, since others are likely to follow; else by
    suppression.
    """
    for release in reversed(queries.all_published(session, process.id)):
        if (method := content_of(release.content).method) in METHODS:
            return method
    interim = any(activity.sealed_at is None for activity in queries.questionnaires(session, process.id))
    return CELL_KEY if interim else SUPPRESSION


def _protected(part: Computed, method: str) -> bool:
    """Whether anything in it is not as it was counted."""
    return bool(part.restricted.needs) or (method == CELL_KEY and part.dataset.unit == Unit.PERSON)


def freeze(
    session: Session, process: Process, made: Draft, *, by: Actor | None, now: dt.datetime, keys: Keys
) -> Release:
    """Give a computed release its number and keep it for good.

    It is held against what was published since it was computed; refuses what `earlier.hold` refuses.
    """
    session.scalar(select(Process.id).where(Process.id == process.id).with_for_update())
    earlier.hold(session, process.id, made.content, made.restricted, keys=keys, held=made.held)
    highest = session.scalar(select(func.max(Release.number)).where(Release.process_id == process.id))
    number = (highest or 0) + 1
    content = msgspec.structs.replace(made.content, number=number, frozen_on=now.date().isoformat())
    encoded = content.encoded()
    release = Release(
        process_id=process.id,
        number=number,
        title=made.content.title,
        hash=digest(encoded),
        content=encoded,
        restricted=seal(keys.contact, canonical(made.restricted), earlier.sealed_for(process.id, number)),
        engine=made.engine,
        frozen_at=now,
        frozen_by=by.id if by else None,
    )
    session.add(release)
    session.flush()
    note_release(session, process, release, "freeze", by=by, now=now)
    return release


def examine(
    session: Session, process: Process, release: Release, *, keys: Keys, held: Collection[int] = ()
) -> frozenset[int]:
    """Hold a frozen release against the published ones, but those in `held`; the numbers of all of them.

    It may take seconds, so do it with a reading session before `publish`. Refuses `results.release.damaged` and what
    `earlier.hold` refuses.
    """
    if digest(release.content) != release.hash:
        raise Refused.because("results.release.damaged", number=release.number)
    content, restricted = content_of(release.content), earlier.opened(release, keys)
    return earlier.hold(session, process.id, content, restricted, keys=keys, held=held)


def publish(
    session: Session,
    process: Process,
    release: Release,
    *,
    by: Actor | None,
    now: dt.datetime,
    keys: Keys,
    held: Collection[int] = (),
) -> None:
    """Let everybody see a frozen release. `held`: what `examine` has given.

    Refuses `results.release.published`, `results.release.withdrawn` and what `examine` refuses, held against what was
    published since.
    """
    session.scalar(select(Process.id).where(Process.id == process.id).with_for_update())
    session.refresh(release, ["published_at", "withdrawn_at"])
    if release.published_at is not None:
        raise _over(release)
    examine(session, process, release, keys=keys, held=held)
    release.published_at = now
    session.flush()
    note_release(session, process, release, "publish", by=by, now=now)
    reports.ask_all(session, release, by=by.id if by else None, now=now)


def withdraw(
    session: Session, process: Process, release: Release, words: LocalisedText, *, by: Actor | None, now: dt.datetime
) -> None:
    """Show a published release to nobody any more, and everybody why.

    Refuses `results.release.unpublished`, `results.release.withdrawn`, and `results.withdrawal.note` where a locale of
    the process has no note (place: `note-<locale>`).
    """
    refuse_if_any(
        Problem("results.withdrawal.note", place=Place(field=f"note-{locale}"))
        for locale in process.locales
        if not words.get(locale, "").strip()
    )
    changed = session.execute(
        update(Release)
        .where(
            Release.process_id == process.id,
            Release.number == release.number,
            Release.published_at.is_not(None),
            Release.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now, note=words)
    )
    if cast(CursorResult[tuple[()]], changed).rowcount == 0:
        session.refresh(release, ["published_at", "withdrawn_at"])
        if release.published_at is None:
            raise Refused.because("results.release.unpublished", number=release.number)
        raise _over(release)
    note_release(session, process, release, "withdraw", by=by, now=now)
    enqueue(session, reports.KEEP, {}, run_at=now)


def _over(release: Release) -> Refused:
    """Why a release that was published cannot be published, or withdrawn, again."""
    code = "results.release.published" if release.withdrawn_at is None else "results.release.withdrawn"
    return Refused.because(code, number=release.number)


def verify(
    session: Session, process: Process, release: Release, *, keys: Keys, store: Store, engine: BaseBackend
) -> Verdict:
    """Check a release's hash, attack its pattern again, and recompute it while its segments are still there."""
    if digest(release.content) != release.hash:
        return Verdict(intact=False, safe=False, recomputed=None)
    content, restricted = content_of(release.content), earlier.opened(release, keys)
    recomputed = _recomputed(session, process, content, restricted, store, engine, keys)
    return Verdict(True, _safe(content, restricted, weights=True), recomputed)


def _safe(content: Content, restricted: Restricted, *, weights: bool = False) -> bool:
    """Whether the auditor, who has all tables before them, learns none of the cells that must stay unknown."""
    sealed = {part.activity: part for part in restricted.datasets}
    return not any(
        exposed(dataset.tables, dict(part.needs), dict(part.told), part.depends)
        or (weights and not weighing.safe(dataset, part))
        for dataset in content.datasets
        if (part := sealed.get(dataset.activity)) and part.needs
    )


def _recomputed(
    session: Session,
    process: Process,
    content: Content,
    restricted: Restricted,
    store: Store,
    engine: BaseBackend,
    keys: Keys,
) -> bool | None:
    reads = moment.again(session, restricted, keys.codes, apart=SET_APART in content.crossings)
    read = {activity_of(part.activity): part.segments for part in restricted.datasets}
    if any(not _still_there(session, name, segments, reads) for name, segments in read.items()):
        return None
    limits = Thresholds(content.threshold, content.sensitive_threshold)
    told = {part.activity: dict(part.told) for part in restricted.datasets}
    weightings = {dataset.activity: dataset.weighting or None for dataset in content.datasets}
    meanings = {
        name: frozen(dataset for dataset in content.datasets if str(activity_of(dataset.activity)) == name)
        for name in weightings
    }
    again = compute(
        session,
        process,
        content.crossings,
        limits,
        store=store,
        engine=engine,
        key=keys.codes,
        told=told,
        method=content.method,
        weightings=weightings,
        meanings=meanings,
        codes={part.activity: part.codes for part in restricted.datasets},
        reads=reads,
    )
    theirs = {dataset.activity: dataset for dataset in content.datasets}
    sealed = {part.activity: part for part in restricted.datasets}
    return theirs.keys() <= {part.dataset.activity for part in again} and all(
        _same(part, theirs[part.dataset.activity], sealed[part.dataset.activity], content.method)
        for part in again
        if part.dataset.activity in theirs
    )


def _still_there(
    session: Session,
    activity_id: uuid.UUID,
    segments: Collection[SegmentRef],
    reads: Mapping[str, moment.Read],
) -> bool:
    """Whether an activity still holds what was read of it."""
    now = reads.get(str(activity_id))
    found = [sources.read_as(activity_id, now.came)] if now else columns.manifest(session, activity_id)
    return {(str(one.id), one.hash) for one in found} == {(one.id, one.hash) for one in segments}


def _same(again: Computed, shown: Dataset, sealed: RestrictedDataset, method: str) -> bool:
    """Whether two computations agree in everything but titles, which can be edited, and how they are drawn.

    The pattern of a suppression is frozen: of what was hidden only the counts are computed anew, so that a later
    version of a solver, which chooses otherwise among patterns that cost the same, does not speak against it.
    """
    if _undrawn(again.dataset) != _undrawn(shown):
        return False
    if any(canonical(getattr(again.dataset, part) or ()) != canonical(getattr(shown, part) or ()) for part in _BESIDE):
        return False
    if method == CELL_KEY:
        return canonical(again.dataset.tables) == canonical(shown.tables)
    full = again.restricted.tables
    return canonical(full) == canonical(sealed.tables) and all(map(shows, shown.tables, full))


def _undrawn(dataset: Dataset) -> bytes:
    """The variables as releases knew them before scales were told from other choices."""
    return canonical(tuple(msgspec.structs.replace(variable, scale=False) for variable in dataset.variables))
