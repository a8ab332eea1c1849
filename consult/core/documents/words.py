"""Plain text: what is nothing but words, and stands on no page as markup."""

from __future__ import annotations

import codecs
import re
from typing import Final

from consult.core.errors import Refused
from consult.core.text import clean

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP: Final = re.compile(
    r"<\s*(?:!doctype|\?\s*\w|!\[cdata\[|(?:\w+:)?(?:html|head|body|svg|script|style|iframe|object|embed|img|link|meta|"
    r"form|base|math)\b)|\A\s*(?:#!|\{\\rtf|%!ps)",
    re.IGNORECASE,
)


def words(data: bytes) -> bytes:
    """The text of a file, in UTF-8 and without characters that are not seen.

    Refuses `file.kind` for what is no text, or text that programs would run or show as a page.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused.because("file.kind") from error
    if _CONTROLS.search(text) or _MARKUP.search(text):
        raise Refused.because("file.kind")
    return clean(text).encode()
