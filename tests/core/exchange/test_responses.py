"""Responses from other systems: tables in, answers out, and every row that is refused with its reasons."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from consult.core.errors import Refused
from consult.core.exchange.responses import Found, read
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load, questionnaire

DAY = dt.date(2026, 3, 2)
PLAIN = Compiled(
    questionnaire(
        {
            "survey": [
                {"type": "begin_group", "name": "page", "label": "Page"},
                {"type": "integer", "name": "age", "label": "Age", "required": "true()", "constraint": ". < 120"},
                {"type": "select_one yn", "name": "moved", "label": "Moved?"},
                {"type": "date", "name": "when", "label": "When?", "relevant": "${moved} = 'yes'"},
                {"type": "select_multiple topics", "name": "about", "label": "About?", "or_other": True},
                {"type": "acknowledge", "name": "agreed", "label": "Agreed"},
                {"type": "calculate", "name": "double", "label": "Double", "calculation": "${age} * 2"},
                {"type": "end_group"},
            ],
            "choices": {"yn": ["yes", "no"], "topics": ["work", "home"]},
        }
    )
)
REPEATS = Compiled(load("repeats"))


def found(text: str, compiled: Compiled = PLAIN, **options: bool) -> Found:
    return read(text.encode(), compiled, day=DAY, **options)


def told(result: Found) -> list[str]:
    return [f"{problem.code} {problem.place.row} {problem.place.column}".strip() for problem in result.refused]


def book(**sheets: list[list[object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("age,moved\n41,yes", {"age": 41, "moved": "yes"}),
        ("age;moved\n41;yes", {"age": 41, "moved": "yes"}),
        ("age\tmoved\n41\tyes", {"age": 41, "moved": "yes"}),
        ("\ufeffpage/age,page.moved\n41,yes", {"age": 41, "moved": "yes"}),
        ("age,moved,when\n41,yes,2019-05-01 10:20:30", {"moved": "yes", "when": "2019-05-01"}),
        ("age,about\n41,home work", {"about": ("work", "home")}),
        ("age,about/work,about/home\n41,1,0", {"about": ("work",)}),
        ("age,page.about_work,page.about_home\n41,FALSE,TRUE", {"about": ("home",)}),
        ("age,about,about_other\n41,other,the sea", {"about": ("other",), "about.other": "the sea"}),
        ("age,agreed\n41,1", {"agreed": "OK"}),
        ("age,agreed\n41,0", {"agreed": None}),
        ("age,double\n41,7", {"double": "82"}),  # made anew
        ("age,moved,when\n41,no,2019-05-01", {"moved": "no"}),  # would not have been asked
    ],
)
def test_what_cells_say(text, answers):
    (row,) = found(text).rows

    assert {name: row.answers[name] for name in answers} == answers
    assert ("when" in row.answers) is (row.answers["moved"] == "yes")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("age,moved\nforty,yes", ["responses.value 2 age"]),
        ("age,moved\n41,perhaps", ["responses.code 2 moved"]),
        (
            "age,moved\nforty,perhaps\n41,yes\nx,no",
            ["responses.value 2 age", "responses.code 2 moved", "responses.value 4 age"],
        ),
        ("age,moved\n200,yes", ["responses.constraint 2 age"]),
        ("age,moved\n,yes", ["responses.required 2 age"]),
        ("moved\nyes", ["responses.required 2"]),
        ("age,about/work\n41,perhaps", ["responses.code 2 about/work"]),
        ("age,moved,when\n41,yes,2019-02-30", ["responses.value 2 when"]),
        ("_index,age\n1,41\n1,42", ["responses.index.twice 3 _index"]),
    ],
)
def test_every_refused_row_is_told_with_its_place(text, problems):
    assert told(found(text)) == problems


def test_unanswered_questions_can_be_let_pass():
    assert not found("age,moved\n,yes").rows
    (row,) = found("age,moved\n,yes", incomplete=True).rows
    assert row.answers["age"] is None
    assert not found("age,moved\n200,yes", incomplete=True).rows


def test_what_is_not_used_is_told():
    result = found("age,moved,when,colour,_status,deviceid\n41,no,2019-05-01,red,fine,abc\n42,no,2019-05-02,blue,,")

    assert [(problem.code, dict(problem.params)) for problem in result.warnings] == [
        ("responses.column.unknown", {"header": "colour"}),
        ("responses.irrelevant", {"name": "when", "count": 2}),
    ]


def test_files_do_not_come_with_a_table_and_nobody_is_refused_for_that():
    result = found("photo,letter,age\n1711.jpg,,33", Compiled(load("uploads")))
    (row,) = result.rows
    assert row.answers == {"photo": None, "letter": None, "age": 33, "trip": 0}
    assert [(problem.code, problem.params) for problem in result.warnings] == [
        ("responses.column.file", {"header": "photo"}),
        ("responses.column.file", {"header": "letter"}),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "responses.file.empty"),
        (b"age,moved\n41,o\xf9", "csv.encoding"),
        (b'age,moved\n"41', "csv.row"),
        (b"age,moved\n41,no,9", "csv.cells"),
        (b"age,moved\n41," + b"n" * 140_000, "csv.row"),
        (b"colour,shape\nred,round", "responses.table.none"),
        (b"age,page/age\n41,42", "responses.column.twice"),
        (b"PK\x03\x04 nothing", "xlsform.file.damaged"),
        (("age," * 6_000).encode() + b"\n41", "xlsform.sheet.columns"),
        (b"age\n" + b"41\n" * 20_001, "xlsform.sheet.rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(data, code):
    with pytest.raises(Refused) as refused:
        read(data, PLAIN, day=DAY)

    assert code in {problem.code for problem in refused.value.problems}


def test_repeats_stand_in_tables_of_their_own():
    data = book(
        main=[["_index", "size"], [1, 2], [2, 1]],
        member=[
            ["_index", "_parent_index", "member/first_name", "member/age"],
            [10, 1, "Ama", 41],
            [11, 2, "Esi", 30],
            [12, 1, "Kofi", 39],
        ],
        job=[["_parent_index", "title", "hours"], [10, "nurse", 30], [10, "trader", 8], [11, "cook", 40]],
    )

    result = read(data, REPEATS, day=DAY)

    assert told(result) == []
    first, second = result.rows
    assert (first.answers["member"], first.answers["first_name-2"], first.answers["job-1"]) == (2, "Kofi", 2)
    assert (first.answers["title-1-2"], first.answers["job-2"], first.answers["all_hours"]) == ("trader", 0, "38")
    assert (second.answers["first_name-1"], second.answers["title-1-1"]) == ("Esi", "cook")


def test_rows_of_repeats_that_belong_to_nobody_are_told():
    data = book(
        main=[["_index", "size"], [1, 1]],
        member=[["_parent_index", "first_name", "age"], [1, "Ama", 41], [7, "Yaw", 3]],
    )

    assert told(read(data, REPEATS, day=DAY)) == ["responses.parent.unknown 3 _parent_index"]


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ({"main": [["size"], [1]], "member": [["first_name"], ["Ama"]]}, "responses.table.unlinked"),
        ({"main": [["size", "first_name"], [1, "Ama"]]}, "responses.table.mixed"),
        ({"main": [["size"], [1]], "again": [["remark"], ["none"]]}, "responses.table.several"),
    ],
)
def test_tables_that_do_not_go_together_are_refused(sheets, code):
    with pytest.raises(Refused) as refused:
        read(book(**sheets), REPEATS, day=DAY)

    assert {problem.code for problem in refused.value.problems} == {code}


def test_rows_of_repeats_belong_to_one_row_and_only_to_that():
    blank = book(
        main=[["_index", "size"], [None, 1], [None, 1]],
        member=[["_parent_index", "first_name", "age"], [None, "Ama", 41]],
    )
    result = read(blank, REPEATS, day=DAY)
    assert "responses.parent.unknown 2 _parent_index" in told(result)
    assert not result.rows

    twice = book(
        main=[["_index", "size"], [1, 1], [2, 1]],
        member=[["_index", "_parent_index", "first_name", "age"], [5, 1, "Ama", 41], [5, 2, "Esi", 30]],
    )
    with pytest.raises(Refused, match=r"responses\.index\.twice"):
        read(twice, REPEATS, day=DAY)

    doubled = book(
        main=[["_index", "size"], [1, 1]],
        member=[["_parent_index", "first_name"], [1, "Ama"]],
        again=[["_parent_index", "age"], [1, 41]],
    )
    with pytest.raises(Refused, match=r"responses\.table\.several"):
        read(doubled, REPEATS, day=DAY)


def test_more_instances_than_anybody_may_have_are_refused():
    rows = [[1, f"No {number}", 41] for number in range(101)]
    data = book(main=[["_index", "size"], [1, 101]], member=[["_parent_index", "first_name", "age"], *rows])

    assert told(read(data, REPEATS, day=DAY))[0] == "answer.instances 102 _parent_index"


def test_what_a_filter_rules_out_is_refused():
    compiled = Compiled(load("choice_filter"))
    names = {step.name: step for step in compiled.answerable}
    assert {"country", "city"} <= names.keys()

    assert told(read(b"country,city\nde,accra", compiled, day=DAY)) == ["responses.code 2 city"]


@pytest.mark.parametrize(
    ("text", "words", "problems"),
    [
        ("age,about,about_other\n41,work,the sea", None, []),  # nobody said “other”
        (f"age,about,about_other\n41,other,{'x' * 10_001}", None, ["responses.code 2 about_other"]),
    ],
)
def test_words_for_other_are_held_to_the_same_rules(text, words, problems):
    result = found(text)

    assert told(result) == problems
    assert all(row.answers.get("about.other") is words for row in result.rows)


def test_the_day_of_an_import_does_not_make_a_response_another_one():
    compiled = Compiled(
        questionnaire(
            {
                "survey": [
                    {"type": "text", "name": "said", "label": "Said"},
                    {"type": "calculate", "name": "day", "label": "Day", "calculation": "today()"},
                ]
            }
        )
    )
    one, other = (read(b"said\nyes", compiled, day=day).rows[0] for day in (DAY, dt.date(2026, 3, 3)))

    assert one.identity == other.identity
    assert one.answers != other.answers


def test_two_rows_of_one_name_are_not_both_taken_in():
    assert told(found("_uuid,age\nabc,41\nabc,42")) == ["responses.index.twice 3 _uuid"]


def test_the_same_response_is_known_again():
    def identities(text: str) -> list[bytes]:
        return [row.identity for row in found(text).rows]

    (one,), (again,) = identities("_uuid,age\nabc,41"), identities("moved,_uuid,age\nyes,abc,42")
    assert one == again
    assert identities("age\n41") == identities("age\n41")
    assert len(set(identities("age\n41\n41"))) == 2
    assert len(set(identities("_index,age\n1,41\n2,41\n3,42"))) == 3


@given(
    st.text(max_size=300)
    | st.lists(st.lists(st.sampled_from(["age", "moved", "41", "yes", '"', "", "_index"]))).map(
        lambda rows: "\n".join(map(",".join, rows))
    )
)
def test_no_text_does_anything_but_be_read_or_refused(text):
    try:
        found(text)
    except Refused as refused:
        assert refused.problems
