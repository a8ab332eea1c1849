"""The people in households: counted as entries, protected as what their households have told."""

from __future__ import annotations

import random
from collections import Counter

import msgspec
import pyarrow.parquet as pq
import pytest

from consult.core.aggregation.tables import Table
from consult.core.errors import Refused
from consult.core.questionnaire.definition import QuestionType, Repeat
from consult.results import columns, segments, stores
from consult.results.content import CELL_KEY, content_of
from tests.factories.questionnaires import make_question, text
from tests.factories.results import choices
from tests.results.households import PLAN, SEXES, Households, answers, drawn, household, member, withdraw


@pytest.fixture
def survey(database, settings, keys, now):
    return Households(database, settings, keys, now)


@pytest.fixture
def answered(survey):
    survey.ask(250)
    return survey


# --- as they are kept ---


def stored(survey):
    """The names and members of all segments."""
    with survey.database.reading() as session:
        names = [one.id for one in columns.manifest(session, survey.activity_id)]
    return names, segments.read(survey.settings.column_store, survey.activity_id, names)


def files(survey):
    return stores.names(stores.within(survey.settings.column_store, str(survey.activity_id)))


def test_entries_are_a_table_of_their_own_in_the_random_order_of_responses(answered):
    names, found = stored(answered)
    members = found.entries["qmember"]

    assert members.num_rows == sum(len(members) for _, members in answered.held)
    pairs = list(zip(members["key"].to_pylist(), members[segments.INSTANCE].to_pylist(), strict=True))
    assert pairs == sorted(pairs)
    assert set(members["key"].to_pylist()) <= set(found.coded["key"].to_pylist())
    ids = answered.ids
    told = Counter(zip(members[ids["tie"]].to_pylist(), members[ids["years"]].to_pylist(), strict=True))
    assert told == Counter((one["tie"], one["years"]) for _, each in answered.held for one in each)
    assert set(members[ids["called"]].to_pylist()) == {":answered"}, "what somebody is called stays where it is"
    assert not any("Ama" in str(table.to_pylist()) for table in found.entries.values())
    assert sorted(files(answered)) == sorted(f"{names[0]}{part}.parquet" for part in ("", ".texts", ".entries-qmember"))


def test_who_withdraws_takes_the_entries_along(answered):
    _, before = stored(answered)
    gone = before.entries["qmember"]["key"].to_pylist()[0]
    withdraw(answered, gone)

    answered.refresh()

    _, after = stored(answered)
    assert after.rows == before.rows - 1
    assert gone not in after.entries["qmember"]["key"].to_pylist()
    lost = before.entries["qmember"]["key"].to_pylist().count(gone)
    assert after.entries["qmember"].num_rows == before.entries["qmember"].num_rows - lost
    assert len(files(answered)) == 3


def test_small_segments_are_merged_with_their_entries(survey, database):
    for _ in range(9):
        survey.ask(12)
        survey.unseal()
    survey.compact()

    names, found = stored(survey)
    assert len(names) < 9
    assert found.entries["qmember"].num_rows == sum(len(members) for _, members in survey.held)
    assert {name.partition(".")[0] for name in files(survey)} == set(map(str, names))


def test_what_was_stored_before_entries_were_kept_is_written_anew(answered):
    before = answered.dataset().tables
    as_it_was(answered)
    assert answered.dataset() is None

    answered.refresh()

    assert answered.dataset().tables == before
    with answered.database.reading() as session:
        assert [one.rows for one in columns.manifest(session, answered.activity_id)] == [250]
    assert len(files(answered)) == 3


def as_it_was(survey):
    """Its segment as it was written before entries were kept."""
    (name,), _ = stored(survey)
    path = segments.path_of(survey.settings.column_store, survey.activity_id, name)
    table = pq.read_table(path)
    path.unlink()
    pq.write_table(table.drop_columns([segments.how_many("qmember")]), path, store_schema=False)
    segments.path_of(survey.settings.column_store, survey.activity_id, name, entries="qmember").unlink()


# --- as they are counted ---


