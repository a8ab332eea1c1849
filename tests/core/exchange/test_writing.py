"""A questionnaire as a workbook: read again it is the same, other software accepts it, no cell is a formula."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from consult.core.errors import Refused
from consult.core.exchange.xlsform import read, write
from consult.core.questionnaire.definition import Choice, ChoiceList, Question, Questionnaire, QuestionType, node_id
from consult.core.questionnaire.document import decode, encode
from consult.core.text import LocalisedText
from tests.core.exchange.making import form, found
from tests.core.exchange.questionnaires import questionnaires
from tests.core.exchange.structure import converts

LABEL = LocalisedText({"en": "A"})


def one(*, title: str = "T", **changed: object) -> Questionnaire:
    """A questionnaire of one question."""
    asked = {"id": node_id("a"), "name": "a", "type": QuestionType.TEXT, "label": LABEL, **changed}
    return Questionnaire(title=LocalisedText({"en": title}), locales=("en",), children=(Question(**asked),))


def sheet(data: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a sheet by their headers."""
    headers, *rows = load_workbook(BytesIO(data))[name].iter_rows(values_only=True)
    return [{header: value for header, value in zip(headers, row, strict=True) if value} for row in rows]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_what_is_written_is_read_as_the_same_document(questionnaire: Questionnaire) -> None:
    assert encode(read(write(questionnaire)).questionnaire) == encode(questionnaire)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_the_reference_accepts_what_is_written(questionnaire: Questionnaire) -> None:
    converts(write(questionnaire))


def test_the_same_questionnaire_is_the_same_file() -> None:
    parts = [zipfile.ZipFile(BytesIO(write(one()))) for _ in "12"]
    assert [{name: part.read(name) for name in part.namelist()} for part in parts[:1]] == [
        {name: part.read(name) for name in part.namelist()} for part in parts[1:]
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "https://example.org", "01", "1/2"]
)
def test_cells_are_texts_and_stay_so_when_they_are_edited(text: str) -> None:
    book = load_workbook(BytesIO(write(one(default=text, label=LocalisedText({"en": text})))))
    cells = [cell for cell in next(book["survey"].iter_rows(min_row=2)) if cell.value == text]
    assert len(cells) == 2
    for cell in cells:
        assert (cell.data_type, cell.number_format, cell.hyperlink) == ("s", "@", None)
        assert cell.quotePrefix or text[0] not in "=+-@"


def test_only_columns_that_are_used_are_there() -> None:
    assert sheet(write(one()), "survey") == [{"type": "text", "name": "a", "label::en (en)": "A"}]
    assert load_workbook(BytesIO(write(one()))).sheetnames == ["survey", "settings"]


def test_languages_are_named_as_the_caller_names_them() -> None:
    names = {"en": "English", "fr": "français (France)", "x-ab": "A: b"}
    label = LocalisedText(dict.fromkeys(names, "A"))
    questionnaire = Questionnaire(
        title=label,
        locales=tuple(names),
        children=(Question(id=node_id("a"), name="a", type=QuestionType.TEXT, label=label),),
    )
    data = write(questionnaire, names.__getitem__)
    (asked,), (said,) = sheet(data, "survey"), sheet(data, "settings")
    assert list(asked)[2:] == ["label::English (en)", "label::français France (fr)", "label::A b (x-ab)"]
    assert list(said) == [
        "form_title", "our::form_title::français France (fr)", "our::form_title::A b (x-ab)", "default_language"
    ]  # fmt: skip
    assert said["default_language"] == "English (en)"
    assert encode(read(data).questionnaire) == encode(questionnaire)


def test_an_id_is_written_where_it_does_not_follow_from_the_name() -> None:
    """A question that was renamed is still the same question."""
    questionnaire = one(id=node_id("before"))
    assert sheet(write(questionnaire), "survey")[0]["our::id"] == node_id("before")
    assert "our::id" not in sheet(write(one()), "survey")[0]


@pytest.mark.parametrize(
    ("changed", "written"),
    [
        ({"choices": "l", "type": QuestionType.SELECT_ONE, "or_other": True}, {"type": "select_one l or_other"}),
        (
            {"choices": "l", "type": QuestionType.SELECT_ONE, "or_other": True, "choice_filter": "name != 'x'"},
            {"type": "select_one l", "our::or_other": "yes", "choice_filter": "name != 'x'"},
        ),
        ({"choices": "w.csv", "type": QuestionType.SELECT_MULTIPLE}, {"type": "select_multiple_from_file w.csv"}),
        ({"type": QuestionType.EMAIL}, {"type": "text", "our::type": "email"}),
        (
            {"type": QuestionType.NOTE, "choices": "l", "appearance": ("label",)},
            {"type": "select_one l", "appearance": "label"},
        ),
        ({"required": "true()", "read_only": "1 = 1"}, {"type": "text", "required": "yes", "read_only": "1 = 1"}),
    ],
)  # fmt: skip
def test_how_types_are_written(changed: dict, written: dict) -> None:
    questionnaire = one(**changed)
    known = ChoiceList(name="l", choices=(Choice(name="x", label=LABEL),))
    questionnaire = Questionnaire(
        title=questionnaire.title, locales=("en",), children=questionnaire.children, choice_lists=(known,)
    )
    data = write(questionnaire)
    assert sheet(data, "survey") == [{**written, "name": "a", "label::en (en)": "A"}]
    assert encode(read(data).questionnaire) == encode(questionnaire)
    converts(data)


