"""A questionnaire as the sheets of an XLSForm: the rows and columns that `reading` makes the same questionnaire of.

Only columns that are used are written, texts in one column for each language. What other software has no word for
stands in columns `our::…`, which it ignores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from msgspec.structs import replace

from consult.core.exchange.xlsform.kinds import FILE, OWN
from consult.core.exchange.xlsform.settings import DUPLICATES, KEPT
from consult.core.questionnaire.definition import (
    MEDIA,
    SELECTS,
    ChoiceList,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
    node_id,
)
from consult.core.text import LocalisedText

Naming = Callable[[str], str]
"""From a locale to the name of its language."""

_MARKS: Final = str.maketrans(dict.fromkeys("()[]:", " "))
"""What has a meaning in headers."""
_SURVEY: Final = (
    *("type", "name", "label", "hint", "guidance_hint", *MEDIA, "appearance", "required", "required_message"),
    *("relevant", "constraint", "constraint_message", "calculation", "trigger", "default", "read_only"),
    *("choice_filter", "parameters", "repeat_count", "our::type", "our::or_other", "our::theme", "our::concept"),
    *("our::sensitive", "our::contact", "our::turns_away", "our::id"),
)
_CHOICES: Final = ("list_name", "name", "label", *MEDIA)
_SETTINGS: Final = ("form_title", "our::form_title", *KEPT, "default_language", "our::languages", DUPLICATES)


class Column(NamedTuple):
    """A column: its field, and its language where it has one."""

    field: str
    language: str = ""


@dataclass(slots=True)
class Grid:
    """A sheet that is being written: rows of cells by column, in an order known when all are there."""

    name: str
    fields: tuple[str, ...]
    locales: tuple[str, ...]
    rows: list[dict[Column, str]] = field(default_factory=list)
    always: tuple[Column, ...] = ()
    """Columns that stand there even where nothing is in them."""

    def add(self, plain: Mapping[str, str], texts: Mapping[str, LocalisedText]) -> None:
        """Add a row; empty cells are none."""
        row = {Column(name): text for name, text in plain.items() if text}
        row |= {Column(name, tag): text for name, words in texts.items() for tag, text in words.items()}
        self.rows.append(row)

    def columns(self) -> list[Column]:
        """The columns that are used: by field, then by language; those of no known field last, as they came."""
        used = dict.fromkeys(self.always) | {column: None for row in self.rows for column in row}
        fields = {name: place for place, name in enumerate(self.fields)}
        tags = {tag: place for place, tag in enumerate(self.locales)}
        return sorted(used, key=lambda each: (fields.get(each.field, len(fields)), tags.get(each.language, len(tags))))

    def header(self, column: Column, naming: Naming) -> str:
        """What stands above a column."""
        name = f"media::{column.field}" if column.field in MEDIA else column.field
        return f"{name}::{labelled(column.language, naming)}" if column.language else name


def labelled(tag: str, naming: Naming) -> str:
    """A language as headers name it: `Français (fr)`."""
    name = naming(tag).translate(_MARKS)
    return f"{' '.join(name.split()) or tag} ({tag})"


def grids(questionnaire: Questionnaire, naming: Naming) -> Iterator[Grid]:
    """The sheets survey, choices (where there are lists) and settings."""
    yield _survey(questionnaire)
    if questionnaire.choice_lists:
        yield _choices(questionnaire.choice_lists, questionnaire.locales)
    yield _settings(questionnaire, naming)


def _survey(questionnaire: Questionnaire) -> Grid:
    locales = questionnaire.locales
    # The order of these columns says in which order the languages are offered, the source first.
    grid = Grid("survey", _SURVEY, locales, always=tuple(Column("label", tag) for tag in locales))
    for name, kind in questionnaire.left_out.items():
        grid.add({"type": kind, "name": name}, {})
    lists = questionnaire.lists()
    _nodes(questionnaire.children, "", lists, grid)
    return grid


def _nodes(nodes: Iterable[Node], above: str, lists: Mapping[str, ChoiceList], grid: Grid) -> None:
    nodes = tuple(nodes)
    for place, node in enumerate(nodes):
        path = f"{above}{node.name}"
        known = {"name": node.name, "our::id": "" if node.id == node_id(path) else node.id}
        if isinstance(node, Question):
            asked = _headed(node, nodes[place + 1 :]) if node.type is QuestionType.NOTE and node.choices else node
            grid.add({**_question(asked, lists), **known}, _texts(node))
            continue
        section = "repeat" if isinstance(node, Repeat) else "group"
        grid.add({"type": f"begin_{section}", **known, **_section(node)}, _texts(node))
        _nodes(node.children, f"{path}/", lists, grid)
        grid.add({"type": f"end_{section}", "name": node.name}, {})


def _headed(head: Question, rows: tuple[Node, ...]) -> Question:
    """The head of a matrix, which nobody answers, as the question it is in a form: of its rows' type."""
    same = (row.type for row in rows if isinstance(row, Question) and row.type in SELECTS)
    return replace(head, type=next(same, QuestionType.SELECT_ONE))


