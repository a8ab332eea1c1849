"""Single records: what leaves, in which order, under which names, at which risk; read back with other libraries."""

from __future__ import annotations

import csv
import io
import os
import random
import zipfile
from collections import Counter
from itertools import pairwise

import msgspec
import numpy as np
import pandas as pd
import pyreadstat
import pytest

from consult.core.aggregation import risk
from consult.core.aggregation.tables import Kind
from consult.core.errors import Refused
from consult.core.progress import Cancelled
from consult.core.questionnaire import maps
from consult.core.questionnaire.definition import Choice as Answer
from consult.core.questionnaire.definition import ChoiceList, QuestionType
from consult.core.questionnaire.maps import AnswerMap
from consult.core.text import LocalisedText
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from consult.results import columns
from consult.results.microdata import shelf
from consult.results.microdata.choosing import Choice, offer
from consult.results.microdata.described import Described
from consult.results.microdata.making import make
from consult.results.microdata.names import cut, names
from consult.results.microdata.sav import absent
from consult.results.presentation import Reader
from consult.results.translations import words_of
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, draw_answers, make_responses
from tests.results.surveying import Survey

LONG = "Comment les programmes publics pourraient-ils mieux servir les ressortissants établis à l’étranger ? " * 4


@pytest.fixture
def survey(sqlite, settings, keys, now):
    return Survey(sqlite, settings, keys, now)


