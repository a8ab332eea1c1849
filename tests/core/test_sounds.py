"""Sounds are what their bytes say, and carry nothing but the sound."""

from __future__ import annotations

import io
import wave

import pytest

from consult.core import sounds
from consult.core.errors import Refused
from consult.core.sounds import sound
from tests.core import sounds as make


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (make.mp3(), "audio/mpeg"),
        (make.aac(), "audio/aac"),
        (make.named_wav(), "audio/wav"),
        (make.mp4(), "audio/mp4"),
        (make.mp4(brand=b"mp42"), "audio/mp4"),
        (make.opus(), "audio/ogg"),
        (make.vorbis(), "audio/ogg"),
    ],
)
def test_a_sound_is_kept_without_who_made_it(data: bytes, kind: str) -> None:
    assert make.CANARY in data
    clean, found = sound(data)
    assert found == kind
    assert make.CANARY not in clean
    assert sound(clean) == (clean, kind), "what is clean stays as it is"


def test_the_samples_stay() -> None:
    with wave.open(io.BytesIO(sound(make.named_wav())[0])) as file:
        assert (file.getframerate(), file.getnframes()) == (8_000, 1_600)
    assert sound(make.mp3())[0] == 20 * (b"\xff\xfb\x90\x64" + bytes(413))
    assert b"samples" in sound(make.mp4())[0]
    assert len(sound(make.mp4())[0]) == len(make.mp4()), "no offset has moved"


def test_a_recording_whose_length_was_never_written_is_read_to_its_end() -> None:
    streamed = make.wav().replace((3_200).to_bytes(4, "little"), b"\xff\xff\xff\xff")
    assert sound(streamed)[0] == make.wav()


def test_pages_of_ogg_have_the_checksum_of_what_they_hold() -> None:
    clean = sound(make.opus())[0]
    place = 0
    while place < len(clean):
        lengths = clean[place + 27 : place + 27 + clean[place + 26]]
        end = place + 27 + len(lengths) + sum(lengths)
        page = bytearray(clean[place:end])
        page[22:26] = bytes(4)
        assert clean[place + 22 : place + 26] == sounds._checksum(page).to_bytes(4, "little")
        place = end


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"ID3\x03\x00\x00\x00\x00\x00\x00<!doctype html>",
        b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f",
        b"ID3",
        b"\xff\xfb",
        b"RIFF\x24\x00\x00\x00WAVE",
        make.wav()[:30],
        make.mp4(handler=b"vide"),
        make.mp4(handler=b"text"),
        make.mp4()[:40],
        make.box(b"ftyp", b"M4A " + bytes(8)) + b"\x00\x00\x00\x01moov" + bytes(8),
        b"OggS",
        make.opus()[:60],
        make.page(1, 0, b"\x80theora", 2) + make.page(1, 1, b"\x81theora comments"),
        b"fLaC" + bytes(100),
        b"\x1aE\xdf\xa3" + bytes(100),
    ],
)
def test_what_is_no_sound_or_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as told:
        sound(data)
    assert [problem.code for problem in told.value.problems] == ["file.sound"]


def test_boxes_in_boxes_in_boxes_exhaust_nothing() -> None:
    deep = b""
    for _ in range(5_000):
        deep = make.box(b"moov", deep)
    with pytest.raises(Refused):
        sound(make.box(b"ftyp", b"M4A " + bytes(8)) + deep)
