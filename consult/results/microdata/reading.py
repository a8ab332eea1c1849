"""From the segments of an activity to blocks of codes, each edition read through the answer maps, as tables read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED
from consult.core.aggregation.tabulate import Outcome, Source
from consult.results.microdata.columns import MEASURED, NOT_ASKED_AT, SKIPPED_AT, Block, Column

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa

_ROWS: Final = 20_000
"""Records held in memory at a time."""
_NUMBER: Final = "#number"
"""After the id of a variable: the number itself."""

Strays = dict[str, list[str]]
"""By name of the column: codes that no edition offers, which stand behind those that it does."""


def blocks(
    sources: Sequence[Source], outcomes: Mapping[str, Outcome], found: Sequence[Column], strays: Strays
) -> Iterator[Block]:
    """Every record, in the order of the store: shuffle them before anybody sees them. `strays` fills on the way."""
    exact = {column.variable.id for column in found if not column.coded}
    for source in sources:
        wanted = {name: outcome.of(source) for name, outcome in outcomes.items()}
        numbers = {name + _NUMBER: _number(source, outcomes[name]) for name in exact}
        for batch in source.table.select(**wanted, **numbers).to_pyarrow_batches(chunk_size=_ROWS):
            yield _block(batch, found, strays)


def _number(source: Source, outcome: Outcome) -> ir.Value:
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    name = source.question(outcome.variable)
    return ibis.null("int64") if name is None else source.table[name]


def _block(batch: pa.RecordBatch, found: Sequence[Column], strays: Strays) -> Block:
    codes: dict[str, Any] = {}
    numbers: dict[str, Any] = {}
    chosen: dict[str, _Chosen] = {}
    for column in found:
        name, source = column.name, column.variable.id
        if column.choice:
            if source not in chosen:
                chosen[source] = _choices(batch[source])
            codes[name] = _taken(chosen[source], column.choice)
        elif column.variable.kind in MEASURED:
            codes[name] = batch[source].to_numpy().astype("int32")
            if not column.coded:
                numbers[name] = _numbers(batch[source + _NUMBER])
        else:
            codes[name] = _coded(batch[source], column, strays.setdefault(name, []))
    return Block(codes, numbers)


def _coded(array: pa.Array, column: Column, strays: list[str]) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    array = array.dictionary_encode()
    found = array.dictionary.to_pylist()
    known = {*column.codes, *strays, SKIPPED, NOT_RELEVANT}
    strays += [code for code in found if code not in known]
    at = {code: place for place, code in enumerate((*column.codes, *strays))}
    at |= {SKIPPED: SKIPPED_AT, NOT_RELEVANT: NOT_ASKED_AT}
    places = np.array([at[code] for code in found] or [SKIPPED_AT], dtype=np.int32)
    taken: np.ndarray[Any, Any] = places[array.indices.to_numpy(zero_copy_only=False)]
    return taken


def _numbers(array: pa.Array) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

    whole = array.cast(pa.int32()) if pa.types.is_date32(array.type) else array
    found: np.ndarray[Any, Any] = whole.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64)
    return found


class _Chosen(NamedTuple):
    """A column of lists: the different codes, and for each choice made its code and its record."""

    codes: list[str]
    code: np.ndarray[Any, Any]
    record: np.ndarray[Any, Any]
    rows: int


def _choices(array: pa.Array) -> _Chosen:
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store and this need it

    flat = pc.list_flatten(array).dictionary_encode()
    records = pc.list_parent_indices(array).to_numpy(zero_copy_only=False)
    return _Chosen(flat.dictionary.to_pylist(), flat.indices.to_numpy(zero_copy_only=False), records, len(array))


def _taken(chosen: _Chosen, choice: str) -> np.ndarray[Any, Any]:
    """1 where a choice was taken, 0 where others were, negative where there is no answer."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    found = np.zeros(chosen.rows, dtype=np.int32)
    for place, code in enumerate(chosen.codes):
        status = {SKIPPED: SKIPPED_AT, NOT_RELEVANT: NOT_ASKED_AT}.get(code, int(code == choice))
        if status:
            found[chosen.record[chosen.code == place]] = status
    return found
