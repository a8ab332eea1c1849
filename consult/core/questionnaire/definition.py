"""What a questionnaire is: an immutable tree of groups and questions with its choice lists.

Expressions are kept in their source form (`${age} >= 18`); `core.expressions` parses, checks and evaluates them.
`core.questionnaire.document` reads and writes this tree as canonical JSON.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from consult.core.text import LocalisedText

SCHEMA_VERSION: Final = 1
NO_TEXT: Final = LocalisedText()


class QuestionType(StrEnum):
    """Types of questions, by their XLSForm names."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    CALCULATE = "calculate"
    HIDDEN = "hidden"
    RANGE = "range"
    TIME = "time"
    DATETIME = "datetime"
    RANK = "rank"
    FILE = "file"
    IMAGE = "image"
    EMAIL = "email"
    URL = "url"


SELECTS: Final = frozenset({QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE, QuestionType.RANK})
NUMBERS: Final = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
SILENT: Final = frozenset({QuestionType.CALCULATE, QuestionType.HIDDEN})
"""Types that no participant sees."""
UPLOADS: Final = frozenset({QuestionType.FILE, QuestionType.IMAGE})
"""Types that ask for a file."""
TRUE: Final = frozenset({"true()", "yes", "true"})
"""What says that something is so without an expression."""
UNANSWERED: Final = frozenset({QuestionType.NOTE})
"""Types that are shown but take no answer."""
MEDIA: Final = ("image", "big-image", "audio", "video")
"""What can stand beside a label: names of files per language, in `media`. The files are not part of the document."""
# A word is read once, however long it is: from its beginning, for a letter, then whole
_DYNAMIC: Final = re.compile(r"\$\{|(?<![\w:-])(?=[\w:-]*?[A-Za-z])[\w:-]++\(")


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One choice of a list; `attributes` are its further columns, which `choice_filter` reads."""

    name: str
    label: LocalisedText = NO_TEXT
    media: dict[str, LocalisedText] = {}
    attributes: dict[str, str] = {}


class ChoiceList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A named list of choices, in the order shown."""

    name: str
    choices: tuple[Choice, ...]

    def names(self) -> tuple[str, ...]:
        """The codes of the list, in order."""
        return tuple(choice.name for choice in self.choices)


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="question"):
    """One question. `id` is stable across editions, `name` is what expressions and exports use."""

    id: str
    name: str
    type: QuestionType
    label: LocalisedText = NO_TEXT
    hint: LocalisedText = NO_TEXT
    guidance: LocalisedText = NO_TEXT
    media: dict[str, LocalisedText] = {}
    required: str = ""
    """Expression: empty never, `true()` always."""
    required_message: LocalisedText = NO_TEXT
    relevant: str = ""
    constraint: str = ""
    constraint_message: LocalisedText = NO_TEXT
    calculation: str = ""
    trigger: str = ""
    """`${name}`, or several with commas: the calculation is made anew only when one of these answers changes."""
    default: str = ""
    """What stands in the field at first, as a plain value; an expression where `is_dynamic` says so."""
    read_only: str = ""
    """Expression: empty never, `true()` always."""
    choices: str = ""
    """Name of the choice list; `${name}`: what was answered to that question is to choose from."""
    choice_filter: str = ""
    or_other: bool = False
    turns_away: tuple[str, ...] = ()
    """Codes with which nobody can take part: who chooses one is led out, and nothing they answered is kept."""
    appearance: tuple[str, ...] = ()
    parameters: dict[str, str] = {}
    theme: str = ""
    concept: str = ""
    sensitive: bool = False
    contact: bool = False

    @property
    def randomised(self) -> bool:
        """Whether each reader sees the choices in an order of their own."""
        return self.parameters.get("randomize", "").lower() in TRUE


def answers_of(choices: str) -> str:
    """The name of the question whose answers are the choices; empty where those stand in a list."""
    text = choices.strip()
    return text[2:-1].strip() if text.startswith("${") and text.endswith("}") else ""


def is_dynamic(default: str) -> bool:
    """Whether a default is an expression: it has a reference or calls a function. All others are plain values."""
    return _DYNAMIC.search(default) is not None


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="group"):
    """Questions that belong together; a top-level group is a page."""

    id: str
    name: str
    label: LocalisedText = NO_TEXT
    hint: LocalisedText = NO_TEXT
    guidance: LocalisedText = NO_TEXT
    media: dict[str, LocalisedText] = {}
    relevant: str = ""
    appearance: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()


class Repeat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="repeat"):
    """A group that is answered once for each instance: as many as `repeat_count` says, else as participants add."""

    id: str
    name: str
    label: LocalisedText = NO_TEXT
    hint: LocalisedText = NO_TEXT
    guidance: LocalisedText = NO_TEXT
    media: dict[str, LocalisedText] = {}
    relevant: str = ""
    repeat_count: str = ""
    appearance: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()


Node = Question | Group | Repeat


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole questionnaire. `locales` lists the languages offered, the source locale first."""

    schema_version: int = SCHEMA_VERSION
    title: LocalisedText
    locales: tuple[str, ...]
    children: tuple[Node, ...]
    choice_lists: tuple[ChoiceList, ...] = ()
    settings: dict[str, str] = {}
    """`form_id`, `version`, `style` and what else the form's settings sheet says."""
    left_out: dict[str, str] = {}
    """Names that something here speaks of and that are never asked here, with the type that they have elsewhere
    (`start`, `geopoint`): an export needs them."""

    @property
    def source(self) -> str:
        """The locale in which it was written; others fall back to it."""
        return self.locales[0]

    def walk(self) -> Iterator[tuple[Node, tuple[Node, ...]]]:
        """Every node in document order with its ancestors, outermost first."""
        return _walk(self.children, ())

    def questions(self) -> Iterator[Question]:
        """Every question in document order."""
        return (node for node, _ in self.walk() if isinstance(node, Question))

    def lists(self) -> dict[str, ChoiceList]:
        """The choice lists by name."""
        return {choices.name: choices for choices in self.choice_lists}


def _walk(nodes: tuple[Node, ...], above: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    for node in nodes:
        yield node, above
        if not isinstance(node, Question):
            yield from _walk(node.children, (*above, node))


def node_id(path: str) -> str:
    """A new node's id from its path of names (`household/age`): reproducible, never shown to the author."""
    return "q" + hashlib.sha256(path.encode()).hexdigest()[:10]
