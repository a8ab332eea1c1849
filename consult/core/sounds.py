"""Sounds without what they carry besides the sound: names, places, pictures, comments.

Nothing is decoded. Tags of MP3 and AAC streams are cut off (ID3v2, ID3v1, APEv2), of WAV only the chunks with samples
are kept (RIFF), in MP4 boxes of metadata become free space of the same size (ISO/IEC 14496-12, so that no offset
changes), and in Ogg the comment packet is emptied in place (RFC 3533, RFC 7845, Vorbis I).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from consult.core.errors import Refused
from consult.core.filetypes import recognise

_ID3V1: Final = 128
_APE: Final = 32
_SAMPLES: Final = frozenset({b"fmt ", b"fact", b"data"})
_CONTAINERS: Final = frozenset({b"moov", b"trak", b"mdia"})
_CARRIED: Final = frozenset({b"udta", b"meta", b"uuid"})
_NO_COMMENTS: Final = bytes(8)
"""A vendor of no letters and no comments: two lengths of four bytes."""
_COMMENTS: Final = {
    b"OpusTags": b"OpusTags" + _NO_COMMENTS,
    b"\x03vorbis": b"\x03vorbis" + _NO_COMMENTS + b"\x01",
}


def sound(data: bytes) -> tuple[bytes, str]:
    """A sound that browsers play, without tags, with its media type.

    MP3, AAC, MP4 without a picture, Ogg with Opus or Vorbis, WAV. Refuses `file.sound` for anything else and what is
    damaged.
    """
    kind = recognise(data)
    try:
        if kind in ("audio/mpeg", "audio/aac"):
            return _stream(data)
        if kind == "audio/wav":
            return _wav(data), kind
        if kind in ("audio/mp4", "video/mp4"):
            # Recorders of phones name their sounds by the mark of films; what is inside decides.
            return _mp4(data), "audio/mp4"
        if kind == "audio/ogg":
            return _ogg(data), kind
    except (struct.error, IndexError) as error:
        raise Refused.because("file.sound") from error
    raise Refused.because("file.sound")


def _stream(data: bytes) -> tuple[bytes, str]:
    """The frames of an MP3 or AAC stream."""
    start = 0
    while data.startswith(b"ID3", start):
        flags, *size = struct.unpack("5B", data[start + 5 : start + 10])
        start += 10 + sum(byte << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        start += 10 if flags & 0x10 else 0
        while data[start] == 0:
            start += 1
    data = data[start:]
    if data[-_ID3V1:].startswith(b"TAG"):
        data = data[:-_ID3V1]
    if data[-_APE:].startswith(b"APETAGEX"):
        size, _count, flags = struct.unpack("<III", data[-_APE:][12:24])
        data = data[: -(size + (_APE if flags & 0x80000000 else 0))]
    if data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        raise Refused.because("file.sound")
    return data, "audio/aac" if data[1] & 0xF6 == 0xF0 else "audio/mpeg"


def _wav(data: bytes) -> bytes:
    """The format and the samples."""
    kept: dict[bytes, bytes] = {}
    place = 12
    while place + 8 <= len(data) and b"data" not in kept:
        name, size = struct.unpack("<4sI", data[place : place + 8])
        content = data[place + 8 : place + 8 + size]
        if name in _SAMPLES:
            # Recorders that cannot go back leave a size that is too large.
            kept[name] = struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)
        place += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= kept.keys():
        raise Refused.because("file.sound")
    body = b"WAVE" + b"".join(kept.values())
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _boxes(data: bytes, start: int, end: int, within: int = 0) -> Iterator[tuple[bytes, int, int, int]]:
    """Each box with those in it: its name, where it begins, where its content begins, where it ends."""
    while start + 8 <= end:
        size, name = struct.unpack(">I4s", data[start : start + 8])
        inside = start + 8
        if size == 1:
            (size,) = struct.unpack(">Q", data[inside : inside + 8])
            inside += 8
        stop = end if size == 0 else start + size
        if not inside <= stop <= end:
            raise Refused.because("file.sound")
        yield name, start, inside, stop
        if name in _CONTAINERS and within < len(_CONTAINERS):
            yield from _boxes(data, inside, stop, within + 1)
        start = stop


def _mp4(data: bytes) -> bytes:
    """The file with free space where metadata stood."""
    clean, handlers = bytearray(data), set[bytes]()
    for name, start, inside, stop in _boxes(data, 0, len(data)):
        if name == b"hdlr":
            handlers.add(data[inside + 8 : inside + 12])
        elif name in _CARRIED:
            clean[start + 4 : start + 8] = b"free"
            clean[inside:stop] = bytes(stop - inside)
    if b"soun" not in handlers or b"vide" in handlers:
        raise Refused.because("file.sound")
    return bytes(clean)


def _ogg(data: bytes) -> bytes:
    """The file with an empty comment packet in each stream."""
    clean = bytearray(data)
    pages, comments = _pages(data)
    for spans in comments.values():
        packet = b"".join(data[start:stop] for start, stop in spans)
        empty = next((empty for mark, empty in _COMMENTS.items() if packet.startswith(mark)), None)
        if empty is None or len(empty) > len(packet):
            raise Refused.because("file.sound")
        rest = memoryview(empty.ljust(len(packet), b"\0"))
        for start, stop in spans:
            clean[start:stop], rest = rest[: stop - start], rest[stop - start :]
    if not comments:
        raise Refused.because("file.sound")
    last = max(stop for spans in comments.values() for _, stop in spans)
    for start, stop in pages:
        if start < last:
            clean[start + 22 : start + 26] = bytes(4)
            clean[start + 22 : start + 26] = struct.pack("<I", _checksum(clean[start:stop]))
    return bytes(clean)


def _pages(data: bytes) -> tuple[list[tuple[int, int]], dict[int, list[tuple[int, int]]]]:
    """Where each page begins and ends, and by stream where the parts of its second packet, the comments, stand."""
    pages, packets, comments = list[tuple[int, int]](), dict[int, int](), dict[int, list[tuple[int, int]]]()
    start = 0
    while data[start : start + 4] == b"OggS":
        serial = int.from_bytes(data[start + 14 : start + 18], "little")
        lengths = data[start + 27 : start + 27 + data[start + 26]]
        place = start + 27 + len(lengths)
        for length in lengths:
            if packets.get(serial, 0) == 1:
                comments.setdefault(serial, []).append((place, place + length))
            packets[serial] = packets.get(serial, 0) + (length < 255)
            place += length
        if place > len(data):
            break
        pages.append((start, place))
        start = place
    return pages, comments


def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        rest = byte << 24
        for _ in range(8):
            rest = (rest << 1) ^ (0x04C11DB7 if rest & 0x80000000 else 0)
        found.append(rest & 0xFFFFFFFF)
    return tuple(found)


_TABLE: Final = _table()


def _checksum(page: bytes | bytearray) -> int:
    """The checksum of an Ogg page whose own four bytes are zero (RFC 3533, section 6)."""
    rest = 0
    for byte in page:
        rest = ((rest << 8) & 0xFFFFFFFF) ^ _TABLE[(rest >> 24) ^ byte]
    return rest
