"""Letters that differ in a code and its picture only: laid out once, then stamped as often as wanted.

A QR code is an affine function of the bits that it carries, as long as its version, its error level and its mask stay
the same (ISO/IEC 18004: Reed–Solomon codes are linear over GF(256), hence over GF(2), and a mask is added). So the
picture of any code is that of one of them, changed by one difference for each letter: a hundred thousand pictures cost
what a few hundred cost to draw.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final, cast

import segno
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

_QUIET: Final = 4
"""Modules of white around a QR code."""
_RUN: Final = re.compile("1+")
_FONT: Final = "/Code"
_WIDTH: Final = 0.6
"""Width of a letter of Courier, by its size."""


class Pictures:
    """QR codes of an address and a code of so many letters, each of an alphabet."""

    def __init__(self, address: str, length: int, alphabet: str) -> None:
        self._address = address
        first = segno.make(address + alphabet[0] * length, error="m", mode="byte", boost_error=False)
        self._version, self._mask = first.version, first.mask
        self.side = len(first.matrix)
        """Modules of a side."""
        self._base = self._bits(alphabet[0] * length)
        self._changes = [
            {letter: self._base ^ self._bits(_with(alphabet[0] * length, place, letter)) for letter in alphabet}
            for place in range(length)
        ]

    def rows(self, code: str) -> list[str]:
        """The rows of a picture, a character a module: 1 is dark."""
        bits = reduce(xor, (change[letter] for change, letter in zip(self._changes, code, strict=True)), self._base)
        text = format(bits, f"0{self.side**2}b")
        return [text[start : start + self.side] for start in range(0, self.side**2, self.side)]

    def _bits(self, code: str) -> int:
        made = segno.make(
            self._address + code, error="m", mode="byte", boost_error=False, version=self._version, mask=self._mask
        )
        return int("".join("1" if module else "0" for row in made.matrix for module in row), 2)


def _with(text: str, place: int, letter: str) -> str:
    return text[:place] + letter + text[place + 1 :]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where codes go on a page; points from its lower left corner."""

    picture: tuple[float, float, float]
    """Left, bottom and side of the picture, its white margin included."""
    code: tuple[float, float, float]
    """Left, baseline and size of the letters."""


def is_one_page(page: bytes) -> bool:
    """Whether a letter that was laid out as PDF is one page long."""
    return len(PdfReader(io.BytesIO(page)).pages) == 1


def stamped(page: bytes, codes: Iterable[Sequence[str]], pictures: Pictures, stamp: Stamp) -> bytes:
    """A PDF with a page for each code, given in its groups of letters: the one page of a PDF, and on it the code."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(page)))
    sheet = writer.pages[0]
    below = sheet.get_contents()
    assert below is not None, "a letter has words"
    resources = cast(DictionaryObject, sheet["/Resources"].get_object())
    fonts = cast(DictionaryObject, resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object())
    courier = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Courier-Bold"}
    fonts[NameObject(_FONT)] = writer._add_object(_dictionary(courier))
    same = writer._add_object(resources)
    # What the page does to the coordinates is undone before the code is put on it.
    shared = [writer._add_object(_stream(data)) for data in (b"q", below.get_data(), b"Q")]
    width, height = float(sheet.mediabox.width), float(sheet.mediabox.height)
    for groups in codes:
        mine = writer._add_object(_stream(_drawn(groups, pictures, stamp)))
        made = writer.add_blank_page(width, height)
        made[NameObject("/Resources")] = same
        made[NameObject("/Contents")] = ArrayObject([*shared, mine])
    writer.remove_page(0)
    writer.metadata = None
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _drawn(groups: Sequence[str], pictures: Pictures, stamp: Stamp) -> bytes:
    """The letters and the picture, as operators of a page."""
    left, bottom, side = stamp.picture
    module = side / (pictures.side + 2 * _QUIET)
    top = bottom + side - _QUIET * module
    runs = [
        f"{run.start()} {-row - 1} {run.end() - run.start()} 1 re"
        for row, text in enumerate(pictures.rows("".join(groups)))
        for run in _RUN.finditer(text)
    ]
    x, y, size = stamp.code
    return (
        f"q 0 g {module:.4f} 0 0 {module:.4f} {left + _QUIET * module:.4f} {top:.4f} cm\n" + "\n".join(runs) + "\nf Q\n"
        f"q 0 g BT {_FONT} {size:g} Tf {x:.2f} {y:.2f} Td ({' '.join(groups)}) Tj ET Q"
    ).encode()


def width_of(groups: Sequence[str], size: float) -> float:
    """Points that a code takes in letters of a size."""
    return len(" ".join(groups)) * _WIDTH * size


def _stream(data: bytes) -> StreamObject:
    stream = StreamObject()
    packed = zlib.compress(data, 6)
    stream._data = packed
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream[NameObject("/Length")] = NumberObject(len(packed))
    return stream


def _dictionary(entries: Mapping[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): NameObject(value) for name, value in entries.items()})
