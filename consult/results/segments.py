"""Segments of the column store: immutable Parquet files of one edition's responses, texts in a file apart.

Nothing in a file says when or in which order responses came in: keys are random and rows stand in their order, file
times are all the same. That order also finds single responses without reading all. Numbers beyond a trillion are kept
as a trillion. The files say nothing of Arrow: every engine reads them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from consult.config import Store
from consult.core.aggregation.tables import ANSWERED, NOT_RELEVANT, SKIPPED, Kind, code
from consult.core.aggregation.tabulate import RECORD_KEY, asked, ordered
from consult.core.aggregation.variables import kind, whole
from consult.core.questionnaire.definition import UPLOADS, Question
from consult.results import stores

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

KEY: Final = "key"
LOCALE: Final = "locale"
CHANNEL: Final = "channel"
EDITION: Final = "edition"
TEXTS: Final = ".texts"
"""In the name of the file of a segment that holds words."""
PARQUET: Final = ".parquet"
_GREATEST: Final = 10**12
_BATCH: Final = 10_000
_GROUP: Final = 1 << 16
"""Rows in a row group: what is read to find one response."""
_ABSENT: Final = object()

Questions = Mapping[str, Question]


class Line(NamedTuple):
    """A response on its way into a segment."""

    id: uuid.UUID
    locale: str
    channel: str
    answers: str


class Span(NamedTuple):
    """Keys from the first to the last, both included."""

    first: bytes
    last: bytes

    def meets(self, other: Span) -> bool:
        """Whether a key can be in both."""
        return self.first <= other.last and other.first <= self.last


ALL: Final = Span(b"\x00" * 16, b"\xff" * 16)


class Columns(NamedTuple):
    """Responses as columns: coded answers, and texts."""

    coded: pa.Table
    texts: pa.Table

    @property
    def rows(self) -> int:
        """How many responses."""
        return int(self.coded.num_rows)


def path_of(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID, *, texts: bool = False) -> Store:
    """Where a segment's file lies."""
    return stores.within(store, f"{activity_id}/{name_of(segment_id, texts=texts)}")


def name_of(segment_id: uuid.UUID, *, texts: bool = False) -> str:
    """The name of a segment's file, in the folder of its activity."""
    return f"{segment_id}{TEXTS if texts else ''}{PARQUET}"


def columns(lines: Iterable[Line], questions: Questions, edition: int) -> Columns:
    """Responses as columns, in batches."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    parts = [_batch(batch, questions, edition) for batch in _batches(lines)]
    if not parts:
        parts = [_batch([], questions, edition)]
    return Columns(pa.concat_tables([part.coded for part in parts]), pa.concat_tables([part.texts for part in parts]))


def spans(parts: int) -> list[Span]:
    """All keys in so many spans: as keys are random, each gets about as many responses."""
    edges = [(part << 128) // parts for part in range(parts + 1)]
    return [Span(low.to_bytes(16, "big"), (high - 1).to_bytes(16, "big")) for low, high in pairwise(edges)]


def read(store: Store, activity_id: uuid.UUID, segment_ids: Sequence[uuid.UUID], within: Span = ALL) -> Columns | None:
    """Segments of one edition, or what of them lies within a span; none where no segment is asked for."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    if not segment_ids:
        return None
    coded, texts = (
        pa.concat_tables(
            [_read(path_of(store, activity_id, name, texts=apart), within, texts=apart) for name in segment_ids],
            promote_options="default",
        )
        for apart in (False, True)
    )
    return Columns(coded, texts)


def names(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID) -> frozenset[str]:
    """The columns of a segment: those from before orders were kept whole lack these."""
    with stores.parquet(path_of(store, activity_id, segment_id)) as file:
        return frozenset(file.schema_arrow.names)


def span(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID) -> Span:
    """From the first to the last key of a segment."""
    with stores.parquet(path_of(store, activity_id, segment_id)) as file:
        found = _spans(file.metadata)
    return Span(min(one.first for one in found), max(one.last for one in found))


def holds_any(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID, wanted: Collection[uuid.UUID]) -> bool:
    """Whether one of these responses is in a segment: only where one could be, it is looked for."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it

    sought = sorted(key.bytes for key in wanted)
    with stores.parquet(path_of(store, activity_id, segment_id)) as file:
        groups = [
            place
            for place, span in enumerate(_spans(file.metadata))
            if bisect_left(sought, span.first) < bisect_right(sought, span.last)
        ]
        found = file.read_row_groups(groups, columns=[KEY])[KEY]
    return bool(pc.any(pc.is_in(found, value_set=_keys(sought)), min_count=0).as_py())


def keys(found: Columns) -> list[uuid.UUID]:
    """The keys of the responses."""
    return [uuid.UUID(bytes=key) for key in found.coded[KEY].to_pylist()]


def without(found: Columns, gone: Collection[uuid.UUID]) -> Columns:
    """The same responses but those that were withdrawn or replaced."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it

    lost = _keys([key.bytes for key in gone])
    return Columns(*(table.filter(pc.invert(pc.is_in(table[KEY], value_set=lost))) for table in found))


