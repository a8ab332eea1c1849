"""What stands against publishing, and what is worth a second look."""

from __future__ import annotations

import time

import pytest

from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    is_dynamic,
)
from consult.core.questionnaire.lint import lint
from consult.core.text import LocalisedText


def en(text: str) -> LocalisedText:
    return LocalisedText({"en": text})


def ask(name: str = "a", kind: str = "text", **more: object) -> Question:
    """A question without fault, but for what is said of it."""
    return Question(**{"id": f"id-{name}", "name": name, "type": QuestionType(kind), "label": en("Label"), **more})


YES_NO = ChoiceList(name="yn", choices=(Choice(name="yes", label=en("Yes")), Choice(name="no", label=en("No"))))
DECLINABLE = ChoiceList(name="ynd", choices=(*YES_NO.choices, Choice(name="prefer_not_to_say", label=en("Rather not"))))


def questionnaire(*nodes: Node, **more: object) -> Questionnaire:
    lists = (YES_NO, DECLINABLE, ChoiceList(name="none", choices=()))
    return Questionnaire(**{"title": en("T"), "locales": ("en",), "children": nodes, "choice_lists": lists, **more})


def test_a_sound_questionnaire_has_no_findings() -> None:
    page = Group(id="g", name="g", label=en("Page"), children=(ask("b", relevant="${a} = 'yes'"),))
    findings = lint(questionnaire(ask("a", "select_one", choices="yn"), page))
    assert (findings.errors, findings.warnings) == ((), ())


@pytest.mark.parametrize(
    ("code", "nodes"),
    [
        ("questionnaire.empty", [ask("a", "note")]),
        ("questionnaire.name.duplicate", [ask("a"), Group(id="g", name="g", children=(ask("a", id="other"),))]),
        ("questionnaire.later", [ask("a", "rank", choices="yn", or_other=True)]),
        ("questionnaire.range", [ask("a", "range", parameters={"step": "0"})]),
        ("questionnaire.files", [ask(name, "image") for name in "abcdef"]),
        ("questionnaire.later", [ask("a", contact=True)]),
        ("questionnaire.list.missing", [ask("a", "select_one", choices="wards.csv")]),
        ("questionnaire.list.empty", [ask("a", "select_one", choices="none")]),
        ("questionnaire.label.missing", [ask("a", label=LocalisedText())]),
        ("questionnaire.mention", [ask("a", label=en("Hello ${nobody}"))]),
        ("expression.name.unknown", [ask("a", relevant="${nobody} = 1")]),
        ("expression.name.unknown", [ask("a", default="${nobody}")]),
        ("expression.path", [ask("a", constraint="../b = 1")]),
        ("expression.column.unknown", [ask("a", "select_one", choices="yn", choice_filter="region = 1")]),
        ("expression.cycle", [ask("a", "calculate", calculation="${b}"), ask("b", "calculate", calculation="${a}")]),
    ],
)
def test_it_is_not_published(code: str, nodes: list[Node]) -> None:
    findings = lint(questionnaire(*nodes))
    assert code in {problem.code for problem in findings.errors}


@pytest.mark.parametrize(
    ("code", "nodes"),
    [
        ("questionnaire.matrix", [ask("a", "note", appearance=("label",)), ask("b")]),
        ("questionnaire.contact", [ask("a", "email")]),
        ("questionnaire.two_questions", [ask("a", label=en("Are you well? And safe?"))]),
        ("questionnaire.two_questions", [ask("a", label=LocalisedText({"en": "Well", "ar": "هل أنت بخير؟ وآمن؟"}))]),
        ("questionnaire.decline", [ask("a", "select_one", choices="yn", sensitive=True, required="true()")]),
        ("questionnaire.never", [ask("a"), ask("b", relevant="false()")]),
        ("expression.name.later", [ask("a", relevant="${b} = 'x'"), ask("b")]),
    ],
)
def test_it_is_worth_a_look(code: str, nodes: list[Node]) -> None:
    findings = lint(questionnaire(*nodes))
    assert findings.errors == ()
    assert code in {problem.code for problem in findings.warnings}


def test_a_way_to_decline_is_recognised() -> None:
    sound = ask("a", "select_one", choices="ynd", sensitive=True, required="true()")
    assert lint(questionnaire(sound)).warnings == ()


def test_missing_translations_are_counted_per_language() -> None:
    title = LocalisedText({"en": "T", "fr": "T"})
    (warning,) = lint(questionnaire(ask("a"), locales=("en", "fr"), title=title, choice_lists=())).warnings
    assert (warning.code, dict(warning.params)) == ("questionnaire.incomplete", {"tag": "fr", "missing": 1, "total": 2})


def test_the_title_must_be_there() -> None:
    assert [p.code for p in lint(questionnaire(ask("a"), title=LocalisedText())).errors] == ["questionnaire.title"]


def test_a_finding_names_the_question_by_its_id() -> None:
    (problem,) = lint(questionnaire(ask("a"), ask("b", "range", parameters={"step": "0"}))).errors
    assert problem.place.field == "id-b"


@pytest.mark.parametrize(
    ("default", "dynamic"),
    [
        ("today()", True), ("1 + count-selected(.)", True), ("${age}", True), ("_x(1)", True),
        ("", False), ("none", False), ("12 (about)", False), ("(a)", False), ("1(", False),
    ],
)  # fmt: skip
def test_a_default_is_an_expression_where_it_refers_or_calls(default: str, dynamic: bool) -> None:
    assert is_dynamic(default) is dynamic


def test_long_defaults_are_read_once() -> None:
    began = time.process_time()
    assert not any(is_dynamic(piece * 100_000) for piece in ("a", "a-", "1"))
    assert time.process_time() - began < 1
