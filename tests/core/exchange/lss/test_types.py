"""What each type of question of LimeSurvey becomes, in both layouts."""

from __future__ import annotations

import pytest

from consult.core.questionnaire.definition import Group, Question
from consult.core.text import LocalisedText
from tests.core.exchange.lss.making import LAYOUTS, Asked, group, imported, nodes, question, told

ROWS = {"r1": "Row 1", "r2": "Row 2"}
COLUMNS = {"c1": "Column 1", "c2": "Column 2"}
OPTIONS = {"a": "A", "b": "B"}
EVERY = pytest.mark.parametrize("layout", LAYOUTS)


@EVERY
@pytest.mark.parametrize(
    ("asked", "type_", "codes"),
    [
        (Asked("q", "S"), "text", ""),
        (Asked("q", "T"), "text multiline", ""),
        (Asked("q", "U"), "text multiline", ""),
        (Asked("q", "S", attributes={"numbers_only": "1"}), "decimal", ""),
        (Asked("q", "N"), "decimal", ""),
        (Asked("q", "N", attributes={"num_value_int_only": "1"}), "integer", ""),
        (Asked("q", "D"), "date", ""),
        (Asked("q", "D", attributes={"date_format": "dd-mm-yyyy HH:MM"}), "datetime", ""),
        (Asked("q", "D", attributes={"date_format": "HH:MM"}), "time", ""),
        (Asked("q", "Y"), "select_one", "Y N"),
        (Asked("q", "G"), "select_one", "F M"),
        (Asked("q", "5"), "select_one", "1 2 3 4 5"),
        (Asked("q", "L", options=OPTIONS), "select_one", "a b"),
        (Asked("q", "!", options=OPTIONS), "select_one minimal", "a b"),
        (Asked("q", "M", rows=ROWS), "select_multiple", "r1 r2"),
        (Asked("q", "R", options=OPTIONS), "rank", "a b"),
        (Asked("q", "X"), "note", ""),
        (Asked("q", "|"), "file", ""),
    ],
)
def test_one_question_becomes_one(asked: Asked, type_: str, codes: str, layout: str) -> None:
    found = imported(asked, Asked("z", "S"), layout=layout)
    made = question(found, "q")
    assert " ".join((made.type, *made.appearance)) == type_
    lists = found.questionnaire.lists()
    assert (" ".join(lists[made.choices].names()) if made.choices else "") == codes
    assert made.label == LocalisedText({"en": "Label"})
    assert told(found.warnings) == []


@EVERY
@pytest.mark.parametrize(
    ("asked", "type_", "codes"),
    [
        (Asked("q", "A", rows=ROWS), "select_one", "1 2 3 4 5"),
        (Asked("q", "B", rows=ROWS), "select_one", "1 2 3 4 5 6 7 8 9 10"),
        (Asked("q", "C", rows=ROWS), "select_one", "Y U N"),
        (Asked("q", "E", rows=ROWS), "select_one", "I S D"),
        (Asked("q", "F", rows=ROWS, options=OPTIONS), "select_one", "a b"),
        (Asked("q", "H", rows=ROWS, options=OPTIONS), "select_one", "a b"),
    ],
)
def test_an_array_becomes_a_matrix_with_a_question_per_row(asked: Asked, type_: str, codes: str, layout: str) -> None:
    found = imported(asked, layout=layout)
    matrix = group(found, "q")
    assert (matrix.appearance, matrix.label) == (("table-list",), LocalisedText({"en": "Label"}))
    assert [(child.name, child.label["en"]) for child in matrix.children] == [("q_r1", "Row 1"), ("q_r2", "Row 2")]
    rows = [child for child in matrix.children if isinstance(child, Question)]
    assert {(row.type, row.choices) for row in rows} == {(type_, rows[0].choices)}
    assert " ".join(found.questionnaire.lists()[rows[0].choices].names()) == codes


@EVERY
@pytest.mark.parametrize(
    ("type_", "attributes", "made"),
    [
        ("K", {}, "decimal"),
        ("K", {"num_value_int_only": "1"}, "integer"),
        ("Q", {}, "text"),
        ("Q", {"numbers_only": "1"}, "decimal"),
    ],
)
def test_several_fields_become_a_group(type_: str, attributes: dict[str, str], made: str, layout: str) -> None:
    found = imported(Asked("q", type_, rows=ROWS, attributes=attributes), layout=layout)
    assert group(found, "q").appearance == ()
    assert [(question(found, name).type, question(found, name).label["en"]) for name in ("q_r1", "q_r2")] == [
        (made, "Row 1"),
        (made, "Row 2"),
    ]


@EVERY
@pytest.mark.parametrize(("type_", "made"), [(":", "decimal"), (";", "text")])
def test_a_table_becomes_a_group_per_row_with_a_question_per_column(type_: str, made: str, layout: str) -> None:
    found = imported(Asked("q", type_, rows=ROWS, columns=COLUMNS), layout=layout)
    row = group(found, "q_r2")
    assert row in group(found, "q").children
    assert row.label == LocalisedText({"en": "Row 2"})
    assert [(child.name, child.label["en"]) for child in row.children] == [
        ("q_r2_c1", "Column 1"),
        ("q_r2_c2", "Column 2"),
    ]
    assert question(found, "q_r2_c1").type == made


