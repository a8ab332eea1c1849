"""Files that participants give: what the document of answers says of them, and what a question takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from consult.core.documents import EXTENSIONS
from consult.core.documents.cleaning import clean
from consult.core.errors import Refused
from consult.core.filetypes import IMAGES, picture, recognise

REMOVE: Final = "remove"
"""Part of the name of the field that takes a file back."""
MOST: Final = 5
"""Questions on one page that may ask for a file: they are sent together."""
_LONGEST_SIDE: Final = 2_048
"""Pixels of a picture's longer side where the question does not say how many."""


class Upload(msgspec.Struct, frozen=True):
    """The answer to a question that asks for a file; what the sender called it is not kept."""

    file: str
    """Name in the folder of the activity: drawn at random."""
    type: str
    """Media type, one of `documents.EXTENSIONS`."""
    size: int
    """Bytes."""

    @property
    def extension(self) -> str:
        """How the name of such a file ends."""
        return EXTENSIONS[self.type]

    def __str__(self) -> str:
        """What expressions see: a name, as other software shows them one."""
        return f"file.{self.extension}"


def longest_side(parameters: Mapping[str, str]) -> int:
    """Pixels of the longer side that a picture is cut down to (`max-pixels`)."""
    given = parameters.get("max-pixels", "")
    return int(given) or _LONGEST_SIDE if given.isascii() and given.isdigit() and len(given) < 6 else _LONGEST_SIDE


def cleaned(data: bytes, parameters: Mapping[str, str], *, picture_only: bool, megabytes: int) -> tuple[bytes, str]:
    """What is kept of a file, with its media type.

    Refuses `file.large` (limit) before it is cleaned and after: packed, a file can be much smaller than it turns out to
    be. Refuses also as `filetypes.picture` and `documents.cleaning.clean` do.
    """
    _refuse_large(data, megabytes)
    if picture_only or recognise(data) in IMAGES:
        content, kind = picture(data, most=longest_side(parameters))
    else:
        content, kind = clean(data, megabytes=megabytes)
    _refuse_large(content, megabytes)
    return content, kind


def _refuse_large(content: bytes, megabytes: int) -> None:
    if len(content) > megabytes * 1_000_000:
        raise Refused.because("file.large", limit=megabytes)
