"""Ranges, orders, times and addresses on their way from a response into a release and its downloads."""

from __future__ import annotations

import csv
import io
from itertools import permutations

import msgspec
import pyarrow.parquet
import pytest

from consult.core.aggregation.dependencies import dependencies
from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED, place_of
from consult.core.aggregation.tabulate import ordered, tabulate
from consult.core.aggregation.variables import LOCALE
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.uploads import Upload
from consult.processes.models import Activity
from consult.results import columns, segments
from consult.results.content import content_of
from consult.results.crossings import PLACES, WORDS
from consult.results.exports import FORMATS
from consult.results.presentation import Reader, items, places, summary_values
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.factories.results import choices
from tests.results.surveying import PLAN, Survey

SURVEY = make_questionnaire(
    make_question("mood", QuestionType.RANGE, parameters={"start": "0", "end": "5", "step": "0.5"}),
    make_question("share", QuestionType.RANGE, parameters={"start": "0", "end": "100", "step": "5"}),
    make_question("order", QuestionType.RANK, choices="abc"),
    make_question("why", QuestionType.TEXT, relevant="selected(${order}, 'a')"),
    make_question("wakes", QuestionType.TIME),
    make_question("landed", QuestionType.DATETIME),
    make_question("mail", QuestionType.EMAIL),
    make_question("page", QuestionType.URL),
    make_question("photo", QuestionType.IMAGE),
    lists=(choices("abc", "a", "b", "c"),),
)
FILE = "f" * 32
ORDERS = [("a", "b", "c")] * 30 + [("b", "a", "c")] * 12 + [("c", "b", "a")] * 3 + [None] * 15


@pytest.fixture
def survey(database, settings, keys, now):
    found = Survey(database, settings, keys, now, questionnaire=SURVEY)
    found.answer(
        {
            "mood": [0.5, 1.5, 4.5, None][number % 4],
            "share": 5 * (number % 21),
            "order": order,
            "why": "Because" if order else None,
            "wakes": "06:05" if number % 2 else None,
            "landed": "2025-03-20T14:30" if number % 3 else None,
            "mail": f"p{number}@example.org" if number % 2 else None,
            "page": "https://example.org",
            "photo": Upload(FILE, "image/png", 3) if number % 4 else None,
        }
        for number, order in enumerate(ORDERS)
    )
    return found


def tabulation(survey):
    with (
        survey.database.reading() as session,
        columns.held(session, survey.activity_id, store=survey.settings.column_store, engine=survey.engine) as held,
    ):
        return tabulate(held.sources, held.terms.variables(), (), 10)


def counts(found, survey, name):
    table = next(table for table in found.tables if table.variable == survey.ids[name])
    return {row.code: row.counts[0] for row in table.rows}, table.summary


def test_an_order_counts_by_what_stands_first_and_the_rest_as_numbers_or_answered(survey):
    found = tabulation(survey)
    assert counts(found, survey, "order") == ({"a": 30, "b": 12, "c": 3, SKIPPED: 15, NOT_RELEVANT: 0}, None)
    answered, summary = counts(found, survey, "mood")
    assert (answered[SKIPPED], round(summary.mean, 2)) == (15, 2.17)
    answered, summary = counts(found, survey, "share")
    assert (answered[SKIPPED], summary.quartiles is not None) == (0, True)
    for name, missing in {"wakes": 30, "landed": 20, "mail": 30, "page": 0, "photo": 15}.items():
        assert counts(found, survey, name)[0] == {":answered": 60 - missing, SKIPPED: missing, NOT_RELEVANT: 0}


def test_addresses_and_times_are_kept_apart_from_what_is_counted(survey):
    with survey.database.reading() as session:
        names = [row.id for row in columns.manifest(session, survey.activity_id)]
    coded, texts, _ = segments.read(survey.settings.column_store, survey.activity_id, names)
    assert set(coded[survey.ids["mail"]].to_pylist()) == {":answered", SKIPPED}
    assert "p1@example.org" in texts[survey.ids["mail"]].to_pylist()
    assert survey.ids["photo"] not in texts.column_names
    assert not [path for path in survey.settings.column_store.rglob("*.parquet") if FILE.encode() in path.read_bytes()]
    assert set(coded[survey.ids["order"]].to_pylist()) == {"a", "b", "c", SKIPPED}


def test_conditions_on_an_order_say_nothing_of_its_first_place(survey):
    found = tabulation(survey)
    assert dependencies([SURVEY], found.variables, found.tables) == ()


