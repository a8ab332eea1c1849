"""Answers as participants type them, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.questionnaire.answers import LONGEST_TEXT, decode, encode, fields, read, read_number, refill
from consult.core.questionnaire.definition import Question, QuestionType

CHOICES = ("a", "b", "c")


def question(kind: str, **rest: object) -> Question:
    return Question(id="q", name="name", type=QuestionType(kind), **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "mark", "number"),
    [
        ("12", ".", 12),
        (" 12 ", ".", 12),
        ("+3", ".", 3),
        ("-3", ".", -3),
        ("−3", ".", -3),
        ("1.5", ".", 1.5),
        ("1,5", ",", 1.5),
        ("1,5", ".", 1.5),
        ("1.5", ",", 1.5),
        (".5", ".", 0.5),
        ("5.", ".", 5),
        ("1,234", ".", 1234),
        ("1.234", ",", 1234),
        ("1.234", ".", 1.234),
        ("1,234", ",", 1.234),
        ("0,125", ".", 0.125),
        ("1,234,567.89", ".", 1234567.89),
        ("1.234.567,89", ".", 1234567.89),
        ("12,34,567", ".", 1234567),
        ("1 234,5", ",", 1234.5),
        ("1\u202f234,5", ",", 1234.5),
        ("1’234.5", ".", 1234.5),
        ("١٢٣", ".", 123),
        ("١٢٣٫٥", ".", 123.5),
        ("١٬٢٣٤٫٥", ".", 1234.5),
        ("۱۲۳", ".", 123),
        ("१२३", ".", 123),
        ("１２", ".", 12),
        ("abc", ".", None),
        ("1e5", ".", None),
        ("1,2,3", ".", None),
        ("1.2.3,4,5", ".", None),
        ("½", ".", None),
        ("5²", ".", None),
        ("0x10", ".", None),
        ("nan", ".", None),
        ("--1", ".", None),
        ("", ".", None),
    ],
)
def test_numbers_in_any_custom(typed: str, mark: str, number: float | None) -> None:
    assert read_number(typed, mark) == number


@given(st.decimals(-(10**9), 10**9, places=6).map(float), st.sampled_from(".,"))
def test_a_number_written_for_a_reader_is_read_again(number: float, mark: str) -> None:
    asked = question("decimal")
    (typed,) = refill(asked, {"q": number}, decimal_mark=mark)["q"]
    assert read(asked, (), {"q": (typed,)}, decimal_mark=mark).answers == {"q": number}


@given(st.text())
def test_no_text_breaks_the_reading_of_numbers(typed: str) -> None:
    read_number(typed)


@pytest.mark.parametrize(
    ("kind", "form", "answer"),
    [
        ("text", {"q": [" Accra\r\n\u202e "]}, "Accra"),
        ("text", {"q": ["e\u0301"]}, "é"),
        ("text", {"q": [" "]}, None),
        ("text", {"q": ["=1+1"]}, "=1+1"),
        ("integer", {"q": ["12,0"]}, 12),
        ("integer", {"q": [""]}, None),
        ("decimal", {"q": ["2"]}, 2.0),
        ("date", {"q.day": ["3"], "q.month": ["٢"], "q.year": ["2001"]}, "2001-02-03"),
        ("date", {"q": ["2001-02-03"]}, "2001-02-03"),
        ("date", {"q.day": [""], "q.month": [""], "q.year": [""]}, None),
        ("select_one", {"q": ["", "b"]}, "b"),
        ("select_one", {"q": [""]}, None),
        ("select_multiple", {"q": ["", "c", "a"]}, ("a", "c")),
        ("select_multiple", {"q": [""]}, None),
        ("acknowledge", {"q": ["", "OK"]}, "OK"),
        ("acknowledge", {"q": [""]}, None),
    ],
)
def test_what_is_typed_becomes_an_answer(kind: str, form: dict[str, list[str]], answer: object) -> None:
    assert read(question(kind), CHOICES, form).answers == {"q": answer}


@pytest.mark.parametrize(
    ("kind", "form", "code"),
    [
        ("text", {"q": ["x" * (LONGEST_TEXT + 1)]}, "answer.text.long"),
        ("integer", {"q": ["1.5"]}, "answer.number.whole"),
        ("integer", {"q": ["many"]}, "answer.number.unreadable"),
        ("integer", {"q": ["9" * 61]}, "answer.number.unreadable"),
        ("decimal", {"q": ["1" + "0" * 16]}, "answer.number.large"),
        ("date", {"q.day": ["3"], "q.month": [""], "q.year": ["2001"]}, "answer.date.incomplete"),
        ("date", {"q.day": ["30"], "q.month": ["2"], "q.year": ["2001"]}, "answer.date.impossible"),
        ("date", {"q.day": ["3"], "q.month": ["2"], "q.year": ["01"]}, "answer.date.impossible"),
        ("date", {"q.day": ["3"], "q.month": ["May"], "q.year": ["2001"]}, "answer.date.impossible"),
        ("date", {"q": ["2001-02"]}, "answer.date.incomplete"),
        ("select_one", {"q": ["d"]}, "answer.choice.unknown"),
        ("select_multiple", {"q": ["a", "d"]}, "answer.choice.unknown"),
        ("acknowledge", {"q": ["yes"]}, "answer.choice.unknown"),
    ],
)
def test_what_cannot_be_an_answer_has_a_code(kind: str, form: dict[str, list[str]], code: str) -> None:
    found = read(question(kind), CHOICES, form)
    assert found.answers == {}
    assert found.problem is not None
    assert (found.problem.code, found.problem.place.field) == (code, "q")


@pytest.mark.parametrize(
    ("kind", "answers", "form"),
    [
        ("text", {"q": "Accra"}, {"q": ("Accra",)}),
        ("integer", {"q": 5}, {"q": ("5",)}),
        ("decimal", {"q": 1.5}, {"q": ("1,5",)}),
        ("date", {"q": "2001-02-03"}, {"q.year": ("2001",), "q.month": ("2",), "q.day": ("3",)}),
        ("select_multiple", {"q": ("a", "c")}, {"q": ("a", "c")}),
        ("text", {"q": None}, {}),
        ("text", {}, {}),
    ],
)
def test_fields_show_what_was_answered(kind: str, answers: dict[str, object], form: dict[str, object]) -> None:
    assert refill(question(kind), answers, decimal_mark=",") == form  # type: ignore[arg-type]


def test_other_comes_with_its_words() -> None:
    asked = question("select_one", or_other=True)
    found = read(asked, CHOICES, {"q": ["other"], "q.other": ["Togo"]})
    assert found.answers == {"q": "other", "q.other": "Togo"}
    assert refill(asked, found.answers) == {"q": ("other",), "q.other": ("Togo",)}
    assert read(asked, CHOICES, {"q": ["a"], "q.other": ["Togo"]}).answers == {"q": "a"}


@pytest.mark.parametrize(
    ("kind", "names"),
    [("text", ("q",)), ("date", ("q", "q.year", "q.month", "q.day")), ("note", ("q",)), ("calculate", ())],
)
def test_fields_of_a_question(kind: str, names: tuple[str, ...]) -> None:
    assert fields(question(kind)) == names


def test_a_document_is_canonical_and_reads_back() -> None:
    answers = {"b": None, "a": ("x", "y"), "c": 1.5, "d": 2, "e": "ü"}
    assert encode(answers) == '{"a":["x","y"],"b":null,"c":1.5,"d":2,"e":"ü"}'
    assert decode(encode(answers)) == answers
