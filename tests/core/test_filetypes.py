"""What a file is, and what is left of a picture."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageOps

from consult.core.errors import Refused
from consult.core.filetypes import IMAGES, MOST_PIXELS, picture, recognise

CANARY = b"canary-owner-of-the-phone"


def drawn(form: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **more)
    return out.getvalue()


def photograph(orientation: int = 1, form: str = "JPEG") -> bytes:
    """A picture as a phone makes it: with its owner, its place and the way it was held."""
    exif = Image.Exif()
    exif[0x013B] = CANARY.decode()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[2] = (5.0, 33.0, 12.0)
    return drawn(form, exif=exif, comment=CANARY)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (drawn("JPEG"), "image/jpeg"),
        (drawn("PNG"), "image/png"),
        (drawn("WEBP"), "image/webp"),
        (b"ID3\x03" + bytes(100), "audio/mpeg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"OggS" + bytes(24) + b"\x01vorbis", "audio/ogg"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(40), "audio/mp4"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", ""),
        (b"<!doctype html><script>", ""),
        (b"plain words", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(data, kind):
    assert recognise(data) == kind


MODES = {
    "JPEG": ("1", "L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "WEBP": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK"),
}
"""How a picture of each form can hold its points."""


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form in IMAGES.values() for mode in MODES[form]])
def test_every_picture_is_written_anew_in_its_own_form(form, mode):
    data = drawn(form, mode)
    clean, kind = picture(data, most=100)
    assert IMAGES[kind] == form
    assert Image.open(io.BytesIO(clean)).size == (60, 40)


def test_given_a_photograph_nothing_but_its_points_is_left():
    data = photograph()
    assert CANARY in data
    clean, _ = picture(data, most=1000)
    assert CANARY not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_given_a_phone_held_upright_the_picture_stands_upright():
    clean, _ = picture(photograph(orientation=6), most=1000)
    assert Image.open(io.BytesIO(clean)).size == (40, 60)


@pytest.mark.parametrize("turned", [0, 2, 3, 4, 5, 6, 7, 8, 9])
def test_however_a_phone_was_held_the_picture_stands_as_exif_means_it(turned):
    mark = Image.new("L", (60, 40), 255)
    mark.paste(0, (0, 0, 20, 10))
    exif = Image.Exif()
    exif[0x0112] = turned
    out = io.BytesIO()
    mark.save(out, "PNG", exif=exif)
    expected = ImageOps.exif_transpose(Image.open(out))
    clean, _ = picture(out.getvalue(), most=1000)
    assert Image.open(io.BytesIO(clean)).tobytes() == expected.tobytes()


PHOTOGRAPHS = {form: photograph(6, form) for form in ("JPEG", "WEBP")}
ENTRIES = 80
"""Bytes of the first directory of their EXIF."""


@pytest.mark.parametrize("form", PHOTOGRAPHS)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(changes=st.dictionaries(st.integers(0, ENTRIES - 1), st.integers(0, 255), max_size=6))
@example(changes={})
@example(changes={0: 0})  # no byte order
@example(changes={23: 1})  # the name of the owner is a number
@example(changes={79: 1})  # the place is one
def test_whatever_stands_in_exif_the_picture_is_taken(form, changes):
    data = bytearray(PHOTOGRAPHS[form])
    begins = data.index(b"Exif\0\0" if form == "JPEG" else b"EXIF") + (6 if form == "JPEG" else 8)
    for place, value in changes.items():
        data[begins + place] = value
    clean, kind = picture(bytes(data), most=100)
    assert IMAGES[kind] == form
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_given_a_large_picture_its_longer_side_is_cut_down():
    clean, _ = picture(drawn("PNG", size=(400, 100)), most=200)
    assert Image.open(io.BytesIO(clean)).size == (200, 50)


def test_what_is_transparent_stays_so():
    out = io.BytesIO()
    Image.new("RGBA", (3, 3), (0, 0, 0, 0)).save(out, "PNG")
    clean, _ = picture(out.getvalue(), most=10)
    assert Image.open(io.BytesIO(clean)).getpixel((1, 1)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.image"),
        (b"GIF89a" + bytes(50), "file.image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "file.image"),
        (drawn("JPEG")[:300], "file.image"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "file.image"),
        (drawn("PNG", "1", (MOST_PIXELS // 1000, 1001)), "file.image.size"),
    ],
    ids=["empty", "gif", "svg", "cut", "nonsense", "huge"],
)
def test_what_is_no_picture_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        picture(data, most=100)
    assert refused.value.problems[0].code == code


def test_a_picture_cut_short_is_refused_whatever_else_the_process_has_loaded(monkeypatch):
    """Libraries that draw documents let Pillow fill up damaged pictures, for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = drawn("JPEG")
    with pytest.raises(Refused) as told:
        picture(whole[:-20], most=2_000)
    assert [problem.code for problem in told.value.problems] == ["file.image"]
