"""What a form's columns, types and cells mean."""

from __future__ import annotations

import datetime as dt

import pytest

from consult.core.exchange.xlsform import read
from consult.core.exchange.xlsform.kinds import Role, read_kind
from consult.core.questionnaire.definition import Group, Question, QuestionType, Repeat
from consult.core.text import LocalisedText
from tests.core.exchange.making import form, found, workbook

SELECT = "type|name|label\nselect_one l|a|A"


def question(survey: str, choices: str = "", settings: str = "form_title\nTest") -> Question:
    """The last question of a form."""
    return list(read(form(survey, choices, settings)).questionnaire.questions())[-1]


def told(survey: str, choices: str = "", settings: str = "form_title\nTest") -> list[str]:
    """The warnings of a form in short."""
    return [found(problem) for problem in read(form(survey, choices, settings)).warnings]


@pytest.mark.parametrize(
    ("cell", "kind", "choices"),
    [
        ("text", "text", ""),
        ("string", "text", ""),
        ("q string", "text", ""),
        ("add text prompt", "text", ""),
        ("phone number", "text", ""),
        ("int", "integer", ""),
        ("add decimal prompt", "decimal", ""),
        ("dateTime", "datetime", ""),
        ("photo", "image", ""),
        ("trigger", "acknowledge", ""),
        ("calculate ", "calculate", ""),
        ("select_one yes_no", "select_one", "yes_no"),
        ("Select One yes_no", "select_one", "yes_no"),
        ("select1 yes_no", "select_one", "yes_no"),
        ("select one from Yes_No", "select_one", "Yes_No"),
        ("add select one prompt using yes_no", "select_one", "yes_no"),
        ("add select multiple prompt using yes_no", "select_multiple", "yes_no"),
        ("select all that apply from yes_no", "select_multiple", "yes_no"),
        ("select_multiple yes_no", "select_multiple", "yes_no"),
        ("select_one_from_file wards.csv", "select_one", "wards.csv"),
        ("select_one ${child}", "select_one", "${child}"),
        ("rank options", "rank", "options"),
    ],
)
def test_types_and_their_aliases(cell: str, kind: str, choices: str) -> None:
    understood = read_kind(cell)
    assert (understood.role, understood.type, understood.choices) == (Role.QUESTION, kind, choices)


@pytest.mark.parametrize(
    ("role", "cells"),
    [
        (Role.BEGIN, ["begin group", "begin_group", "begin repeat", "Begin_Repeat", "begin looped group"]),
        (Role.END, ["end group", "end_repeat", "end lgroup"]),
        (Role.TRACE, ["start", "get end time", "today", "deviceid", "phonenumber", "username", "uri:deviceid", "gps"]),
        (Role.TRACE, ["audit", "start-geopoint", "background-audio", "geotrace", "add location prompt"]),
        (Role.NO_PLACE, ["barcode", "audio", "q video", "csv-external", "osm tags"]),
        (Role.UNKNOWN, ["select_one yes no", "txt", "begin", "1"]),
        (Role.LOOP, ["begin loop over list", "end loop"]),
    ],
)
def test_roles_of_rows(role: Role, cells: list[str]) -> None:
    assert [read_kind(cell).role for cell in cells] == [role] * len(cells)


@pytest.mark.parametrize("other", ["or_other", "or other", "or specify other"])
def test_or_other_is_kept(other: str) -> None:
    assert question(f"type|name|label\nselect_one l {other}|a|A", "list_name|name|label\nl|x|X").or_other


