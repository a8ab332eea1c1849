"""Short sounds in every form that is taken, each carrying who made it."""

from __future__ import annotations

import io
import struct
import wave

from consult.core.sounds import _checksum

CANARY = b"canary-who-spoke"


def wav(seconds: float = 0.2) -> bytes:
    """A WAV file of silence as `wave` writes it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * int(8_000 * seconds)))
    return out.getvalue()


def named_wav() -> bytes:
    """The same with a list of who made it before and after the samples."""
    plain = wav()
    note = (
        struct.pack("<4sI", b"LIST", 4 + 8 + len(CANARY)) + b"INFO" + struct.pack("<4sI", b"IART", len(CANARY)) + CANARY
    )
    body = plain[8:36] + note + plain[36:] + note
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def mp3() -> bytes:
    """Twenty frames of silence between tags of both versions and of APE."""
    frame = b"\xff\xfb\x90\x64" + bytes(413)
    size = len(CANARY)
    front = b"ID3\x03\x00\x00" + bytes(((size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127)) + CANARY
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, size + 32, 1, 0) + bytes(8)
    return front + 20 * frame + CANARY + footer + (b"TAG" + CANARY).ljust(128, b"\0")


def aac() -> bytes:
    """A stream of ADTS frames behind a tag."""
    return (
        b"ID3\x04\x00\x00\x00\x00\x00"
        + bytes([len(CANARY)])
        + CANARY
        + 10 * (b"\xff\xf1\x50\x80\x01\x7f\xfc" + bytes(4))
    )


def box(name: bytes, *inside: bytes) -> bytes:
    """A box of MP4."""
    content = b"".join(inside)
    return struct.pack(">I4s", 8 + len(content), name) + content


def mp4(handler: bytes = b"soun", brand: bytes = b"M4A ") -> bytes:
    """The boxes of a recording with its place and its maker."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13))), box(b"meta", CANARY))
    movie = box(b"moov", track, box(b"udta", box(b"\xa9xyz", CANARY)))
    return box(b"ftyp", brand + bytes(8)) + movie + box(b"mdat", b"samples") + box(b"uuid", bytes(16) + CANARY)


def page(serial: int, number: int, packet: bytes, flags: int = 0) -> bytes:
    """One page of Ogg with one packet of less than 255 * 255 bytes."""
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = b"OggS" + struct.pack("<BBqIIIB", 0, flags, 0, serial, number, 0, len(lacing)) + lacing
    raw = head + packet
    return raw[:22] + struct.pack("<I", _checksum(raw)) + raw[26:]


def opus(seconds: float = 0.4) -> bytes:
    """Silence in Ogg, with a long comment."""
    comment = struct.pack("<I", 6) + b"vendor" + struct.pack("<II", 1, 7 + len(CANARY) * 40) + b"ARTIST=" + CANARY * 40
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    frames = [b"\xf8\xff\xfe"] * int(seconds * 50)
    pages = [page(7, 0, head, 2), page(7, 1, b"OpusTags" + comment)]
    for number, frame in enumerate(frames):
        raw = bytearray(page(7, 2 + number, frame, 4 if number == len(frames) - 1 else 0))
        raw[6:14] = struct.pack("<q", 960 * (number + 1))
        raw[22:26] = bytes(4)
        raw[22:26] = struct.pack("<I", _checksum(raw))
        pages.append(bytes(raw))
    return b"".join(pages)


def vorbis() -> bytes:
    """The first pages of a Vorbis stream."""
    comment = struct.pack("<I", 1) + b"v" + struct.pack("<II", 1, len(CANARY)) + CANARY + b"\x01"
    return page(3, 0, b"\x01vorbis" + bytes(23), 2) + page(3, 1, b"\x03vorbis" + comment) + page(3, 2, b"\x05vorbis")
