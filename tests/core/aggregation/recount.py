"""An independent recount: tables from plain Python records, without any of the code under test but its structures.

A record has a value per variable: a code, a list of codes, None where it was skipped; no entry where not relevant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED, Kind, Row, Table, Variable

Record = Mapping[str, object]


def outcome(record: Record, variable: Variable) -> object:
    if variable.id not in record:
        return NOT_RELEVANT
    value = record[variable.id]
    return SKIPPED if value is None or value == [] else value


def one_way(records: Sequence[Record], variable: Variable) -> Table:
    found = [outcome(record, variable) for record in records]
    rows = []
    for code in variable.codes():
        if variable.kind is Kind.MULTIPLE:
            answered = [value for value in found if isinstance(value, list)]
            chosen = sum(code in value for value in answered)
            rows.append(Row(code=code, counts=(chosen,), unselected=(len(answered) - chosen,)))
        else:
            rows.append(Row(code=code, counts=(found.count(code),)))
    rows += [Row(code=status, counts=(found.count(status),)) for status in (SKIPPED, NOT_RELEVANT)]
    return Table(
        variable=variable.id, totals=(len(records),), rows=tuple(rows), multiple=variable.kind is Kind.MULTIPLE
    )


def crossed(records: Sequence[Record], variable: Variable, by: Variable) -> Table:
    groups = (*by.codes(), SKIPPED, NOT_RELEVANT)
    inside = {
        group: [outcome(record, variable) for record in records if outcome(record, by) == group] for group in groups
    }
    rows = []
    for code in (*variable.codes(), SKIPPED, NOT_RELEVANT):
        if variable.kind is Kind.MULTIPLE and code in variable.codes():
            answered = [[value for value in inside[group] if isinstance(value, list)] for group in groups]
            chosen = [sum(code in value for value in values) for values in answered]
            without = [len(values) - count for values, count in zip(answered, chosen, strict=True)]
            rows.append(Row(code=code, counts=tuple(chosen), unselected=tuple(without)))
        else:
            rows.append(Row(code=code, counts=tuple(inside[group].count(code) for group in groups)))
    return Table(
        variable=variable.id,
        by=by.id,
        groups=groups,
        totals=tuple(len(inside[group]) for group in groups),
        rows=tuple(rows),
        multiple=variable.kind is Kind.MULTIPLE,
    )