@pytest.mark.parametrize(
    ("header", "field", "cell", "value"),
    [
        ("relevance", "relevant", "1 = 1", "1 = 1"),
        ("bind::relevant", "relevant", "1 = 1", "1 = 1"),
        ("bind:relevant", "relevant", "TRUE", "true()"),
        ("Read Only", "read_only", "yes", "true()"),
        ("readonly", "read_only", "no", ""),
        ("required", "required", "Yes", "true()"),
        ("required", "required", "FALSE", ""),
        ("constraint", "constraint", ". > ‘a’", ". > 'a'"),
        ("calculate", "calculation", "${ first } + 1", "${first} + 1"),
        ("constraint message", "constraint_message", "No", LocalisedText({"en": "No"})),
        ("bind:jr:constraintMsg", "constraint_message", "No", LocalisedText({"en": "No"})),
        ("jr:constraintMsg::Français (fr)", "constraint_message", "Non", LocalisedText({"fr": "Non"})),
        ("requiredMsg", "required_message", "Please", LocalisedText({"en": "Please"})),
        ("hint:french", "hint", "Indice", LocalisedText({"fr": "Indice"})),
        ("guidance_hint", "guidance", "More", LocalisedText({"en": "More"})),
        ("control::appearance", "appearance", "minimal  numbers", ("minimal", "numbers")),
        ("default", "default", "Rock + Roll (live)", "Rock + Roll (live)"),
        ("default", "default", "concat(${first}, “x”)", 'concat(${first}, "x")'),
        ("trigger", "trigger", "${first}", "${first}"),
        ("trigger", "trigger", "${first}, ${first}", "${first}, ${first}"),
        ("our::theme", "theme", "labour", "labour"),
        ("our::concept", "concept", "sex", "sex"),
        ("our::sensitive", "sensitive", "yes", True),
        ("our:contact", "contact", "TRUE", True),
    ],
)
def test_columns_and_their_aliases(header: str, field: str, cell: str, value: object) -> None:
    assert getattr(question(f"type|name|label|{header}\ntext|first|F|\ntext|a|A|{cell}"), field) == value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1.0, "1"),
        (2.5, "2.5"),
        (True, "true"),
        (dt.date(2024, 3, 1), "2024-03-01"),
        ("  e\u0301\u202e ", "\u00e9"),
    ],
)
def test_cells_are_normalised(cell: object, text: str) -> None:
    import io

    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("survey")
    sheet.write_row(0, 0, ["type", "name", "label", "default"])
    sheet.write_row(1, 0, ["text", "a", "A", cell])
    book.close()
    assert next(read(target.getvalue()).questionnaire.questions()).default == text


def test_groups_and_repeats_stand_in_one_another() -> None:
    survey = """
        type         | name  | label | relevant | repeat_count
        begin_group  | home  | Home  | 1 = 1    |
        begin_repeat | child | Child |          | 3
        text         | given | Name  |          |
        end_repeat   |       |       |          |
        end_group    |       |       |          |
        note         |       | Bye   |          |
    """
    home, bye = read(form(survey)).questionnaire.children
    assert isinstance(home, Group)
    (child,) = home.children
    assert isinstance(child, Repeat)
    assert (home.relevant, child.repeat_count, [each.name for each in child.children]) == ("1 = 1", "3", ["given"])
    assert isinstance(bye, Question)
    assert (bye.type, bye.name) == (QuestionType.NOTE, "note_7")


def test_ids_are_the_same_when_a_form_is_read_again() -> None:
    ids = [[q.id for q in read(form("type|name|label\ntext|a|A\ntext|b|B")).questionnaire.questions()] for _ in "12"]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 2


@pytest.mark.parametrize(
    ("headers", "default", "source", "locales"),
    [
        ("label", "", "", ("en",)),
        ("label", "Français", "", ("fr",)),
        ("label", "Français", "ar", ("ar",)),
        ("label::English|label::Français (fr)", "fr", "", ("fr", "en")),
        ("label::English|label::Français (fr)", "", "fr", ("fr", "en")),
        ("label::English|label::Français (fr)", "", "", ("en", "fr")),
        ("label|label::french", "", "", ("en", "fr")),
        ("label::Klingon", "", "", ("x-klingon",)),
        ("label:Arabic|label:English", "", "", ("ar", "en")),
    ],
)
def test_languages_and_the_source(headers: str, default: str, source: str, locales: tuple[str, ...]) -> None:
    survey = f"type|name|{headers}\ntext|a" + "|A" * (headers.count("|") + 1)
    data = form(survey, settings=f"form_id|default_language\nf|{default}")
    assert read(data, source=source).questionnaire.locales == locales


def test_a_column_that_names_the_language_wins() -> None:
    survey = "type|name|label|label::English (en)\ntext|a|plain|named\ntext|b|plain|"
    labels = [dict(q.label) for q in read(form(survey)).questionnaire.questions()]
    assert labels == [{"en": "named"}, {"en": "plain"}]


def test_the_title_is_in_every_language() -> None:
    data = form("type|name|label\ntext|a|A", settings="form_title|form_title::Français (fr)\nSurvey|Enquête")
    assert dict(read(data).questionnaire.title) == {"en": "Survey", "fr": "Enquête"}


@pytest.mark.parametrize(
    ("settings", "filename", "title"),
    [
        ("form_id\nabroad_1", "x.xlsx", "abroad_1"),
        ("style\npages", "C:\\My\\Survey 1.xlsx", "Survey 1"),
        ("id_string|title\ni|Old way", "x.xlsx", "Old way"),
    ],
)
def test_a_title_is_found_somewhere(settings: str, filename: str, title: str) -> None:
    data = form("type|name|label\ntext|a|A", settings=settings)
    assert read(data, filename=filename).summary.title == title


