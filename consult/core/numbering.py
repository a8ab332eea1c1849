"""Digits in which numbers are shown: those of CLDR's numbering systems (Unicode Technical Standard 35, part 3).

What is typed is understood in the digits of any script (`core.questionnaire.numerals`).
"""

from __future__ import annotations

import re
from typing import Final

LATIN: Final = "latn"
ETHIOPIC: Final = "ethi"
_ZEROS: Final = {
    LATIN: "0",
    "arab": "٠",
    "arabext": "۰",
    "adlm": "𞥐",
    "beng": "০",
    "deva": "०",
    "gujr": "૦",
    "guru": "੦",
    "khmr": "០",
    "knda": "೦",
    "laoo": "໐",
    "mlym": "൦",
    "mymr": "၀",
    "nkoo": "߀",
    "orya": "୦",
    "rohg": "𐴰",
    "tamldec": "௦",
    "telu": "౦",
    "thai": "๐",
    "tibt": "༠",
}
"""The digit nought of the systems that write as 0 to 9 do; the others follow it in Unicode."""
_DIGITS: Final = {
    system: str.maketrans({str(digit): chr(ord(zero) + digit) for digit in range(10)})
    for system, zero in _ZEROS.items()
}
SYSTEMS: Final = (*_ZEROS, ETHIOPIC)
_MARKS: Final = {"arab": "٫", "arabext": "٫"}
_WHOLE: Final = re.compile(r"(?<![\d.,:/])[1-9]\d{0,15}(?![\d.,:/]?\d)")
_ONES: Final = ("", *map(chr, range(0x1369, 0x1372)))
_TENS: Final = ("", *map(chr, range(0x1372, 0x137B)))
_HUNDRED: Final = "፻"
_MYRIAD: Final = "፼"


def positional(system: str) -> bool:
    """Whether numbers are written with ten digits, so that one can type them as they are shown."""
    return system in _ZEROS


def written(text: str, system: str) -> str:
    """A text with its numbers in the digits of a system. Ethiopic ones stand for whole numbers: others stay."""
    if system == ETHIOPIC:
        return _WHOLE.sub(lambda found: ethiopic(int(found[0])), text)
    return text if system == LATIN else text.translate(_DIGITS[system])


def decimal_mark(system: str, usual: str) -> str:
    """The decimal mark that belongs to the digits of a system, where it has its own."""
    return _MARKS.get(system, usual)


def ethiopic(number: int) -> str:
    """A whole number from 1 upwards in Ethiopic numerals.

    Pairs of digits from the right; behind each stands by turns ፻ (hundred) and ፼ (myriad). A 1 is not written before
    ፻, nor before the first sign. W3C, *CSS Counter Styles Level 3*, 7.2: “ethiopic-numeric”.
    """
    if number == 1:
        return _ONES[1]
    pairs: list[int] = []
    while number:
        number, pair = divmod(number, 100)
        pairs.append(pair)
    found = ""
    for place in reversed(range(len(pairs))):
        pair, odd = pairs[place], place % 2 == 1
        silent = pair == 1 and (odd or place == len(pairs) - 1)
        found += "" if silent else _TENS[pair // 10] + _ONES[pair % 10]
        if odd:
            found += _HUNDRED if pair else ""
        elif place:
            found += _MYRIAD
    return found
