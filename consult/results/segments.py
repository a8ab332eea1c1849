"""Segments of the column store: immutable Parquet files of one edition's responses, texts in a file apart.

Nothing in a file says when or in which order responses came in: rows are shuffled, keys are random, file times are
all the same. Numbers beyond a trillion are kept as a trillion.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import math
import os
import random
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from consult.core.aggregation.tables import ANSWERED, NOT_RELEVANT, SKIPPED, Kind, code
from consult.core.aggregation.tabulate import RECORD_KEY, asked
from consult.core.aggregation.variables import kind, whole
from consult.core.questionnaire.definition import UPLOADS, Question

if TYPE_CHECKING:
    import pyarrow as pa

KEY: Final = "key"
LOCALE: Final = "locale"
CHANNEL: Final = "channel"
EDITION: Final = "edition"
_EPOCH: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).timestamp()
_GREATEST: Final = 10**12
_BATCH: Final = 10_000
_ABSENT: Final = object()

Questions = Mapping[str, Question]


class Line(NamedTuple):
    """A response on its way into a segment."""

    id: uuid.UUID
    locale: str
    channel: str
    answers: str


class Columns(NamedTuple):
    """Responses as columns: coded answers, and texts."""

    coded: pa.Table
    texts: pa.Table

    @property
    def rows(self) -> int:
        """How many responses."""
        return int(self.coded.num_rows)


def path_of(store: Path, activity_id: uuid.UUID, segment_id: uuid.UUID, *, texts: bool = False) -> Path:
    """Where a segment's file lies."""
    return store / str(activity_id) / f"{segment_id}{'.texts' if texts else ''}.parquet"


@contextmanager
def locked(store: Path, activity_id: uuid.UUID, *, exclusive: bool) -> Iterator[None]:
    """Keep others from changing (or, exclusively, from reading) the files of an activity."""
    folder = store / str(activity_id)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield


def columns(lines: Iterable[Line], questions: Questions, edition: int) -> Columns:
    """Responses as columns, in batches."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    parts = [_batch(batch, questions, edition) for batch in _batches(lines)]
    if not parts:
        parts = [_batch([], questions, edition)]
    return Columns(pa.concat_tables([part.coded for part in parts]), pa.concat_tables([part.texts for part in parts]))


def read(store: Path, activity_id: uuid.UUID, segment_ids: Sequence[uuid.UUID]) -> Columns | None:
    """Whole segments of one edition; none where none are asked for."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store needs it

    if not segment_ids:
        return None
    coded, texts = (
        pa.concat_tables([pq.read_table(path_of(store, activity_id, name, texts=apart)) for name in segment_ids])
        for apart in (False, True)
    )
    return Columns(coded, texts)


def keys(store: Path, activity_id: uuid.UUID, segment_id: uuid.UUID) -> set[uuid.UUID]:
    """The keys of the responses in a segment."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store needs it

    column = pq.read_table(path_of(store, activity_id, segment_id), columns=[KEY])[KEY]
    return {uuid.UUID(bytes=value) for value in column.to_pylist()}


def without(found: Columns, gone: set[uuid.UUID]) -> Columns:
    """The same responses but those that were withdrawn or replaced."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store needs it

    lost = pa.array([key.bytes for key in gone], pa.binary(16))
    return Columns(*(table.filter(pc.invert(pc.is_in(table[KEY], value_set=lost))) for table in found))


def joined(parts: Sequence[Columns]) -> Columns:
    """Responses of several sources together."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store needs it

    return Columns(
        pa.concat_tables([part.coded for part in parts]).unify_dictionaries(),
        pa.concat_tables([part.texts for part in parts]),
    )


def write(store: Path, activity_id: uuid.UUID, segment_id: uuid.UUID, found: Columns, rng: random.Random) -> str:
    """Write a segment, shuffled, and make it durable; its hash, over both files."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store needs it

    digest = hashlib.sha256()
    for apart, table in enumerate(found):
        order = list(range(table.num_rows))  # each file in an order of its own
        rng.shuffle(order)
        path = path_of(store, activity_id, segment_id, texts=bool(apart))
        with path.open("xb") as file:
            pq.write_table(table.take(order), file, compression="zstd")
            file.flush()
            os.utime(path, (_EPOCH, _EPOCH))
            os.fsync(file.fileno())
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    folder = os.open(store / str(activity_id), os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return digest.hexdigest()


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
        RECORD_KEY: pa.array([record_key(line.id) for line in lines], pa.int64()),
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


def record_key(response_id: uuid.UUID) -> int:
    """The record key of a response, below 2³²: the first 32 bits of its identifier, all of them random.

    A corrected response has a new identifier, so its key is drawn anew: nothing tells that the two are of one person.
    """
    return int.from_bytes(response_id.bytes[:4], "big")


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
