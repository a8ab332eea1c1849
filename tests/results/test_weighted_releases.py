"""A release of an activity with accepted margins has weighted shares beside its counts, channels apart."""

from __future__ import annotations

import csv
import io

import ibis
import pytest

from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes.models import Activity, Unit
from consult.results import earlier, margins, method, representativeness
from consult.results.beside import weighting_of
from consult.results.content import Plan, content_of
from consult.results.exports import FORMATS
from consult.results.presentation import Reader, items
from tests.core.aggregation.recount import outcome
from tests.factories.results import draw_answers
from tests.results.surveying import Survey
from tests.results.test_margins import accept

SEX = "variable,category,total\nsex,female,600\nsex,male,400\n"
READER = Reader("en", lambda text: text)
ALONE = Plan(title=LocalisedText({"en": "Weighted"}), crossings=("sex",))


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What weights come to does not depend on the database: releases without them are compared on both."""
    return sqlite


@pytest.fixture
def survey(database, settings, keys, now):
    return Survey(database, settings, keys, now)


def answer(survey, count=400, **channels):
    people = [draw_answers(survey.rng) for _ in range(count)]
    survey.answer(people, **channels)
    return people


def dataset_of(survey, plan=ALONE):
    (dataset,) = survey.draft(plan).content.datasets
    return dataset


def test_a_release_without_margins_says_nothing_of_weights(survey):
    answer(survey)

    assert weighting_of(dataset_of(survey)) is None
    assert b"weighting" not in survey.draft().content.encoded()
    assert method.weighting(dataset_of(survey), READER) == []


def test_shares_are_those_of_an_independent_recount(survey):
    people = answer(survey, channels=("open",))
    accept(survey, SEX)

    dataset = dataset_of(survey)

    women, men = (sum(one["sex"] == sex for one in people) for sex in ("female", "male"))
    weight = {"female": 0.6 * (women + men) / women, "male": 0.4 * (women + men) / men, None: 1.0}
    table = weighting_of(dataset).table(survey.ids["topics"])
    assert table.channel == "open"
    answered = [one for one in people if one.get("topics")]
    base = sum(weight[one["sex"]] for one in answered)
    for row in table.rows:
        share = 100 * sum(weight[one["sex"]] for one in answered if row.code in one["topics"]) / base
        assert row.shares[0] / 10 == pytest.approx(share, abs=table.unit / 20 + 1e-6)


def test_what_is_hidden_stays_hidden(survey):
    answer(survey, channels=("open",))
    accept(survey, SEX)

    dataset = dataset_of(survey)

    counted = {(table.variable, table.by): table for table in dataset.tables}
    weighting = weighting_of(dataset)
    assert weighting.tables
    for table in weighting.tables:
        counts = counted[table.variable, table.by]
        assert not counts.withheld
        for row in table.rows:
            hidden = [count is None for count in counts.row(row.code).counts]
            assert [share is None for share in row.shares] == hidden


def test_channels_are_weighted_apart_and_beside_the_one_way_table(survey):
    answer(survey, 300, channels=("open", "invited"))
    accept(survey, SEX)

    dataset = dataset_of(survey)

    tables = weighting_of(dataset).tables
    assert {table.by for table in tables} == {":channel"}
    item = next(item for item in items(dataset, READER) if item.variable.name == "topics")
    assert sorted(column.channel for column in item.one_way.beside) == ["invited", "open"]
    for column in item.one_way.beside:
        intervals = {cell.error is not None for cell in column.cells.values() if cell}
        assert intervals == {column.channel == "invited"}
    sentence = method.beside_sentence(item.one_way, dataset, READER)
    assert "Self-selected; not a sample of the population. There is no margin of error." in sentence
    assert "By invitation" in sentence


def test_a_named_model_gives_intervals_and_is_printed_with_them(survey):
    answer(survey, channels=("open",))
    accept(survey, SEX)
    with survey.database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        said = LocalisedText({"en": "Within sexes, who came is independent of opinions."})
        margins.name_model(session, activity, 1, said, by=None, now=survey.now)

    dataset = dataset_of(survey)

    item = next(item for item in items(dataset, READER) if item.variable.name == "topics")
    assert any(cell and cell.error for line in item.one_way.lines for cell in line.weighted)
    told = " ".join(method.weighting(dataset, READER))
    assert "Within sexes, who came is independent of opinions." in told
    assert "Intervals hold under the model" in told


def test_institutions_are_weighted_without_hiding_anything(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, unit=Unit.INSTITUTION)
    answer(survey, 20, channels=("open",))
    accept(survey, SEX)

    weighting = weighting_of(dataset_of(survey))

    assert weighting.left_out == ()
    assert weighting.table(survey.ids["status"]).rows[0].shares[0] is not None


def test_the_same_bytes_on_one_and_two_threads_and_verification_recomputes_them(survey):
    answer(survey, channels=("open", "invited"))
    accept(survey, SEX)
    encoded = []
    for threads in (1, 2):
        survey.engine = ibis.duckdb.connect(threads=threads)
        encoded.append(survey.draft().content.encoded())
    assert encoded[0] == encoded[1]

    survey.freeze()
    assert survey.verify() == (True, True, True)
    with survey.database.transaction() as session:  # what is decided later is no matter of an earlier release
        activity = session.get_one(Activity, survey.activity_id)
        margins.decide(session, activity, 1, accept=False, by=None, now=survey.now)
    assert survey.verify() == (True, True, True)


def test_the_same_responses_can_be_released_again_with_the_same_weights(survey):
    answer(survey, channels=("open",))
    accept(survey, SEX)
    survey.publish(survey.freeze(ALONE))

    survey.publish(survey.freeze(ALONE))

    assert survey.release(2).published_at


def test_the_seal_keeps_what_the_audit_rests_on(survey):
    answer(survey, channels=("open",))
    accept(survey, SEX)
    survey.freeze()

    (secret,) = earlier.opened(survey.release(), survey.keys).datasets
    assert {cell for cell, _ in secret.weights.cells} == {("open", "female"), ("open", "male"), ("open", ":skipped")}


def test_downloads_show_weighted_beside_raw(survey):
    answer(survey, channels=("open",))
    accept(survey, SEX)
    survey.freeze()
    release = survey.release()
    content = content_of(release.content)

    written = b"".join(FORMATS["csv"].write(content, release.content, release.hash, READER)).decode("utf-8-sig")

    rows = [row for row in csv.DictReader(io.StringIO(written)) if row["question"] == "topics" and not row["by"]]
    shown = [row for row in rows if row["weighted_percent"]]
    assert {row["weighted_channel"] for row in shown} == {"open"}
    assert all(row["standard_error"] == "" for row in shown)
    assert all(len(row["weighted_percent"].partition(".")[2]) == 1 for row in shown)
    assert method.caveats(READER, content)[1].startswith("Weighted shares stand beside the counts")
    for extension in ("xlsx", "docx"):
        assert b"".join(FORMATS[extension].write(content, release.content, release.hash, READER))


def test_a_release_is_compared_with_the_population(survey):
    people = [one for _ in range(300) if (one := draw_answers(survey.rng))["sex"]]  # nobody to be hidden
    survey.answer(people, channels=("open",))
    accept(survey, SEX)

    content = survey.draft(ALONE).content
    ((_, (comparison,)),) = representativeness.comparisons(content, READER)

    dataset = content.datasets[0]
    sex = dataset.variable(survey.ids["sex"])
    count = sum(outcome({sex.id: one["sex"]}, sex) == "female" for one in people)
    line = comparison.lines[0]
    assert (line.label, line.population, line.count) == ("female (en)", 60.0, count)
    assert line.share == round(100 * count / len(people), 1)
    assert line.difference == round(line.share - 60.0, 1)
    assert comparison.rates[0].rate < comparison.rates[1].rate
    assert [name for _, name in comparison.chart.legend] == ["Those who answered", "Population"]


def test_hidden_categories_are_compared_with_nothing(survey):
    answer(survey, channels=("open",))
    land = "variable,category,total\ncountry,GB,50\ncountry,US,30\ncountry,DE,10\ncountry,IT+NL+TG,10\n"
    accept(survey, land)

    content = survey.draft(ALONE).content
    ((_, (comparison,)),) = representativeness.comparisons(content, READER)

    table = next(table for table in content.datasets[0].one_way() if table.variable == survey.ids["country"])
    shown = {code: table.row(code).counts[0] for code in ("IT", "NL", "TG")}
    expected = None if None in shown.values() else sum(shown.values())
    assert comparison.lines[-1].count == expected