def test_entries_are_counted_by_their_own_answers_and_by_those_of_their_response(answered):
    full = answered.full()
    people = [(own, one) for own, members in answered.held for one in members]
    ids = answered.ids

    by_tie = full[ids["tie"], ""]
    assert by_tie.totals == (len(people),)
    assert {row.code: row.counts[0] for row in by_tie.rows if row.counts[0]} == Counter(one["tie"] for _, one in people)
    sex = full[ids["sex"], ids["country"]]
    told = Counter((one["sex"] or ":skipped", own["country"]) for own, one in people)
    assert counts(sex) == told
    assert counts(full[ids["sex"], ids["tie"]]) == Counter((one["sex"] or ":skipped", one["tie"]) for _, one in people)
    speaks = full[ids["speaks"], ids["country"]]
    assert counts(speaks) == Counter((code, own["country"]) for own, one in people for code in one["speaks"])
    assert full[ids["school"], ""].row(":not-relevant").counts == (sum("school" not in one for _, one in people),)
    assert full[ids["years"], ""].summary.mean == pytest.approx(
        sum(one["years"] for _, one in people) / len(people), abs=0.1
    )


def counts(table: Table):
    return Counter(
        {
            (row.code, group): count
            for row in table.rows
            for group, count in zip(table.groups, row.counts, strict=True)
            if count
        }
    )


def test_a_count_is_of_enough_households_or_of_so_many_people_that_it_must_be(answered):
    """By a recount that knows the households."""
    dataset = answered.dataset()
    ids = {answered.ids[name]: name for name in ("sex", "tie", "country", "school")}
    doubt = max(table.threshold for table in dataset.tables)
    sizes = sorted((len(members) for _, members in answered.held), reverse=True)
    assert doubt == 1 + sum(sizes[:9])
    shown = 0
    for table in dataset.tables:
        if table.withheld or not {table.variable, *filter(None, [table.by])} <= ids.keys():
            continue
        for row in table.rows:
            for group, count in zip(table.groups, row.counts, strict=True):
                if not count or row.code in table.pooled_rows or group in table.pooled_groups:
                    continue
                each = [
                    n
                    for own, members in answered.held
                    if (
                        n := sum(
                            found(own, one, ids[table.variable]) == row.code
                            and (not table.by or found(own, one, ids[table.by]) == group)
                            for one in members
                        )
                    )
                ]
                assert sum(each) == count
                assert len(each) >= 10
                assert sum(sorted(each)[-2:]) <= 0.85 * count
                shown += 1
    assert shown > 20


def found(own, one, name):
    value = one.get(name, own.get(name, ":not-relevant"))
    return ":skipped" if value is None else value


def test_a_release_with_entries_holds(answered):
    number = answered.freeze(PLAN)

    verdict = answered.verify(number)

    assert verdict.good
    assert verdict.recomputed
    answered.publish(number)
    (own, entries) = content_of(answered.release(number).content).datasets
    assert (entries.slug, entries.entries) == (f"{own.slug}.member", text("People"))
    assert entries.title["en"].endswith(" – People in English")
    assert entries.responses == sum(len(members) for _, members in answered.held)
    assert not own.entries


def test_few_households_make_no_table_of_people(survey):
    survey.ask(
        0, [({"country": "GB", "size": 5}, [member(survey.rng) for _ in range(5)])] * 9 + [({"size": 0}, [])] * 30
    )
    assert survey.dataset() is None


def test_a_sensitive_question_asks_for_twice_as_many_households(database, settings, keys, now):
    """15 households are enough for other questions, and not for this one: it has no table at all."""
    papers = make_question("papers", QuestionType.SELECT_ONE, choices="sexes", sensitive=True)
    survey = Households(database, settings, keys, now, questionnaire=household("", papers))
    survey.ask(
        0,
        [
            ({"country": "GB"}, [member(survey.rng) | {"papers": "female"} for _ in range(3 + number % 3)])
            for number in range(15)
        ],
    )

    found = survey.dataset()

    assert survey.ids["sex"] in {table.variable for table in found.tables}
    assert survey.ids["papers"] not in {name for table in found.tables for name in (table.variable, table.by)}


