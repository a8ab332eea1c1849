"""Real forms against pyxform: counted as it counts, written so that it accepts them and finds the same structure."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from pyxform.errors import PyXFormError

from consult.core.exchange.xlsform import read, write
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.document import encode
from tests.core.exchange.making import form, problems
from tests.core.exchange.structure import converts, left_out, structure

FORMS = Path(__file__).parent / "forms"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FORMS / "expected_pyxform.json").read_text(encoding="utf-8"))["forms"]
COUNTS = {"choices": "choice_rows", "groups": "group", "repeats": "repeat"} | {
    name: name for name in ("relevant", "constraint", "calculation", "choice_filter", "required")
}

# Where we count otherwise: the reference counts cells with something in them, we the conditions that
# are kept: `required` of `no` and `false()` says nothing, and notes take no answer that could be required or checked.
DIFFERENT: dict[tuple[str, str], tuple[int, str]] = {
    ("correlaid_testA", "required"): (-18, "no"),
    ("correlaid_testB_en_de", "required"): (-14, "no"),
    ("pyxform_UCL_Biomass_en_sw", "required"): (-1, "a geopoint, which is left out"),
    ("pyxform_spec_test", "required"): (-1, "a barcode, which is left out"),
    ("reach_MSNA_2024_draft_v11", "required"): (-4, "three notes; a geopoint, which is left out"),
    ("reach_MSNA_2024_draft_v11", "constraint"): (-1, "a note"),
    ("unhcr_RMS_CAPI_v2", "required"): (-137, "136 times false; a note"),
    ("unhcr_RMS_CAPI_v3", "required"): (-80, "79 times false; a note"),
}
# Labels that are counted by the reference and not kept here: of rows that are left out, and of ends of groups.
LABELS = {
    "getodk_all_question_types": {"en": 12},
    "ona_childrens_survey_en_sw": {"en": 1, "sw": 1},
    "ona_mali_health_en_fr": {"en": 1, "fr": 1},
    "ona_nested_repeats": {"en": 1},
    "ona_tutorial_arabic": {"en": 1, "ar": 1},
    "pyxform_UCL_Biomass_en_sw": {"sw": 1, "en": 1},
    "pyxform_spec_test": {"en": 4},
    "pyxform_widgets": {"en": 5},
    "reach_MSNA_2024_draft_v11": {"en": 16, "fr": 16},
    "unhcr_RMS_CAPI_v2": {"en": 1, "es": 1, "fr": 1, "ar": 1},
    "unhcr_RMS_CAPI_v3": {"en": 7, "es": 2, "fr": 2, "ar": 2},
}
# Where the reference finds something else in what we write than in the form itself: by path and field.
RESTATED = {
    "getodk_all_question_types": {"table_list/table_list_label_2 type": "two heads stand above one matrix"},
    "pyxform_spec_test": {
        "everything/FALSE": "the cell is no text but the truth value, which we read as it is written elsewhere",
        "everything/false": "the same",
    },
    "reach_MSNA_2024_draft_v11": {
        "consented/cm/cm_expenditure_infrequent_note constraint": "a note takes no answer",
        "consented/cm/cm_expenditure_infrequent_note required": "a note takes no answer",
        "consented/demographics/roster/note_resp_age_mismatch required": "a note takes no answer",
        "consented/demographics/roster/note_resp_gender_mismatch required": "a note takes no answer",
    },
    "unhcr_RMS_CAPI_v2": {
        "group_Part1/S1/S1_Household jr:count": "a group is not repeated",
        "group_Part1/status_1 required": "a note takes no answer",
    },
    "unhcr_RMS_CAPI_v3": {"Part1/confirm1_hhhage required": "a note takes no answer"},
}


def questionnaire(name: str) -> Questionnaire:
    """A form, read."""
    return read((FORMS / f"{name}.xlsx").read_bytes(), filename=f"{name}.xlsx").questionnaire


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_counted_as_the_reference_counts(name: str) -> None:
    expected = EXPECTED[name]
    summary = read((FORMS / f"{name}.xlsx").read_bytes(), filename=f"{name}.xlsx").summary
    kept = Counter({kind: count for kind, count in expected["types"].items() if not left_out(kind)})
    assert summary.questions == kept.total()
    found = {ours: getattr(summary, ours) - expected[theirs] for ours, theirs in COUNTS.items()}
    wanted = {ours: DIFFERENT.get((name, ours), (0, ""))[0] for ours in COUNTS}
    assert found == wanted
    labels = sorted(expected["labels"].values())
    left = LABELS.get(name, {})
    assert sorted(count + left.get(tag, 0) for tag, count in summary.labels.items() if count) == labels


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_written_is_read_as_the_same_document(name: str) -> None:
    before = questionnaire(name)
    assert encode(read(write(before), filename="another name.xlsx").questionnaire) == encode(before)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_reference_accepts_what_is_written(name: str) -> None:
    converts(write(questionnaire(name)))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_reference_finds_the_same_structure(name: str) -> None:
    original = structure((FORMS / f"{name}.xlsx").read_bytes())
    written = structure(write(questionnaire(name)))
    assert set(_different(original["nodes"], written["nodes"])) == set(RESTATED.get(name, {}))
    if name not in RESTATED:
        assert list(written["nodes"]) == list(original["nodes"])
    assert written["lists"] == original["lists"]


REPEATS = "begin_group|{0}|G\nbegin_repeat|r|R\ntext|{0}a|A\nend_repeat||\nend_group||\n"
CHOICES = "list_name|name|label\nl|x|X"


@pytest.mark.parametrize(
    ("survey", "written"),
    [
        # Publishing refuses what nobody could understand; a draft may have it.
        ("type|name|label\ntext|a|", False),
        # Names that are used twice stand against publishing, too.
        (f"type|name|label\n{REPEATS.format('g')}{REPEATS.format('h')}", False),
        # Words that mean something to it only.
        ("type|name|label\ntext|meta|A", False),
        # Marks on a scale, which we do not draw.
        ("type|name|label|parameters\nrange|a|A|tick_labelset=nowhere", False),
        # We can filter such lists; what is written says so in a column of our own.
        ("type|name|label|choice_filter\nselect_one l or_other|a|A|name != 'x'", True),
        # Choices of a list that is meant to stand in another sheet.
        ("type|name|label\nselect_one_external l|a|A", True),
    ],
)
def test_what_the_reference_refuses_and_we_take(survey: str, written: bool) -> None:
    data = form(survey, CHOICES)
    with pytest.raises(PyXFormError):
        converts(data)
    again = write(read(data).questionnaire)
    with nullcontext() if written else pytest.raises(PyXFormError):
        converts(again)


@pytest.mark.parametrize(
    ("survey", "settings"),
    [
        # Somebody's formula broke: the text that was meant is lost.
        ("type|name|label|relevant\ntext|a|#REF!|", "form_title\nT"),
        # Two columns for one thing: we do not guess which is meant.
        ("type|name|label\ntext|a|A", "form_id|id_string\na|b"),
        # A questionnaire has no place for them, and repeats do the same.
        ("type|name|label\nbegin loop over l|a|A\ntext|b|B\nend loop||", "form_title\nT"),
    ],
)
def test_what_the_reference_takes_and_we_refuse(survey: str, settings: str) -> None:
    data = form(survey, CHOICES, settings)
    converts(data)
    assert problems(data) != []


def _different(original: dict[str, dict[str, Any]], written: dict[str, dict[str, Any]]) -> list[str]:
    """The paths, and fields of them, in which two structures differ."""
    found = list(original.keys() ^ written.keys())
    for path in original.keys() & written.keys():
        before, after = original[path], written[path]
        found += [f"{path} {name}" for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    return found
