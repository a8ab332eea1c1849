"""What a device decides of a whole questionnaire, and what the server makes of what it sends."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import msgspec
import pytest

from consult.core.errors import Refused
from consult.core.questionnaire.offline import document, logic, receive
from consult.core.questionnaire.routing import Context
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load, questionnaire

CONTEXT = Context(today=dt.date(2026, 3, 2), time_zone="Europe/Berlin", seed="s")


def compiled(*survey: dict[str, Any], **choices: list[object]) -> Compiled:
    """A questionnaire of these rows, with a list `yes_no` and those given."""
    return Compiled(questionnaire({"survey": survey, "choices": {"yes_no": ["yes", "no"], **choices}}))


def row(kind: str, name: str, **rest: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "label": name, **rest}


def group(name: str, *rows: dict[str, Any], **rest: Any) -> list[dict[str, Any]]:
    return [{"type": "begin_group", "name": name, "label": name, **rest}, *rows, {"type": "end_group"}]


def steps(found: Compiled) -> dict[str, dict[str, Any]]:
    """What the device gets, by name."""
    return {step["name"]: step for step in json.loads(msgspec.json.encode(document(found, "en")))["steps"]}


A = row("select_one yes_no", "a")


def test_questions_on_later_pages_follow_those_on_earlier_ones() -> None:
    found = compiled(*group("p", A), *group("q", row("text", "b"), relevant="${a} = 'yes'"))

    assert steps(found)["q"]["relevant"] == ["=", ["$", "a"], "yes"]
    assert steps(found)["b"]["parent"] == "q"


@pytest.mark.parametrize(
    ("relevant", "followed"),
    [
        ("${a} = 'yes'", True),
        ("today() > '2026-01-01'", True),
        ("1 = 1", True),
        ("random() > 0.5", False),
        ("once(string(random())) = 'x'", False),
        ("digest(${a}, 'MD5') = ''", False),
        ("${t} = '08:30'", False),
    ],
)
def test_what_cannot_be_decided_there_is_put_to_everybody(relevant: str, followed: bool) -> None:
    found = compiled(A, row("time", "t"), row("text", "b", relevant=relevant, required="yes"))

    assert ("b" in steps(found)) is followed


def test_what_is_required_and_ruled_out_comes_along() -> None:
    number = row("integer", "n", constraint=". > 3", required="${a} = 'yes'")
    told = steps(compiled(A, number, row("text", "t", required="yes")))

    assert told["n"]["constraint"] == [">", ["."], 3]
    assert told["n"]["required"] == ["=", ["$", "a"], "yes"]
    assert told["t"]["required"] is True
    assert "required" not in told["a"]


def test_of_an_answer_that_the_device_cannot_read_it_is_told_so() -> None:
    told = steps(compiled(row("time", "t", required="yes"), row("note", "n")))

    assert told["t"]["left"] is True
    assert told["t"]["required"] is True
    assert told["n"].keys() <= {"id", "name", "parent", "type"}


def test_of_calculated_and_locked_answers_nothing_is_required() -> None:
    told = steps(
        compiled(
            A,
            row("text", "c", calculation="${a}", required="yes"),
            row("text", "l", read_only="yes", required="yes", default="x"),
        )
    )

    assert told["c"]["computed"] == ["$", "a"]
    assert not any("required" in told[name] for name in ("c", "l"))


@pytest.mark.parametrize("feature", ["repeats", "repeats_nested", "choices_from_answers"])
def test_questionnaires_with_repeats_stay_with_the_server(feature: str) -> None:
    assert logic(Compiled(load(feature))) is None


@pytest.mark.parametrize("feature", ["types", "later_types", "matrix", "pages", "cycle", "randomized", "volatile"])
def test_every_other_one_can_be_told(feature: str) -> None:
    assert document(Compiled(load(feature)), "en")


# What arrives


def received(found: Compiled, **form: str | list[str]) -> tuple[dict[str, object], bool]:
    """What is stored of a form, and whether it can be sent."""
    fields = {name: [value] if isinstance(value, str) else value for name, value in form.items()}
    answers, standing = receive(found, fields, CONTEXT)
    return dict(answers), standing.unfinished() is None


def test_all_pages_are_read_at_once() -> None:
    found = compiled(*group("p", A), *group("q", row("integer", "b"), relevant="${a} = 'yes'"))

    assert received(found, a=["", "yes"], b="7") == ({"a": "yes", "b": 7}, True)
    assert received(found, a=["", "no"], b="7") == ({"a": "no"}, True)
    assert received(found, a=["", "yes"]) == ({"a": "yes"}, False)


def test_an_answer_brings_up_a_question_on_an_earlier_page() -> None:
    found = compiled(*group("p", row("text", "b", relevant="${a} = 'yes'")), *group("q", A))

    assert received(found, b="x", a=["", "yes"]) == ({"b": "x", "a": "yes"}, True)


def test_what_is_wrong_is_left_out() -> None:
    found = compiled(row("integer", "n", constraint=". > 3"), row("email", "m"), row("text", "t", required="yes"))

    assert received(found, n="2", m="nobody", t="x") == ({"t": "x"}, False)


def test_fields_of_no_page_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        received(compiled(A), a="yes", zz="1")

    assert [problem.code for problem in refused.value.problems] == ["answer.field.unknown"]
