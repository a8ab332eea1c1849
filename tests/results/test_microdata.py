"""Single records: what leaves, in which order, at which risk."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from consult.core.aggregation import risk
from consult.core.errors import Refused
from consult.core.progress import Cancelled
from consult.core.questionnaire import maps
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.maps import AnswerMap
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from consult.results import columns
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, draw_answers, make_responses
from tests.results.recording import offered, records, told
from tests.results.surveying import Survey

# --- what leaves ---


def test_records_are_the_responses_in_another_order(unanswered, tmp_path):
    given = [draw_answers(unanswered.rng) for _ in range(300)]
    unanswered.answer(given)
    ids = unanswered.ids

    found = records(unanswered, tmp_path, exact=(ids["age"], ids["sent"], ids["arrived"])).rows

    mine = [{name: row[name] for name in told(given[0])} for row in found]
    expected = [told(one) for one in given]
    for row in mine:
        row["sent"] = row["sent"] if row["sent"].startswith(":") else str(float(row["sent"]))
    assert sorted(map(str, mine)) == sorted(map(str, expected))
    assert mine != expected
    assert set(found[0]) == {*told(given[0]), "channel", "locale"}


def test_segments_do_not_stay_together(unanswered, tmp_path):
    unanswered.answer([{"country": "GB", "sex": "female"}] * 300)
    with unanswered.database.transaction() as session:
        session.get_one(Activity, unanswered.activity_id).sealed_at = None
        edition = session.get_one(Edition, (unanswered.activity_id, 1))
        given = [{"country": "US", "sex": "female"}] * 300
        make_responses(session, edition, unanswered.questionnaire, given)
    columns.refresh(
        unanswered.database,
        unanswered.activity_id,
        store=unanswered.settings.column_store,
        least=10,
        rng=random.Random(1),
    )
    with unanswered.database.reading() as session:
        assert len(columns.manifest(session, unanswered.activity_id)) == 2

    found = [row["country"] for row in records(unanswered, tmp_path).rows]

    changes = sum(one != other for one, other in pairwise(found))
    assert 230 < changes < 370
    assert [row["country"] for row in records(unanswered, tmp_path).rows] != found


def test_numbers_and_dates_leave_in_groups_unless_chosen(unanswered, tmp_path):
    unanswered.answer_at_random(400)

    found = records(unanswered, tmp_path, exact=(unanswered.ids["age"],))

    assert any(row["age"].isdigit() for row in found.rows)
    assert {row["arrived"].count("..") for row in found.rows if row["arrived"] != ":skipped"} == {1}
    meanings = {row["code"]: row["meaning"] for row in found.table("codebook.csv") if row["variable"] == "arrived"}
    assert "1990–1994" in meanings.values() or "1990–1991" in meanings.values()
    assert found.report.exact == ("age in English",)


def test_too_few_numbers_say_only_that_there_is_one(unanswered, tmp_path):
    unanswered.answer([{"country": "GB", "age": 20 + number} for number in range(15)])

    assert {row["age"] for row in records(unanswered, tmp_path).rows} == {":answered"}


def test_only_what_was_chosen_leaves(unanswered, tmp_path):
    unanswered.answer_at_random(60)
    ids = unanswered.ids

    found = records(unanswered, tmp_path, variables=(ids["sex"],), formats=("csv",))

    assert set(found.rows[0]) == {"sex"}
    assert set(found.files) == {
        "README.txt",
        "re-identification.txt",
        "re-identification.json",
        "codebook.csv",
        "data.csv",
    }
    with pytest.raises(Refused) as refused:
        records(unanswered, tmp_path, variables=())
    assert refused.value.problems[0].code == "results.microdata.empty"


def test_nothing_tells_who_or_when(unanswered, tmp_path):
    unanswered.answer_at_random(60)

    found = records(unanswered, tmp_path)

    assert found.moments == {(0, 0, 0)}
    everything = b"".join(found.files.values())
    with unanswered.database.reading() as session:
        activity = session.get_one(Activity, unanswered.activity_id)
        assert str(activity.id).encode() not in everything
    assert b"00:00:00" in found.files["data.sav"][:200]
    assert b"email" not in everything


def test_texts_leave_only_when_chosen_and_apart(unanswered, tmp_path):
    unanswered.answer_at_random(200)

    assert "texts.csv" not in records(unanswered, tmp_path).files
    found = records(unanswered, tmp_path, texts=(unanswered.ids["wishes"],))

    texts = found.table("texts.csv")
    assert {row["text"] for row in texts} == {"More consulates", "'=1+1"}
    assert {row["question"] for row in texts} == {"wishes"}
    assert found.report.texts == len(texts)
    assert not found.report.safe
    assert "wishes" not in found.rows[0]
    assert b"read them before you pass them on" in found.files["README.txt"]


# --- risk ---


def test_rare_combinations_lose_their_key_variables(unanswered, tmp_path):
    unanswered.answer_at_random(400)
    ids = unanswered.ids
    keys = (ids["country"], ids["sex"], ids["age"])

    bare = records(unanswered, tmp_path, keys=keys)
    blanked = records(unanswered, tmp_path, keys=keys, blank=True)

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


def test_the_report_counts_what_a_hand_would(unanswered, tmp_path):
    unanswered.answer(
        [
            *[{"country": "GB", "sex": "female", "status": "regular"}] * 12,
            *[{"country": "GB", "sex": "male", "status": "irregular"}] * 4,
            *[{"country": "GB", "sex": "male", "status": "regular"}] * 3,
            {"country": "TG", "sex": "male", "status": "regular"},
        ]
    )
    ids = unanswered.ids

    report = records(unanswered, tmp_path, keys=(ids["country"], ids["sex"])).report

    assert (report.records, report.before.classes, report.before.smallest) == (20, 3, 1)
    assert (report.before.unique, report.before.at_risk) == (1, 8)
    assert {key.name: (key.categories, key.smallest, key.at_risk_without) for key in report.keys} == {
        "country": (2, 1, 8),
        "sex": (2, 8, 1),
    }
    (status,) = report.sensitive
    assert (status.name, status.least, status.uniform) == ("status", 1, 13)


def test_sensitive_questions_and_texts_are_not_proposed(unanswered):
    unanswered.answer_at_random(60)
    there, ids = offered(unanswered), unanswered.ids

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


def test_what_is_cancelled_leaves_nothing(unanswered, tmp_path):
    unanswered.answer_at_random(60)

    def cancel(done, _of):
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        records(unanswered, tmp_path, progress=cancel)

    assert list((tmp_path / "made").iterdir()) == []


def test_progress_ends_where_it_says(unanswered, tmp_path):
    unanswered.answer_at_random(60)
    seen = []

    records(unanswered, tmp_path, keys=(unanswered.ids["sex"],), progress=lambda done, of: seen.append((done, of)))

    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


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
