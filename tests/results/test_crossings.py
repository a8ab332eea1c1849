"""What a release breaks its questions down by: groups, several at a time, languages, channels, editions."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from consult.core.aggregation.tables import STATUSES
from consult.core.aggregation.variables import CHANNEL, EDITION, LOCALE
from consult.core.errors import Refused
from consult.results.content import content_of
from consult.results.presentation import Reader, items
from tests.factories.results import draw_answers
from tests.results.surveying import PLAN, Survey


@pytest.fixture
def survey(database, settings, keys, now):
    return Survey(database, settings, keys, now)


def dataset_of(survey, *crossings):
    return survey.draft(msgspec.structs.replace(PLAN, crossings=crossings)).content.datasets[0]


def groups_of(dataset, variable, by):
    table = next(table for table in dataset.crossed(variable) if table.by == by)
    return dict(zip(table.groups, table.totals, strict=True)), table


def test_several_at_a_time_are_groups_together(survey):
    answers = [draw_answers(survey.rng) for _ in range(600)]
    survey.answer(answers)
    sex, country = survey.ids["sex"], survey.ids["country"]

    dataset = dataset_of(survey, "country_of_residence*sex")

    groups, table = groups_of(dataset, survey.ids["topics"], f"{country}*{sex}")
    counted = Counter((answer["country"], answer["sex"]) for answer in answers)
    assert groups["GB&male"] == counted["GB", "male"]
    assert sum(groups.values()) == 600, "small combinations stand together"
    assert set(table.pooled_groups)
    by_one_another = [table for table in dataset.tables if {table.variable, table.by} == {sex, country}]
    assert len(by_one_another) == 1, "what the parts are by one another is there once"
    assert not any(table.variable == table.by.split("*")[0] for table in dataset.tables), "nothing by itself"
    labels = next(
        shown.groups
        for item in items(dataset, Reader("fr", str))
        if item.variable.name == "topics"
        for shown in item.crossed
        if "*" in shown.table.by
    )
    assert labels[0] == "GB (fr), male (fr)"
    assert labels[-1] == "All other combinations"
    assert all("*" not in item.variable.id for item in items(dataset, Reader("fr", str))), "it is no question"


def test_a_release_of_several_at_a_time_is_verified(survey):
    survey.answer_at_random(300)
    number = survey.freeze(msgspec.structs.replace(PLAN, crossings=("country_of_residence*sex", "sex")))

    verdict = survey.verify(number)

    assert verdict == (True, True, True)
    assert content_of(survey.release(number).content).crossings == ("country_of_residence*sex", "sex")


def test_languages_and_channels_are_groups_too(survey):
    survey.answer_at_random(300)

    dataset = dataset_of(survey, "locale", "channel")

    languages, _ = groups_of(dataset, survey.ids["sex"], LOCALE)
    channels, _ = groups_of(dataset, survey.ids["sex"], CHANNEL)
    assert languages == {"en": 100, "fr": 100, "ar": 100}
    assert channels == {"open": 150, "invited": 150}
    _, words = groups_of(dataset, survey.ids["wishes"], LOCALE)
    assert {row.code for row in words.rows} - set(STATUSES) == {":answered"}
    assert not any(table.by == CHANNEL for table in dataset.crossed(survey.ids["wishes"]))


def test_one_edition_is_nothing_to_compare(survey):
    survey.answer_at_random(60)

    dataset = dataset_of(survey, "edition")

    assert EDITION not in {variable.id for variable in dataset.variables}


def test_more_tables_than_anybody_reads_are_refused(survey, monkeypatch):
    survey.answer_at_random(60)
    monkeypatch.setattr("consult.results.crossings.MOST_CROSSED", 3)

    with pytest.raises(Refused) as refused:
        dataset_of(survey, "sex")

    assert refused.value.problems[0].code == "results.plan.too_many"
