"""CSV files beside a form: the choices they hold become lists of the document."""

from __future__ import annotations

import pytest

from consult.core.errors import Refused
from consult.core.exchange.xlsform import Imported, read, write
from consult.core.exchange.xlsform.attached import BYTES
from consult.core.questionnaire.document import encode
from consult.core.questionnaire.lint import lint
from tests.core.exchange.making import form, found
from tests.core.exchange.structure import converts

ONE = "type|name|label\nselect_one_from_file wards.csv|a|A"
COLUMNS = "type|name|label|parameters\nselect_multiple_from_file wards.csv|a|A|value=code label=title"
LOOKED_UP = "type|name|label|calculation\ntext|a|A|\ncalculate|b||pulldata('wards', 'size', 'ward', ${a})"


def imported(survey: str, content: str | bytes, name: str = "wards.csv", choices: str = "") -> Imported:
    """A form with one file beside it."""
    data = content if isinstance(content, bytes) else content.encode()
    return read(form(survey, choices), attached={name: data})


def choices_of(survey: str, content: str | bytes) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """The choices that a file becomes."""
    lists = imported(survey, content).questionnaire.lists()
    return [(choice.name, dict(choice.label), choice.attributes) for choice in lists["wards"].choices]


def refused(survey: str, content: str | bytes, name: str = "wards.csv", choices: str = "") -> list[str]:
    """Why a form with a file is refused, in short."""
    with pytest.raises(Refused) as told:
        imported(survey, content, name, choices)
    return [found(problem) for problem in told.value.problems]


@pytest.mark.parametrize(
    ("survey", "content", "choices"),
    [
        (ONE, "name,label\nn,North\ns,South\n", [("n", {"en": "North"}, {}), ("s", {"en": "South"}, {})]),
        (ONE, "label,name,region\nNorth,n,1\n\n", [("n", {"en": "North"}, {"region": "1"})]),
        (ONE, "name;label\r\nn;North, far\r\n", [("n", {"en": "North, far"}, {})]),
        (ONE, "name\tlabel\nn\tNorth\n", [("n", {"en": "North"}, {})]),
        (ONE, 'name,label\nn,"North, ""far"""\n', [("n", {"en": 'North, "far"'}, {})]),
        (ONE, "\ufeffname,label\nn,شمال\n", [("n", {"en": "شمال"}, {})]),
        (ONE, "name,label\nn,Nord\n".encode("utf-16"), [("n", {"en": "Nord"}, {})]),
        (ONE, "name,label::English (en),label::French\nn,North,Nord\n", [("n", {"en": "North", "fr": "Nord"}, {})]),
        (COLUMNS, "code,title,size\nn,North,4\n", [("n", {"en": "North"}, {"size": "4"})]),
        (LOOKED_UP, "ward,size\nn,4\n", [("n", {}, {"size": "4"})]),
    ],
)  # fmt: skip
def test_a_file_becomes_a_list(survey: str, content: str | bytes, choices: list) -> None:
    assert choices_of(survey, content) == choices


def test_the_list_can_be_published_and_is_written_among_the_choices() -> None:
    found_form = imported(COLUMNS, "code,title,size\nn,North,4\ns,South,5\n")
    (question,) = found_form.questionnaire.questions()
    assert (question.choices, question.parameters) == ("wards", {})
    assert [problem.code for problem in found_form.warnings] == []
    assert lint(found_form.questionnaire).errors == ()
    data = write(found_form.questionnaire)
    converts(data)
    assert encode(read(data).questionnaire) == encode(found_form.questionnaire)


def test_a_table_that_is_looked_up_can_be_published() -> None:
    """pyxform alone insists that `pulldata` looks into a file: it does not take what is written of this form."""
    questionnaire = imported(LOOKED_UP, "ward,size\nn,4\n").questionnaire
    assert lint(questionnaire).errors == ()
    assert encode(read(write(questionnaire)).questionnaire) == encode(questionnaire)


def test_a_file_read_by_other_columns_is_another_list() -> None:
    survey = (
        "type|name|label|parameters\nselect_one_from_file wards.csv|a|A|\n"
        "select_one_from_file wards.csv|b|B|label=other\nselect_one_from_file wards.csv|c|C|"
    )
    questionnaire = imported(survey, "name,label,other\nn,North,N\n").questionnaire
    a, b, c = questionnaire.questions()
    assert (a.choices, b.choices, c.choices) == ("wards", "wards_name_other", "wards")
    labels = {name: dict(each.choices[0].label) for name, each in questionnaire.lists().items()}
    assert labels == {"wards": {"en": "North"}, "wards_name_other": {"en": "N"}}


@pytest.mark.parametrize(
    ("survey", "content", "told"),
    [
        (ONE, "name,label\nn,North\n,South\n", "xlsform.choice.name_missing wards.csv 3 name"),
        (ONE, "name,label\nn,North\ns,South\nn,Again\n", "xlsform.choice.duplicate wards.csv 4 name"),
        (ONE, "code,label\nn,North\n", "xlsform.column.missing wards.csv 1"),
        (COLUMNS, "code,label\nn,North\n", "xlsform.column.missing wards.csv 1"),
        (COLUMNS, "code,title\nn s,North\n", "xlsform.choice.space wards.csv 2 code"),
        (ONE, "name,label,label\nn,North,N\n", "xlsform.column.duplicate wards.csv 1 label"),
        (ONE, "name,label\nn,North,far\n", "csv.cells wards.csv 2"),
        (ONE, 'name,label\nn,North\ns,"South\n', "csv.row wards.csv 3"),
        (ONE, b"name,label\nn,Nord\ne,\xc9st\n", "csv.encoding wards.csv 3"),
        (ONE, b"\xff\xfen\0a", "csv.encoding wards.csv 1"),
        (ONE, b"", "xlsform.column.missing wards.csv"),
        (ONE, "name,label\n", "xlsform.file.empty wards.csv 1"),
        (ONE, b"name,label\n" + bytes(BYTES), "xlsform.attached.too_large wards.csv"),
        (ONE, "name,label\n" + "a,A\n" * 20_001, "xlsform.sheet.rows wards.csv 20002"),
        (ONE, ",".join(f"c{number}" for number in range(201)), "xlsform.sheet.columns wards.csv 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_names_its_row_and_column(survey: str, content: str | bytes, told: str) -> None:
    assert told in refused(survey, content)


def test_what_is_no_csv_file_is_refused() -> None:
    survey = "type|name|label\nselect_one_from_file wards.xml|a|A"
    assert refused(survey, "<root/>", "wards.xml") == ["xlsform.attached.type wards.xml"]


def test_a_file_and_a_list_of_one_name() -> None:
    choices = "list_name|name|label\nwards|x|X"
    assert refused(ONE, "name,label\nn,North\n", choices=choices) == ["xlsform.list.twice wards.csv 1"]


def test_a_file_that_is_not_used_is_told() -> None:
    survey = "type|name|label\ntext|a|A"
    told = imported(survey, "name,label\nn,North\n")
    assert [found(problem) for problem in told.warnings] == ["xlsform.attached.unused wards.csv"]
    assert told.questionnaire.choice_lists == ()


def test_without_the_file_the_form_is_imported_and_not_published() -> None:
    told = read(form(ONE))
    assert [problem.code for problem in told.warnings] == ["xlsform.list.file"]
    assert [problem.code for problem in lint(told.questionnaire).errors] == ["questionnaire.list.missing"]
    converts(write(told.questionnaire))