def test_what_was_left_out_is_named_again_where_something_speaks_of_it() -> None:
    """Other software could not make sense of `${start}` without its row."""
    survey = "type|name|label\nstart|start|\ndeviceid|device|\nnote|a|Begun ${start}"
    questionnaire = read(form(survey)).questionnaire
    assert questionnaire.left_out == {"start": "start"}
    data = write(questionnaire)
    assert [(row["type"], row["name"]) for row in sheet(data, "survey")] == [("start", "start"), ("note", "a")]
    converts(data)
    assert encode(read(data).questionnaire) == encode(questionnaire)


def test_languages_without_a_text_are_offered_again() -> None:
    questionnaire = Questionnaire(title=LABEL, locales=("en", "fr", "ar"), children=one().children)
    data = write(questionnaire)
    assert sheet(data, "settings")[0]["our::languages"] == "en fr ar"
    assert read(data).questionnaire.locales == ("en", "fr", "ar")


def test_pictures_sound_and_video_are_kept_by_their_names() -> None:
    survey = (
        "type|name|label|media::image::English (en)|audio|big-image\nbegin_group|g|G|g.png|g.mp3|\n"
        "select_one l|a|A|a.png||a_big.png\nend_group|||||\nbegin_repeat|r|R||r.mp3|\ntext|b|B|||b.png\nend_repeat|||||"
    )
    imported = read(form(survey, "list_name|name|label|image::French (fr)\nl|x|X|x.png"))
    group, repeat = imported.questionnaire.children
    files = [dict(each.media) for each in (group, group.children[0], repeat, repeat.children[0])]
    picture = {"image": LocalisedText({"en": "a.png"}), "big-image": LocalisedText({"en": "a_big.png"})}
    assert files == [
        {"image": LocalisedText({"en": "g.png"}), "audio": LocalisedText({"en": "g.mp3"})},
        picture,
        {"audio": LocalisedText({"en": "r.mp3"})},
        {},
    ]
    assert imported.questionnaire.choice_lists[0].choices[0].media == {"image": LocalisedText({"fr": "x.png"})}
    told = [found(problem) for problem in imported.warnings]
    assert "xlsform.media survey 6 big-image" in told
    (counted,) = [each for each in imported.warnings if each.params.get("header") == "media::image::English (en)"]
    assert dict(counted.params) == {"header": "media::image::English (en)", "count": 2, "file": "g.png"}
    data = write(imported.questionnaire)
    converts(data)
    assert encode(read(data).questionnaire) == encode(imported.questionnaire)


def test_documents_without_the_new_fields_keep_their_bytes() -> None:
    before = (
        b'{"children":[{"children":[{"id":"b","kind":"question","name":"b","type":"text"}],"id":"a","kind":"repeat",'
        b'"name":"a"}],"locales":["en"],"schema_version":1,"title":{"en":"T"}}'
    )
    assert encode(decode(before)) == before


@pytest.mark.parametrize(
    ("questionnaire", "told"),
    [
        (one(label=LocalisedText({"en": "x" * 32_768})), "xlsform.export.cell survey 2 label::en (en)"),
        (
            Questionnaire(
                title=LABEL,
                locales=("en",),
                children=tuple(Question(id=f"q{n}", name=f"q{n}", type=QuestionType.TEXT) for n in range(5_001)),
            ),
            "xlsform.export.rows survey",
        ),
        (
            Questionnaire(
                title=LABEL,
                locales=("en",),
                children=one().children,
                choice_lists=(
                    ChoiceList(name="l", choices=(Choice(name="x", attributes={f"c{n}": "1" for n in range(200)}),)),
                ),
            ),
            "xlsform.export.columns choices",
        ),
    ],
    ids=["cell", "rows", "columns"],
)
def test_what_a_spreadsheet_has_no_room_for_is_refused(questionnaire: Questionnaire, told: str) -> None:
    with pytest.raises(Refused) as refused:
        write(questionnaire)
    assert [found(problem) for problem in refused.value.problems] == [told]