def test_a_form_without_a_title_is_called_what_it_is_imported_for() -> None:
    data = form("type|name|label|label::Français (fr)\ntext|a|A|", settings="form_id\nabroad_1")
    found = read(data, filename="x.xlsx", title=LocalisedText({"en": "Needs abroad", "fr": "Besoins"}))
    assert dict(found.questionnaire.title) == {"en": "Needs abroad", "fr": "Besoins"}
    assert found.questionnaire.locales == ("en",), "a title alone asks nothing"
    told = {problem.code: problem.params for problem in found.warnings}
    assert told["xlsform.title.missing"] == {"title": "Needs abroad"}


def test_the_head_of_a_matrix_is_read_out_and_not_answered() -> None:
    survey = (
        "type|name|label|appearance|required\nselect_one yn|head|How much?|label|yes\nselect_one yn|a|A|list-nolabel|"
    )
    head, row = read(form(survey, "list_name|name|label\nyn|y|Yes\nyn|n|No")).questionnaire.questions()
    assert (head.type, head.choices, head.appearance, head.required) == (QuestionType.NOTE, "yn", ("label",), "")
    assert row.type is QuestionType.SELECT_ONE


def test_further_columns_of_choices_are_attributes() -> None:
    imported = read(
        form(
            "type|name|label|choice_filter\ninteger|r|R|\nselect_one town|t|T|region = ${r}",
            "list name|name|label|region\ntown|x|X|1\ntown|y|Y|",
        )
    )
    assert [choice.attributes for choice in imported.questionnaire.lists()["town"].choices] == [{"region": "1"}, {}]
    assert [problem.code for problem in imported.warnings] == []


def test_choices_of_one_name_are_told_apart_by_a_filter_where_the_form_says_so() -> None:
    settings = "form_title|allow_choice_duplicates\nT|yes"
    choices = "list_name|name|label|g\nl|x|X|1\nl|x|X|2"
    assert read(form("type|name|label\nselect_one l|a|A", choices, settings)).summary.choices == 2


def test_external_choices_are_choices() -> None:
    data = workbook(
        survey=[["type", "name", "label", "choice_filter"], ["select_one_external towns", "a", "A", "name != 'y'"]],
        external_choices=[["list_name", "name", "label"], ["towns", "x", "X"]],
    )
    assert read(data).questionnaire.lists()["towns"].names() == ("x",)


@pytest.mark.parametrize(
    ("survey", "choices", "warning"),
    [
        ("type|name|label\nstart|start|\ntext|a|A", "", "xlsform.left_out.trace survey 2 type"),
        ("type|name|label\nbarcode|b|B\ntext|a|A", "", "xlsform.left_out.type survey 2 type"),
        ("type|name|label\nselect_one w.csv|a|A", "", "xlsform.list.file survey 2 type"),
        ("type|name|label|media::image\ntext|a|A|a.png", "", "xlsform.column.media survey 2 media::image"),
        ("type|name|label|remarks\ntext|a|A|todo", "", "xlsform.column.left_out survey 1 remarks"),
        ("type|name|label|label::Klingon\ntext|a|A|B", "", "xlsform.language.unknown survey 1 label::Klingon"),
        ("type|name|label|label::French\ntext|a|A|", "", "xlsform.language.empty"),
        ("type|name|label\ntext|a|", "", "xlsform.label.missing survey 2 label"),
        ("type|name|label|label::English\ntext|a|A|B", "", "xlsform.column.shadowed survey 1 label"),
        ("type|name|label||\ntext|a|A|lost|", "", "xlsform.column.unnamed survey 2"),
        ("type|name|label|required\nnote|a|A|yes", "", "xlsform.cell.unused survey 2 required"),
        ("type|name|label|disabled\ntext|b|B|yes\ntext|a|A|", "", "xlsform.row.disabled survey 2 disabled"),
        ("type|name|label|hint\n|||a remark\ntext|a|A|", "", "xlsform.row.left_out survey 2"),
        ("type|name|label\ntoday|t|\nnote|a|On ${t}", "", "xlsform.reference.left_out survey 3 label"),
        ("type|name|label|relevant\ntext|a|A|../b = 1", "", "expression.path survey 2 relevant"),
        ("type|name|relevant\ninteger|b|\ntext|a|${b} = 'x'", "", "expression.type.comparison survey 3 relevant"),
        (SELECT, "list_name|name|label\nl|x|\n|y|Y", "xlsform.choice.label_missing choices 2 label"),
        (SELECT, "list_name|name|label\nl|x|X\n|y|Y", "xlsform.choice.list_missing choices 3 list_name"),
    ],
)  # fmt: skip
def test_nothing_is_left_out_in_silence(survey: str, choices: str, warning: str) -> None:
    assert warning in told(survey, choices)


def test_an_empty_column_or_sheet_of_notes_is_not_worth_a_word() -> None:
    assert told("type|name|label|remarks|media::image\ntext|a|A||") == []
