"""Numbers as people write them: in digits of any script, with the signs and marks of any custom."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DECIMAL_MARKS: Final = ".,\u066b"
_GROUP_MARKS: Final = re.compile(r"(?<=\d)[\s'’\u00a0\u202f\u2009\u066c](?=\d{3}(\D|$))")
_SIGNS: Final = str.maketrans({"\u2212": "-", "\uff0b": "+", "\uff0c": ",", "\uff0e": "."})
_COMPUTED: Final = re.compile(r"-?[0-9]+\.[0-9]+")
"""As programs write it; most numbers are read that way."""
_PLAIN: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


def latin(text: str) -> str:
    """A text with its digits as 0 to 9."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def read_digits(text: str) -> int | None:
    """A whole number of up to four digits, as in dates and times; None: anything else."""
    plain = latin(text.strip())
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 4 else None


def read_number(text: str, decimal_mark: str = ".") -> float | None:
    """A number in digits of any script, with signs, decimal marks and grouping of any custom; None: not a number.

    A single `,` or `.` before exactly three digits groups them where the reader's decimal mark is the other one.
    """
    if (text.isascii() and text.isdecimal()) or (decimal_mark == "." and _COMPUTED.fullmatch(text)):
        return float(text)
    plain = _GROUP_MARKS.sub("", latin(text.strip().translate(_SIGNS)))
    marks = [letter for letter in plain if letter in _DECIMAL_MARKS]
    if marks:
        decimal = marks[-1]
        grouping = len(marks) > 1 and marks.count(decimal) > 1
        if len(marks) == 1 and decimal != decimal_mark and decimal != "\u066b":
            grouping = re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}{re.escape(decimal)}\d{{3}}", plain) is not None
        whole, _, fraction = (plain, "", "") if grouping else plain.rpartition(decimal)
        plain = _ungrouped(whole) + ("" if grouping else f".{fraction}")
    return float(plain) if _PLAIN.fullmatch(plain) else None


def _ungrouped(whole: str) -> str:
    """A whole number without its group marks; left as it is (and so unreadable) where groups are not of three."""
    if not re.search(rf"[{_DECIMAL_MARKS}]", whole):
        return whole
    well = re.fullmatch(rf"[+-]?\d{{1,3}}([{_DECIMAL_MARKS}]\d{{2,3}})*[{_DECIMAL_MARKS}]\d{{3}}", whole)
    return re.sub(rf"[{_DECIMAL_MARKS}]", "", whole) if well else whole
