"""A release is frozen, numbered and hashed; what small groups could be read from is refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from consult.audit.models import Entry
from consult.core.aggregation.attack import System, broken
from consult.core.aggregation.audit import exposed
from consult.core.aggregation.tables import key
from consult.core.errors import Refused
from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType
from consult.processes.models import Activity, Process, Unit
from consult.results import earlier
from consult.results.content import Plan, content_of, digest
from consult.results.models import Release
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.results.surveying import Survey


@pytest.fixture
def survey(database, settings, keys, now):
    return Survey(database, settings, keys, now)


def refused(work: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        work()
    return [(problem.code, str(problem.params.get("cell", ""))) for problem in caught.value.problems]


def test_a_release_says_what_was_asked_and_how_it_was_made(survey):
    survey.answer_at_random(400)

    assert survey.freeze() == 1

    release = survey.release()
    content = content_of(release.content)
    assert release.hash == digest(release.content)
    assert release.engine.startswith("duckdb ")
    assert (content.number, content.threshold, content.sensitive_threshold) == (1, 10, 20)
    assert content.method == "suppression"
    assert [theme.code for theme in content.themes] == ["remittances"]
    (dataset,) = content.datasets
    assert dataset.responses == 400
    assert [variable.name for variable in dataset.variables][:3] == ["country", "sex", "age"]
    assert {variable.name for variable in dataset.variables} >= {"channel", "locale", "wishes"}
    assert not {variable.name for variable in dataset.variables} & {"email", "adult"}
    by = {(table.variable, table.by) for table in dataset.tables}
    assert (survey.ids["topics"], survey.ids["country"]) in by
    assert (survey.ids["sex"], survey.ids["country"]) in by
    assert (survey.ids["country"], survey.ids["sex"]) not in by  # no pair twice
    assert (survey.ids["agreed"], "") in by
    assert (survey.ids["agreed"], survey.ids["sex"]) not in by  # a single category


def test_the_same_data_give_the_same_bytes(survey):
    survey.answer_at_random(300)

    assert survey.draft().content.encoded() == survey.draft().content.encoded()


def test_no_primary_cell_of_a_release_can_be_bounded(survey):
    survey.answer_at_random(250)
    made = survey.draft()

    (dataset,), (restricted,) = made.content.datasets, made.restricted.datasets
    assert len(restricted.needs) > 10
    assert broken(System.of(dataset.tables), dict(restricted.needs)) == []
    for table in dataset.tables:
        for row in table.rows:
            assert not any(count is not None and 0 < count < 10 for count in row.counts)
    sensitive = next(table for table in dataset.tables if table.variable == survey.ids["status"])
    assert sensitive.threshold == 20


def test_nothing_to_release(survey):
    assert refused(survey.freeze) == [("results.release.empty", "")]


def test_too_few_responses_are_not_even_counted(survey):
    survey.answer_at_random(9)

    (dataset,) = survey.draft().content.datasets

    assert dataset.responses is None
    assert all(table.withheld for table in dataset.tables)
    assert b'"counts":[' not in survey.draft().content.encoded()


def test_what_institutions_say_is_shown_as_it_is(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, unit=Unit.INSTITUTION)
    survey.answer_at_random(6)

    content = survey.draft().content

    assert content.method == "none"
    assert content.datasets[0].responses == 6
    assert all(table.hidden() == 0 and not table.withheld for table in content.datasets[0].tables)


def test_the_unprotected_tables_are_kept_under_seal(survey):
    survey.answer_at_random(300)
    survey.freeze()
    release = survey.release()

    assert b"unselected" not in release.restricted
    opened = earlier.opened(release, survey.keys)
    assert all(table.hidden() == 0 for table in opened.datasets[0].tables)
    assert opened.datasets[0].segments


def test_a_difference_of_a_few_respondents_is_refused_and_named(survey):
    survey.answer_at_random(400)
    survey.publish(survey.freeze())
    survey.answer([{"country": "GB", "sex": "female"}] * 3)

    found = refused(survey.freeze)

    assert ("results.release.difference", "*") in found
    assert ("results.release.difference", "country = GB") in found


def test_the_same_responses_can_be_released_again(survey):
    survey.answer_at_random(400)
    survey.publish(survey.freeze())

    assert survey.freeze() == 2


def test_hidden_cells_are_not_given_away_by_another_breakdown(survey):
    groups = {("GB", "female"): 60, ("US", "male"): 60, ("DE", "male"): 4, ("DE", "female"): 20}
    survey.answer([{"country": land, "sex": sex} for (land, sex), count in groups.items() for _ in range(count)])
    higher = survey.draft(Plan(threshold=25))  # hides other cells than the first
    survey.publish(survey.freeze(Plan()))

    assert higher.content.datasets[0].tables[0].row("DE").counts == (None,)
    assert any(code == "results.release.together" for code, _ in refused(lambda: survey.keep(higher)))
    assert any(code == "results.release.together" for code, _ in refused(lambda: survey.draft(Plan(threshold=25))))


def test_freezing_and_publishing_reckon_nothing_while_others_wait_to_write(survey, monkeypatch):
    survey.answer_at_random(200)
    survey.publish(survey.freeze())
    made = survey.draft()
    with survey.database.reading() as session:
        held = survey.examine(session, 1)

    monkeypatch.setattr(earlier, "_against", None)

    assert (made.held, held) == ({1}, {1})
    assert survey.keep(made) == 2
    survey.publish(2, held)


def test_unpublished_releases_stand_in_nobodys_way(survey):
    survey.answer_at_random(400)
    survey.freeze()
    survey.answer([{"country": "GB", "sex": "female"}] * 3)

    assert survey.freeze() == 2
    survey.publish(2)
    assert ("results.release.difference", "*") in refused(lambda: survey.publish(1))
    assert refused(lambda: survey.publish(2)) == [("results.release.published", "")]


def test_verification_recomputes_while_the_segments_are_there(survey):
    survey.answer_at_random(300)
    survey.freeze()

    assert survey.verify() == (True, True, True)
    survey.answer_at_random(20)
    assert survey.verify() == (True, True, None)
    assert survey.verify().good


def test_verification_does_not_mind_what_comes_after_a_release(survey):
    survey.answer_at_random(300)
    survey.freeze()
    with survey.database.transaction() as session:
        make_edition(session, session.get_one(Activity, survey.activity_id), make_questionnaire(), number=2)
        session.get_one(Process, survey.process_id).threshold = 25
    survey.count({"country": {"GB": 200}})

    assert survey.verify() == (True, True, True)


def test_what_the_fieldwork_page_has_told_is_reckoned_with(survey):
    survey.answer([{"country": "GB", "sex": "female"}] * 60 + [{"country": "US", "sex": "female"}] * 10)
    survey.count({"country": {"GB": 60, "US": 10}})
    survey.answer([{"country": "DE", "sex": "male"}])  # with US alone hidden, DE would be 11 - 10 at most

    made = survey.draft()

    (dataset,), (restricted,) = made.content.datasets, made.restricted.datasets
    country = survey.ids["country"]
    assert dict(restricted.told)[key((country, "US"))] == (10, 19)
    assert next(table for table in dataset.one_way() if table.variable == country).withheld
    assert broken(System.of(dataset.tables, dict(restricted.told)), dict(restricted.needs)) == []


def test_what_the_page_says_of_the_same_responses_is_reckoned_with(survey):
    survey.answer([{"country": "GB"}] * 61 + [{"country": "US"}] * 12 + [{"country": "DE"}] * 3)

    made = survey.draft()

    (dataset,), (restricted,) = made.content.datasets, made.restricted.datasets
    country = survey.ids["country"]
    told = {code: span for ((name, code),), span in restricted.told if name == country}
    assert told == {"GB": (60, 69)}
    assert {row.code for row in dataset.tables[0].rows if row.counts[0] is None} == {"US", "DE"}


def test_countries_do_not_give_away_their_region(database, settings, keys, now):
    lands = {"GH": "africa", "JP": "asia", "DE": "europe", "FR": "europe", "US": "america"}
    questionnaire = make_questionnaire(
        make_question("region", QuestionType.SELECT_ONE, choices="regions"),
        make_question("country", QuestionType.SELECT_ONE, choices="lands", choice_filter="region = ${region}"),
        lists=(
            ChoiceList(name="regions", choices=tuple(Choice(name=region) for region in sorted({*lands.values()}))),
            ChoiceList(
                name="lands",
                choices=tuple(Choice(name=land, attributes={"region": region}) for land, region in lands.items()),
            ),
        ),
    )
    survey = Survey(database, settings, keys, now, questionnaire=questionnaire)
    counts = {"GH": 4, "JP": 12, "DE": 9, "FR": 70, "US": 80}
    survey.answer([{"region": lands[land], "country": land} for land, count in counts.items() for _ in range(count)])
    survey.freeze()

    (dataset,) = content_of(survey.release().content).datasets
    (restricted,) = earlier.opened(survey.release(), keys).datasets
    assert restricted.depends
    assert restricted.needs
    assert not exposed(dataset.tables, dict(restricted.needs), depends=restricted.depends)
    assert not any(table.withheld for table in dataset.tables if not table.by)
    assert survey.verify() == (True, True, True)


def test_a_changed_release_is_noticed(survey):
    survey.answer_at_random(300)
    survey.freeze()
    with survey.database.transaction() as session:
        release = session.get_one(Release, (survey.process_id, 1))
        release.content = release.content.replace(b'"responses":300', b'"responses":301')

    assert not survey.verify().good
    assert refused(lambda: survey.publish(1)) == [("results.release.damaged", "")]


def test_every_act_is_in_the_trail(survey):
    survey.answer_at_random(100)
    survey.publish(survey.freeze())

    with survey.database.reading() as session:
        entries = session.scalars(select(Entry).where(Entry.action.like("results.%"))).all()
    assert sorted((entry.action, entry.subject) for entry in entries) == [
        ("results.freeze", f"{survey.slug}/1"),
        ("results.publish", f"{survey.slug}/1"),
    ]
    assert {entry.process_id for entry in entries} == {survey.process_id}


def test_too_many_tables_are_refused(survey, monkeypatch):
    survey.answer_at_random(20)
    monkeypatch.setattr("consult.results.crossings.MOST_CROSSED", 3)

    assert refused(survey.draft) == [("results.plan.too_many", "")]
