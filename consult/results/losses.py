"""What was hidden in a release, why, and what it cost: in words, for data stewards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from consult.core.aggregation.losses import Loss, Why, loss
from consult.core.aggregation.tables import Dataset
from consult.processes.models import Unit
from consult.results.content import Content, Restricted, RestrictedDataset
from consult.results.presentation import Reader, variable_label


@dataclass(frozen=True, slots=True)
class Line:
    """One table: what it is, and what protecting it has cost."""

    label: str
    by: str
    threshold: int
    loss: Loss
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One activity: the tables in which something is not as it was counted, and all tables together."""

    title: str
    lines: tuple[Line, ...]
    tables: int
    withheld: int
    cells: int
    """Counts of the tables that are shown."""
    hidden: int


def losses(content: Content, restricted: Restricted, reader: Reader) -> list[Part]:
    """Activity by activity; those of institutions hide nothing and are left out."""
    sealed = {part.activity: part for part in restricted.datasets}
    return [
        _part(dataset, sealed[dataset.activity], reader) for dataset in content.datasets if dataset.unit == Unit.PERSON
    ]


def _part(dataset: Dataset, sealed: RestrictedDataset, reader: Reader) -> Part:
    lines = list(_lines(dataset, sealed, reader))
    shown = [line.loss for line in lines if line.loss.withheld is None]
    return Part(
        title=reader.text(dataset.title, dataset.source),
        lines=tuple(line for line in lines if line.reasons),
        tables=len(lines),
        withheld=len(lines) - len(shown),
        cells=sum(one.cells for one in shown),
        hidden=sum(sum(one.hidden.values()) for one in shown),
    )


def _lines(dataset: Dataset, sealed: RestrictedDataset, reader: Reader) -> Iterator[Line]:
    labels = {variable.id: variable_label(variable, dataset, reader) for variable in dataset.variables}
    full = {(table.variable, table.by): table for table in sealed.tables}
    bare = {table.variable for table in dataset.one_way() if table.withheld}
    for table in dataset.tables:
        name = table.variable, table.by
        found = loss(
            table, full[name], dict(sealed.needs), margins=bare.isdisjoint(name), given_up=name in sealed.withheld
        )
        yield Line(
            label=labels[table.variable],
            by=labels.get(table.by, ""),
            threshold=table.threshold,
            loss=found,
            reasons=tuple(_reasons(found, noise=bool(table.noise), reader=reader)),
        )


def _reasons(found: Loss, *, noise: bool, reader: Reader) -> Iterator[str]:
    """Why something in a table is not as it was counted, in words."""
    _, words = reader.words, _words(reader)
    if found.withheld is not None:
        yield words[found.withheld]
    for why, sentence in words.items():
        if count := found.hidden.get(why):
            yield _("%(why)s: %(count)s") % {"why": sentence, "count": reader.number(count)}
    if noise:
        yield words[Why.NOISE]
    if found.together:
        yield _("categories that stand together: %(count)s") % {"count": reader.number(found.together)}
    if found.dominated:
        yield words[Why.DOMINATED]


def _words(reader: Reader) -> dict[Why, str]:
    _ = reader.words
    return {
        Why.SMALL: _("under the threshold"),
        Why.ALIKE: _("a group that is all alike on a sensitive question"),
        Why.BESIDE: _("so that the others cannot be worked out"),
        Why.FEW: _("withheld: too few people in all"),
        Why.MARGIN: _("withheld: one of the two questions alone is withheld"),
        Why.AUDITOR: _("withheld: the auditor could work something out"),
        Why.NOTHING: _("withheld: no choice of counts would protect it, or nothing would be left"),
        Why.DOMINATED: _("no mean: two answers make up most of the sum"),
        Why.NOISE: _("every count changed"),
    }