def test_a_table_of_boxes_becomes_a_multiple_choice_per_row() -> None:
    asked = Asked("q", ":", rows=ROWS, columns=COLUMNS, attributes={"multiflexible_checkbox": "1"})
    found = imported(asked)
    assert group(found, "q").appearance == ("table-list",)
    assert question(found, "q_r1").type == "select_multiple"
    assert found.questionnaire.lists()[question(found, "q_r1").choices].names() == ("c1", "c2")


def test_two_scales_become_two_matrices() -> None:
    heads = {"dualscale_headerA": "Now", "dualscale_headerB": "Later"}
    found = imported(Asked("q", "1", rows=ROWS, options=OPTIONS, second={"x": "X"}, attributes=heads))
    first, second = group(found, "q").children
    assert isinstance(first, Group)
    assert isinstance(second, Group)
    assert (first.label["en"], second.label["en"]) == ("Now", "Later")
    assert [child.name for child in second.children] == ["q_r1_1", "q_r2_1"]
    lists = found.questionnaire.lists()
    assert lists[question(found, "q_r1_0").choices].names() == ("a", "b")
    assert lists[question(found, "q_r1_1").choices].names() == ("x",)
    assert told(found.warnings) == []


def test_comments_become_texts_beside_the_choice() -> None:
    found = imported(Asked("q", "P", rows=ROWS), Asked("l", "O", options=OPTIONS, help="Help", mandatory="Y"))
    assert list(nodes(found)) == ["group_1", "q", "q_r1comment", "q_r2comment", "l", "l_comment"]
    comment = question(found, "q_r1comment")
    assert (comment.type, comment.relevant) == ("text", "selected(${q}, 'r1')")
    assert (comment.label["en"], comment.hint["en"]) == ("Row 1", "Comment")
    assert question(found, "l_comment").label["en"] == "Comment"
    assert (question(found, "l").required, question(found, "l_comment").required) == ("true()", "")


@pytest.mark.parametrize("type_", ["L", "!", "M", "P"])
def test_other_is_kept(type_: str) -> None:
    found = imported(Asked("q", type_, rows=ROWS, options=OPTIONS, other=True))
    assert question(found, "q").or_other


def test_other_is_lost_where_a_choice_has_its_code() -> None:
    found = imported(Asked("q", "L", options={"other": "Else"}, other=True))
    assert not question(found, "q").or_other
    assert [each.params["attributes"] for each in found.warnings] == ["other=Y"]


@pytest.mark.parametrize(("mandatory", "required"), [("Y", "true()"), ("N", ""), ("S", "")])
def test_mandatory_is_required(mandatory: str, required: str) -> None:
    found = imported(Asked("q", "S", mandatory=mandatory), Asked("m", "A", rows=ROWS, mandatory=mandatory))
    assert {question(found, name).required for name in ("q", "m_r1", "m_r2")} == {required}
    assert ("lss.attributes | Page | q" in told(found.warnings)) is (mandatory == "S")


@pytest.mark.parametrize(
    ("equation", "calculation"),
    [
        ("{a + 1}", "${a} + 1"),
        ("<p>{a * 2} years</p>", "concat(${a} * 2, ' years')"),
        ("{if(a > 5, 'x', 'y')}", "if(${a} > 5, 'x', 'y')"),
        ("Always", "'Always'"),
    ],
)
def test_an_equation_is_a_calculation(equation: str, calculation: str) -> None:
    found = imported(Asked("a", "N"), Asked("q", "*", equation))
    assert (question(found, "q").type, question(found, "q").calculation) == ("calculate", calculation)
    assert "lss.equation | Page | q · equation" in told(found.warnings)
    hidden = imported(Asked("a", "N"), Asked("q", "*", "", attributes={"equation": equation, "hidden": "1"}))
    assert question(hidden, "q").calculation == calculation
    assert told(hidden.warnings) == []


def test_a_type_without_a_place_is_left_out_and_told() -> None:
    found = imported(Asked("q", "S"), Asked("lang", "I"), Asked("new", "€"))
    assert list(nodes(found)) == ["group_1", "q"]
    assert told(found.warnings) == ["lss.left_out | Page | lang", "lss.type | Page | new"]


def test_equal_lists_are_one() -> None:
    asked = [Asked("a", "L", options=OPTIONS), Asked("b", "!", options=OPTIONS), Asked("c", "L", options={"a": "Else"})]
    found = imported(*asked, Asked("d", "Y"), Asked("e", "Y"))
    assert [each.name for each in found.questionnaire.choice_lists] == ["a", "c", "yes_no"]
    assert [question(found, name).choices for name in "abcde"] == ["a", "a", "c", "yes_no", "yes_no"]


@pytest.mark.parametrize(
    ("attributes", "type_", "relevant", "warned"),
    [
        ({"hidden": "1"}, "S", "", False),
        ({"hidden": "1"}, "M", "false()", True),
        ({"hidden": "1"}, "K", "false()", True),
    ],
)
def test_a_hidden_question_is_kept_and_never_asked(
    attributes: dict[str, str], type_: str, relevant: str, warned: bool
) -> None:
    found = imported(Asked("q", type_, rows=ROWS, attributes=attributes, defaults={} if warned else {"": "x"}))
    node = nodes(found)["q"]
    assert node.relevant == relevant
    assert (told(found.warnings) == ["lss.hidden | Page | q · hidden"]) is warned
    if isinstance(node, Question) and not warned:
        assert (node.type, node.default) == ("hidden", "x")
