"""Answers to several editions are read through all their maps, and releases in different terms are held together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.aggregation.cells import cells
from consult.core.aggregation.compare import broken_together, too_close
from consult.core.aggregation.readings import Reading, read_on, readings
from consult.core.aggregation.tables import Category, Kind, Row, Table, Variable, code, kept_apart, key
from consult.core.aggregation.translate import Translation
from consult.core.aggregation.variables import offered, variables
from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType
from consult.core.questionnaire.maps import AnswerMap
from consult.core.text import LocalisedText
from tests.core.aggregation.recount import Record, crossed, one_way
from tests.factories.questionnaires import make_question, make_questionnaire

SINGLE, MULTIPLE = Kind.SINGLE, Kind.MULTIPLE


def kept(*codes: str, kind: Kind = SINGLE) -> dict[str, tuple[Kind, tuple[str, ...]]]:
    return {"q": (kind, codes)}


def test_maps_are_composed_over_editions_nobody_answered() -> None:
    editions = {1: kept("x", "y"), 2: kept("y", "z"), 3: kept("z")}
    found = readings(editions, {2: AnswerMap(codes={"q": {"x": ("y",)}}), 3: AnswerMap(codes={"q": {"y": ("z",)}})})
    assert [found[number].counts_as("q", "y") for number in editions] == [("z",), ("z",), ("y",)]
    assert found[1].codes == {"q": {"x": ("z",), "y": ("z",)}}
    assert found[1].counted_as("q", "z") == ("x", "y", "z")
    assert found[3] == Reading()


def test_what_is_kept_apart_is_nothing_that_comes_later() -> None:
    editions = {1: kept("x"), 2: kept("y"), 3: kept("x", "y")}
    found = readings(editions, {2: AnswerMap(codes={"q": {"x": ()}})})
    assert found[1].counts_as("q", "x") == ("x@1",)
    assert found[3].counts_as("q", "x") == ("x",)


@pytest.mark.parametrize("name", ["x@1", ":x@1", ":x", "x@1@", "x", "x@one"])
def test_no_choice_can_be_called_like_something_kept_apart(name: str) -> None:
    apart = {kept_apart(code(other), 1) for other in ("x", ":x", "x@1", ":x@1", "")}
    assert code(name) not in apart


def test_another_type_or_meaning_ends_a_variable_where_it_changed() -> None:
    editions = {1: kept("x"), 2: {}, 3: kept("x", kind=MULTIPLE)}
    assert readings(editions, {})[1].names == {"q": "q@2"}
    meaning = readings({1: kept("x"), 2: kept("x"), 3: kept("x")}, {3: AnswerMap(apart=("q",))})
    assert [meaning[number].variable("q") for number in (1, 2, 3)] == ["q@2", "q@2", "q"]
    assert (meaning[1].question("q@2"), meaning[1].question("q")) == ("q", None)


def offering(**choices: str) -> Questionnaire:
    made = tuple(Choice(name=name, label=LocalisedText({"en": words})) for name, words in choices.items())
    return make_questionnaire(
        make_question("q", QuestionType.SELECT_ONE, choices="list"), lists=(ChoiceList(name="list", choices=made),)
    )


@pytest.mark.parametrize(
    ("first", "label"),
    [({"a": "A"}, "A"), ({"a": "A", "b": "B"}, "B")],
)
def test_a_renamed_choice_that_is_kept_apart_says_until_when(first: dict[str, str], label: str) -> None:
    """Nobody has answered the second edition, in which the first one's a is called b."""
    editions = [offering(**first), offering(b="B"), offering(c="C")]
    (question,) = editions[0].questions()
    answer_maps = {2: AnswerMap(codes={question.id: {"a": ("b",)}}), 3: AnswerMap(codes={question.id: {"b": ()}})}
    found = readings({number: offered(one) for number, one in enumerate(editions, start=1)}, answer_maps)
    (variable,) = variables([editions[0], editions[2]], [found[1], found[3]])
    assert [(one.code, one.label["en"], one.until) for one in variable.categories] == [("c", "C", 0), ("b@2", label, 2)]


def test_a_choice_called_like_something_kept_apart_does_not_end() -> None:
    (variable,) = variables([offering(**{"x@1": "X"})])
    assert [(one.code, one.until) for one in variable.categories] == [("x@1@", 0)]


# --- two releases, between which an edition has merged, dropped and renamed choices ---

THEN = Variable(id="q", name="q", kind=SINGLE, categories=tuple(Category(code=one) for one in "abcd"))
NOW = msgspec.structs.replace(THEN, categories=tuple(Category(code=one) for one in ("a", "e", "d@1")))
BY = Variable(id="by", name="by", kind=SINGLE, categories=(Category(code="f"), Category(code="m")))
MAP = AnswerMap(codes={"q": {"b": ("a",), "c": ("e",), "d": ()}})
READING = read_on(1, {"q": (SINGLE, ("a", "b", "c", "d"))}, {2: kept("a", "e")}, {2: MAP})
BECAME = {"a": "a", "b": "a", "c": "e", "d": "d@1"}


def translation(reading: Reading = READING) -> Translation:
    return Translation(reading, {"q": ("a", "b", "c", "d")})


def now(record: Record) -> Record:
    value = record.get("q")
    became = list(dict.fromkeys(map(BECAME.__getitem__, value))) if isinstance(value, list) else BECAME.get(str(value))
    return {**record, "q": became} if value is not None else record


