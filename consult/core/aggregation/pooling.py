"""Categories that are too small stand together, so that what is shown of them is of enough respondents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from consult.core.aggregation.tables import NO_CODE, NOT_RELEVANT, Key, Row, Table, key


def pool_groups(table: Table, groups: Table, k: int, fit: Collection[Key]) -> Table:
    """Empty groups are left out; those that are hidden or under k stand together; of codes, where fewer were coded."""
    hidden = {row.code for row in groups.rows if row.counts[0] is None}
    totals = zip(table.groups, table.totals, _uncoded(table), strict=True)
    sizes = {group: (total or 0) - without for group, total, without in totals if total or group in hidden}
    return stand_together(table, list(sizes), _pool(sizes, groups, k, fit))


def _uncoded(table: Table) -> Sequence[int]:
    """Of a table of codes, how many of each group were not coded, which the table tells; of others nobody."""
    without = table.row(NOT_RELEVANT) if table.row(NO_CODE) else None
    return numbers(without) if without else (0,) * len(table.groups)


def stand_together(table: Table, groups: Sequence[str], pool: Collection[str]) -> Table:
    """A full crossed table of these groups alone, those in `pool` together in the last one."""
    pool = tuple(group for group in groups if group in pool)
    code = "+".join(pool)
    index = {group: j for j, group in enumerate(table.groups)}
    kept = [group for group in groups if group not in pool]
    members = [*([group] for group in kept), *([list(pool)] if pool else [])]

    def regroup(counts: Sequence[int | None]) -> tuple[int, ...]:
        return tuple(sum(counts[index[group]] or 0 for group in pooled) for pooled in members)

    return msgspec.structs.replace(
        table,
        groups=(*kept, *([code] if pool else [])),
        totals=regroup(table.totals),
        rows=tuple(
            Row(code=row.code, counts=regroup(row.counts), unselected=regroup(row.unselected) if row.unselected else ())
            for row in table.rows
        ),
        pooled_groups={code: pool} if pool else {},
    )


def pool_rows(table: Table, rows: Table, k: int, fit: Collection[Key]) -> Table:
    """Rows that are hidden in their own table, or under k, stand together. `rows`: that table."""
    sizes = {row.code: sum(numbers(row)) for row in table.rows}
    pool = _pool({code: size for code, size in sizes.items() if size}, rows, k, fit)
    if not pool:
        return table
    code = "+".join(pool)
    pooled = [sum(column) for column in zip(*(numbers(row) for row in table.rows if row.code in pool), strict=True)]
    kept = tuple(row for row in table.rows if row.code not in pool)
    return msgspec.structs.replace(table, rows=(*kept, Row(code=code, counts=tuple(pooled))), pooled_rows={code: pool})


def _pool(sizes: Mapping[str, int], one_way: Table, k: int, fit: Collection[Key]) -> tuple[str, ...]:
    """Codes that stand together, in the order of the table: at least two, holding k at least."""
    hidden = {row.code for row in one_way.rows if row.counts[0] is None}
    few = {code for code, size in sizes.items() if size < k and key((one_way.variable, code)) not in fit}
    pool = few | (hidden & sizes.keys())
    others = sorted((size, code) for code, size in sizes.items() if code not in pool)
    while pool and others and (len(pool) < 2 or sum(sizes[code] for code in pool) < k):
        pool.add(others.pop(0)[1])
    return tuple(code for code in sizes if code in pool)


def numbers(row: Row) -> list[int]:
    """The counts of a row of a full table."""
    return [count or 0 for count in row.counts]
