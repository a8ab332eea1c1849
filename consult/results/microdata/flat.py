"""CSV of codes, its codebook, and an R script that reads it with labels."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from consult.core.exchange import csv
from consult.core.exchange.safe import cell
from consult.results.microdata.columns import STATUS, Block
from consult.results.microdata.described import Described
from consult.results.microdata.sav import absent

if TYPE_CHECKING:
    import pyarrow as pa

_CODEBOOK: Final = ("variable", "label", "type", "code", "spss", "stata", "meaning")


def write(columns: Sequence[Described], blocks: Iterable[Block]) -> Iterator[bytes]:
    """Codes as the questionnaire has them, numbers, ISO dates; `:skipped`, `:not-relevant` or `:blanked` where there is
    no answer."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it
    from pyarrow import csv as pacsv  # noqa: PLC0415  # heavy, and only the column store and this need it

    yield csv.MARK + csv.line([column.name for column in columns])
    options = pacsv.WriteOptions(include_header=False)
    for block in blocks:
        buffer = io.BytesIO()
        found = pa.table({column.name: _cells(column, block) for column in columns})
        pacsv.write_csv(found, buffer, options)
        yield buffer.getvalue()


def _cells(column: Described, block: Block) -> pa.Array:
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only the column store and this need it
    import pyarrow.compute as pc  # noqa: PLC0415  # heavy, and only the column store and this need it

    states = block.codes[column.name]
    words = [*_codes(column), *STATUS.values()]
    places = np.where(states < 0, len(words) - len(STATUS) - 1 - states, states)
    if column.codes:
        return pa.array(words).take(pa.array(places))
    numbers = block.numbers[column.name]
    whole = not len(numbers) or bool((numbers == np.rint(numbers)).all())
    given = pa.array(numbers.astype(np.int64 if whole else np.float64))
    texts = (given.cast(pa.int32()).cast(pa.date32()) if column.dated else given).cast(pa.string())
    status = pa.array(list(STATUS.values())).take(pa.array(np.where(states < 0, -1 - states, 0)))
    return pc.if_else(pa.array(states < 0), status, texts)


def _codes(column: Described) -> list[str]:
    """What stands for each code: 0 and 1 for a choice of several, else the code of the questionnaire."""
    if len(column.codes) == 2 and column.values == (0, 1):
        return ["0", "1"]
    plain = tuple(map(str, column.values)) == column.codes
    return list(column.codes) if plain else [cell(code) for code in column.codes]


def codebook(columns: Sequence[Described], missing: Sequence[str]) -> Iterator[bytes]:
    """What every code means, and the number by which SPSS and Stata know it."""
    rows: list[csv.Fields] = []
    for column in columns:
        kind = "code" if column.codes else "date" if column.dated else "number"
        head = (column.name, column.label, kind)
        named = zip(_codes(column), column.values, column.labels, strict=True)
        rows += [(*head, code.removeprefix("'"), value, str(value), label) for code, value, label in named]
        absences = zip(STATUS.values(), absent(column), (".a", ".b", ".c"), missing, strict=True)
        rows += [(*head, code, int(spss), stata, label) for code, spss, stata, label in absences]
    yield csv.MARK
    yield from csv.lines(_CODEBOOK, rows)


def script(columns: Sequence[Described], title: str) -> Iterator[bytes]:
    """An R script: `data.csv` as a data frame with factors, numbers, dates and labels; no answer is NA."""
    yield f"# {' '.join(title.split())}\n".encode()
    yield (
        b'data <- read.csv("data.csv", colClasses = "character", na.strings = '
        + _vector(STATUS.values())
        + b', encoding = "UTF-8", fileEncoding = "UTF-8-BOM", check.names = FALSE)\n'
    )
    for column in columns:
        name = column.name.encode()
        if column.codes:
            levels, labels = _vector(_codes(column)), _vector(_unique(column.labels))
            yield b"data$%b <- factor(data$%b, levels = %b, labels = %b)\n" % (name, name, levels, labels)
        else:
            read = b"as.Date" if column.dated else b"as.numeric"
            yield b"data$%b <- %b(data$%b)\n" % (name, read, name)
        yield b'attr(data$%b, "label") <- %b\n' % (name, _quoted(column.label))


def _unique(labels: Sequence[str]) -> Iterator[str]:
    """Labels of which no two are equal: R would put their levels together."""
    for place, label in enumerate(labels):
        yield f"{label} ({place + 1})" if label in labels[:place] else label


def _vector(texts: Iterable[str]) -> bytes:
    return b"c(" + b", ".join(map(_quoted, texts)) + b")"


def _quoted(text: str) -> bytes:
    """A string of R; what JSON escapes, R reads alike. No control characters but those of JSON are in any text."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).encode()
