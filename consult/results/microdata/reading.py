"""From the segments of an activity to blocks of codes, each edition read through the answer maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from consult.config import Store
from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED, Kind, Variable
from consult.core.aggregation.tabulate import asked
from consult.core.aggregation.variables import CHANNEL, LOCALE, kept, kind
from consult.core.questionnaire.definition import Questionnaire
from consult.results import stores
from consult.results.microdata.columns import NOT_ASKED_AT, SKIPPED_AT, Block, Column

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_ROWS: Final = 20_000
"""Records held in memory at a time."""


class Part(NamedTuple):
    """The segments of one edition, the edition, and how it is read in the terms of the newest."""

    paths: Sequence[Store]
    texts: Sequence[Store]
    questionnaire: Questionnaire
    reading: Reading


Strays = dict[str, list[str]]
"""By name of the column: codes that no edition offers, which stand behind those that it does."""


def blocks(parts: Sequence[Part], found: Sequence[Column], strays: Strays) -> Iterator[Block]:
    """Every record, in the order of the store: shuffle them before anybody sees them. `strays` fills on the way."""
    for part in parts:
        sources = {column.name: _source(column.variable, part) for column in found}
        wanted = sorted({name for source in sources.values() if source for name in source})
        for path in part.paths:
            with stores.parquet(path) as file:
                for batch in file.iter_batches(batch_size=_ROWS, columns=wanted or ["key"]):
                    yield _block(batch, found, sources, part.reading, strays)


def _source(variable: Variable, part: Part) -> tuple[str, ...]:
    """The columns of the store that tell of a variable; none where this edition did not ask it."""
    if variable.id in (CHANNEL, LOCALE):
        return (variable.id.removeprefix(":"),)
    name = part.reading.question(variable.id)
    question = kept(part.questionnaire).get(name) if name is not None else None
    if name is None or question is None or kind(question) is not variable.kind:
        return ()
    return (name, asked(name)) if variable.kind in (Kind.NUMBER, Kind.DATE) else (name,)


def _block(
    batch: pa.RecordBatch, found: Sequence[Column], sources: dict[str, tuple[str, ...]], how: Reading, strays: Strays
) -> Block:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    codes: dict[str, Any] = {}
    numbers: dict[str, Any] = {}
    chosen: dict[str, _Chosen] = {}
    for column in found:
        source, name = sources[column.name], column.name
        numeric = column.variable.kind in (Kind.NUMBER, Kind.DATE)
        if not source:
            codes[name] = np.full(batch.num_rows, NOT_ASKED_AT, dtype=np.int32)
            if numeric:
                numbers[name] = np.zeros(batch.num_rows)
        elif numeric:
            codes[name], numbers[name] = _numbers(batch[source[0]], batch[source[1]])
        elif column.choice:
            if source[0] not in chosen:
                chosen[source[0]] = _choices(batch[source[0]])
            codes[name] = _taken(chosen[source[0]], column.choice, partial(how.counts_as, source[0]))
        else:
            read = partial(how.counts_as, source[0])
            codes[name] = _coded(batch[source[0]], column, read, strays.setdefault(name, []))
    return Block(codes, numbers)


def _coded(
    array: pa.Array, column: Column, read: Callable[[str], tuple[str, ...]], strays: list[str]
) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    array = array if hasattr(array, "dictionary") else array.dictionary_encode()
    found = [read(code)[0] for code in array.dictionary.to_pylist()]
    known = {*column.codes, *strays, SKIPPED, NOT_RELEVANT}
    strays += [code for code in dict.fromkeys(found) if code not in known]
    at = {code: place for place, code in enumerate((*column.codes, *strays))}
    at |= {SKIPPED: SKIPPED_AT, NOT_RELEVANT: NOT_ASKED_AT}
    places = np.array([at[code] for code in found] or [SKIPPED_AT], dtype=np.int32)
    taken: np.ndarray[Any, Any] = places[array.indices.to_numpy(zero_copy_only=False)]
    return taken


def _numbers(array: pa.Array, was_asked: pa.Array) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

    empty = array.is_null().to_numpy(zero_copy_only=False)
    irrelevant = ~was_asked.to_numpy(zero_copy_only=False)
    states = np.where(irrelevant, NOT_ASKED_AT, np.where(empty, SKIPPED_AT, 0)).astype(np.int32)
    whole = array.cast(pa.int32()) if pa.types.is_date32(array.type) else array
    return states, whole.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64)


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


def _taken(chosen: _Chosen, choice: str, read: Callable[[str], tuple[str, ...]]) -> np.ndarray[Any, Any]:
    """1 where a choice was taken, 0 where others were, negative where there is no answer."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    found = np.zeros(chosen.rows, dtype=np.int32)
    for place, code in enumerate(chosen.codes):
        status = {SKIPPED: SKIPPED_AT, NOT_RELEVANT: NOT_ASKED_AT}.get(code, 1 if choice in read(code) else 0)
        if status:
            found[chosen.record[chosen.code == place]] = status
    return found
