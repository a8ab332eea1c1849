"""Segments of the column store: immutable Parquet files of one edition's responses, texts in a file apart, and a file
of entries for each repeat; words in these are not kept.

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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from consult.config import Store
from consult.core.aggregation.tables import ANSWERED, NOT_RELEVANT, SKIPPED, Kind, code
from consult.core.aggregation.tabulate import RECORD_KEY, asked, ordered
from consult.core.aggregation.variables import Entries, kind
from consult.core.expressions.environment import Path
from consult.core.questionnaire import instances
from consult.core.questionnaire.definition import UPLOADS, Question
from consult.core.questionnaire.scales import whole
from consult.results import stores

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

KEY: Final = "key"
LOCALE: Final = "locale"
CHANNEL: Final = "channel"
EDITION: Final = "edition"
INSTANCE: Final = "#instance"
"""Of an entry: which instance of each repeat around it, the outermost first."""
TEXTS: Final = ".texts"
"""In the name of the file of a segment that holds words."""
ENTRIES: Final = ".entries-"
"""In the name of the file of a segment that holds the entries of a repeat, before its id."""
PARQUET: Final = ".parquet"
_GREATEST: Final = 10**12
_BATCH: Final = 10_000
_GROUP: Final = 1 << 16
"""Rows in a row group: what is read to find one response."""
_ABSENT: Final = object()

Questions = Mapping[str, Question]
_NO_REPEATS: Final[Mapping[str, Entries]] = MappingProxyType({})


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
    """Responses as columns: coded answers, texts, and the entries of each repeat, by its id."""

    coded: pa.Table
    texts: pa.Table
    entries: Mapping[str, pa.Table]

    def each(self, change: Callable[[pa.Table], pa.Table]) -> Columns:
        """The same with every table changed."""
        entries = {repeat: change(table) for repeat, table in self.entries.items()}
        return Columns(change(self.coded), change(self.texts), entries)

    @property
    def rows(self) -> int:
        """How many responses."""
        return int(self.coded.num_rows)


def path_of(
    store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID, *, texts: bool = False, entries: str = ""
) -> Store:
    """Where a segment's file lies: of codes, of texts, or of the entries of a repeat."""
    return stores.within(store, f"{activity_id}/{name_of(segment_id, texts=texts, entries=entries)}")


def name_of(segment_id: uuid.UUID, *, texts: bool = False, entries: str = "") -> str:
    """What a segment's file is called."""
    return f"{segment_id}{TEXTS if texts else f'{ENTRIES}{entries}' if entries else ''}{PARQUET}"


def segment_of(name: str) -> str:
    """The segment to which a file of this name belongs, as text; whatever is no file of a segment belongs to none."""
    return name.partition(".")[0] if name.endswith(PARQUET) else ""


def how_many(repeat: str) -> str:
    """Name of the column that says how many entries of a repeat each response has."""
    return f"{repeat}#entries"


def columns(
    lines: Iterable[Line], questions: Questions, edition: int, repeats: Mapping[str, Entries] = _NO_REPEATS
) -> Columns:
    """Responses as columns, in batches."""
    parts = [_batch(batch, questions, edition, repeats) for batch in _batches(lines)]
    return _together(parts or [_batch([], questions, edition, repeats)])


