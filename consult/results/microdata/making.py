"""Making a file of records: long work that a job can do, in memory that does not grow with the records."""

from __future__ import annotations

import datetime as dt
import random
import secrets
import tempfile
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from consult.config import Settings
from consult.core.aggregation.tables import Dataset
from consult.core.aggregation.tabulate import outcomes_of
from consult.core.errors import Refused
from consult.core.progress import Progress, Steps, unwatched
from consult.db.session import Database
from consult.files import whole
from consult.processes.models import Activity
from consult.results import columns as store
from consult.results import method
from consult.results.datasets import thresholds
from consult.results.exports.spool import put
from consult.results.microdata import dta, flat, reading, sav, texts
from consult.results.microdata.buckets import Buckets, deal, many
from consult.results.microdata.choosing import Choice, dataset_of, offer
from consult.results.microdata.columns import Block, Column, columns
from consult.results.microdata.described import Described, described, missing_labels
from consult.results.microdata.measuring import Measured, Watch, least_numbers, measure
from consult.results.microdata.recoding import Recoding
from consult.results.microdata.report import Report, paragraphs, text
from consult.results.presentation import Reader

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

REPORT: Final = "re-identification.json"
"""The part of the archive that holds the report."""


@dataclass(frozen=True, slots=True)
class _Dealt:
    """What was read of an activity: records and texts in random order, and what they are."""

    dataset: Dataset
    columns: tuple[Column, ...]
    records: int
    buckets: Buckets
    texts: Sequence[Path]
    threshold: int
    synthetic: bool


def make(
    database: Database,
    activity_id: uuid.UUID,
    choice: Choice,
    target: Path,
    *,
    settings: Settings,
    engine: BaseBackend,
    reader: Reader,
    now: dt.datetime,
    progress: Progress = unwatched,
) -> Report:
    """Write an archive of what was chosen to `target`, whole or not at all; its re-identification report.

    Refuses `results.microdata.empty` where there is nothing to write, and `results.engine.away`.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    rng = random.SystemRandom()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.") as folder:
        dealt, steps = _deal(database, activity_id, choice, Path(folder), settings, engine, rng, progress)

        def watch(blocks: Iterator[Block]) -> Iterator[Block]:
            for block in blocks:
                yield block
                steps.step()

        keys = tuple(column.name for column in dealt.columns if column.variable.id in choice.keys)
        plan = Recoding(dealt.columns, keys)
        least = least_numbers(dealt.buckets, plan, watch)
        labels = described(plan.columns, dealt.dataset, reader, least)
        measured = measure(dealt.buckets, plan, labels, dealt.threshold, watch, blank=choice.blank)
        report = _report(dealt, choice, measured, labels, reader, now)
        with whole(target) as file, zipfile.ZipFile(file, "w", compresslevel=1) as archive:
            day = now.date().isoformat()
            for name, pieces in _parts(dealt, choice, measured, labels, report, reader, watch, rng):
                put(archive, name, pieces, day)
    return report


def _deal(
    database: Database,
    activity_id: uuid.UUID,
    choice: Choice,
    folder: Path,
    settings: Settings,
    engine: BaseBackend,
    rng: random.Random,
    progress: Progress,
) -> tuple[_Dealt, Steps]:
    kept = settings.column_store
    with database.reading() as session, store.held(session, activity_id, store=kept, engine=engine) as held:
        activity = session.get_one(Activity, activity_id)
        there = offer(session, activity)
        variables = [one for one in there.variables if one.id in choice.variables] if there else []
        if there is None or not variables:
            raise Refused.because("results.microdata.empty")
        limit = thresholds(activity.process, settings.threshold).ordinary
        outcomes = outcomes_of(held.sources, variables, limit, choice.exact)
        chosen = columns(outcome.variable for outcome in outcomes.values())
        steps = Steps(progress, _passes(chosen, choice) * many(there.records))
        strays: reading.Strays = {}

        def read() -> Iterator[Block]:
            for block in reading.blocks(held.sources, outcomes, chosen, strays):
                yield block
                steps.step()

        buckets = deal(read(), chosen, there.records, folder, secrets.randbits(64))
        chosen = tuple(replace(one, codes=(*one.codes, *strays.get(one.name, ()))) for one in chosen)
        wanted = [variable for variable in there.texts if variable.id in choice.texts]
        dealt = texts.deal(held, kept, wanted, there.records, folder, rng) if wanted else []
        dataset = dataset_of(activity)
        return _Dealt(dataset, chosen, there.records, buckets, dealt, limit, activity.process.synthetic), steps


def _passes(chosen: Sequence[Column], choice: Choice) -> int:
    """How often all records are gone through: dealt out, measured, written."""
    exact = any(not column.coded and column.variable.id in choice.exact for column in chosen)
    keys = len(choice.keys) if len(choice.keys) > 1 else 0
    sensitive = sum(column.variable.sensitive and not column.choice for column in chosen)
    formats = len({"csv" if name == "r" else name for name in choice.formats})
    return 2 + exact + keys + sensitive + formats


def _report(
    dealt: _Dealt,
    choice: Choice,
    measured: Measured,
    labels: Sequence[Described],
    reader: Reader,
    now: dt.datetime,
) -> Report:
    exact = [label.question for label in labels if not label.codes]
    return Report(
        activity=dealt.dataset.slug,
        title=reader.text(dealt.dataset.title, dealt.dataset.source),
        made_on=now.date().isoformat(),
        threshold=dealt.threshold,
        records=dealt.records,
        keys=measured.keys,
        before=measured.before,
        after=measured.after,
        blanked=measured.blanked,
        sensitive=measured.sensitive,
        variables=tuple(dict.fromkeys(label.question for label in labels)),
        exact=tuple(exact),
        texts=texts.count(dealt.texts),
    )


def _parts(
    dealt: _Dealt,
    choice: Choice,
    measured: Measured,
    labels: Sequence[Described],
    report: Report,
    reader: Reader,
    watch: Watch,
    rng: random.Random,
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of the archive, by name."""
    absences, title = missing_labels(reader), report.title

    def blocks() -> Iterator[Block]:
        return watch(measured.recoding.blocks(dealt.buckets))

    yield "README.txt", [_readme(dealt, report, reader).encode()]
    yield "re-identification.txt", [text(report, reader).encode()]
    yield REPORT, [msgspec.json.format(msgspec.json.encode(report))]
    yield "codebook.csv", flat.codebook(labels, absences)
    if "csv" in choice.formats or "r" in choice.formats:
        yield "data.csv", flat.write(labels, blocks())
    if "r" in choice.formats:
        yield "read.R", flat.script(labels, title)
    if "sav" in choice.formats:
        yield "data.sav", sav.write(labels, blocks(), dealt.records, title, absences)
    if "dta" in choice.formats:
        yield "data.dta", dta.write(labels, blocks(), dealt.records, title, absences)
    if dealt.texts:
        yield "texts.csv", texts.write(dealt.texts, rng)


def _readme(dealt: _Dealt, report: Report, reader: Reader) -> str:
    _ = reader.words
    lines = [
        f"{report.title} – {_('Single records')}, {report.made_on}",
        *([method.synthetic_mark(reader)] if dealt.synthetic else []),
        _(
            "These records are about people who trusted that they stay unknown. Keep the file closed away, give it to "
            "nobody, and delete it when the work is done."
        ),
        *method.caveats(reader),
        _("Records stand in random order. They hold no key, no day on which they came, and no contact data."),
        *([texts.warning(reader)] if dealt.texts else []),
        *paragraphs(reader),
    ]
    return "\n\n".join(lines) + "\n"
