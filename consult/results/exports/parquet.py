"""Parquet: the cells of a release as one typed table, with what identifies the release in the file's metadata."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING

from consult.results import method
from consult.results.content import Content
from consult.results.exports import tidy
from consult.results.exports.spool import spooled
from consult.results.presentation import Reader

if TYPE_CHECKING:
    import pyarrow as pa

MEDIA_TYPE = "application/vnd.apache.parquet"
_ROWS = 50_000
"""Cells held in memory at a time."""
_NUMBERS = {"count": "int64", "percent": "float64", "value": "float64"}
_CODED = ("activity", "question", "by", "basis", "status", "note")


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The cells, a row group at a time; hidden counts are null. Texts are as they are: nothing here runs formulas."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy, and only the column store and this need it

    schema = _schema(content, hash_, reader)

    def fill(file: IO[bytes]) -> None:
        found = tidy.cells(content, reader)
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            while rows := list(islice(found, _ROWS)):
                given = zip(zip(*rows, strict=True), schema.types, strict=True)
                columns = [pa.array(values, kind) for values, kind in given]
                writer.write_table(pa.table(columns, schema=schema))

    return spooled(fill)


def _schema(content: Content, hash_: str, reader: Reader) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it

    coded = pa.dictionary(pa.int32(), pa.string())
    types = {name: pa.type_for_alias(kind) for name, kind in _NUMBERS.items()} | dict.fromkeys(_CODED, coded)
    about = {
        "process": content.process,
        "release": str(content.number),
        "sha256": hash_,
        "frozen_on": content.frozen_on,
        "locale": reader.locale,
        "caveats": "\n".join(method.caveats(reader, content)),
    }
    return pa.schema([(name, types.get(name, pa.string())) for name in tidy.Cell._fields], metadata=about)
