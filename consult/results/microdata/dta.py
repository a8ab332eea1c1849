"""Stata data files (.dta, format 118: Stata 14 and later), written record by record.

After `help dta_118` of Stata. Little-endian, UTF-8; *not answered*, *not asked* and *blanked* are the extended missing
values `.a`, `.b` and `.c`, with labels. The file says no moment of its making.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Final

from consult.results.microdata.columns import MISSING, Block
from consult.results.microdata.described import Described
from consult.results.microdata.names import cut

_DOUBLE: Final = (65526, "<f8")
_LONG: Final = (65528, "<i4")
_LONG_MISSING: Final = 2_147_483_621
"""The value of `.` in a long; `.a` and so on follow it."""
_LONGEST: Final = 32_000
"""Bytes of a value label."""
_TO_1960: Final = 3653
"""Days from 1960, where Stata counts from, to 1970."""


def write(
    columns: Sequence[Described], blocks: Iterable[Block], rows: int, title: str, missing: Sequence[str]
) -> Iterator[bytes]:
    """The file in pieces. `missing`: the labels of `.a`, `.b` and `.c`."""
    import numpy as np  # noqa: PLC0415  # heavy, and only microdata and estimates need it

    shape = np.dtype([(column.name, _type(column)[1]) for column in columns])
    tables = b"".join(_labels(column, missing) for column in columns if column.codes)
    head, tail = _around(columns, rows, title, shape.itemsize * rows, tables)
    yield head
    for block in blocks:
        records = np.empty(block.rows, dtype=shape)
        for column in columns:
            long = _type(column) == _LONG
            found = column.numbers(block, {} if long else dict(zip(MISSING, _doubles(), strict=True)))
            if long:
                found = found + (_TO_1960 if column.dated else 0)
                for place, state in enumerate(MISSING, start=1):
                    found[block.codes[column.name] == state] = _LONG_MISSING + place
            records[column.name] = found
        yield records.tobytes()
    yield tail


def _type(column: Described) -> tuple[int, str]:
    return _LONG if column.codes or column.dated else _DOUBLE


def _doubles() -> tuple[float, ...]:
    """`.a`, `.b` and `.c` in double precision."""
    return tuple(struct.unpack("<d", struct.pack("<Q", 0x7FE0000000000000 | place << 40))[0] for place in (1, 2, 3))


def _around(columns: Sequence[Described], rows: int, title: str, size: int, tables: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the records; the map says where each part begins."""
    label = cut(title, letters=80).encode()
    header = (
        b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
        + (b"<K>" + struct.pack("<H", len(columns)) + b"</K><N>" + struct.pack("<Q", rows) + b"</N>")
        + (b"<label>" + struct.pack("<H", len(label)) + label + b"</label><timestamp>\0</timestamp></header>")
    )
    parts: list[tuple[bytes, Any]] = [
        (b"variable_types", b"".join(struct.pack("<H", _type(column)[0]) for column in columns)),
        (b"varnames", _texts((column.name for column in columns), 129)),
        (b"sortlist", bytes(2 * (len(columns) + 1))),
        (b"formats", _texts(("%td" if column.dated else "%12.0g" for column in columns), 57)),
        (b"value_label_names", _texts((column.name if column.codes else "" for column in columns), 129)),
        (b"variable_labels", _texts((cut(column.label, letters=80) for column in columns), 321)),
        (b"characteristics", b""),
        (b"data", size),
        (b"strls", b""),
        (b"value_labels", tables),
    ]
    sizes = [2 * len(name) + 5 + (part if isinstance(part, int) else len(part)) for name, part in parts]
    beginning = len(header) + 14 * 8 + len(b"<map></map>")
    places = list(accumulate(sizes, initial=beginning))
    places = [0, len(header), *places, places[-1] + len(b"</stata_dta>")]
    written = [_tagged(name, part) for name, part in parts if not isinstance(part, int)]
    head = header + b"<map>" + struct.pack("<14Q", *places) + b"</map>" + b"".join(written[:7]) + b"<data>"
    return head, b"</data>" + b"".join(written[7:]) + b"</stata_dta>"


def _tagged(name: bytes, part: bytes) -> bytes:
    return b"<" + name + b">" + part + b"</" + name + b">"


def _texts(texts: Iterable[str], width: int) -> bytes:
    return b"".join(text.encode().ljust(width, b"\0") for text in texts)


def _labels(column: Described, missing: Sequence[str]) -> bytes:
    named = sorted(
        [
            *zip(column.values, column.labels, strict=True),
            *((_LONG_MISSING + place, label) for place, label in enumerate(missing, start=1)),
        ]
    )
    texts = [cut(label, octets=_LONGEST).encode() + b"\0" for _, label in named]
    offsets = list(accumulate((len(text) for text in texts), initial=0))[:-1]
    table = struct.pack(f"<ii{2 * len(named)}i", len(named), sum(map(len, texts)), *offsets, *(v for v, _ in named))
    table += b"".join(texts)
    return b"<lbl>" + struct.pack("<i", len(table)) + _texts([column.name], 129) + bytes(3) + table + b"</lbl>"
