"""Answers as participants type them, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.questionnaire.answers import LONGEST_TEXT, decode, encode, fields, from_text, read, refill
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.internet import read_email, read_url
from consult.core.questionnaire.numerals import read_number
from consult.core.questionnaire.scales import Scale

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
        ("time", {"q.hour": ["٨"], "q.minute": ["5"]}, "08:05"),
        ("time", {"q": ["08:30"]}, "08:30"),
        ("time", {"q": ["08:30:00.000+01:00"]}, "08:30"),
        ("time", {"q.hour": [""], "q.minute": [" "]}, None),
        (
            "datetime",
            {"q.day": ["3"], "q.month": ["۲"], "q.year": ["2001"], "q.hour": ["0"], "q.minute": ["00"]},
            "2001-02-03T00:00",
        ),
        ("datetime", {"q": ["2001-02-03T14:05:00.000+01:00"]}, "2001-02-03T14:05"),
        ("datetime", {"q": [""]}, None),
        ("range", {"q": ["٧"]}, 7),
        ("range", {"q": ["", "10"]}, 10),
        ("range", {"q": [""]}, None),
        ("rank", {"q": ["", "2 a", "3 b", "1 c"]}, ("c", "a", "b")),
        ("rank", {"q": ["", "", "", ""]}, None),
        ("email", {"q": [" Ama.Mensah@Example.ORG "]}, "Ama.Mensah@example.org"),
        ("email", {"q": ["ama@müller.example"]}, "ama@müller.example"),
        ("email", {"q": [""]}, None),
        ("url", {"q": ["Example.org/A?b=c#d"]}, "https://example.org/A?b=c#d"),
        ("url", {"q": ["HTTP://example.org:8080"]}, "http://example.org:8080"),
        ("url", {"q": [""]}, None),
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
        ("date", {"q": ["2001-02-03-04"]}, "answer.date.impossible"),
        ("time", {"q.hour": ["8"], "q.minute": [""]}, "answer.time.incomplete"),
        ("time", {"q.hour": ["24"], "q.minute": ["0"]}, "answer.time.impossible"),
        ("time", {"q.hour": ["8"], "q.minute": ["60"]}, "answer.time.impossible"),
        ("time", {"q.hour": ["8 pm"], "q.minute": ["0"]}, "answer.time.impossible"),
        ("time", {"q": ["noon"]}, "answer.time.incomplete"),
        ("datetime", {"q": ["2001-02-03"]}, "answer.time.incomplete"),
        ("datetime", {"q.hour": ["8"], "q.minute": ["0"]}, "answer.date.incomplete"),
        ("datetime", {"q": ["2001-02-30T08:00"]}, "answer.date.impossible"),
        ("range", {"q": ["0"]}, "answer.range"),
        ("range", {"q": ["11"]}, "answer.range"),
        ("range", {"q": ["1.5"]}, "answer.range"),
        ("range", {"q": ["many"]}, "answer.number.unreadable"),
        ("rank", {"q": ["1 a", "1 b", "2 c"]}, "answer.rank.twice"),
        ("rank", {"q": ["1 a", "2 b", ""]}, "answer.rank.incomplete"),
        ("rank", {"q": ["1 a", "2 b", "4 c"]}, "answer.rank.incomplete"),
        ("rank", {"q": ["1 a", "2 b", "3 d"]}, "answer.choice.unknown"),
        ("rank", {"q": ["1 a", "2 a", "3 b"]}, "answer.choice.unknown"),
        ("rank", {"q": ["a", "b", "c"]}, "answer.choice.unknown"),
        ("rank", {"q": ["² a", "1 b", "3 c"]}, "answer.choice.unknown"),
        ("email", {"q": ["ama"]}, "answer.email"),
        ("email", {"q": ["ama@localhost"]}, "answer.email"),
        ("email", {"q": ["ama@127.0.0.1"]}, "answer.email"),
        ("email", {"q": ["ama mensah@example.org"]}, "answer.email"),
        ("email", {"q": ["ama..m@example.org"]}, "answer.email"),
        ("email", {"q": ["ama@example.org, kofi@example.org"]}, "answer.email"),
        ("url", {"q": ["example"]}, "answer.url"),
        ("url", {"q": ["javascript:alert(1)"]}, "answer.url"),
        ("url", {"q": ["file:///etc/passwd"]}, "answer.url"),
        ("url", {"q": ["https://ama:secret@example.org"]}, "answer.url"),
        ("url", {"q": ["https://example.org/a b"]}, "answer.url"),
        ("url", {"q": ["https://[::1]/"]}, "answer.url"),
        ("url", {"q": ["https://["]}, "answer.url"),
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
        ("time", {"q": "08:05"}, {"q.hour": ("08",), "q.minute": ("05",)}),
        (
            "datetime",
            {"q": "2001-02-03T08:05"},
            {"q.year": ("2001",), "q.month": ("2",), "q.day": ("3",), "q.hour": ("08",), "q.minute": ("05",)},
        ),
        ("rank", {"q": ("c", "a", "b")}, {"q": ("1 c", "2 a", "3 b")}),
        ("range", {"q": 7}, {"q": ("7",)}),
        ("email", {"q": "ama@example.org"}, {"q": ("ama@example.org",)}),
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
    [
        ("text", ("q",)),
        ("date", ("q", "q.year", "q.month", "q.day")),
        ("time", ("q", "q.hour", "q.minute")),
        ("datetime", ("q", "q.year", "q.month", "q.day", "q.hour", "q.minute")),
        ("rank", ("q",)),
        ("note", ("q",)),
        ("calculate", ()),
    ],
)
def test_fields_of_a_question(kind: str, names: tuple[str, ...]) -> None:
    assert fields(question(kind)) == names


def test_a_document_is_canonical_and_reads_back() -> None:
    answers = {"b": None, "a": ("x", "y"), "c": 1.5, "d": 2, "e": "ü"}
    assert encode(answers) == '{"a":["x","y"],"b":null,"c":1.5,"d":2,"e":"ü"}'
    assert decode(encode(answers)) == answers


FINE = {"start": "0", "end": "5", "step": "0.5"}
WIDE = {"start": "-1000", "end": "1000", "step": "0.5"}


@pytest.mark.parametrize(
    ("parameters", "typed", "mark", "answer"),
    [
        (FINE, "2.5", ".", 2.5),
        (FINE, "2.5", ",", 2.5),
        (FINE, "2,5", ",", 2.5),
        (FINE, "٢٫٥", ".", 2.5),
        (FINE, "2.25", ".", None),
        ({"start": "0", "end": "1", "step": "0.125"}, "0.125", ",", 0.125),
        ({"start": "1", "end": "2", "step": "0.125"}, "1.125", ",", 1.125),
        ({"start": "0", "end": "1", "step": "0.1"}, "0.3", ".", 0.3),
        (WIDE, "-999.5", ".", -999.5),
        (WIDE, "1.000", ",", 1000),
        ({"start": "10", "end": "0", "step": "5"}, "5", ".", 5),
        ({"start": "10", "end": "0", "step": "5"}, "6", ".", None),
        ({"start": "0", "end": "10", "step": "4"}, "8", ".", 8),
        ({"start": "0", "end": "10", "step": "4"}, "10", ".", None),
        ({}, "10", ".", 10),
    ],
)
def test_a_range_takes_the_numbers_of_its_scale(
    parameters: dict[str, str], typed: str, mark: str, answer: float | None
) -> None:
    asked = question("range", parameters=parameters)
    found = read(asked, (), {"q": [typed]}, decimal_mark=mark)
    assert found.answers == ({} if answer is None else {"q": answer})
    if answer is not None:
        assert read(asked, (), refill(asked, found.answers, decimal_mark=mark), decimal_mark=mark) == found
        assert isinstance(found.answers["q"], int) == (Scale.of(parameters).whole)


@pytest.mark.parametrize(
    "parameters",
    [{"step": "0"}, {"start": "5", "end": "5"}, {"step": "20"}, {"end": "many"}, {"end": "${a}"}, {"end": "1e5"}],
)
def test_parameters_that_make_no_scale(parameters: dict[str, str]) -> None:
    assert Scale.of(parameters) is None


def test_what_is_outside_a_range_is_told_with_its_limits() -> None:
    problem = read(question("range", parameters={"start": "10", "end": "1", "step": "4"}), (), {"q": ["7"]}).problem
    assert problem is not None
    assert dict(problem.params) == {"first": 10.0, "last": 2.0, "step": 4.0}


@pytest.mark.parametrize(
    ("kind", "appearance", "form", "answer"),
    [
        ("date", "persian", ("22", "11", "1357", "persian"), "1979-02-11"),
        ("date", "persian", ("٢٢", "۱۱", "۱۳۵۷", "persian"), "1979-02-11"),
        ("date", "persian", ("22", "11", "1957", "gregorian"), "1957-11-22"),
        ("date", "persian", ("22", "11", "1957", ""), "1957-11-22"),
        ("date", "ethiopian", ("6", "13", "2015", "ethiopian"), "2023-09-11"),
        ("date", "persian", ("30", "12", "1403", "persian"), "2025-03-20"),
        ("date", "persian", ("30", "12", "1404", "persian"), "answer.date.impossible"),
        ("date", "persian", ("31", "7", "1404", "persian"), "answer.date.impossible"),
        ("date", "ethiopian", ("6", "13", "2016", "ethiopian"), "answer.date.impossible"),
        ("date", "persian", ("1", "1", "2016", "ethiopian"), "answer.choice.unknown"),
        ("date", "persian", ("", "", "", "persian"), None),
        ("date", "month-year", ("", "2", "2001", ""), "2001-02-01"),
        ("date", "month-year", ("", "", "2001", ""), "answer.date.month"),
        ("date", "year", ("", "", "2001", ""), "2001-01-01"),
        ("date", "year persian", ("", "", "1357", "persian"), "1978-03-21"),
        ("integer", "year persian", ("", "", "1357", "persian"), 1978),
        ("integer", "year ethiopian", ("", "", "2016", "ethiopian"), 2024),
        ("integer", "year ethiopian", ("", "", "2016", "gregorian"), 2016),
        ("integer", "year ethiopian", ("", "", "16", "gregorian"), "answer.date.year"),
        ("date", "year persian", ("", "", "0", "persian"), "answer.date.year"),
    ],
)
def test_dates_are_typed_in_the_calendars_that_a_question_offers(
    kind: str, appearance: str, form: tuple[str, ...], answer: object
) -> None:
    asked = question(kind, appearance=tuple(appearance.split()))
    names = ("q.day", "q.month", "q.year", "q.calendar")
    found = read(asked, (), {name: [text] for name, text in zip(names, form, strict=True)})
    assert (found.problem.code if found.problem else found.answers["q"]) == answer
    if found.problem is None and answer is not None:
        again = refill(asked, found.answers)
        assert set(again) < set(fields(asked))
        assert again.get("q.calendar", ("gregorian",)) == ("gregorian",)


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("rank", "c a b", ("c", "a", "b")),
        ("rank", "c a", None),
        ("range", "7", 7),
        ("integer", "36.57", 36),
        ("integer", "-0.5", 0),
        ("integer", "1" + "0" * 400, None),
        ("integer", "many", None),
        ("decimal", "36.57", 36.57),
        ("time", "08:30", "08:30"),
        ("datetime", "2001-02-03T08:30:00.000+01:00", "2001-02-03T08:30"),
        ("date", "2001-02-03T08:30:00.000+01:00", "2001-02-03"),
        ("email", "ama@example.org", "ama@example.org"),
    ],
)
def test_what_a_calculation_writes_becomes_an_answer(kind: str, text: str, answer: object) -> None:
    assert from_text(question(kind), text, CHOICES) == answer


@given(st.text())
def test_no_text_breaks_the_reading_of_addresses(typed: str) -> None:
    for reader in (read_email, read_url):
        once = reader(typed.strip())
        assert once is None or reader(once) == once


@given(st.sampled_from(["date", "time", "datetime"]), st.sampled_from(["", "persian", "year"]), st.data())
def test_no_text_breaks_the_reading_of_dates_and_times(kind: str, appearance: str, data: st.DataObject) -> None:
    asked = question(kind, appearance=(appearance,))
    parts = st.one_of(st.text(max_size=6), st.integers(0, 3000).map(str), st.sampled_from(["persian", "12:30"]))
    form = {name: [data.draw(parts)] for name in fields(asked)}
    found = read(asked, (), form)
    if found.problem is None and found.answers["q"] is not None:
        assert read(asked, (), {"q": [found.answers["q"]]}) == found
