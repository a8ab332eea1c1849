"""Small questionnaires, one per feature, written like the sheets of an XLSForm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
)
from consult.core.text import LocalisedText

_TEXTS = ("label", "hint", "guidance", "required_message", "constraint_message")


def load(feature: str, *, locales: tuple[str, ...] = ("en",)) -> Questionnaire:
    """The questionnaire of a feature. Ids are the names; texts say in brackets which locale they are in, but for those
    that the feature has in several."""
    sheets = json.loads(Path(__file__).with_name(f"{feature}.json").read_text(encoding="utf-8"))
    return questionnaire(sheets, locales=locales)


def questionnaire(sheets: dict[str, Any], *, locales: tuple[str, ...] = ("en",)) -> Questionnaire:
    """A questionnaire from rows of a survey sheet and choice lists."""
    rows = iter(sheets["survey"])
    lists = tuple(
        ChoiceList(name=name, choices=tuple(_choice(choice, locales) for choice in choices))
        for name, choices in sheets.get("choices", {}).items()
    )
    return Questionnaire(
        title=_text("Survey", locales), locales=locales, children=tuple(_nodes(rows, locales)), choice_lists=lists
    )


def _nodes(rows: Any, locales: tuple[str, ...]) -> list[Node]:
    found: list[Node] = []
    for row in rows:
        if row["type"] in {"end_group", "end_repeat"}:
            break
        given = {key: _text(value, locales) if key in _TEXTS else value for key, value in row.items()}
        if "turns_away" in given:
            given["turns_away"] = tuple(given["turns_away"])
        kind, _, choices = given.pop("type").partition(" ")
        appearance = tuple(given.pop("appearance", "").split())
        if kind == "begin_repeat":
            children = tuple(_nodes(rows, locales))
            found.append(Repeat(id=row["name"], appearance=appearance, children=children, **given))
        elif kind == "begin_group":
            children = tuple(_nodes(rows, locales))
            found.append(Group(id=row["name"], appearance=appearance, children=children, **given))
        else:
            found.append(
                Question(id=row["name"], type=QuestionType(kind), choices=choices, appearance=appearance, **given)
            )
    return found


def _choice(choice: str | dict[str, Any], locales: tuple[str, ...]) -> Choice:
    row = {"name": choice} if isinstance(choice, str) else dict(choice)
    name = row.pop("name")
    return Choice(name=name, label=_text(row.pop("label", name.title()), locales), attributes=row)


def _text(words: str | dict[str, str], locales: tuple[str, ...]) -> LocalisedText:
    if isinstance(words, dict):
        return LocalisedText({code: words[code] for code in locales})
    return LocalisedText({code: words if code == "en" else f"{words} ({code})" for code in locales})
