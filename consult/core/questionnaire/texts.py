"""The texts of a questionnaire that people read, and how many of them a language lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from consult.core.questionnaire.definition import Node, Question, Questionnaire
from consult.core.text import LocalisedText


class Lacking(NamedTuple):
    """A language in which some texts are missing."""

    locale: str
    missing: int
    total: int
    """How many texts there are in any language."""


def texts_of(node: Node) -> Iterator[LocalisedText]:
    """The texts of a question, group or repeat."""
    yield from (node.label, node.hint, node.guidance)
    if isinstance(node, Question):
        yield from (node.required_message, node.constraint_message)


def all_texts(questionnaire: Questionnaire) -> Iterator[LocalisedText]:
    """Every text, title and choices included; empty where there is none."""
    yield questionnaire.title
    for node, _ in questionnaire.walk():
        yield from texts_of(node)
    for choices in questionnaire.choice_lists:
        yield from (choice.label for choice in choices.choices)


def lacking(questionnaire: Questionnaire) -> Iterator[Lacking]:
    """The languages that lack texts that are there in others."""
    texts = [text for text in all_texts(questionnaire) if text]
    for locale in questionnaire.locales:
        if missing := sum(locale not in text for text in texts):
            yield Lacking(locale, missing, len(texts))
