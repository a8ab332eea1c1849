"""Single records read back with other libraries: names, labels, missing values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from consult.core.aggregation.tables import Kind
from consult.core.questionnaire.definition import Choice as Answer
from consult.core.questionnaire.definition import ChoiceList, QuestionType
from consult.core.text import LocalisedText
from consult.results.microdata.described import Described
from consult.results.microdata.names import cut, names
from consult.results.microdata.sav import absent
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.results.recording import records
from tests.results.surveying import Survey

LONG = "Comment les programmes publics pourraient-ils mieux servir les ressortissants établis à l’étranger ? " * 4


def test_spss_reads_what_the_csv_says(unanswered, tmp_path):
    unanswered.answer_at_random(300)
    ids = unanswered.ids
    found = records(unanswered, tmp_path, exact=(ids["age"], ids["sent"], ids["arrived"]))

    frame, about = found.read("data.sav", tmp_path)

    assert about.number_rows == 300
    assert about.file_encoding == "UTF-8"
    assert about.column_names == list(found.rows[0])
    labels = about.variable_value_labels
    for row, (_, record) in zip(found.rows, frame.iterrows(), strict=True):
        assert same(row["age"], record["age"])
        assert same(row["sent"], record["sent"])
        assert str(record["arrived"])[:10] == row["arrived"] or row["arrived"] == ":skipped"
        if row["country"] != ":skipped":
            assert labels["country"][record["country"]] == f"{row['country']} (en)"
    assert about.column_names_to_labels["topics_vote"] == "vote (en) – topics in English"
    raw, _ = found.read("data.sav", tmp_path, user_missing=True)
    assert set(raw["topics_vote"]) <= {0.0, 1.0, -8.0, -9.0}
    skipped = [row["sex"] for row in found.rows].count(":skipped")
    assert (raw["sex"] == -8).sum() == skipped > 0


def same(text, number):
    return np.isnan(number) if text.startswith(":") else float(text) == number


def test_stata_reads_what_the_csv_says(unanswered, tmp_path):
    unanswered.answer_at_random(300)
    ids = unanswered.ids
    found = records(unanswered, tmp_path, exact=(ids["age"], ids["sent"], ids["arrived"]), locale="ar")

    frame, about = found.read("data.dta", tmp_path, user_missing=True)
    other = pd.read_stata(tmp_path / "data.dta", convert_categoricals=False)

    assert about.number_rows == len(other) == 300
    for row, (_, record) in zip(found.rows, frame.iterrows(), strict=True):
        assert record["age"] == (int(row["age"]) if row["age"].isdigit() else {":skipped": "a"}[row["age"]])
    assert set(frame["topics_vote"]) <= {0, 1, "a", "b"}
    assert about.variable_value_labels["sex"] == {
        1: "female (ar)",
        2: "male (ar)",
        "a": "دون إجابة",
        "b": "لم يُطرح السؤال",
        "c": about.variable_value_labels["sex"]["c"],
    }
    assert other["sent"].isna().sum() == sum(row["sent"] == ":skipped" for row in found.rows)
    dates = other["arrived"].dropna().dt.strftime("%Y-%m-%d").tolist()
    assert dates == [row["arrived"] for row in found.rows if row["arrived"] != ":skipped"]


def test_r_gets_a_script_with_levels_and_labels(unanswered, tmp_path):
    unanswered.answer_at_random(60)

    script = records(unanswered, tmp_path, formats=("r",)).files["read.R"].decode()

    assert (
        'data$sex <- factor(data$sex, levels = c("female", "male"), labels = c("female (en)", "male (en)"))' in script
    )
    assert 'na.strings = c(":skipped", ":not-relevant", ":blanked")' in script


def test_hostile_and_long_labels_in_every_format(sqlite, settings, keys, now, tmp_path):
    lists = (
        ChoiceList(
            name="hostile",
            choices=(
                Answer(name="=cmd", label=LocalisedText({"en": '=cmd|"/c calc"'})),
                Answer(name="-8", label=LocalisedText({"en": LONG})),
                Answer(name="نعم", label=LocalisedText({"en": "نعم\\"})),
            ),
        ),
        ChoiceList(
            name="codes",
            choices=tuple(Answer(name=code, label=LocalisedText({"en": code})) for code in ("-8", "1", "99")),
        ),
    )
    questionnaire = make_questionnaire(
        make_question("if", QuestionType.SELECT_ONE, choices="hostile"),
        make_question("IF", QuestionType.SELECT_ONE, choices="codes"),
        make_question("سؤال", QuestionType.SELECT_MULTIPLE, choices="hostile"),
        make_question("a_question_with_a_name_that_is_longer_than_thirty-two", QuestionType.INTEGER),
        lists=lists,
    )
    survey = Survey(sqlite, settings, keys, now, questionnaire=questionnaire)
    long = "a_question_with_a_name_that_is_longer_than_thirty-two"
    survey.answer([{"if": "=cmd", "IF": "-8", "سؤال": ["نعم"], long: -9}, {"if": "-8", "IF": "99"}] * 10)
    found = records(survey, tmp_path, exact=(survey.ids[long],))

    written = list(found.rows[0])
    assert written[:2] == ["v_if", "v_IF_2"]
    assert all(name.isascii() and len(name) <= 32 for name in written)
    assert len({name.lower() for name in written}) == len(written)
    assert {row["v_if"] for row in found.rows} == {"'=cmd", "'-8"}
    assert {row["v_IF_2"] for row in found.rows} == {"-8", "99"}
    for name in ("data.sav", "data.dta"):
        frame, about = found.read(name, tmp_path)
        labels = about.variable_value_labels["v_if"]
        assert labels[1] == '=cmd|"/c calc"'
        assert labels[2].startswith("Comment les programmes")
        assert (frame["v_IF_2"] == -8).sum() == 10
        assert (frame[written[-3]] == -9).sum() == 10
    missing = found.read("data.sav", tmp_path, user_missing=True)[1].missing_ranges["v_IF_2"]
    assert {one["lo"] for one in missing} == {-97, -98, -99}
    sav = found.read("data.sav", tmp_path)[1].variable_value_labels["v_if"][2]
    assert sav.endswith("…")
    assert len(sav.encode()) <= 120
    assert r'"نعم\\"' in found.files["read.R"].decode()


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        (["age", "Age", "AGE"], ["age", "Age_2", "AGE_3"]),
        (["with", "str5", "9lives", "_n"], ["v_with", "v_str5", "v_9lives", "n"]),
        (["é té", "", "سن"], ["e_te", "v2", "v3"]),
        (["x" * 40, "x" * 41], ["x" * 32, "x" * 30 + "_2"]),
    ],
)
def test_names_fit_all_three_programs(wanted, made):
    assert names(wanted) == made


def test_labels_are_cut_between_letters():
    assert cut("short", letters=10) == "short"
    assert cut("سؤال طويل جدا", octets=12) == "سؤال…"
    assert cut("a\u0301" * 5, letters=4) == "a\u0301…"
    assert cut("two\nlines", letters=80) == "two lines"


@pytest.mark.parametrize(("least", "missing"), [(0, (-8, -9, -7)), (-7, (-98, -99, -97)), (-500, (-998, -999, -997))])
def test_missing_values_of_spss_are_none_that_occur(least, missing):
    column = Described("n", "n", "n", Kind.NUMBER, (), (), (), least)

    assert absent(column) == missing
