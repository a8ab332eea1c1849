"""Which questions are the rows of one table."""

from __future__ import annotations

from typing import Any

import pytest

from consult.core.questionnaire.definition import Group
from consult.core.questionnaire.lint import lint
from consult.core.questionnaire.matrices import Matrix, arranged
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load, questionnaire

LISTS = {"good": ["a", "b"], "other": ["a", "b"], "long": list("abcdefgh")}
HEAD = {"type": "note", "name": "head", "label": "How good?", "appearance": "label"}


def row(name: str, kind: str = "select_one good", **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": name, "appearance": "list-nolabel", **more}


def looks(*rows: dict[str, Any]) -> str:
    """The nodes as shown: a matrix as its rows in brackets, with its head before a colon."""
    made = questionnaire({"survey": list(rows), "choices": LISTS})
    around = made.children[0] if isinstance(made.children[0], Group) else None
    shown = []
    for node in arranged(around.children if around else made.children, made, around):
        if isinstance(node, Matrix):
            rows_of = " ".join(question.name for question in node.rows)
            shown.append(f"[{node.head.name if node.head else ''}:{rows_of}]")
        else:
            shown.append(node.name)
    return " ".join(shown)


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([HEAD, row("a"), row("b")], "[head:a b]"),
        ([{"type": "text", "name": "x"}, HEAD, row("a"), row("b"), {"type": "text", "name": "y"}], "x [head:a b] y"),
        ([HEAD, row("a")], "[head:a]"),
        ([row("a"), row("b")], "[:a b]"),
        ([row("a")], "a"),
        ([HEAD, {"type": "text", "name": "x"}, row("a")], "head x a"),
        ([HEAD, row("a"), row("b", "select_one other"), row("c", "select_one other")], "[head:a] [:b c]"),
        ([HEAD, row("a"), row("b", "select_multiple good")], "[head:a] b"),
        ([HEAD, row("a", "select_multiple good"), row("b", "select_multiple good")], "[head:a b]"),
        ([HEAD, row("a", "select_one long"), row("b", "select_one long")], "head a b"),
        ([HEAD, row("a", choice_filter="name != 'a'"), row("b")], "head a b"),
        ([HEAD, row("a"), row("b", or_other=True)], "[head:a] b"),
        ([HEAD, row("a"), row("b", parameters={"randomize": "true"})], "[head:a] b"),
        ([HEAD, row("a"), {"type": "calculate", "name": "k", "calculation": "1"}, row("b")], "[head:a b]"),
        ([HEAD, HEAD | {"name": "next"}, row("a")], "head [next:a]"),
        (
            [
                {"type": "begin_group", "name": "g", "appearance": "table-list"},
                row("a", appearance=""),
                row("b", appearance=""),
                {"type": "end_group"},
            ],
            "[:a b]",
        ),
    ],
)
def test_rows_with_the_same_choices_make_a_matrix(rows: list[dict[str, Any]], shown: str) -> None:
    assert looks(*rows) == shown


WORDLESS = {"type": "note", "name": "head", "appearance": "label"}


def test_a_head_needs_no_words_of_its_own_and_is_not_seen_without() -> None:
    question = {"type": "note", "name": "question", "label": "How good are these?"}
    made = questionnaire({"survey": [question, WORDLESS, row("a"), row("b")], "choices": LISTS})
    assert looks(question, WORDLESS, row("a"), row("b")) == "question [head:a b]"
    assert lint(made).errors == lint(made).warnings == ()
    (page,) = Compiled(made).pages
    assert [asked.name for asked in page.asked] == ["question", "a", "b"]


def test_without_a_matrix_below_it_a_head_without_words_is_told_once() -> None:
    found = lint(questionnaire({"survey": [WORDLESS, row("a", "select_one long")], "choices": LISTS}))
    assert found.errors == ()
    assert [one.code for one in found.warnings] == ["questionnaire.matrix"]


def test_what_is_no_matrix_is_told_and_stops_nothing() -> None:
    lists = {"choices": LISTS}
    rows = [
        HEAD,
        row("a", "select_one long"),
        {"type": "begin_group", "name": "g", "label": "G", "appearance": "table-list"},
    ]
    found = lint(questionnaire({"survey": [*rows, row("b"), {"type": "end_group"}], **lists}))
    assert found.errors == ()
    assert [(one.code, one.place.field) for one in found.warnings] == [
        ("questionnaire.matrix", "head"),
        ("questionnaire.matrix", "g"),
    ]
    assert lint(load("matrix")).warnings == ()