def joined(parts: Sequence[Columns]) -> Columns:
    """Responses of several sources together."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    return Columns(
        pa.concat_tables([part.coded for part in parts], promote_options="default").unify_dictionaries(),
        pa.concat_tables([part.texts for part in parts]),
    )


def write(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID, found: Columns) -> str:
    """Write a segment in the order of its keys, and make it durable; its hash, over both files."""
    digest = hashlib.sha256()
    for apart, table in enumerate(found):
        with stores.new(path_of(store, activity_id, segment_id, texts=bool(apart)), digest.update) as file:
            _write(table, file)
    return digest.hexdigest()


def _write(table: pa.Table, file: stores.NewFile) -> None:
    """One row group after the other, so that no second copy of the table is needed."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store needs it

    order = pc.sort_indices(table, [(KEY, "ascending")])
    with pq.ParquetWriter(file, table.schema, compression="zstd", store_schema=False) as writer:
        for start in range(0, table.num_rows, _GROUP):
            writer.write_table(table.take(order.slice(start, _GROUP)), row_group_size=_GROUP)


def _read(where: Store, within: Span, *, texts: bool) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it

    with stores.parquet(where) as file:
        words = [] if texts else [one.name for one in file.schema_arrow if pa.types.is_string(one.type)]
    with stores.parquet(where, read_dictionary=words) as file:
        found = _spans(file.metadata)
        table = file.read_row_groups([place for place, span in enumerate(found) if span.meets(within)])
    if not texts and RECORD_KEY not in table.column_names:  # written before there were record keys
        table = table.add_column(1, RECORD_KEY, _record_keys(table[KEY].to_pylist()))
    if all(within.first <= span.first and span.last <= within.last for span in found):
        return table
    first, last = (pa.scalar(edge, pa.binary(16)) for edge in within)
    return table.filter(pc.and_(pc.greater_equal(table[KEY], first), pc.less_equal(table[KEY], last)))


def _spans(metadata: pq.FileMetaData) -> list[Span]:
    """From the first to the last key of each row group; the key is the first column."""
    found = [metadata.row_group(place).column(0).statistics for place in range(metadata.num_row_groups)]
    return [Span(one.min, one.max) if one is not None and one.has_min_max else ALL for one in found]


def _keys(found: Sequence[bytes]) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    return pa.array(found, pa.binary(16))


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _batch(lines: Sequence[Line], questions: Questions, edition: int) -> Columns:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    answers = [msgspec.json.decode(line.answers) for line in lines]
    words = pa.dictionary(pa.int32(), pa.string())
    identities = pa.array([line.id.bytes for line in lines], pa.binary(16))
    coded: dict[str, pa.Array] = {
        KEY: identities,
        RECORD_KEY: _record_keys([line.id.bytes for line in lines]),
        LOCALE: pa.array([line.locale for line in lines], pa.string()).cast(words),
        CHANNEL: pa.array([line.channel for line in lines], pa.string()).cast(words),
        EDITION: pa.array([edition] * len(lines), pa.int32()),
    }
    texts: dict[str, pa.Array] = {KEY: identities}
    for name, question in questions.items():
        values = [answer.get(name, _ABSENT) for answer in answers]
        match kind(question):
            case Kind.SINGLE:
                coded[name] = pa.array([_status(value) or code(value) for value in values], pa.string()).cast(words)
            case Kind.RANK:
                first = [value if _status(value) else value[0] for value in values]
                coded[name] = pa.array([_status(value) or code(value) for value in first], pa.string()).cast(words)
                whole_orders = [[] if _status(value) else list(map(code, value)) for value in values]
                coded[ordered(name)] = pa.array(whole_orders, pa.list_(pa.string()))
            case Kind.MULTIPLE:
                coded[name] = pa.array([_codes(value) for value in values], pa.list_(pa.string()))
            case Kind.NUMBER:
                coded[name] = _numbers(values, is_whole=whole(question))
                coded[asked(name)] = _asked(values)
            case Kind.DATE:
                coded[name] = pa.array([_date(value) for value in values], pa.date32())
                coded[asked(name)] = _asked(values)
            case _:
                coded[name] = pa.array([_status(value) or ANSWERED for value in values], pa.string()).cast(words)
                if question.type not in UPLOADS:  # which file it is, only its row says
                    texts[name] = pa.array([None if _status(value) else str(value) for value in values], pa.string())
    return Columns(pa.table(coded), pa.table(texts))


def _record_keys(keys: Sequence[bytes]) -> pa.Array:
    """The record keys of responses, below 2³²: the first 32 bits of their identifiers, all of them random.

    A corrected response has a new identifier, so its key is drawn anew: nothing tells that the two are of one person.
    """
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    return pa.array([int.from_bytes(key[:4], "big") for key in keys], pa.int64())


def _status(value: object) -> str:
    """The status of a question without an answer, empty where there is one."""
    if value is _ABSENT:
        return NOT_RELEVANT
    return SKIPPED if value is None or value == "" or value == [] else ""


def _codes(value: Any) -> list[str]:
    status = _status(value)
    return [status] if status else [code(name) for name in value]


def _asked(values: Sequence[object]) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    return pa.array([value is not _ABSENT for value in values], pa.bool_())


def _numbers(values: Sequence[Any], *, is_whole: bool) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    found = [None if _status(value) or not math.isfinite(value) else value for value in values]
    bounded = [None if value is None else max(-_GREATEST, min(_GREATEST, value)) for value in found]
    if is_whole:
        return pa.array([None if value is None else int(value) for value in bounded], pa.int64())
    return pa.array([None if value is None else float(value) for value in bounded], pa.float64())


def _date(value: Any) -> dt.date | None:
    return None if _status(value) else dt.date.fromisoformat(value)
