"""Concepts: what questions of different questionnaires measure alike, with a standard code list or one of the process.

Words come from `words`, which translates those of the interface; names of countries and languages from the CLDR.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import babel
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.core.access import Actor
from consult.core.codes import AGE_GROUPS
from consult.core.concepts import ACTIVITY_STATUS, AGE, CODE_LISTS, COUNTRY, EDUCATION, LANGUAGE, SEX, STANDARDS
from consult.core.errors import Refused
from consult.core.text import LocalisedText
from consult.processes.models import Concept, Process

Words = Callable[[str], str]
_UNNAMED: Final = LocalisedText()


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of a concept."""

    codes: tuple[str, ...]
    standard: str = ""
    """The name of a standard code list (`core.concepts.CODE_LISTS`); empty for one of the process."""
    labels: Mapping[str, LocalisedText] = field(default_factory=dict)
    """What the codes of one of the process are called."""

    def name(self, code: str, locale: str, words: Words, source: str = "en") -> str:
        """What a code is called in a locale of the interface."""
        if self.standard:
            return name_of(self.standard, code, locale, words)
        return self.labels.get(code, _UNNAMED).resolve(locale, source).text or code


def own(session: Session, process_id: uuid.UUID) -> Sequence[Concept]:
    """The concepts of a process with a code list of their own."""
    return session.scalars(select(Concept).where(Concept.process_id == process_id).order_by(Concept.code)).all()


def code_lists(session: Session, process_id: uuid.UUID) -> dict[str, CodeList]:
    """By concept, those of the bank first, the code lists that questions of a process can be mapped to."""
    found = {concept: CodeList(CODE_LISTS[name], name) for concept, name in STANDARDS.items()}
    for concept in own(session, process_id):
        labels = {one["code"]: LocalisedText(one["label"]) for one in concept.categories}
        found[concept.code] = CodeList(tuple(labels), labels=labels)
    return found


def label_of(concept: str, words: Words) -> str:
    """What a concept of the bank is called; another by its code."""
    _ = words
    return {
        "country_of_residence": _("Country of residence"),
        "country_of_origin": _("Country of origin"),
        "country_of_birth": _("Country of birth"),
        "citizenship": _("Citizenship"),
        "language": _("Language"),
        "sex": _("Sex"),
        "age_group": _("Age group"),
        "education": _("Highest level of education"),
        "labour_status": _("Labour-force status"),
        "institution": _("Institution"),
    }.get(concept, concept)


def name_of(code_list: str, code: str, locale: str, words: Words) -> str:
    """What a code of a standard code list is called."""
    if code_list == COUNTRY:
        return str(babel.Locale.parse(locale).territories.get(code, code))
    if code_list == LANGUAGE:
        return str(babel.Locale.parse(locale).languages.get(code, code))
    if code_list == AGE:
        return _years(code, words)
    return _NAMES[code_list](words)[code]


def _years(code: str, words: Words) -> str:
    _ = words
    group = next(group for group in AGE_GROUPS if group.code == code)
    if group.oldest is None:
        return _("%(age)s years and over") % {"age": group.youngest}
    return _("%(from_age)s–%(to_age)s years") % {"from_age": group.youngest, "to_age": group.oldest}


def _sexes(_: Words) -> dict[str, str]:
    return {"F": _("Female"), "M": _("Male"), "_O": _("Another")}


def _levels(_: Words) -> dict[str, str]:
    return {
        "ISCED11_0": _("Less than primary education"),
        "ISCED11_1": _("Primary education"),
        "ISCED11_2": _("Lower secondary education"),
        "ISCED11_3": _("Upper secondary education"),
        "ISCED11_4": _("Post-secondary non-tertiary education"),
        "ISCED11_5": _("Short-cycle tertiary education"),
        "ISCED11_6": _("Bachelor’s or equivalent"),
        "ISCED11_7": _("Master’s or equivalent"),
        "ISCED11_8": _("Doctoral or equivalent"),
    }


def _statuses(_: Words) -> dict[str, str]:
    return {"EMP": _("Employed"), "UNE": _("Unemployed"), "OLF": _("Outside the labour force")}


_NAMES = {SEX: _sexes, EDUCATION: _levels, ACTIVITY_STATUS: _statuses}


def adopt(
    session: Session,
    process: Process,
    code: str,
    categories: Mapping[str, LocalisedText],
    *,
    by: Actor | None,
    now: dt.datetime,
) -> Concept:
    """Give a concept of the process its code list: the choices of a question.

    Refuses `processes.concept.standard` (the bank has a code list for it) and `processes.concept.taken`.
    """
    if code in STANDARDS:
        raise Refused.because("processes.concept.standard", concept=code)
    if session.get(Concept, (process.id, code)) is not None:
        raise Refused.because("processes.concept.taken", concept=code)
    found = Concept(
        process_id=process.id,
        code=code,
        label=LocalisedText({process.locales[0]: code}),
        categories=[{"code": name, "label": dict(label)} for name, label in categories.items()],
    )
    session.add(found)
    session.flush()
    record(
        session,
        actor=by,
        action="processes.adopt_concept",
        subject=f"{process.slug}/{code}",
        now=now,
        process_id=process.id,
        details={"codes": len(categories)},
    )
    return found