def test_a_release_hides_small_first_places_and_says_what_they_are(survey):
    survey.freeze()
    release = survey.release()
    content = content_of(release.content)
    table = next(table for table in content.datasets[0].one_way() if table.variable == survey.ids["order"])
    assert (table.row("a").counts, table.row("c").counts, table.hidden()) == ((30,), (None,), 2)
    assert survey.verify() == (True, True, True)
    for extension in FORMATS:
        assert b"".join(FORMATS[extension].write(content, release.content, release.hash, Reader("en", str)))
    text = b"".join(FORMATS["csv"].write(content, release.content, release.hash, Reader("en", str))).decode("utf-8-sig")
    lines = [line for line in csv.DictReader(io.StringIO(text)) if line["question"] == "order" and not line["by"]]
    assert {line["question_label"] for line in lines} == {"order in English – in first place"}
    assert {line["category"]: line["count"] for line in lines}["a"] == "30"


def test_every_place_of_an_order_is_counted_where_the_plan_says_so(survey, client):
    plan = msgspec.structs.replace(PLAN, crossings=(PLACES, WORDS, "order"))
    survey.publish(survey.freeze(plan))
    content = content_of(survey.release().content)
    (dataset,) = content.datasets
    name = survey.ids["order"]

    shown = {table.variable: {row.code: row.counts[0] for row in table.rows} for table in dataset.one_way()}
    first, second, third = (shown[one] for one in (name, place_of(name, 2), place_of(name, 3)))
    assert (first["a"], first["b"], first["c"]) == (None, 12, None)
    assert (second["a"], second["b"], second["c"]) == (12, 33, 0)
    assert (third["a"], third["b"], third["c"]) == (None, 0, None), "they would tell of those in first place"
    assert survey.verify() == (True, True, True)
    item = next(item for item in items(dataset, Reader("en", str)) if item.variable.id == name)
    assert summary_values(item, Reader("en", str)) == [("Mean rank: b (en)", 1.73)]
    assert [one.name for one in places(item)] == ["order", "order#2", "order#3"]
    assert {table.by for table in dataset.crossed(survey.ids["why"])} == {LOCALE}
    assert not any(table.by == name for table in dataset.crossed(place_of(name, 2)))
    page = client.get(f"/en/p/{survey.slug}/results/1/{dataset.slug}/{name}").text
    assert "Every place" in page


def test_without_that_a_release_is_as_it_always_was(survey):
    survey.freeze()
    (dataset,) = content_of(survey.release().content).datasets

    assert not any(variable.place for variable in dataset.variables)


def test_mean_ranks_are_where_all_places_can_be_shown(database, settings, keys, now, client):
    found = Survey(database, settings, keys, now, questionnaire=SURVEY)
    orders = [*permutations("abc")]
    found.answer({"order": orders[number % 6]} for number in range(180))
    found.publish(found.freeze(msgspec.structs.replace(PLAN, crossings=(PLACES, "channel"))))
    (dataset,) = content_of(found.release().content).datasets
    item = next(item for item in items(dataset, Reader("en", str)) if item.variable.id == found.ids["order"])

    assert dict(summary_values(item, Reader("en", str))) == {f"Mean rank: {code} (en)": 2.0 for code in "abc"}
    page = client.get(f"/en/p/{found.slug}/results/1/{dataset.slug}/{found.ids['order']}").text
    assert "Mean rank by: How responses came in" in page
    assert "Place 3" in page


def test_orders_that_are_not_whole_have_no_further_places(database, settings, keys, now):
    found = Survey(database, settings, keys, now, questionnaire=SURVEY)
    found.answer({"order": ("a", "b", "c") if number else ("a",)} for number in range(60))
    found.freeze(msgspec.structs.replace(PLAN, crossings=(PLACES,)))

    assert not any(one.place for one in content_of(found.release().content).datasets[0].variables)


def test_segments_from_before_orders_were_kept_whole_are_read_and_merged(database, settings, keys, now):
    found = Survey(database, settings, keys, now, questionnaire=SURVEY)
    found.answer({"order": ("a", "b", "c")} for _ in range(40))
    with database.transaction() as session:
        (row,) = columns.manifest(session, found.activity_id)
        path = segments.path_of(settings.column_store, found.activity_id, row.id)
        session.get_one(Activity, found.activity_id).sealed_at = None
    whole = pyarrow.parquet.read_table(path)
    pyarrow.parquet.write_table(whole.drop_columns([ordered(found.ids["order"])]), path)

    found.answer({"order": ("b", "a", "c")} for _ in range(20))

    with database.reading() as session:
        assert [one.rows for one in columns.manifest(session, found.activity_id)] == [60], "closed: all in one"
    dataset = found.draft(msgspec.structs.replace(PLAN, crossings=(PLACES,))).content.datasets[0]
    assert not any(one.place for one in dataset.variables)
    table = next(one for one in dataset.one_way() if one.variable == found.ids["order"])
    assert [table.row(code).counts for code in "abc"] == [(40,), (20,), (0,)]
