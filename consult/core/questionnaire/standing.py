"""Standing questions: what is asked before all else, in the same way in every questionnaire.

Consent to special categories of data, the least age with the agreement of a parent or guardian, and who fills the
questionnaire in. They are questions like others, on a page of their own in front: their words can be changed wherever
words of a questionnaire can, and answers, tables and files know of nothing special.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Final

import msgspec

from consult.core.questionnaire.definition import (
    NO_TEXT,
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    node_id,
)
from consult.core.text import LocalisedText

PAGE: Final = "standing"
"""Name of the group in front."""
CONSENT: Final = "standing_consent"
AGE: Final = "standing_age"
FILLED_IN_BY: Final = "standing_filled_in_by"
NAMES: Final = (CONSENT, AGE, FILLED_IN_BY)
"""Of the questions and of their lists, in the order in which they are asked."""
AGES: Final = range(11, 21)
"""Years that can be asked for: all of them take the same form of the word in every language."""
_AT_LEAST: Final = re.compile(r"at_least_([0-9]{1,2})")


def _localised(_: type, value: dict[str, str]) -> LocalisedText:
    return LocalisedText(value)


WORDS: Final[Mapping[str, LocalisedText]] = MappingProxyType(
    msgspec.json.decode(
        files(__package__).joinpath("standing.json").read_bytes(),
        type=dict[str, LocalisedText],
        dec_hook=_localised,
    )
)
"""The usual words, by the name of the question, with a dot and the choice or `hint` behind it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which standing questions are asked."""

    consent: bool = False
    """Whether nobody takes part without consent to special categories of data."""
    least_age: int = 0
    """Years; 0: age does not matter."""
    guardians: bool = False
    """Whether younger people take part who want to, and of whom a parent or guardian agrees."""
    filled_in_by: bool = False
    words: Mapping[str, LocalisedText] = field(default_factory=dict)
    """Labels in other words than so far, by the name of the question."""


def wanted(questionnaire: Questionnaire) -> Wanted:
    """Which of them a questionnaire asks, and in which words."""
    found = _questions(questionnaire)
    lists = questionnaire.lists()
    ages = lists[AGE].names() if AGE in found and AGE in lists else ()
    least = next((int(match[1]) for name in ages if (match := _AT_LEAST.fullmatch(name))), 0)
    words = {name: question.label for name, question in found.items()}
    return Wanted(CONSENT in found, least, "guardian" in ages, FILLED_IN_BY in found, words)


def usual_label(name: str) -> LocalisedText:
    """What a standing question asks in the usual words."""
    return WORDS[name]


def with_standing(questionnaire: Questionnaire, asked: Wanted) -> Questionnaire:
    """The questionnaire with these standing questions and no others; what they were called before stays."""
    names = [
        name
        for name, there in zip(NAMES, (asked.consent, asked.least_age > 0, asked.filled_in_by), strict=True)
        if there
    ]
    children = tuple(node for node in questionnaire.children if not _is_page(node))
    lists = tuple(choices for choices in questionnaire.choice_lists if choices.name not in NAMES)
    if names:
        known, old = _questions(questionnaire), questionnaire.lists()
        page = next((node for node in questionnaire.children if isinstance(node, Group) and _is_page(node)), None)
        fill = _Words(questionnaire.locales)
        front = Group(
            id=node_id(PAGE),
            name=PAGE,
            label=fill(page.label if page else NO_TEXT, PAGE),
            children=tuple(_question(name, known.get(name), asked, fill) for name in names),
        )
        children = (front, *children)
        lists = (*(_list(name, old.get(name), asked, fill) for name in names), *lists)
    return msgspec.structs.replace(questionnaire, children=children, choice_lists=lists)


def carried_over(questionnaire: Questionnaire, before: Questionnaire) -> Questionnaire:
    """A questionnaire as it came from a file, with the standing questions of the one before where it has none."""
    if any(_is_page(node) for node in questionnaire.children):
        return questionnaire
    page = next((node for node in before.children if _is_page(node)), None)
    if page is None:
        return questionnaire
    lists = tuple(choices for choices in before.choice_lists if choices.name in NAMES)
    with_page = msgspec.structs.replace(
        questionnaire,
        children=(page, *questionnaire.children),
        choice_lists=(*lists, *(one for one in questionnaire.choice_lists if one.name not in NAMES)),
    )
    return with_standing(with_page, wanted(with_page))


class _Words:
    """Texts in the languages of the questionnaire: those that somebody wrote, else the usual ones."""

    def __init__(self, locales: tuple[str, ...]) -> None:
        self._locales = locales

    def __call__(self, own: LocalisedText, usual: str, **values: object) -> LocalisedText:
        usually = {
            locale: text.format(**values) if values else text for locale, text in WORDS.get(usual, NO_TEXT).items()
        }
        merged = {**usually, **own}
        return LocalisedText({locale: merged[locale] for locale in self._locales if locale in merged})


def _question(name: str, known: Question | None, asked: Wanted, fill: _Words) -> Question:
    own = asked.words.get(name) or (known.label if known else NO_TEXT)
    gate = {CONSENT: ("no",), AGE: ("younger",)}.get(name, ())
    return Question(
        id=known.id if known else node_id(f"{PAGE}/{name}"),
        name=name,
        type=QuestionType.SELECT_ONE,
        label=fill(own, name),
        hint=fill(known.hint if known else NO_TEXT, f"{name}.hint"),
        required="true()" if gate else "",
        required_message=known.required_message if known else NO_TEXT,
        choices=name,
        turns_away=gate,
    )


def _list(name: str, known: ChoiceList | None, asked: Wanted, fill: _Words) -> ChoiceList:
    labels = {choice.name: choice.label for choice in known.choices} if known else {}
    choices = []
    for code, usual in _codes(name, asked):
        values = {"years": asked.least_age} if usual == "at_least" else {}
        choices.append(Choice(name=code, label=fill(labels.get(code, NO_TEXT), f"{name}.{usual}", **values)))
    return ChoiceList(name=name, choices=tuple(choices))


def _codes(name: str, asked: Wanted) -> Iterator[tuple[str, str]]:
    """The codes of a list, and under what the usual words for each stand."""
    if name == AGE:
        yield f"at_least_{asked.least_age}", "at_least"
        if asked.guardians:
            yield "guardian", "guardian"
        yield "younger", "neither" if asked.guardians else "younger"
    else:
        yield from ((code, code) for code in {CONSENT: ("yes", "no")}.get(name, ("self", "helped", "for_somebody")))


def _is_page(node: object) -> bool:
    return isinstance(node, Group) and node.name == PAGE


def _questions(questionnaire: Questionnaire) -> dict[str, Question]:
    return {
        question.name: question
        for page in questionnaire.children
        if isinstance(page, Group) and _is_page(page)
        for question in page.children
        if isinstance(question, Question) and question.name in NAMES
    }
