"""What the `type` column says: a question of some type, the begin or end of a section, or something left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from consult.core.questionnaire.definition import QuestionType


class Role(StrEnum):
    """What a row of the survey sheet is."""

    QUESTION = "question"
    BEGIN = "begin"
    END = "end"
    SETTING = "setting"
    TRACE = "trace"
    """Something about device, place or time of a participant: never stored."""
    NO_PLACE = "no_place"
    """A type that the definition has no place for; left out."""
    LOOP = "loop"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type column understood."""

    role: Role
    type: QuestionType = QuestionType.TEXT
    section: str = ""
    """`group` or `repeat`."""
    choices: str = ""
    """Name of the choice list; of a file or a question (`${name}`) where the choices come from there."""
    or_other: bool = False
    setting: str = ""


_ALIASES: Final[Mapping[QuestionType, tuple[str, ...]]] = {
    QuestionType.TEXT: ("string", "phone number"),
    QuestionType.INTEGER: ("int",),
    QuestionType.DECIMAL: (),
    QuestionType.DATE: (),
    QuestionType.TIME: (),
    QuestionType.DATETIME: ("date time",),
    QuestionType.NOTE: (),
    QuestionType.ACKNOWLEDGE: ("trigger",),
    QuestionType.CALCULATE: (),
    QuestionType.HIDDEN: (),
    QuestionType.RANGE: (),
    QuestionType.FILE: (),
    QuestionType.IMAGE: ("photo", "picture"),
    QuestionType.EMAIL: (),
    QuestionType.URL: (),
}
_QUESTIONS: Final[Mapping[str, QuestionType]] = {
    spelling: kind
    for kind, aliases in _ALIASES.items()
    for word in (kind.value, *aliases)
    for spelling in (word, f"q {word}", f"add {word} prompt")
}
_COMMANDS: Final = (
    *("add select one prompt using", "add select multiple prompt using", "select all that apply from"),
    *("select all that apply", "select one from file", "select multiple from file", "select one from", "select1"),
    *("select multiple from", "select one using", "select multiple using", "select one external", "select one"),
    *("select multiple", "rank"),
)
_SELECT: Final = re.compile(
    rf"(?P<command>{'|'.join(_COMMANDS).replace(' ', '[ _]')})"
    r"(?: (?P<list>\S+))?(?P<other> or[ _]other| or specify other)?",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(
    r"(?P<edge>begin|end) (?P<section>group|repeat|lgroup|looped group|loop)(?: (?:over )?\S+)?", re.IGNORECASE
)
_DEVICE: Final = "device id|imei|subscriber id|sim id|sim serial|phone number|username|user name"
_TRACE: Final = re.compile(
    rf"(?:get )?(?:start|start time|end|end time|today|{_DEVICE}|deviceid|subscriberid|simserial|phonenumber)"
    r"|uri:\w+|audit|start geopoint|background geopoint|background audio"
    r"|(?:q |add )?(?:gps|location|geopoint|geotrace|geoshape)(?: prompt)?"
)
_NO_PLACE: Final = re.compile(
    r"(?:q |add )?(?:barcode|audio|video)(?: prompt)?|osm(?: .*)?|csv external|xml external|entity"
)
FILE: Final = re.compile(r".*\.(?:csv|xml|geojson)", re.IGNORECASE)
"""Name of a list that is a file."""
OWN: Final[Mapping[str, QuestionType]] = {"email": QuestionType.EMAIL, "url": QuestionType.URL}
"""Types that are texts elsewhere: `our::type` says what they are here."""
KNOWN: Final = tuple(sorted({*_QUESTIONS, "select_one", "select_multiple", "rank", "begin_group", "end_group"}))
"""Words that a misspelt type is compared with."""


def read_kind(cell: str) -> Kind:
    """What a cell of the type column says; `Role.UNKNOWN` where it is not understood."""
    written = " ".join(cell.replace("\u00a0", " ").split())
    words = re.sub(r"[_\s-]+", " ", written).lower()
    if match := _SECTION.fullmatch(words):
        return _section(match["edge"], match["section"])
    if words in _QUESTIONS and words != "phone number":
        return Kind(Role.QUESTION, _QUESTIONS[words])
    if select := _select(written):
        return select
    if words in ("set form title", "set form id"):
        return Kind(Role.SETTING, setting=words.removeprefix("set ").replace(" ", "_"))
    if words == "phone number":  # the reference asks for it, while `phonenumber` reads the device's
        return Kind(Role.QUESTION, QuestionType.TEXT)
    if _TRACE.fullmatch(words):
        return Kind(Role.TRACE)
    return Kind(Role.NO_PLACE if _NO_PLACE.fullmatch(words) else Role.UNKNOWN)


def _section(edge: str, section: str) -> Kind:
    if section == "loop":
        return Kind(Role.LOOP, section=edge)
    return Kind(Role.BEGIN if edge == "begin" else Role.END, section="group" if section == "group" else "repeat")


def _select(written: str) -> Kind | None:
    """A select or rank; the name of the list keeps its case and its underscores."""
    match = _SELECT.fullmatch(written)
    if match is None:
        return None
    command = match["command"].lower().replace("_", " ")
    if "multiple" in command or "all that apply" in command:
        kind = QuestionType.SELECT_MULTIPLE
    else:
        kind = QuestionType.RANK if command == "rank" else QuestionType.SELECT_ONE
    return Kind(Role.QUESTION, kind, choices=match["list"] or "", or_other=match["other"] is not None)
