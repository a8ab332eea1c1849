"""PDF: its pages copied into a new file, without who made it, with what, when, and what it would do by itself.

Keys of dictionaries are those of ISO 32000-2. What is reached from the pages is all that is copied: no outline, no
attached file, no signature, no form's script and no earlier version comes along.
"""

from __future__ import annotations

import io
import re
import sys
import zlib
from collections.abc import Iterator
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, PdfObject, StreamObject

from consult.core.documents import PDF, apart
from consult.core.errors import Refused

_TELLING: Final = frozenset(
    {
        *("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/CreationDate", "/ModDate", "/Author", "/Creator"),
        *("/Producer", "/NM", "/M", "/RC", "/SeparationInfo", "/PTEX.FileName", "/PTEX.InfoDict", "/PTEX.Fullbanner"),
    }
)
"""What says who made something, with what or when."""
_ACTIVE: Final = frozenset(
    {"/AA", "/OpenAction", "/JS", "/AF", "/EF", "/FS", "/RichMediaContent", "/RichMediaSettings", "/3DD", "/Sound"}
)
"""What does something, or is a file in the file."""
_HARMLESS: Final = frozenset({"/GoTo", "/URI", "/Named"})
"""Actions that stay: they lead to another page, or to an address that is shown first."""
_BEGINS: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_ENDS: Final = frozenset({0xD8, 0xD9})
"""Markers of JPEG that no segment follows: one picture has ended there, or another one begins."""
_SCAN: Final = 0xDA
_DROPPED: Final = frozenset({0xFE, *range(0xE1, 0xEE), 0xEF})
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
"""What ends a scan: any marker but a restart; FF00 is a byte of the scan, and FF before a marker fills up."""


def rewritten(data: bytes) -> tuple[bytes, str]:
    """The pages of a PDF, with its media type. Refuses `file.damaged`, and `file.locked`: it asks for a password."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused.because("file.locked")
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        if not writer.pages:
            raise Refused.because("file.damaged")
        left = apart.UNPACKED
        for part in _parts(list(writer._objects)):
            _strip(part)
            if isinstance(part, StreamObject):
                left -= _strip_picture(part, left)
        writer.metadata = None
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        # The library says in many ways that a file is not as it should be.
        raise Refused.because("file.damaged") from error
    return out.getvalue(), PDF


def _parts(objects: list[PdfObject | None]) -> Iterator[DictionaryObject]:
    """Every dictionary of a file, those within others too."""
    waiting: list[object] = [*objects]
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            yield found
            waiting += found.values()
        elif isinstance(found, ArrayObject):
            waiting += found


def _strip(part: DictionaryObject) -> None:
    for key in (_TELLING | _ACTIVE) & part.keys():
        del part[key]
    action = part.get("/A")
    if action is not None and action.get_object().get("/S") not in _HARMLESS:
        del part["/A"]
    if "/Next" in part and "/S" in part:
        del part["/Next"]
    if "/Subtype" in part and "/Rect" in part and "/FT" not in part and "/T" in part:
        del part["/T"]  # of a remark its author; of a field its name


def _strip_picture(stream: StreamObject, left: int) -> int:
    """Take out of a picture what tells of its maker; how many bytes it was unpacked to, of those that are left."""
    filters = stream.get("/Filter")
    unpacked = 0
    names = [str(name) for name in filters] if isinstance(filters, ArrayObject) else [str(filters)]
    if names == ["/FlateDecode", "/DCTDecode"]:
        unpacker = zlib.decompressobj()
        stream._data = unpacker.decompress(stream._data, left + 1)
        unpacked = len(stream._data)
        if unpacked > left:
            raise Refused.because("file.damaged")
        stream[NameObject("/Filter")] = NameObject("/DCTDecode")
        stream.pop("/DecodeParms", None)
        names = names[1:]
    if names == ["/DCTDecode"]:
        stream._data = jpeg(stream._data)
    elif names == ["/JPXDecode"]:
        stream._data = jpeg2000(stream._data)
    elif "/DCTDecode" in names or "/JPXDecode" in names:
        raise Refused.because("file.damaged")
    return unpacked


def jpeg(data: bytes) -> bytes:
    """A JPEG without the segments of applications (but Adobe's, which says how colours are meant) and comments, and
    without what follows its end, such as a second picture.

    Segments: ITU-T T.81, annex B.
    """
    kept, place, scanned = [_BEGINS], 2, False
    while place + 4 <= len(data) and data[place] == 0xFF and (marker := data[place + 1]) not in _ENDS:
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if marker == _SCAN:
            found = _MARKER.search(data, end)
            end, scanned = found.start() if found else len(data), True
        if marker not in _DROPPED:
            kept.append(data[place:end])
        place = end
    if not scanned:
        raise Refused.because("file.damaged")
    return b"".join([*kept, _END])


def jpeg2000(data: bytes) -> bytes:
    """A JPEG 2000 file without its XML and UUID boxes (ISO/IEC 15444-1, annex I); a bare codestream as it is."""
    if data.startswith(b"\xff\x4f"):
        return data
    kept, place = [], 0
    while place + 8 <= len(data):
        size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16])
        end = place + size if size else len(data)
        if end < place + 8:
            raise Refused.because("file.damaged")
        if kind not in (b"xml ", b"uuid", b"uinf"):
            kept.append(data[place:end])
        place = end
    return b"".join(kept)


if __name__ == "__main__":
    sys.exit(apart.run(rewritten))
