"""Adding a language of participants' pages, and the texts of which its translation consists."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.config import LOCALES
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.plurals import parse
from consult.core.text import Direction, LocalisedText
from consult.core.translation import VALUES, Text, placeholders
from consult.core.vocabulary import PSEUDO, Word
from consult.languages import queries
from consult.languages.catalogue import catalogue
from consult.languages.models import Language

_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{5,8})?")
"""A language of ISO 639, with a script, a region and a variant where it needs them (BCP 47)."""
_LONGEST: Final = 1_000
_COUNTS: Final = frozenset({"count", "num"})
"""How the number is called that a plural form belongs to."""
_SHOWN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Everything about a language but its words."""

    name: str
    english: str
    direction: Direction
    digits: str
    plural: str
    """A rule as `core.plurals.parse` reads it; empty: what CLDR says, which the caller has put in, or nothing known."""
    fallback: str


def add(session: Session, code: str, particulars: Particulars, *, by: Actor | None, now: dt.datetime) -> Language:
    """Add a language.

    Refuses `languages.code`, `languages.shipped` (the interface has it already) and `languages.twice`, and what
    `describe` does.
    """
    if not _CODE.fullmatch(code) or code in PSEUDO:
        raise _refused("languages.code", "code")
    if code in LOCALES:
        raise _refused("languages.shipped", "code")
    if queries.language(session, code) is not None:
        raise _refused("languages.twice", "code")
    _check(particulars)
    language = Language(code=code, words={}, **asdict(particulars))
    session.add(language)
    session.flush()
    record(session, actor=by, action="languages.add", subject=code, now=now)
    return language


def describe(
    session: Session, language: Language, particulars: Particulars, *, by: Actor | None, now: dt.datetime
) -> None:
    """Change a language. Translations of plural forms that another rule does not have are kept and not shown.

    Refuses `languages.plural.missing` and what `core.plurals.parse` does.
    """
    _check(particulars)
    for name, value in asdict(particulars).items():
        setattr(language, name, value)
    language.version += 1
    session.flush()
    record(session, actor=by, action="languages.describe", subject=language.code, now=now)


def _check(particulars: Particulars) -> None:
    if not particulars.plural:
        raise _refused("languages.plural.missing", "plural")
    try:
        parse(particulars.plural)
    except Refused as refused:
        raise Refused(*(Problem(one.code, one.params, Place(field="plural")) for one in refused.problems)) from None


def _refused(code: str, field: str) -> Refused:
    return Refused(Problem(code, {}, Place(field=field)))


def texts(language: Language) -> list[Text]:
    """What there is to translate: every word, of those with a number a text for each form of the language."""
    rule = parse(language.plural)
    return [
        _text(language, word, path, source, numbers)
        for word in catalogue()
        for path, source, numbers in word.forms(rule)
    ]


def _text(language: Language, word: Word, path: str, source: str, numbers: Sequence[int]) -> Text:
    alone = len(numbers) == 1
    return Text(
        path,
        "plural" if numbers else "word",
        LocalisedText({LOCALES[0]: source, language.code: language.words.get(path, "")}),
        name=_numbers(path, numbers) if numbers else "",
        within=LocalisedText({LOCALES[0]: word.where}),
        longest=_LONGEST,
        syntax=VALUES,
        optional=_COUNTS & {*placeholders(source, VALUES)} if alone else frozenset(),
    )


def _numbers(path: str, numbers: Sequence[int]) -> str:
    """Which numbers a form is for: `few: 2, 3, 4, 22 …`."""
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    return f"{path.partition('/')[2]}: {shown}{' …' if len(numbers) > _SHOWN else ''}"


def reviewed(language: Language) -> tuple[int, int]:
    """How many of its texts participants see translated, and how many there are."""
    found = texts(language)
    return sum(text.path in language.words for text in found), len(found)


def write(session: Session, language: Language, words: Mapping[str, LocalisedText]) -> None:
    """Give participants other words. Those that the sources no longer have go out."""
    wanted = {word.path for word in catalogue()}
    changed = {**language.words, **{path: text.get(language.code, "") for path, text in words.items()}}
    language.words = {path: text for path, text in changed.items() if text and path.partition("/")[0] in wanted}
    language.version += 1
    session.flush()
