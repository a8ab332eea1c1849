"""The bank of concepts that come with a standard code list, and how the choices of a question are matched with one,
or its numbers by lower bounds.

Sources: ISO 3166-1 alpha-2; ISO 639; SDMX cross-domain code lists for sex (CL_SEX) and age; ISCED 2011 levels as
SDMX writes them (UNESCO, `ISCED11_0` … `ISCED11_8`); labour-force status after the 19th International Conference of
Labour Statisticians (`EMP`, `UNE`, `OLF`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from consult.core.codes import AGE_GROUPS, COUNTRIES, LANGUAGES
from consult.core.expressions.values import number_text

COUNTRY: Final = "country"
LANGUAGE: Final = "language"
SEX: Final = "sex"
AGE: Final = "age_group"
EDUCATION: Final = "education"
ACTIVITY_STATUS: Final = "labour_status"

CODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    COUNTRY: COUNTRIES,
    LANGUAGE: LANGUAGES,
    SEX: ("F", "M", "_O"),
    AGE: tuple(group.code for group in AGE_GROUPS),
    EDUCATION: tuple(f"ISCED11_{level}" for level in range(9)),
    ACTIVITY_STATUS: ("EMP", "UNE", "OLF"),
}
"""The standard code lists, by name."""

STANDARDS: Final[Mapping[str, str]] = {
    "country_of_residence": COUNTRY,
    "country_of_origin": COUNTRY,
    "country_of_birth": COUNTRY,
    "citizenship": COUNTRY,
    "language": LANGUAGE,
    "sex": SEX,
    "age_group": AGE,
    "education": EDUCATION,
    "labour_status": ACTIVITY_STATUS,
}
"""The concepts of the bank, each with the name of its code list."""

_FROM: Final = ".."
"""Ends how a lower bound is written where choices are, as in the code of a bin without an upper one."""
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

Words = Mapping[str, Iterable[str]]
"""What each code is called, in any languages."""


def matched(choices: Words, codes: Words) -> dict[str, str]:
    """Choices with the codes that they are surely the same as: by the code, else by a name that one code alone has.

    Case and spaces do not count.
    """
    by_code = {_folded(code): code for code in codes}
    by_name: dict[str, set[str]] = {}
    for code, names in codes.items():
        for name in map(_folded, names):
            by_name.setdefault(name, set()).add(code)
    found: dict[str, str] = {}
    for choice, names in choices.items():
        if _folded(choice) in by_code:
            found[choice] = by_code[_folded(choice)]
            continue
        called = {code for name in map(_folded, names) if name for code in by_name.get(name, ())}
        if len(called) == 1:
            found[choice] = called.pop()
    return found


def bounds_written(starts: Mapping[float, str]) -> dict[str, str]:
    """Codes by the numbers from which on they count, as a mapping keeps them; an empty code: none counts any more."""
    return {f"{number_text(bound)}{_FROM}": starts[bound] for bound in sorted(starts)}


def bounds_read(codes: Mapping[str, str]) -> dict[float, str]:
    """The codes of a mapping of numbers by their lower bounds, ascending; choices are passed over."""
    found = {name.removesuffix(_FROM): code for name, code in codes.items() if name.endswith(_FROM)}
    starts = {float(bound): code for bound, code in found.items() if _NUMBER.fullmatch(bound)}
    return dict(sorted(starts.items()))


def youngest(code_list: str) -> dict[str, float]:
    """By code of a standard code list of ages, the age from which on it counts; nothing for other lists."""
    return {group.code: float(group.youngest) for group in AGE_GROUPS} if code_list == AGE else {}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