class Records:
    """A file of records, unpacked."""

    def __init__(self, path, report):
        self.report = report
        with zipfile.ZipFile(path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
            self.moments = {info.date_time[3:] for info in archive.infolist()}

    @property
    def rows(self):
        return self.table("data.csv")

    def table(self, name):
        return list(csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"))))

    def read(self, name, tmp_path, **how):
        path = tmp_path / name
        path.write_bytes(self.files[name])
        return (pyreadstat.read_sav if name.endswith("sav") else pyreadstat.read_dta)(str(path), **how)


def offered(survey):
    with survey.database.reading() as session:
        return offer(session, session.get_one(Activity, survey.activity_id))


def records(survey, tmp_path, *, locale="en", progress=lambda _done, _of: None, **chosen):
    there = offered(survey)
    choice = Choice(variables=tuple(one.id for one in there.variables))
    choice = msgspec.structs.replace(choice, **chosen)
    path, reader = tmp_path / "made" / "records.zip", Reader(locale, words_of(locale))
    report = make(
        survey.database,
        survey.activity_id,
        choice,
        path,
        settings=survey.settings,
        reader=reader,
        now=survey.now,
        progress=progress,
    )
    return Records(path, report)


def told(answers):
    """What a response leaves as, in the terms of the CSV."""

    def plain(name):
        return ":not-relevant" if name not in answers else answers[name] if answers[name] is not None else ":skipped"

    row = {name: str(plain(name)) for name in ("country", "sex", "age", "sent", "arrived", "status", "agreed")}
    row["sent"] = row["sent"] if row["sent"].startswith(":") else str(float(row["sent"]))
    topics = plain("topics")
    for topic in ("remittances", "skills", "vote", "services"):
        row[f"topics_{topic}"] = topics if isinstance(topics, str) else str(int(topic in topics))
    return row


# --- what leaves ---


def test_records_are_the_responses_in_another_order(survey, tmp_path):
    given = [draw_answers(survey.rng) for _ in range(300)]
    survey.answer(given)
    ids = survey.ids

    found = records(survey, tmp_path, exact=(ids["age"], ids["sent"], ids["arrived"])).rows

    mine = [{name: row[name] for name in told(given[0])} for row in found]
    expected = [told(one) for one in given]
    for row in mine:
        row["sent"] = row["sent"] if row["sent"].startswith(":") else str(float(row["sent"]))
    assert sorted(map(str, mine)) == sorted(map(str, expected))
    assert mine != expected
    assert set(found[0]) == {*told(given[0]), "channel", "locale"}


def test_segments_do_not_stay_together(survey, tmp_path):
    survey.answer([{"country": "GB", "sex": "female"}] * 300)
    with survey.database.transaction() as session:
        session.get_one(Activity, survey.activity_id).sealed_at = None
        edition = session.get_one(Edition, (survey.activity_id, 1))
        make_responses(session, edition, survey.questionnaire, [{"country": "US", "sex": "female"}] * 300)
    columns.refresh(
        survey.database, survey.activity_id, store=survey.settings.column_store, least=10, rng=random.Random(1)
    )
    with survey.database.reading() as session:
        assert len(columns.manifest(session, survey.activity_id)) == 2

    found = [row["country"] for row in records(survey, tmp_path).rows]

    changes = sum(one != other for one, other in pairwise(found))
    assert 230 < changes < 370
    assert [row["country"] for row in records(survey, tmp_path).rows] != found


def test_numbers_and_dates_leave_in_groups_unless_chosen(survey, tmp_path):
    survey.answer_at_random(400)

    found = records(survey, tmp_path, exact=(survey.ids["age"],))

    assert any(row["age"].isdigit() for row in found.rows)
    assert {row["arrived"].count("..") for row in found.rows if row["arrived"] != ":skipped"} == {1}
    meanings = {row["code"]: row["meaning"] for row in found.table("codebook.csv") if row["variable"] == "arrived"}
    assert "1990–1994" in meanings.values() or "1990–1991" in meanings.values()
    assert found.report.exact == ("age in English",)


def test_too_few_numbers_say_only_that_there_is_one(survey, tmp_path):
    survey.answer([{"country": "GB", "age": 20 + number} for number in range(15)])

    assert {row["age"] for row in records(survey, tmp_path).rows} == {":answered"}


def test_only_what_was_chosen_leaves(survey, tmp_path):
    survey.answer_at_random(60)
    ids = survey.ids

    found = records(survey, tmp_path, variables=(ids["sex"],), formats=("csv",))

    assert set(found.rows[0]) == {"sex"}
    assert set(found.files) == {
        "README.txt",
        "re-identification.txt",
        "re-identification.json",
        "codebook.csv",
        "data.csv",
    }
    with pytest.raises(Refused) as refused:
        records(survey, tmp_path, variables=())
    assert refused.value.problems[0].code == "results.microdata.empty"


def test_nothing_tells_who_or_when(survey, tmp_path):
    survey.answer_at_random(60)

    found = records(survey, tmp_path)

    assert found.moments == {(0, 0, 0)}
    everything = b"".join(found.files.values())
    with survey.database.reading() as session:
        activity = session.get_one(Activity, survey.activity_id)
        assert str(activity.id).encode() not in everything
    assert b"00:00:00" in found.files["data.sav"][:200]
    assert b"email" not in everything


def test_texts_leave_only_when_chosen_and_apart(survey, tmp_path):
    survey.answer_at_random(200)

    assert "texts.csv" not in records(survey, tmp_path).files
    found = records(survey, tmp_path, texts=(survey.ids["wishes"],))

    texts = found.table("texts.csv")
    assert {row["text"] for row in texts} == {"More consulates", "'=1+1"}
    assert {row["question"] for row in texts} == {"wishes"}
    assert found.report.texts == len(texts)
    assert not found.report.safe
    assert "wishes" not in found.rows[0]
    assert b"read them before you pass them on" in found.files["README.txt"]


# --- formats ---


def test_spss_reads_what_the_csv_says(survey, tmp_path):
    survey.answer_at_random(300)
    ids = survey.ids
    found = records(survey, tmp_path, exact=(ids["age"], ids["sent"], ids["arrived"]))

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


def test_stata_reads_what_the_csv_says(survey, tmp_path):
    survey.answer_at_random(300)
    ids = survey.ids
    found = records(survey, tmp_path, exact=(ids["age"], ids["sent"], ids["arrived"]), locale="ar")

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


def test_r_gets_a_script_with_levels_and_labels(survey, tmp_path):
    survey.answer_at_random(60)

    script = records(survey, tmp_path, formats=("r",)).files["read.R"].decode()

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


# --- risk ---


def test_rare_combinations_lose_their_key_variables(survey, tmp_path):
    survey.answer_at_random(400)
    ids = survey.ids
    keys = (ids["country"], ids["sex"], ids["age"])

    bare = records(survey, tmp_path, keys=keys)
    blanked = records(survey, tmp_path, keys=keys, blank=True)

    assert bare.report.after.at_risk == bare.report.before.at_risk > 0
    assert not bare.report.safe
    assert blanked.report.before == bare.report.before
    assert blanked.report.after.at_risk == 0
    assert blanked.report.safe
    gone = [row for row in blanked.rows if row["country"] == ":blanked"]
    assert len(gone) == blanked.report.blanked >= blanked.report.threshold
    assert all(row["sex"] == row["age"] == ":blanked" for row in gone)
    sizes = pd.DataFrame(blanked.rows).groupby(["country", "sex", "age"]).size()
    assert sizes.min() >= 10


def test_the_report_counts_what_a_hand_would(survey, tmp_path):
    survey.answer(
        [
            *[{"country": "GB", "sex": "female", "status": "regular"}] * 12,
            *[{"country": "GB", "sex": "male", "status": "irregular"}] * 4,
            *[{"country": "GB", "sex": "male", "status": "regular"}] * 3,
            {"country": "TG", "sex": "male", "status": "regular"},
        ]
    )
    ids = survey.ids

    report = records(survey, tmp_path, keys=(ids["country"], ids["sex"])).report

    assert (report.records, report.before.classes, report.before.smallest) == (20, 3, 1)
    assert (report.before.unique, report.before.at_risk) == (1, 8)
    assert {key.name: (key.categories, key.smallest, key.at_risk_without) for key in report.keys} == {
        "country": (2, 1, 8),
        "sex": (2, 8, 1),
    }
    (status,) = report.sensitive
    assert (status.name, status.least, status.uniform) == ("status", 1, 13)


def test_sensitive_questions_and_texts_are_not_proposed(survey):
    survey.answer_at_random(60)
    there, ids = offered(survey), survey.ids

    usual = there.usual()

    assert ids["status"] not in usual.variables
    assert not usual.texts
    assert not usual.exact
    assert usual.blank
    assert set(usual.keys) == {ids["country"], ids["sex"], ":locale"}
    assert ids["email"] not in {one.id for one in (*there.variables, *there.texts)}


@pytest.mark.parametrize("seed", range(20))
def test_no_class_under_the_threshold_is_left(seed):
    rng = np.random.default_rng(seed)
    columns = [rng.geometric(0.4, 500).astype(np.int32) for _ in range(2)]
    digests = risk.digest(columns, 500)

    lost = risk.within(digests, risk.small(digests, 10))

    sizes = pd.DataFrame({"a": columns[0], "b": columns[1]})[~lost].groupby(["a", "b"]).size()
    assert sizes.min() >= 10
    assert lost.sum() == 0 or lost.sum() >= 10
    assert risk.risk(digests, 10).classes == len(pd.DataFrame(columns).T.drop_duplicates())


# --- making ---


def test_what_is_cancelled_leaves_nothing(survey, tmp_path):
    survey.answer_at_random(60)

    def cancel(done, _of):
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        records(survey, tmp_path, progress=cancel)

    assert list((tmp_path / "made").iterdir()) == []


def test_progress_ends_where_it_says(survey, tmp_path):
    survey.answer_at_random(60)
    seen = []

    records(survey, tmp_path, keys=(survey.ids["sex"],), progress=lambda done, of: seen.append((done, of)))

    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_files_wait_for_a_day(survey, settings, now):
    survey.answer_at_random(60)
    choice = Choice(variables=(survey.ids["sex"],), formats=("csv",))
    path = shelf.place(settings, survey.activity_id)
    reader = Reader("en", words_of("en"))
    report = make(survey.database, survey.activity_id, choice, path, settings=settings, reader=reader, now=now)
    name = shelf.enter(path, report)

    one = shelf.get(settings, survey.activity_id, name)
    assert one.report == report
    assert [each.name for each in shelf.waiting(settings, survey.activity_id)] == [name]
    assert oct(path.stat().st_mode & 0o777) == oct(path.parent.stat().st_mode & 0o600) == "0o600"
    assert shelf.get(settings, survey.activity_id, "../" + name) is None
    made = one.until - shelf.KEPT
    assert shelf.sweep(settings, made + shelf.KEPT / 2) == 0
    (path.parent / ".left-behind").mkdir()
    os.utime(path.parent / ".left-behind", (0, 0))
    assert shelf.sweep(settings, made + shelf.KEPT * 2) == 3
    assert list(path.parent.iterdir()) == []


def test_editions_are_read_in_the_terms_of_the_newest(sqlite, settings, keys, now, tmp_path):
    def form(*codes, **more):
        kinds = {"why": QuestionType.SELECT_ONE, "which": QuestionType.SELECT_MULTIPLE}
        asked = [make_question(name, kind, choices="codes") for name, kind in kinds.items()]
        asked += [make_question(name, kind) for name, kind in more.items()]
        return make_questionnaire(*asked, lists=(choices("codes", *codes),))

    survey = Survey(sqlite, settings, keys, now, questionnaire=form("study", "work"))
    survey.answer([{"why": "study", "which": ["study", "work"]}] * 12)
    later = form("studies", "work", age=QuestionType.INTEGER)
    moved = {"study": ("studies",)}
    with sqlite.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        edition = make_edition(session, activity, later, number=2)
        why, which = (survey.ids[name] for name in ("why", "which"))
        edition.answer_map = maps.encode(AnswerMap(codes={why: moved, which: moved}))
        make_responses(session, edition, later, [{"why": "work", "which": None, "age": 30}] * 11)
    columns.refresh(sqlite, survey.activity_id, store=settings.column_store, least=10, rng=random.Random(1))

    found = records(survey, tmp_path, exact=tuple(one.id for one in offered(survey).numbers())).rows

    seen = Counter((row["why"], row["which_studies"], row["which_work"], row["age"]) for row in found)
    assert seen == {
        ("studies", "1", "1", ":not-relevant"): 12,
        ("work", ":skipped", ":skipped", "30"): 11,
    }