def test_where_all_have_as_many_people_these_are_not_counted_by_answers_of_the_household(survey):
    survey.ask(0, [({"country": own["country"]}, [member(survey.rng)] * 2) for own, _ in drawn(survey.rng, 150)])

    names = {survey.ids["country"], ":channel", ":locale"}

    assert all(names.isdisjoint((table.variable, table.by)) for table in survey.dataset().tables)


def test_changed_counts_go_without_entries(answered):
    assert answered.dataset(msgspec.structs.replace(PLAN, method=CELL_KEY)) is None


# --- what the number of people says ---


def test_entries_are_left_out_where_they_tell_what_a_table_of_households_hides(database, settings, keys, now):
    """7 households said three, 12 said four; both are hidden, and 19 and the sum of people give them away."""
    survey = in_households((database, settings, keys, now), one=60, two=80, three=7, four=12)

    assert survey.dataset() is None


def in_households(arguments, **often):
    """Households of which so many have one member, two and so on, which is a choice of its own."""
    size = make_question("many", QuestionType.SELECT_ONE, choices="numbers")
    plain = household("${many}")
    form = msgspec.structs.replace(
        plain, children=(size, *plain.children), choice_lists=(*plain.choice_lists, choices("numbers", *"123456"))
    )
    survey = Households(*arguments, questionnaire=form)
    survey.ask(
        0,
        [
            ({"many": str(many), "country": "GB"}, [member(survey.rng) for _ in range(many)])
            for many, times in enumerate(often.values(), start=1)
            for _ in range(times)
        ],
    )
    return survey


def test_entries_of_one_release_must_not_tell_what_another_hides(database, settings, keys, now):
    """A higher threshold hides more numbers of people, which leaves doubt enough for entries beside them."""
    arguments = database, settings, keys, now
    survey = in_households(arguments, one=60, two=80, three=7, four=14, five=15, six=16)
    survey.publish(survey.freeze(msgspec.structs.replace(PLAN, threshold=20)))
    assert len(content_of(survey.release().content).datasets) == 2

    with pytest.raises(Refused) as refused:
        survey.draft(PLAN)

    together = [one.params for one in refused.value.problems if one.code == "results.release.together"]
    assert together == [{"cell": "many = 3", "number": 1}], "7, as all people are known and 21 in three and four"


def test_entries_stand_beside_a_question_for_their_number(database, settings, keys, now):
    """Its bins are open at the ends, which leaves room enough."""
    survey = Households(database, settings, keys, now, questionnaire=household("${size}"))
    survey.ask(300)

    found = survey.dataset()
    assert found.responses == sum(len(members) for _, members in survey.held)
    assert {table.by for table in found.tables} == {"", survey.ids["tie"]}, "by country they would tell too much"


def test_nobody_reckons_with_several_questions_for_their_number(database, settings, keys, now):
    survey = Households(database, settings, keys, now, questionnaire=household("${size} + string-length(${country})"))
    survey.ask(300)

    assert survey.dataset() is None


def test_entries_within_entries_are_tables_of_their_own(database, settings, keys, now):
    jobs = Repeat(id="qjob", name="job", children=(make_question("abroad", QuestionType.SELECT_ONE, choices="sexes"),))
    survey = Households(database, settings, keys, now, questionnaire=household("", jobs))
    rng, told = random.Random(4), []
    for own, members in drawn(rng, 200):
        kept = next(answers([(own, members)]))
        for number, _ in enumerate(members, start=1):
            kept[f"job-{number}"] = many = rng.randrange(3)
            for place in range(1, many + 1):
                kept[f"abroad-{number}-{place}"] = rng.choice(SEXES)
        told.append(kept)
    survey.answer(told)

    _, people, jobs = survey.draft(PLAN).content.datasets

    assert people.responses == sum(kept["member"] for kept in told)
    assert jobs.responses == sum(name.startswith("abroad-") for kept in told for name in kept)
    (table,) = [one for one in jobs.tables if one.variable == survey.ids["abroad"] and not one.by]
    assert table.row("male").counts == (
        sum(kept[name] == "male" for kept in told for name in kept if "abroad" in name),
    )