def _section(node: Group | Repeat) -> dict[str, str]:
    return {
        "relevant": node.relevant,
        "repeat_count": node.repeat_count if isinstance(node, Repeat) else "",
        "appearance": " ".join(node.appearance),
    }


def _question(question: Question, lists: Mapping[str, ChoiceList]) -> dict[str, str]:
    kind, other = _type(question, lists)
    return {
        "type": kind,
        "our::type": question.type.value if question.type in OWN.values() else "",
        "our::or_other": _yes(other),
        "required": _condition(question.required),
        "relevant": question.relevant,
        "constraint": question.constraint,
        "calculation": question.calculation,
        "trigger": question.trigger,
        "default": question.default,
        "read_only": _condition(question.read_only),
        "choice_filter": question.choice_filter,
        "appearance": " ".join(question.appearance),
        "parameters": " ".join(f"{name}={value}" for name, value in question.parameters.items()),
        "our::theme": question.theme,
        "our::concept": question.concept,
        "our::sensitive": _yes(question.sensitive),
        "our::contact": _yes(question.contact),
        "our::turns_away": " ".join(question.turns_away),
    }


def _type(question: Question, lists: Mapping[str, ChoiceList]) -> tuple[str, bool]:
    """The type column, and whether `or_other` must be said beside it.

    The reference takes `or_other` only of lists that stand in the form, have labels and are not filtered.
    """
    kind = question.type
    if kind in OWN.values():
        return QuestionType.TEXT.value, question.or_other
    if kind not in SELECTS:
        return kind.value, question.or_other
    command = kind.value
    if question.choices not in lists and FILE.fullmatch(question.choices) and kind is not QuestionType.RANK:
        command += "_from_file"
    offered = lists[question.choices].choices if question.choices in lists else ()
    said = question.or_other and offered != () and all(each.label for each in offered) and not question.choice_filter
    written = f"{command} {question.choices}" + (" or_other" if said else "")
    return written, question.or_other and not said


def _texts(node: Node) -> dict[str, LocalisedText]:
    texts = {"label": node.label, "hint": node.hint, "guidance_hint": node.guidance, **node.media}
    if isinstance(node, Question):
        texts |= {"required_message": node.required_message, "constraint_message": node.constraint_message}
    return texts


def _choices(lists: Iterable[ChoiceList], locales: tuple[str, ...]) -> Grid:
    grid = Grid("choices", _CHOICES, locales, always=(Column("label", locales[0]),))
    for each in lists:
        for choice in each.choices:
            plain = {"list_name": each.name, "name": choice.name, **choice.attributes}
            grid.add(plain, {"label": choice.label, **choice.media})
    return grid


def _settings(questionnaire: Questionnaire, naming: Naming) -> Grid:
    source, locales = questionnaire.source, questionnaire.locales
    grid = Grid("settings", _SETTINGS, locales)
    # The reference takes a title in one language only.
    others = {tag: text for tag, text in questionnaire.title.items() if tag != source}
    kept = {name: questionnaire.settings.get(name, "") for name in (*KEPT, DUPLICATES)}
    plain = {
        "form_title": questionnaire.title.get(source, ""),
        **kept,
        "default_language": labelled(source, naming),
        "our::languages": "" if set(locales) == {source, *_spoken(questionnaire)} else " ".join(locales),
    }
    grid.add(plain, {"our::form_title": LocalisedText(others)})
    return grid


def _spoken(questionnaire: Questionnaire) -> set[str]:
    """The languages in which anything is asked: those that an import would offer."""
    texts = [text for node, _ in questionnaire.walk() for name, text in _texts(node).items() if name not in MEDIA]
    texts += [choice.label for each in questionnaire.choice_lists for choice in each.choices]
    return {tag for text in texts for tag in text}


def _condition(expression: str) -> str:
    return "yes" if expression == "true()" else expression


def _yes(said: bool) -> str:
    return "yes" if said else ""
