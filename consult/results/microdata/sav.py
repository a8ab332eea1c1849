"""SPSS system files (.sav), written record by record: the size of a file does not matter.

After the description of the format in the manual of GNU PSPP, “System File Format”. Uncompressed, little-endian, UTF-8;
every variable is a number with labels; *not answered*, *not asked* and *blanked* are user-missing values. The file
says no moment of its making.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from consult.results.microdata.columns import MISSING, Block
from consult.results.microdata.described import Described
from consult.results.microdata.names import cut

_HIGHEST: Final = 1.7976931348623157e308
_TO_1582: Final = 141_428
"""Days from the beginning of the Gregorian calendar, where SPSS counts from, to 1970."""
_DAY: Final = 86_400.0
_FORMAT: Final = {"number": (5, 12, 2), "whole": (5, 8, 0), "date": (39, 10, 0)}
"""F and SDATE: type, width, decimals."""
_SPACES: Final = b" "


def write(
    columns: Sequence[Described], blocks: Iterable[Block], rows: int, title: str, missing: Sequence[str]
) -> Iterator[bytes]:
    """The file in pieces. `missing`: the labels of what stands where there is no answer."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    yield _header(len(columns), rows, title)
    for number, column in enumerate(columns, start=1):
        yield _variable(column, number)
    for number, column in enumerate(columns, start=1):
        yield _labels(column, number, missing)
    yield _extensions(columns, rows)
    yield struct.pack("<ii", 999, 0)
    codes = {column.name: dict(zip(MISSING, absent(column), strict=True)) for column in columns}
    for block in blocks:
        matrix = np.empty((block.rows, len(columns)), dtype="<f8")
        for place, column in enumerate(columns):
            found = column.numbers(block, {} if column.dated else codes[column.name])
            if column.dated:
                found = (found + _TO_1582) * _DAY
                for state, value in codes[column.name].items():
                    found[block.codes[column.name] == state] = value
            matrix[:, place] = found
        yield matrix.tobytes()


def absent(column: Described) -> tuple[float, float, float]:
    """The user-missing values of a column: −8, −9 and −7, or −98 and so on where numbers reach that far."""
    least = min(column.values, default=0) if column.codes else column.least
    nines = 0
    while least <= -7 - nines:
        nines = nines * 10 + 90
    return -8.0 - nines, -9.0 - nines, -7.0 - nines


def _header(columns: int, rows: int, title: str) -> bytes:
    product = _padded(b"@(#) SPSS DATA FILE consult", 60)
    label = _padded(cut(title, octets=64).encode(), 64)
    moment = b"01 Jan 70" + b"00:00:00"
    count = rows if rows < 1 << 31 else -1
    return b"$FL2" + product + struct.pack("<iiiiid", 2, columns, 0, 0, count, 100.0) + moment + label + bytes(3)


def _variable(column: Described, number: int) -> bytes:
    shape = "date" if column.dated else "whole" if column.codes else "number"
    kind, width, decimals = _FORMAT[shape]
    look = kind << 16 | width << 8 | decimals
    label = cut(column.label, octets=255).encode()
    record = struct.pack("<iiiiii", 2, 0, 1, 3, look, look) + _padded(_short(number), 8)
    record += struct.pack("<i", len(label)) + label + bytes(-len(label) % 4)
    return record + struct.pack("<3d", *absent(column))


def _short(number: int) -> bytes:
    return f"V{number}".encode()


def _labels(column: Described, number: int, missing: Sequence[str]) -> bytes:
    named = [*zip(column.values, column.labels, strict=True), *zip(absent(column), missing, strict=True)]
    record = struct.pack("<ii", 3, len(named))
    for value, label in named:
        text = cut(label, octets=120).encode()
        record += struct.pack("<dB", value, len(text)) + _padded(text, -(-(len(text) + 1) // 8) * 8 - 1)
    return record + struct.pack("<iii", 4, 1, number)


def _extensions(columns: Sequence[Described], rows: int) -> bytes:
    names = "\t".join(f"V{number}={column.name}" for number, column in enumerate(columns, start=1)).encode()
    measures = [part for column in columns for part in (1 if column.codes else 3, 8, 1)]
    return b"".join(
        (
            _extension(3, 4, struct.pack("<8i", 1, 0, 0, -1, 1, 0, 2, 65001)),
            _extension(4, 8, struct.pack("<3d", -_HIGHEST, _HIGHEST, math.nextafter(-_HIGHEST, 0))),
            _extension(11, 4, struct.pack(f"<{len(measures)}i", *measures)),
            _extension(13, 1, names),
            _extension(16, 8, struct.pack("<qq", 1, rows)),
            _extension(20, 1, b"UTF-8"),
        )
    )


def _extension(kind: int, size: int, data: bytes) -> bytes:
    return struct.pack("<iiii", 7, kind, size, len(data) // size) + data


def _padded(text: bytes, width: int) -> bytes:
    return text.ljust(width, _SPACES)
