"""Records in random order without holding them all: dealt out to buckets on the disk, each shuffled when it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from consult.results.microdata.columns import Block, Column

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_ROWS: Final = 20_000
"""Records of a bucket, on average."""
_MOST: Final = 200
"""Buckets, hence files open at once."""
_NUMBER: Final = "#"
"""Before the name of a column of numbers."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """All records, each in a bucket drawn for it, and in every bucket an order drawn for it."""

    paths: Sequence[Path]
    seed: int

    def blocks(self, only: Collection[str] | None = None) -> Iterator[Block]:
        """The records, always in the same order; of some columns only, if so wanted."""
        import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it
        import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

        for number, path in enumerate(self.paths):
            with pa.OSFile(str(path)) as source:
                table = _read(source, only)
            order = np.random.default_rng((self.seed, number)).permutation(table.num_rows)
            found = {name: table[name].to_numpy()[order] for name in table.column_names}
            yield Block(
                {name: column for name, column in found.items() if not name.startswith(_NUMBER)},
                {name[1:]: column for name, column in found.items() if name.startswith(_NUMBER)},
            )


def _read(source: pa.NativeFile, only: Collection[str] | None) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

    if only is None:
        return pa.ipc.open_file(source).read_all()
    names = pa.ipc.open_file(source).schema.names
    places = [place for place, name in enumerate(names) if name.removeprefix(_NUMBER) in only]
    return pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=places)).read_all()


def many(rows: int) -> int:
    """How many buckets, hence blocks, so many records make."""
    return max(1, min(_MOST, -(-rows // _ROWS)))


def deal(found: Iterable[Block], columns: Sequence[Column], rows: int, folder: Path, seed: int) -> Buckets:
    """Deal out records to buckets, which are files in a folder."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

    count = many(rows)
    paths = [folder / f"{number}.bucket" for number in range(count)]
    numbers = [column.name for column in columns if not column.coded]
    fields = [(column.name, pa.int32()) for column in columns] + [(_NUMBER + name, pa.float64()) for name in numbers]
    schema, rng = pa.schema(fields), np.random.default_rng(seed)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as stack:
        writers = [stack.enter_context(pa.ipc.new_file(str(path), schema, options=options)) for path in paths]
        for block in found:
            arrays = [*block.codes.values(), *(block.numbers[name] for name in numbers)]
            drawn = rng.integers(0, count, block.rows)
            for number, writer in enumerate(writers):
                writer.write_batch(_batch(arrays, drawn == number, schema))
    return Buckets(paths, seed)


def _batch(arrays: Sequence[np.ndarray[Any, Any]], which: np.ndarray[Any, Any], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

    return pa.record_batch([pa.array(array[which]) for array in arrays], schema=schema)
