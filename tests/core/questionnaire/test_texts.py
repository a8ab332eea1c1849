"""What a language lacks is counted over every text that people read."""

from __future__ import annotations

import msgspec
import pytest

from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
)
from consult.core.questionnaire.texts import Lacking, lacking
from consult.core.text import LocalisedText

BOTH, ONE = LocalisedText({"en": "Words", "fr": "Mots"}), LocalisedText({"en": "Words"})
ASKED = Question(id="q", name="q", type=QuestionType.SELECT_ONE, label=BOTH, choices="list")


def form(node: Question | Group | Repeat = ASKED, choice: LocalisedText = BOTH) -> Questionnaire:
    lists = (ChoiceList(name="list", choices=(Choice(name="a", label=choice),)),)
    return Questionnaire(title=BOTH, locales=("en", "fr"), children=(node,), choice_lists=lists)


@pytest.mark.parametrize("field", ["hint", "guidance", "required_message", "constraint_message"])
def test_every_text_of_a_question_counts(field: str) -> None:
    assert list(lacking(form(msgspec.structs.replace(ASKED, **{field: ONE})))) == [Lacking("fr", 1, 4)]
    assert not list(lacking(form(msgspec.structs.replace(ASKED, **{field: BOTH}))))


@pytest.mark.parametrize("kind", [Group, Repeat])
@pytest.mark.parametrize("field", ["label", "hint", "guidance"])
def test_and_of_what_stands_around_it(kind: type[Group | Repeat], field: str) -> None:
    around = kind(id="g", name="g", children=(ASKED,), **{field: ONE})
    assert list(lacking(form(around))) == [Lacking("fr", 1, 4)]


def test_titles_and_choices_count_too() -> None:
    assert list(lacking(form(choice=ONE))) == [Lacking("fr", 1, 3)]
    assert list(lacking(msgspec.structs.replace(form(), title=ONE))) == [Lacking("fr", 1, 3)]
