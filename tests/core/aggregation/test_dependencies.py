"""Who has read the questionnaire knows that countries lie in regions: what is hidden stays hidden from them too."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.aggregation.attack import System, bounds
from consult.core.aggregation.audit import exposed, protect
from consult.core.aggregation.dependencies import EDITION, Dependency, dependencies, sums
from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import NOT_RELEVANT, SELECTED, SKIPPED, Row, Table, key
from consult.core.aggregation.variables import variables
from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType
from tests.core.aggregation.attacker import Attacker
from tests.core.aggregation.made import single
from tests.core.aggregation.recount import Record, crossed, one_way
from tests.factories.questionnaires import make_question, make_questionnaire

REGIONS = ("africa", "asia", "europe")
COUNTRIES = {"GH": "africa", "TG": "africa", "JP": "asia", "CN": "asia", "DE": "europe", "FR": "europe", "XX": "any"}
STATUSES = (SKIPPED, NOT_RELEVANT)
EVERYWHERE = (*REGIONS, *STATUSES)


def asked(filtered: str = "", relevant: str = "", *, type_: QuestionType = QuestionType.SELECT_ONE) -> Questionnaire:
    """A region, whether somebody sends money, and a country that depends on them."""
    countries = tuple(Choice(name=code, attributes={"region": region}) for code, region in COUNTRIES.items())
    return make_questionnaire(
        make_question("region", QuestionType.SELECT_ONE, choices="regions"),
        make_question("sends", QuestionType.SELECT_ONE, choices="yes_no"),
        make_question("country", type_, choices="countries", choice_filter=filtered, relevant=relevant),
        lists=(
            ChoiceList(name="regions", choices=tuple(Choice(name=region) for region in REGIONS)),
            ChoiceList(name="countries", choices=countries),
            ChoiceList(name="yes_no", choices=(Choice(name="yes"), Choice(name="no"))),
        ),
    )


def found(*editions: Questionnaire) -> dict[tuple[str, str], dict[str, tuple[str, ...]]]:
    known = variables(editions)
    names = {variable.id: variable.name for variable in known}
    tables = [one_way([], variable) for variable in known]
    return {
        (names[one.fine.split("/")[0]] + one.fine[11:], names[one.coarse]): one.under
        for one in dependencies(editions, known, tables)
    }


@pytest.mark.parametrize(
    "condition",
    [
        "region = ${region}",
        "${region} = region",
        "region = ${region} and ${sends} != 'maybe'",
        "selected(${region}, region)",
    ],
)
def test_a_filter_says_which_country_lies_in_which_region(condition):
    under = found(asked(condition))["country", "region"]

    assert under["GH"] == ("africa",)
    assert under["JP"] == ("asia",)
    assert under[SKIPPED] == under[NOT_RELEVANT] == EVERYWHERE


def test_a_choice_can_be_offered_in_several_regions():
    under = found(asked("region = ${region} or region = 'any'"))["country", "region"]

    assert under["DE"] == ("europe",)
    assert under["XX"] == EVERYWHERE


@pytest.mark.parametrize(
    "condition", ["", "region = ${region} or ${sends} = 'yes'", "region = ${region} or random() > 2"]
)
def test_what_one_answer_alone_does_not_decide_says_nothing(condition):
    assert found(asked(condition)) == {}


def test_an_edition_without_the_filter_takes_its_word_back():
    assert found(asked("region = ${region}"), asked()) == {}


def test_whoever_was_not_asked_said_no():
    under = found(asked(relevant="${sends} = 'yes'"))["country", "sends"]

    assert under["GH"] == under[SKIPPED] == ("yes",)
    assert under[NOT_RELEVANT] == ("no", *STATUSES)


def test_of_two_conditions_either_can_be_why_somebody_was_not_asked():
    known = found(asked(relevant="${sends} = 'yes' and ${region} != 'asia'"))

    assert known["country", "sends"][NOT_RELEVANT] == ("yes", "no", *STATUSES)
    assert known["country", "region"]["GH"] == ("africa", "europe", *STATUSES)


def test_each_choice_of_several_lies_in_a_region():
    known = found(asked("region = ${region}", type_=QuestionType.SELECT_MULTIPLE))

    assert known["country/GH", "region"][SELECTED] == ("africa",)
    assert ("country", "region") not in known


# --- what follows ---

REGION, COUNTRY, SEX = single("region", *REGIONS), single("country", *COUNTRIES), single("sex", "f", "m")
LIES_IN = Dependency(
    fine="country",
    coarse="region",
    under={
        **{code: EVERYWHERE if region == "any" else (region,) for code, region in COUNTRIES.items()},
        **dict.fromkeys(STATUSES, EVERYWHERE),
    },
)


def people(**counts: int) -> list[Record]:
    return [
        {"region": "europe" if code == "XX" else COUNTRIES[code], "country": code, "sex": "fm"[index % 2]}
        for code, count in counts.items()
        for index in range(count)
    ]


def test_countries_that_are_shown_bound_their_region():
    counts = {"africa": None, "asia": None, "europe": 70}
    rows = [Row(code=code, counts=(count,)) for code, count in counts.items()]
    region = Table(variable="region", totals=(90,), rows=(*rows, *(Row(code=code, counts=(0,)) for code in STATUSES)))
    country = one_way(people(GH=4, JP=12, CN=4, DE=70), COUNTRY)

    system = System.of([region, country], links=sums([LIES_IN], [region, country]))

    assert bounds(system, [key(("region", "africa"))]) == {key(("region", "africa")): (4, 4)}


def test_more_regions_are_hidden_where_countries_would_tell_of_one():
    records = people(GH=4, JP=12, DE=9, FR=70, XX=60)
    tables = [one_way(records, variable) for variable in (REGION, COUNTRY)]
    known = {variable.id: variable for variable in (REGION, COUNTRY)}

    alone, both = (protect(known, tables, Thresholds.of(10), depends=depends) for depends in ((), (LIES_IN,)))

    assert alone.tables[0].row("europe").counts == (139,)
    assert key(("region", "africa")) in {weak.key for weak in exposed(alone.tables, alone.needs, depends=[LIES_IN])}
    assert both.tables[0].row("europe").counts == (None,)
    assert not both.withheld
    assert not exposed(both.tables, both.needs, depends=[LIES_IN])


class Reader(Attacker):
    """Knows in which region each country lies."""

    @staticmethod
    def possible(profile: dict[str, object]) -> bool:
        region, country = profile["region"], str(profile["country"])
        return country in STATUSES or COUNTRIES[country] in ("any", region)


@st.composite
def travellers(draw: st.DrawFn) -> list[Record]:
    countries = st.sampled_from([*COUNTRIES, None])
    clumps = draw(
        st.lists(
            st.tuples(countries, st.sampled_from(REGIONS), st.sampled_from(["f", "m", None]), st.integers(1, 12)),
            min_size=1,
            max_size=14,
        )
    )
    return [
        {
            "region": region if country in ("XX", None) else COUNTRIES[country],
            "country": country,
            "sex": sex,
        }
        for country, region, sex, size in clumps
        for _ in range(size)
    ]


@settings(max_examples=80, deadline=None)
@given(travellers(), st.sampled_from([3, 5]))
def test_no_reader_of_the_questionnaire_bounds_a_small_cell(records, k):
    known = {variable.id: variable for variable in (REGION, COUNTRY, SEX)}
    tables = [
        *(one_way(records, variable) for variable in known.values()),
        crossed(records, REGION, SEX),
        crossed(records, SEX, COUNTRY),
    ]

    audited = protect(known, tables, Thresholds.of(k), depends=(LIES_IN,))

    reader = Reader(list(known.values()), list(audited.tables))
    for cell, need in audited.needs.items():
        assert reader.width(cell) >= need, (cell, audited.tables)


SENDS, HOW, AGE = single("sends", "yes", "no"), single("how", "bank", "app", "cash"), single("age", "young", "old")
WHO_SENDS = Dependency(
    fine="how",
    coarse="sends",
    under={
        **dict.fromkeys(("bank", "app", "cash", SKIPPED), ("yes",)),
        NOT_RELEVANT: ("no", *STATUSES),
    },
)


class Asked(Attacker):
    """Knows who was asked how they send money."""

    @staticmethod
    def possible(profile: dict[str, object]) -> bool:
        return (profile["sends"] == "yes") == (profile["how"] != NOT_RELEVANT)


@st.composite
def senders(draw: st.DrawFn) -> list[Record]:
    sends, how = st.sampled_from(["yes", "yes", "no", None]), st.sampled_from(["bank", "app", "cash", None])
    clump = st.tuples(sends, how, st.sampled_from(["young", "old", None]), st.integers(1, 12))
    return [
        {"sends": sends, "age": age} | ({"how": how} if sends == "yes" else {})
        for sends, how, age, size in draw(st.lists(clump, min_size=1, max_size=12))
        for _ in range(size)
    ]


@settings(max_examples=60, deadline=None)
@given(senders(), st.sampled_from([3, 5]))
def test_who_was_not_asked_stays_unknown_where_who_said_no_does(records, k):
    known = {variable.id: variable for variable in (SENDS, HOW, AGE)}
    tables = [
        *(one_way(records, variable) for variable in known.values()),
        crossed(records, SENDS, AGE),
        crossed(records, HOW, AGE),
    ]

    audited = protect(known, tables, Thresholds.of(k), depends=(WHO_SENDS,))

    attacker = Asked(list(known.values()), list(audited.tables))
    for cell, need in audited.needs.items():
        assert attacker.width(cell) >= need, (cell, audited.tables)


# --- editions ---


def editions_of(*names: tuple[str, ...]) -> list[Questionnaire]:
    """Editions with these questions, each answered with yes or no."""
    yes_no = ChoiceList(name="yes_no", choices=(Choice(name="yes"), Choice(name="no")))
    return [
        make_questionnaire(
            *(make_question(name, QuestionType.SELECT_ONE, choices="yes_no") for name in edition), lists=(yes_no,)
        )
        for edition in names
    ]


def test_what_an_edition_lacks_was_not_asked_of_the_same_people():
    editions = editions_of(("old",), ("old", "new", "also_new"))
    known = variables(editions)
    under = {
        one.fine: one.under
        for one in dependencies(editions, known, [one_way([], variable) for variable in known])
        if one.coarse == EDITION
    }
    names = {variable.id: variable.name for variable in known}

    assert {names[fine] for fine in under} == {"new", "also_new"}, (
        "nothing hangs on it whether the old one was answered"
    )
    for allowed in under.values():
        assert (allowed[NOT_RELEVANT], allowed["yes"], allowed[SKIPPED]) == (("1",), ("2",), ("2",))


def test_who_was_not_asked_one_new_question_is_not_hidden_by_another():
    editions = editions_of(("old",), ("old", "new", "also_new"))
    old, new, also_new = (variable.id for variable in sorted(variables(editions), key=lambda one: one.name != "old"))
    records: list[Record] = [{old: "yes"} for _ in range(4)]
    records += [{old: "yes", new: "yes", also_new: "no" if number % 2 else "yes"} for number in range(60)]
    known = {variable.id: variable for variable in variables(editions)}
    tables = [one_way(records, variable) for variable in known.values()]
    depends = dependencies(editions, known.values(), tables)

    found = protect(known, tables, Thresholds.of(10), depends=depends)

    assert found.needs[key((new, NOT_RELEVANT))] == 10
    assert exposed(found.tables, found.needs, depends=depends) == []
    blind = protect(known, tables, Thresholds.of(10))
    assert all(table.hidden() for table in found.tables if table.variable != old and not table.withheld)
    shown = [shown_row(table) if table.variable == also_new else table for table in blind.tables]
    assert exposed(shown, {key((new, NOT_RELEVANT)): 10}, depends=depends), "one shown gives the other away"


def shown_row(table: Table) -> Table:
    """The table with the number of those who were not asked."""
    rows = tuple(Row(code=row.code, counts=(4,) if row.code == NOT_RELEVANT else row.counts) for row in table.rows)
    return msgspec.structs.replace(table, rows=rows)
