"""A release held against those that were published before it: together they must not tell more than each alone."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.aggregation.compare import broken_together, too_close
from consult.core.aggregation.tables import Dataset, Key
from consult.core.errors import Problem, refuse_if_any
from consult.core.sealing import unseal
from consult.processes.models import Unit
from consult.results import queries
from consult.results.content import Content, Restricted, RestrictedDataset, content_of, restricted_of
from consult.results.models import Release

_MOST_NAMED: Final = 20
"""Cells named in a refusal."""


def hold(
    session: Session,
    process_id: uuid.UUID,
    content: Content,
    restricted: Restricted,
    *,
    keys: Keys,
    held: Collection[int] = (),
) -> frozenset[int]:
    """Hold a release against all published ones but those in `held`; the numbers of all of them.

    It may take seconds per release, so do it with a reading session first. Refuses `results.release.difference` and
    `results.release.together` for every cell that would say something of a small group.
    """
    published = queries.all_published(session, process_id, but=held)
    problems = [problem for earlier in published for problem in _against(earlier, content, restricted, keys)]
    refuse_if_any(problems[:_MOST_NAMED])
    return frozenset((*held, *(earlier.number for earlier in published)))


def opened(release: Release, keys: Keys) -> Restricted:
    """The sealed part of a release; raises `core.sealing.UnsealError`."""
    return restricted_of(unseal(keys.contact, release.restricted, sealed_for(release.process_id, release.number)))


def sealed_for(process_id: uuid.UUID, number: int) -> bytes:
    """What the sealed part of a release is bound to."""
    return f"release:{process_id}:{number}".encode()


def _against(release: Release, content: Content, restricted: Restricted, keys: Keys) -> Iterable[Problem]:
    earlier = content_of(release.content)
    datasets = {dataset.activity: dataset for dataset in earlier.datasets}
    theirs = {part.activity: part for part in opened(release, keys).datasets}
    mine = {part.activity: part for part in restricted.datasets}
    for dataset in content.datasets:
        if dataset.activity in datasets and dataset.unit == Unit.PERSON:
            # Under a lower threshold more may be shown than what an earlier release had to hide.
            secrets = [mine[dataset.activity]]
            if earlier.threshold <= content.threshold:
                secrets.append(theirs[dataset.activity])
            yield from _told_together(
                release.number, datasets[dataset.activity], dataset, _needs(secrets), mine[dataset.activity]
            )


def _needs(parts: Iterable[RestrictedDataset]) -> dict[Key, int]:
    needs: dict[Key, int] = {}
    for part in parts:
        for cell, need in part.needs:
            needs[cell] = max(need, needs.get(cell, 0))
    return needs


def _told_together(
    number: int, earlier: Dataset, later: Dataset, needs: Mapping[Key, int], known: RestrictedDataset
) -> Iterable[Problem]:
    names = {variable.id: variable.name for variable in (*earlier.variables, *later.variables)}
    close = too_close(earlier.tables, later.tables)
    for cell in close:
        yield Problem(
            "results.release.difference",
            {"cell": _cell_name(cell.key, names), "earlier": cell.earlier, "later": cell.later, "number": number},
        )
    if not close:
        for weak in broken_together(earlier.tables, later.tables, needs, dict(known.told), known.depends):
            yield Problem("results.release.together", {"cell": _cell_name(weak.key, names), "number": number})


def _cell_name(cell: Key, names: Mapping[str, str]) -> str:
    """A cell as staff read it: `sex = female, country = GH`; the questions by their names."""
    if not cell:
        return "*"
    return ", ".join(
        f"{names.get(name.split('/')[0], name)}{name[len(name.split('/')[0]) :]} = {code}" for name, code in cell
    )
