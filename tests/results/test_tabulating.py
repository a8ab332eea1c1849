"""Tables and summaries of the column store are those of an independent recount."""

from __future__ import annotations

import pytest

from consult.core.aggregation.tables import Kind, Row, Table
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from tests.core.aggregation import recount
from tests.factories.questionnaires import make_edition
from tests.factories.results import make_responses, make_survey
from tests.results.fieldwork import Fieldwork


def by_name(table: Table) -> dict[str, Row]:
    return {row.code: row for row in table.rows}


def test_tables_equal_an_independent_recount(fieldwork):
    fieldwork.add(260)
    fieldwork.refresh()
    ids = {question.name: question.id for question in fieldwork.survey.questions()}
    records = [{ids[name]: value for name, value in answer.items()} for answer in fieldwork.answers]
    crossings = [
        (ids[name], ids[by])
        for name in ("sex", "topics", "status", "agreed", "age", "arrived")
        for by in ("country", "sex")
        if name != by
    ]

    found = fieldwork.tabulate(crossings)

    known = {variable.id: variable for variable in found.variables}
    assert found.responses == 300
    for record in records:  # numbers and dates count as their bins, texts as answered
        for variable in found.variables:
            value = record.get(variable.id)
            if variable.kind in (Kind.NUMBER, Kind.DATE) and value is not None:
                number = int(str(value)[:4]) if variable.kind is Kind.DATE else value
                record[variable.id] = next(
                    category.code
                    for category in variable.categories
                    if (category.lower is None or category.lower <= number)
                    and (category.upper is None or number < category.upper)
                )
            elif variable.kind is Kind.TEXT and value is not None:
                record[variable.id] = ":answered"
    assert len(found.tables) == 9 + len(crossings)
    for table in found.tables:
        if table.by:
            expected = recount.crossed(records, known[table.variable], known[table.by])
        else:
            expected = recount.one_way(records, known[table.variable])
        assert by_name(table) == by_name(expected)
        assert (table.groups, table.totals) == (expected.groups, expected.totals)


def test_numbers_are_summarised_as_statistics_does(fieldwork):
    import statistics

    fieldwork.add(460)
    fieldwork.refresh()
    found = fieldwork.tabulate()
    summaries = {
        known.name: table.summary
        for known, table in zip(found.variables, found.tables, strict=True)
        if table.summary is not None
    }
    ages = [answer["age"] for answer in fieldwork.answers if answer["age"] is not None]
    sent = [answer["sent"] for answer in fieldwork.answers if answer["sent"] is not None]

    assert set(summaries) == {"age", "sent"}
    assert summaries["age"].mean == pytest.approx(statistics.mean(ages), abs=0.05)
    assert summaries["age"].deviation == pytest.approx(statistics.stdev(ages), abs=0.05)
    assert summaries["age"].quartiles == pytest.approx(statistics.quantiles(ages, method="inclusive"), abs=1)
    assert summaries["sent"].mean == pytest.approx(statistics.mean(sent), abs=0.5)
    assert summaries["sent"].deviation == pytest.approx(statistics.stdev(sent), abs=0.5)


def test_an_answer_of_the_other_edition_is_not_relevant(fieldwork):
    shorter = make_survey()
    shorter = type(shorter)(
        title=shorter.title,
        locales=shorter.locales,
        children=tuple(question for question in shorter.children if question.name in ("country", "sex")),
        choice_lists=shorter.choice_lists,
    )
    with fieldwork.database.transaction() as session:
        activity = session.get_one(Activity, fieldwork.activity_id)
        edition = make_edition(session, activity, shorter, number=2)
        make_responses(session, edition, shorter, [{"country": "GB", "sex": "female"}] * 12)
    fieldwork.refresh()

    found = fieldwork.tabulate()

    tables = {known.name: table for known, table in zip(found.variables, found.tables, strict=True)}
    assert tables["age"].totals == (52,)
    assert tables["age"].row(":not-relevant").counts == (12,)
    assert tables["topics"].row(":not-relevant").counts[0] >= 12


def test_a_question_nobody_answered_has_no_bins(database, tmp_path):
    fieldwork = Fieldwork(database, tmp_path, 0)
    with database.transaction() as session:
        edition = session.get_one(Edition, (fieldwork.activity_id, 1))
        make_responses(session, edition, fieldwork.survey, [{"age": None, "country": "GB"}] * 12)
    fieldwork.refresh()

    tables = {table.variable: table for table in fieldwork.tabulate().tables}

    ids = {question.name: question.id for question in fieldwork.survey.questions()}
    assert [row.code for row in tables[ids["age"]].rows] == [":answered", ":skipped", ":not-relevant"]
