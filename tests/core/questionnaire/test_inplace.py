"""What can change on a page while it is answered, and what is left to the server."""

from __future__ import annotations

import datetime as dt
import json

import msgspec
import pytest

from consult.core.questionnaire.accepting import accept
from consult.core.questionnaire.inplace import MOST_ROWS, circumstances, document, logic
from consult.core.questionnaire.routing import Context, Sheet, stand
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load, questionnaire

CONTEXT = Context(today=dt.date(2026, 3, 2), time_zone="Europe/Berlin", seed="s")


def compiled(*survey: dict[str, str], **choices: list[object]) -> Compiled:
    """A questionnaire of these rows, with lists `yes_no` and those given."""
    return Compiled(questionnaire({"survey": survey, "choices": {"yes_no": ["yes", "no"], **choices}}))


def row(kind: str, name: str, **rest: str) -> dict[str, str]:
    return {"type": kind, "name": name, "label": name, **rest}


A = row("select_one yes_no", "a")
B = row("text", "b", relevant="${a} = 'yes'")
CITIES = [{"name": f"c{number}", "of": "yes"} for number in range(MOST_ROWS + 1)]


@pytest.mark.parametrize(
    ("survey", "moving"),
    [
        ([A], None),
        ([A, row("text", "b")], None),
        ([A, B], {"b"}),
        ([A, B, row("text", "c", relevant="${b} = ''")], {"b", "c"}),
        ([A, row("text", "b", relevant="today() > '2026-01-01'")], None),
        ([A, row("text", "b", relevant="digest(${a}, 'MD5') = ''")], None),
        ([A, row("text", "b", relevant="regex(${a}, '(?i)y')")], None),
        ([A, row("text", "b", relevant="regex(${a}, '^y+$')")], {"b"}),
        ([A, row("text", "b", relevant="digest(${a}, 'MD5') = ''"), row("text", "c", relevant="${b} = 'x'")], None),
        ([A, row("calculate", "b", calculation="${a} = 'yes'"), row("text", "c", relevant="${b} = 'true'")], {"c"}),
        ([A, row("select_one yes_no", "b", choice_filter="name = ${a}")], {"b"}),
        ([A, row("select_one many", "b", choice_filter="of = ${a}")], None),
        ([A, row("select_one yes_no", "b", choice_filter="name = ${a}", parameters={"randomize": "true"})], None),
        ([A, row("text", "b", relevant="${a} = 'yes'", default="${a}")], {"b"}),
        ([A, row("date", "b", relevant="${a} = 'yes'", default="${a}")], None),
        ([A, row("date", "b", relevant="${a} = 'yes'", default="today()")], {"b"}),
        ([row("begin_group", "p"), A, {"type": "end_group"}, row("begin_group", "q"), B, {"type": "end_group"}], None),
        ([row("text", "b", relevant="${c} = ''"), row("text", "c", relevant="${b} = ''")], None),
    ],
)
def test_what_moves_on_the_first_page(survey, moving):
    found = logic(compiled(*survey, many=CITIES), 1)

    assert (None if found is None else set(found.moving)) == moving


def test_answers_of_another_page_that_depend_on_this_one_are_left_to_the_server():
    pages = [
        *(row("begin_group", "p"), A, row("text", "d", relevant="${c} = 'x'"), {"type": "end_group"}),
        *(row("begin_group", "q"), row("text", "c", relevant="${a} = 'yes'"), {"type": "end_group"}),
    ]

    assert logic(compiled(*pages), 1) is None
    assert logic(compiled(*pages), 2) is None


def test_the_document_has_what_the_browser_needs_and_no_more():
    made = compiled(
        A,
        row("text", "note"),
        row("text", "b", relevant="jr:choice-name(${a}, '${a}') = 'Yes' and count(instance('l')/root/item/x) > 0"),
        row("select_one l", "c", choice_filter="x = ${a}"),
        row("calculate", "d", calculation="concat(${a}, random())"),
        row("text", "e", relevant="${d} != ''"),
        l=[{"name": "n", "x": "yes", "y": "unused"}],
    )
    found = logic(made, 1)
    assert found is not None
    sent = json.loads(msgspec.json.encode(document(made, found, "en")))

    assert [step["id"] for step in sent["steps"]] == ["a", "b", "c", "d", "e"]
    assert sent["labels"] == {"a": {"yes": "Yes", "no": "No"}}
    assert sent["steps"][2]["rows"] == {"n": {"x": "yes"}}
    assert sent["lists"] == {"l": [{"name": "n", "label": "N", "x": "yes", "y": "unused"}]}
    mine = circumstances(found, stand(made, {}, CONTEXT))
    assert list(mine["kept"]) == ["d/0/random"]
    assert (mine["today"], mine["zone"], mine["offset"]) == ("2026-03-02", "Europe/Berlin", 3_600_000)


def test_circumstances_are_the_answers_of_other_pages():
    made = Compiled(load("in_place"))
    found = logic(made, 2)
    assert found is not None
    mine = circumstances(found, stand(made, {"works": "yes", "job": "x", "more": ("no",)}, CONTEXT))

    assert mine["values"] == {"works": "yes"}
    assert mine["gone"] == []
    assert "today" not in mine, "the page is the same from day to day"


def test_a_question_that_the_page_took_back_is_forgotten():
    made = Compiled(load("same_page"))
    stored = {"works": "yes", "job": "Baker"}

    taken_back = accept(made, Sheet(made.pages[0]), {"works": ["no"], "thanks": [""]}, stored, CONTEXT)
    sent_along = accept(made, Sheet(made.pages[0]), {"works": ["no"], "job": ["Baker"]}, stored, CONTEXT)
    never_shown = accept(made, Sheet(made.pages[0]), {"works": ["no"]}, {"works": "no", "job": "Baker"}, CONTEXT)

    assert taken_back.stored == sent_along.stored == {"works": "no"}
    assert never_shown.stored == {"works": "no", "job": "Baker"}