def spans(parts: int) -> list[Span]:
    """All keys in so many spans: as keys are random, each gets about as many responses."""
    edges = [(part << 128) // parts for part in range(parts + 1)]
    return [Span(low.to_bytes(16, "big"), (high - 1).to_bytes(16, "big")) for low, high in pairwise(edges)]


def read(store: Store, activity_id: uuid.UUID, segment_ids: Sequence[uuid.UUID], within: Span = ALL) -> Columns | None:
    """Segments of one edition, or what of them lies within a span; none where no segment is asked for."""
    return _together([_one(store, activity_id, name, within) for name in segment_ids]) if segment_ids else None


def _one(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID, within: Span) -> Columns:
    path = partial(path_of, store, activity_id, segment_id)
    coded = _read(path(), within, texts=False)
    if RECORD_KEY not in coded.column_names:  # written before there were record keys
        coded = coded.add_column(1, RECORD_KEY, _record_keys(coded[KEY].to_pylist()))
    entries = {
        repeat: _read(path(entries=repeat), within, texts=False) for repeat in repeats_in(frozenset(coded.column_names))
    }
    return Columns(coded, _read(path(texts=True), within, texts=True), entries)


def _together(parts: Sequence[Columns]) -> Columns:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    join = partial(pa.concat_tables, promote_options="default")
    repeats = sorted({repeat for part in parts for repeat in part.entries})
    return Columns(
        join([part.coded for part in parts]),
        join([part.texts for part in parts]),
        {name: join([part.entries[name] for part in parts if name in part.entries]) for name in repeats},
    )


def names(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID) -> frozenset[str]:
    """The columns of a segment: those from before orders were kept whole lack these, and those from before entries."""
    with stores.parquet(path_of(store, activity_id, segment_id)) as file:
        return frozenset(file.schema_arrow.names)


def repeats_in(columns_of: frozenset[str]) -> list[str]:
    """The repeats of which a segment with these columns holds entries."""
    suffix = how_many("")
    return sorted(name.removesuffix(suffix) for name in columns_of if name.endswith(suffix))


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
    return found.each(lambda table: table.filter(pc.invert(pc.is_in(table[KEY], value_set=lost))))


def joined(parts: Sequence[Columns]) -> Columns:
    """Responses of several sources together."""
    return _together(parts).each(lambda table: table.unify_dictionaries())


def write(store: Store, activity_id: uuid.UUID, segment_id: uuid.UUID, found: Columns) -> str:
    """Write a segment in the order of its keys, and make it durable; its hash, over all its files."""
    digest = hashlib.sha256()
    path = partial(path_of, store, activity_id, segment_id)
    files = [(path(), found.coded), (path(texts=True), found.texts)]
    files += [(path(entries=repeat), table) for repeat, table in sorted(found.entries.items())]
    for where, table in files:
        with stores.new(where, digest.update) as file:
            _write(table, file)
    return digest.hexdigest()


def _write(table: pa.Table, file: stores.NewFile) -> None:
    """One row group after the other, so that no second copy of the table is needed."""
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store needs it

    by = [KEY, INSTANCE] if INSTANCE in table.column_names else [KEY]
    order = pc.sort_indices(table, [(name, "ascending") for name in by])
    with pq.ParquetWriter(file, table.schema, compression="zstd", store_schema=False) as writer:
        for start in range(0, table.num_rows, _GROUP):
            writer.write_table(table.take(order.slice(start, _GROUP)), row_group_size=_GROUP)


def _read(where: Store, within: Span, *, texts: bool) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it

    with stores.parquet(where) as file:
        strings = [one.name for one in file.schema_arrow if pa.types.is_string(one.type)]
        words = [] if texts else [name for name in strings if name != INSTANCE]
    with stores.parquet(where, read_dictionary=words) as file:
        found = _spans(file.metadata)
        table = file.read_row_groups([place for place, span in enumerate(found) if span.meets(within)])
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


def _batch(lines: Sequence[Line], questions: Questions, edition: int, repeats: Mapping[str, Entries]) -> Columns:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    answers = [msgspec.json.decode(line.answers) for line in lines]
    keys_of = [line.id.bytes for line in lines]
    words = pa.dictionary(pa.int32(), pa.string())
    identities = pa.array(keys_of, pa.binary(16))
    coded: dict[str, pa.Array] = {
        KEY: identities,
        RECORD_KEY: _record_keys(keys_of),
        LOCALE: pa.array([line.locale for line in lines], pa.string()).cast(words),
        CHANNEL: pa.array([line.channel for line in lines], pa.string()).cast(words),
        EDITION: pa.array([edition] * len(lines), pa.int32()),
    }
    texts: dict[str, pa.Array] = {KEY: identities}
    for name, question in questions.items():
        values = [answer.get(name, _ABSENT) for answer in answers]
        coded |= _coded(name, question, values)
        if kind(question) is Kind.TEXT and question.type not in UPLOADS:  # which file it is, only its row says
            texts[name] = pa.array([None if _status(value) else str(value) for value in values], pa.string())
    entries = {}
    for repeat, asked_of in repeats.items():
        places = [list(instances.paths(asked_of.chain, partial(instances.how_many, one))) for one in answers]
        coded[how_many(repeat)] = pa.array([len(each) for each in places], pa.int32())
        entries[repeat] = _entries(asked_of.questions, keys_of, answers, places)
    return Columns(pa.table(coded), pa.table(texts), entries)


def _entries(
    questions: Questions,
    keys_of: Sequence[bytes],
    answers: Sequence[Mapping[str, Any]],
    places: Sequence[Sequence[Path]],
) -> pa.Table:
    """The entries of a repeat, each under the key of its response."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    every = [(row, place) for row, each in enumerate(places) for place in each]
    found: dict[str, pa.Array] = {
        KEY: pa.array([keys_of[row] for row, _ in every], pa.binary(16)),
        INSTANCE: pa.array(["-".join(f"{number:03}" for number in place) for _, place in every], pa.string()),
    }
    for name, question in questions.items():
        values = [answers[row].get(instances.key(name, place), _ABSENT) for row, place in every]
        found |= _coded(name, question, values)
    return pa.table(found)


def _coded(name: str, question: Question, values: Sequence[Any]) -> dict[str, pa.Array]:
    """The columns of a question's answers."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    words = pa.dictionary(pa.int32(), pa.string())
    match kind(question):
        case Kind.SINGLE:
            return {name: pa.array([_status(value) or code(value) for value in values], pa.string()).cast(words)}
        case Kind.RANK:
            first = [value if _status(value) else value[0] for value in values]
            whole_orders = [[] if _status(value) else list(map(code, value)) for value in values]
            return {
                name: pa.array([_status(value) or code(value) for value in first], pa.string()).cast(words),
                ordered(name): pa.array(whole_orders, pa.list_(pa.string())),
            }
        case Kind.MULTIPLE:
            return {name: pa.array([_codes(value) for value in values], pa.list_(pa.string()))}
        case Kind.NUMBER:
            return {name: _numbers(values, is_whole=whole(question)), asked(name): _asked(values)}
        case Kind.DATE:
            return {name: pa.array([_date(value) for value in values], pa.date32()), asked(name): _asked(values)}
        case _:
            return {name: pa.array([_status(value) or ANSWERED for value in values], pa.string()).cast(words)}


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
