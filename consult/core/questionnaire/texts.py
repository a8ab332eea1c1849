"""The texts of a questionnaire that people read: how many a language lacks, and how they are written back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from consult.core.questionnaire.definition import NO_TEXT, ChoiceList, Node, Question, Questionnaire
from consult.core.text import LocalisedText
from consult.core.translation import Text

Words = Mapping[str, LocalisedText]
"""Texts by their paths."""

LONGEST: Final = 450
"""Characters that a path may have."""
_OF_NODES: Final = ("label", "hint", "guidance")
_OF_QUESTIONS: Final = (*_OF_NODES, "required_message", "constraint_message")


class Lacking(NamedTuple):
    """A language in which some texts are missing."""

    locale: str
    missing: int
    total: int
    """How many texts there are in any language."""


def texts_of(node: Node) -> Iterator[LocalisedText]:
    """The texts of a question, group or repeat."""
    return (getattr(node, field) for field in _fields(node))


def all_texts(questionnaire: Questionnaire) -> Iterator[LocalisedText]:
    """Every text, title and choices included; empty where there is none."""
    return (text.words for text in texts(questionnaire))


def texts(questionnaire: Questionnaire) -> Iterator[Text]:
    """The same with their paths, in reading order: the choices of a list stand after the first question that has it."""
    yield Text("title", "title", questionnaire.title)
    lists = questionnaire.lists()
    for node, above in questionnaire.walk():
        within = above[-1].label if above else NO_TEXT
        for field in _fields(node):
            yield Text(_path(node, field), field, getattr(node, field), node.name, within)
        if isinstance(node, Question) and (choices := lists.pop(node.choices, None)):
            yield from _choices(choices, node.label)
    for choices in lists.values():
        yield from _choices(choices, NO_TEXT)


def _choices(choices: ChoiceList, within: LocalisedText) -> Iterator[Text]:
    paths = zip(_choice_paths(choices), choices.choices, strict=True)
    return (Text(path, "choice", one.label, one.name, within) for path, one in paths)


def with_texts(questionnaire: Questionnaire, words: Words) -> Questionnaire:
    """The same questionnaire with other words; languages that are new in it are offered after those there were."""
    found = {locale: None for text in words.values() for locale in text}
    return msgspec.structs.replace(
        questionnaire,
        title=words.get("title", questionnaire.title),
        locales=tuple(dict.fromkeys((*questionnaire.locales, *found))),
        children=tuple(_with_texts(node, words) for node in questionnaire.children),
        choice_lists=tuple(_with_choices(choices, words) for choices in questionnaire.choice_lists),
    )


def _with_choices(choices: ChoiceList, words: Words) -> ChoiceList:
    paths = zip(_choice_paths(choices), choices.choices, strict=True)
    changed = (msgspec.structs.replace(one, label=words[path]) if path in words else one for path, one in paths)
    return msgspec.structs.replace(choices, choices=tuple(changed))


def _with_texts(node: Node, words: Words) -> Node:
    changes = {field: words[path] for field in _fields(node) if (path := _path(node, field)) in words}
    if isinstance(node, Question):
        return msgspec.structs.replace(node, **changes) if changes else node
    return msgspec.structs.replace(
        node, children=tuple(_with_texts(child, words) for child in node.children), **changes
    )


def without(questionnaire: Questionnaire, locale: str) -> Questionnaire:
    """The same questionnaire without one of its further languages."""
    words = {text.path: text.words.with_text(locale, "") for text in texts(questionnaire) if locale in text.words}
    locales = tuple(code for code in questionnaire.locales if code != locale)
    return msgspec.structs.replace(with_texts(questionnaire, words), locales=locales)


def _fields(node: Node) -> tuple[str, ...]:
    return _OF_QUESTIONS if isinstance(node, Question) else _OF_NODES


def _path(node: Node, field: str) -> str:
    return f"{node.id}/{field}"


def _choice_paths(choices: ChoiceList) -> Iterator[str]:
    """A code may occur more than once in a list; names may be of any length, paths are not."""
    often: Counter[str] = Counter()
    for choice in choices.choices:
        often[choice.name] += 1
        number = f"#{often[choice.name]}" if often[choice.name] > 1 else ""
        path = f"choices/{choices.name}/{choice.name}{number}"
        yield path if len(path) <= LONGEST else f"choices/{hashlib.sha256(path.encode()).hexdigest()}"


def lacking(questionnaire: Questionnaire) -> Iterator[Lacking]:
    """The languages that lack texts that are there in others."""
    words = [text for text in all_texts(questionnaire) if text]
    for locale in questionnaire.locales:
        if missing := sum(locale not in text for text in words):
            yield Lacking(locale, missing, len(words))
