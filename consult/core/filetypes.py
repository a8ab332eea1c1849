"""What a file is, told by its content, never by its name or by what its sender says of it."""

from __future__ import annotations

import io
import struct
from typing import Final

import filetype
from PIL import Image, ImageFile

from consult.core.errors import Refused

IMAGES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""Pictures that are kept, with the name under which Pillow writes them."""
MOST_PIXELS: Final = 50_000_000
"""Pixels above which a picture is not unpacked."""
_ORIENTATION: Final = 0x0112
_TURNS: Final[dict[object, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By the orientation that EXIF 2.32 tells, what sets a picture upright."""
_ALIASES: Final = {
    "audio/x-wav": "audio/wav",
    "audio/m4a": "audio/mp4",
    "audio/x-aac": "audio/aac",
}


def recognise(data: bytes) -> str:
    """The media type that the first bytes of a file tell (`filetype`'s signatures); empty where they tell none."""
    kind = filetype.guess(data[:8192])
    found = "" if kind is None else str(kind.mime)
    return _ALIASES.get(found, found)


def picture(data: bytes, *, most: int) -> tuple[bytes, str]:
    """A picture written anew, with its media type: turned upright, at most `most` pixels on its longer side, without
    EXIF, comments, thumbnails or whatever else the file carried.

    Refuses `file.image` for what is no picture of `IMAGES` or is damaged, `file.image.size` for more than
    `MOST_PIXELS`.
    """
    kind = recognise(data)
    if kind not in IMAGES:
        raise Refused.because("file.image")
    # For the whole process, and WeasyPrint turns it on when it is first imported
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(data), formats=[IMAGES[kind]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused.because("file.image.size", megapixels=MOST_PIXELS // 1_000_000)
            image.thumbnail((most, most))  # first: of a JPEG no more points are unpacked than that needs
            return _bare(_upright(image), IMAGES[kind]), kind
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused.because("file.image") from error


def _upright(image: Image.Image) -> Image.Image:
    """The picture as it was held; as it is where its EXIF cannot be read. Nothing of EXIF is written, even into
    memory: for much that it may hold that fails."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION))
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error):
        turn = None
    return image if turn is None else image.transpose(turn)


def _bare(image: Image.Image, form: str) -> bytes:
    """The picture's points alone, written in a form."""
    if image.mode not in ("L", "RGB") and (form == "JPEG" or image.mode not in ("LA", "RGBA")):
        image = image.convert("RGB" if form == "JPEG" or not image.has_transparency_data else "RGBA")
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, form, quality=85)
    return out.getvalue()
