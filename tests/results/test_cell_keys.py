"""Releases in which every count is changed a little: what differs by a few can be published again."""

from __future__ import annotations

import msgspec
import pytest

from consult.core.aggregation.attack import System, bounds
from consult.core.aggregation.cells import cells
from consult.core.aggregation.tables import EVERYBODY
from consult.core.errors import Refused
from consult.processes.models import Activity, Process, Unit
from consult.results import columns, earlier, service
from consult.results.content import CELL_KEY, SUPPRESSION, Plan, content_of
from consult.results.exports import tidy
from consult.results.method import caveats, hidden_sentence, paragraphs
from consult.results.presentation import Reader, show
from tests.results.surveying import Survey

NOISE = Plan(method=CELL_KEY)


@pytest.fixture
def survey(database, settings, keys, now):
    return Survey(database, settings, keys, now)


def dataset_of(survey, number=1):
    (dataset,) = content_of(survey.release(number).content).datasets
    return dataset


def shown(dataset):
    return {cell: n for table in dataset.tables for cell, n in cells(table) if n is not None}


def reader():
    return Reader("en", str)


def test_a_release_with_noise_says_so_and_hides_nothing(survey):
    survey.answer_at_random(400)
    survey.freeze(NOISE)

    content = content_of(survey.release().content)
    (dataset,) = content.datasets
    assert content.method == CELL_KEY
    assert all(table.hidden() == 0 for table in dataset.tables)
    assert {table.noise for table in dataset.tables if not table.withheld} == {15, 30}
    assert dataset.responses == shown(dataset)[EVERYBODY]
    text = " ".join([*paragraphs(content, reader()), *caveats(reader())])
    assert "changed a little at random: by 15 at most" in text
    assert "parts do not add up" in hidden_sentence(dataset.tables[0], reader())
    assert survey.verify() == (True, True, True)


def test_files_say_of_every_count_that_it_was_changed(survey):
    survey.answer_at_random(400)
    survey.freeze(NOISE)

    statuses = {cell.status for cell in tidy.cells(content_of(survey.release().content), reader()) if cell.count}

    assert statuses == {tidy.PERTURBED}


def test_the_same_cell_has_the_same_noise_in_all_tables_and_releases(survey):
    survey.answer_at_random(300)
    survey.publish(survey.freeze(NOISE))
    survey.freeze(Plan(method=CELL_KEY, crossings=("sex",)))

    one, other = shown(dataset_of(survey, 1)), shown(dataset_of(survey, 2))

    assert len(one) > len(other) > 100
    assert not {cell for cell in other if cell in one and one[cell] != other[cell]}


def test_the_noise_comes_from_the_identifiers_of_the_very_responses(survey):
    survey.answer_at_random(120)
    with (
        survey.database.reading() as session,
        columns.held(session, survey.activity_id, store=survey.settings.column_store, engine=survey.engine) as held,
    ):
        (source,) = held.sources
        rows = source.table.select("key", "record_key").to_pyarrow().to_pylist()

    assert {row["record_key"] for row in rows} == {int.from_bytes(row["key"][:4], "big") for row in rows}


def test_percentages_come_from_the_changed_counts(survey):
    survey.answer_at_random(400)
    survey.freeze(NOISE)
    dataset = dataset_of(survey)
    table = next(table for table in dataset.one_way() if table.variable == survey.ids["sex"])

    female = show(table, dataset, reader()).lines[0]

    count = {row.code: row.counts[0] for row in table.rows}
    base = table.totals[0] - count[":skipped"] - count[":not-relevant"]
    assert female.shares == (round(100 * count["female"] / base, 1),)


def test_three_more_respondents_in_one_cell(survey):
    """Refused where small counts are hidden, with the cell and the ways out; possible where counts are changed."""
    survey.answer_at_random(400)
    survey.publish(survey.freeze(Plan(method=SUPPRESSION)))
    survey.answer([{"country": "GB", "sex": "female"}] * 3)

    with pytest.raises(Refused) as refused:
        survey.draft(Plan(method=SUPPRESSION))

    *named, last = refused.value.problems
    assert {"*", "country = GB"} <= {problem.params["cell"] for problem in named}
    assert last.code == "results.release.ways"
    survey.publish(survey.freeze(NOISE))  # one of these ways


def test_releases_with_noise_can_follow_each_other(survey):
    survey.answer_at_random(400)
    survey.publish(survey.freeze(NOISE))
    survey.answer([{"country": "GB", "sex": "female"}] * 3)

    survey.publish(survey.freeze(NOISE))

    assert survey.verify(2) == (True, True, True)


def test_the_same_people_have_no_second_noise_under_another_threshold(survey):
    survey.answer_at_random(400)
    survey.publish(survey.freeze(NOISE))

    with pytest.raises(Refused) as refused:
        survey.freeze(msgspec.structs.replace(NOISE, threshold=20))

    assert [problem.code for problem in refused.value.problems] == ["results.release.noise", "results.release.ways"]


def test_who_knows_both_releases_and_the_page_knows_nothing_small(survey):
    """Each release with all that the other can say of the same cells, nobody having gone."""
    survey.answer_at_random(250)
    survey.count({"total": 250, "country": {"GB": 90, "US": 70, "DE": 30}})
    survey.publish(survey.freeze(NOISE))
    survey.answer([{"country": "TG", "sex": "female"}] * 3)
    survey.freeze(NOISE)

    before, after = dataset_of(survey, 1), dataset_of(survey, 2)
    spans = [System.of(dataset.tables).told for dataset in (before, after)]
    for number, dataset in ((1, before), (2, after)):
        (sealed,) = earlier.opened(survey.release(number), survey.keys).datasets
        told = dict(sealed.told)
        for cell in set(spans[0]) & set(spans[1]):
            least, most = (spans[0][cell].least, None) if number == 2 else (0, spans[1][cell].most)
            told[cell] = System.of(dataset.tables, told).told[cell].narrowed(type(spans[0][cell])(least, most))
        needs = dict(sealed.needs)
        learnt = bounds(System.of(dataset.tables, told), sorted(needs)[:60])
        assert len(learnt) > 20
        assert all(high - low >= needs[cell] for cell, (low, high) in learnt.items())


def test_a_process_keeps_its_method_and_begins_with_noise_while_answers_come_in(survey):
    survey.answer_at_random(100)
    assert survey.draft().content.method == SUPPRESSION
    with survey.database.transaction() as session:
        session.get_one(Activity, survey.activity_id).opens_at = survey.now
        session.get_one(Activity, survey.activity_id).sealed_at = None
    assert survey.draft().content.method == CELL_KEY

    survey.publish(survey.freeze(Plan(method=SUPPRESSION)))

    with survey.database.reading() as session:
        assert service.usual_method(session, session.get_one(Process, survey.process_id)) == SUPPRESSION


def test_what_institutions_say_has_no_noise(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, unit=Unit.INSTITUTION)
    survey.answer_at_random(6)

    content = survey.draft(NOISE).content

    assert content.method == "none"
    assert content.datasets[0].responses == 6


def test_too_few_responses_are_not_even_counted(survey):
    survey.answer_at_random(9)

    (dataset,) = survey.draft(NOISE).content.datasets

    assert dataset.responses is None
    assert all(table.withheld for table in dataset.tables)
