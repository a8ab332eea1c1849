"""One group of a release: what a single country or sex answered, from the protected tables by its variable.

Nothing is counted anew. A group's table is a column of a crossed table, or a row where the crossed table has the two
variables the other way round. Those that stand together (women and the few who did not say) are one group; a table that
has them otherwise, or is withheld, shows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from consult.core.aggregation.tables import STATUSES, Dataset, Row, Table, Variable, base
from consult.results.content import Content
from consult.results.presentation import Item, Reader, Shown, category_label, items, show, variable_label

_APART: Final = "/"
"""Between activity, variable and code in an address: neither an address nor an id has one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A variable by which an activity is broken down, with its groups."""

    label: str
    groups: tuple[tuple[str, str], ...]
    """What an address calls each group, and its name."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group with what it answered."""

    variable: str
    label: str
    activity: str
    size: int | None
    items: tuple[Item, ...]
    hidden: tuple[str, ...]
    """Questions that cannot be shown for this group alone."""


def choices(content: Content, reader: Reader) -> list[Choice]:
    """The groups that can be looked at alone, by variable and activity."""
    return [choice for dataset in content.datasets for choice in _choices(content, dataset, reader)]


def _choices(content: Content, dataset: Dataset, reader: Reader) -> Iterator[Choice]:
    alone = len(content.datasets) == 1
    title = reader.text(dataset.title, dataset.source)
    for name in dict.fromkeys(table.by for table in _crossed(dataset)):
        variable = dataset.variable(name)
        pools = {code: members for table in _of(dataset, name) for code, members in table.pooled_groups.items()}
        shown = {code for table in _of(dataset, name) for code in _shown_groups(table, variable)}
        order = [code for code in (*variable.codes(), *sorted(pools)) if code in shown]
        found = tuple(
            (_APART.join((dataset.slug, name, code)), category_label(variable, code, pools, dataset, reader))
            for code in dict.fromkeys(order)
        )
        label = variable_label(variable, dataset, reader)
        if found:
            yield Choice(label if alone else f"{label} – {title}", found)


def _crossed(dataset: Dataset) -> list[Table]:
    return [table for table in dataset.tables if table.by]


def _of(dataset: Dataset, name: str) -> list[Table]:
    return [table for table in _crossed(dataset) if table.by == name]


def _shown_groups(table: Table, variable: Variable) -> list[str]:
    """The groups of a table that somebody may ask for: not who is left over of combinations, or gave no answer."""
    pooled = table.pooled_groups if variable.parts else ()
    return [code for code in table.groups if code not in pooled and code not in STATUSES]


def group(content: Content, address: str, reader: Reader) -> Group | None:
    """A group by what an address calls it; None where no table shows it alone."""
    slug, _slash, rest = address.partition(_APART)
    name, _slash, code = rest.partition(_APART)
    dataset = next((one for one in content.datasets if one.slug == slug), None)
    tables = _of(dataset, name) if dataset and name else []
    if dataset is None or not tables:
        return None
    variable = dataset.variable(name)
    pools = next((table.pooled_groups for table in tables if code in _shown_groups(table, variable)), None)
    if pools is None:
        return None
    found, hidden = [], []
    own = {variable.id, *variable.parts}
    for item in items(dataset, reader):
        if item.variable.id in own:
            continue
        table = next((one for one in dataset.tables if {one.variable, one.by} == {item.variable.id, name}), None)
        if table is None:
            continue
        shown = _shown(item, table, code, reader)
        if shown is None:
            hidden.append(item.label)
        else:
            found.append(replace(item, one_way=shown, crossed=(), base=base(shown.table)))
    sizes = {item.one_way.table.totals[0] for item in found} - {None}
    return Group(
        variable=variable_label(variable, dataset, reader),
        label=category_label(variable, code, pools, dataset, reader),
        activity=reader.text(dataset.title, dataset.source),
        size=sizes.pop() if len(sizes) == 1 else None,
        items=tuple(found),
        hidden=tuple(hidden),
    )


def _shown(item: Item, table: Table, code: str, reader: Reader) -> Shown | None:
    if table.by == item.variable.id:
        turned = _turned(table, code, item.dataset)
        return None if turned is None else show(turned, item.dataset, reader)
    shown = next((one for one in item.crossed if one.table.by == table.by), None)
    if shown is None or code not in table.groups:
        return None
    return _column(shown, table.groups.index(code))


def _column(shown: Shown, place: int) -> Shown:
    """One group of a crossed table."""
    table, beside = shown.table, shown.beside[place : place + 1]
    return replace(
        shown,
        table=msgspec.structs.replace(
            table,
            groups=(table.groups[place],),
            totals=(table.totals[place],),
            rows=tuple(Row(code=row.code, counts=(row.counts[place],)) for row in table.rows),
            pooled_groups={},
        ),
        groups=(shown.groups[place],),
        lines=tuple(
            replace(
                line,
                counts=(line.counts[place],),
                shares=(line.shares[place],),
                weighted=line.weighted[place : place + 1],
            )
            for line in shown.lines
        ),
        bases=(shown.bases[place],),
        beside=beside,
    )


def _turned(table: Table, code: str, dataset: Dataset) -> Table | None:
    """A row of a crossed table as the table of its other variable; None where the crossed table has no such row.

    How many they are says the one-way table; of those who stand together, their sum where nothing of it is hidden.
    """
    row = table.row(code)
    if row is None:
        return None
    one_way = next((one for one in dataset.one_way() if one.variable == table.variable), None)
    size = one_way.row(code) if one_way is not None else None
    known = [count for count in row.counts if count is not None]
    whole = sum(known) if len(known) == len(row.counts) and not table.noise else None
    return Table(
        variable=table.by,
        by=table.variable,
        groups=(code,),
        totals=size.counts if size is not None else (whole,),
        rows=tuple(Row(code=name, counts=(count,)) for name, count in zip(table.groups, row.counts, strict=True)),
        pooled_rows=table.pooled_groups,
        threshold=table.threshold,
        entries=table.entries,
        noise=table.noise,
    )