def counts(tables: Sequence[Table]) -> dict[object, int]:
    return {cell: count for table in tables for cell, count in cells(table) if count is not None}


_RECORDS = st.lists(
    st.fixed_dictionaries({}, optional={"q": st.sampled_from([*"abcd", None]), "by": st.sampled_from(["f", "m", None])})
)


@given(_RECORDS)
def test_the_cells_of_now_are_what_the_links_make_of_the_cells_of_then(records: list[Record]) -> None:
    old = [one_way(records, THEN), crossed(records, THEN, BY), one_way(records, BY), crossed(records, BY, THEN)]
    later = [now(record) for record in records]
    new = [one_way(later, NOW), crossed(later, NOW, BY), crossed(later, BY, NOW)]
    known = counts([*map(translation().table, old), *new])
    links = {link for table in old for link in translation().links(table)}
    assert any(whole == key(("q", "a")) for whole, _ in links)
    assert any(whole == key(("q", "a"), ("by", "f")) for whole, _ in links)
    for whole, parts in links:
        assert known[whole] == sum(known[part] for part in parts), (whole, parts)


def test_what_is_only_renamed_is_the_same_cell() -> None:
    assert translation().key(key(("q", "c"), ("by", "f"))) == key(("q", "e"), ("by", "f"))
    assert translation().key(key(("q", "d"))) == key(("q", "d@1"))
    assert translation().key(key(("q/c", ":selected"))) == key(("q/e", ":selected"))
    assert translation().key(key(("q", "a"))) != key(("q", "a"))


def records(**often: int) -> list[Record]:
    return [{"q": value} for value, count in often.items() for _ in range(count)]


def shown(table: Table, *hidden: str, threshold: int = 10) -> Table:
    rows = tuple(msgspec.structs.replace(row, counts=(None,)) if row.code in hidden else row for row in table.rows)
    return msgspec.structs.replace(table, rows=rows, threshold=threshold)


def test_a_sum_of_merged_choices_that_moved_by_one_person_is_too_close() -> None:
    then = shown(one_way(records(a=20, b=15, c=30), THEN))
    later = shown(one_way([now(record) for record in records(a=20, b=16, c=30)], NOW))
    links = list(translation().links(then))
    found = too_close([translation().table(then)], [later], links)
    assert [(close.earlier, close.later) for close in found if close.key == key(("q", "a"))] == [(35, 36)]


def test_merging_a_hidden_choice_into_a_shown_one_gives_it_away() -> None:
    then = shown(one_way(records(a=20, b=4, c=30, d=30), THEN), "b", "c")
    later = shown(one_way([now(record) for record in records(a=20, b=4, c=30, d=30)], NOW))
    found = translation()
    needs = {found.key(key(("q", "b"))): 10}
    links = list(found.links(then))
    assert [weak.interval.lower for weak in broken_together([found.table(then)], [later], needs, further=links)] == [4]
    assert not broken_together([found.table(then)], [shown(later, "a", "e")], needs, further=links)


_CHOICES = st.lists(st.fixed_dictionaries({"q": st.lists(st.sampled_from("abcd"), unique=True, min_size=1)}))


@given(_CHOICES)
def test_of_choices_that_overlap_nothing_false_is_said(chosen: list[Record]) -> None:
    many = msgspec.structs.replace(THEN, kind=MULTIPLE)
    then = one_way(chosen, many)
    later = one_way([now(record) for record in chosen], msgspec.structs.replace(NOW, kind=MULTIPLE))
    known = counts([translation().table(then), later])
    for (name, _), count in _truth(chosen).items():
        assert known[translation().key(key((f"q/{name}", ":selected")))] == count
    known.update(_unseen(chosen))
    for whole, parts in translation().links(then):
        assert known[whole] == sum(known[part] for part in parts), (whole, parts)


def _truth(chosen: Sequence[Record]) -> Mapping[tuple[str, str], int]:
    return {(name, ""): sum(name in _list(record) for record in chosen) for name in "abcd"}


def _unseen(chosen: Sequence[Record]) -> dict[object, int]:
    """Who chose a, then who chose b: those of b who had not chosen a, those who had, and both together."""
    more = sum("b" in _list(record) and "a" not in _list(record) for record in chosen)
    again = sum("b" in _list(record) and "a" in _list(record) for record in chosen)
    anyone = sum("a" in _list(record) or "b" in _list(record) for record in chosen)
    names = {"more": more, "again": again, "any": anyone}
    return {key(("q/a", f":then:{name}:1")): count for name, count in names.items()}


def _list(record: Record) -> list[str]:
    found = record["q"]
    assert isinstance(found, list)
    return found


def test_categories_that_stood_together_are_named_by_what_they_are_now() -> None:
    pooled = Table(
        variable="q",
        by="by",
        groups=("f",),
        totals=(40,),
        rows=(Row(code="a+b", counts=(40,)),),
        pooled_rows={"a+b": ("a", "b")},
    )
    found = translation().table(pooled)
    (name,) = found.pooled_rows
    assert name != "a+b"
    assert found.rows[0].code == name
    made = {whole: parts for whole, parts in translation().links(pooled) if whole == key(("q", "a"), ("by", "f"))}
    assert made == {
        key(("q", "a"), ("by", "f")): tuple(key(("q", one), ("by", "f")) for one in found.pooled_rows[name])
    }
