"""What is asked once for each instance: a household of members, each with any number of jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.expressions import Environment, parse
from consult.core.expressions.environment import Path, Repeated
from consult.core.questionnaire.accepting import accept
from consult.core.questionnaire.answers import Answer
from consult.core.questionnaire.instances import MOST, how_many, key, more, moved, paths, shared, suffixed, without
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load

COMPILED = Compiled(load("repeats"))
NUMBERS = {question.name: page.number for page in COMPILED.pages for question in page.asked}
TWO: dict[str, Answer] = {
    "size": 2,
    "first_name-1": "Ama",
    "age-1": 41,
    "job-1": 2,
    "title-1-1": "nurse",
    "hours-1-1": 30,
    "title-1-2": "trader",
    "hours-1-2": 8,
    "first_name-2": "Kofi",
    "age-2": 9,
    "school-2": "Achimota",
    "job-2": 0,
}


def at(answers: Mapping[str, Answer]) -> Standing:
    return stand(COMPILED, answers, Context(today=dt.date(2026, 3, 2)))


def depths(repeat: str) -> dict[str, int]:
    return {step.id: len(step.chain) for step in COMPILED.members(repeat)}


def place(standing: Standing, sheet: Sheet | None) -> tuple[str, Path] | None:
    """A page by its first question, a list by its repeat."""
    if sheet is None:
        return None
    page = sheet.page
    return (f"list of {page.listing.name}" if page.listing else page.asked[0].name), sheet.path


def test_each_instance_has_the_pages_of_the_repeat_and_a_list_follows_where_participants_say_how_many() -> None:
    standing = at(TWO)

    assert [place(standing, sheet) for sheet in standing.sheets()] == [
        ("size", ()),
        ("first_name", (1,)),
        ("title", (1, 1)),
        ("title", (1, 2)),
        ("list of job", (1,)),
        ("first_name", (2,)),
        ("list of job", (2,)),
        ("remark", ()),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("place-1", "1"),
        ("place-2", "2"),
        ("eldest-1", "true"),
        ("eldest-2", "false"),
        ("worked-1", "38"),
        ("worked-2", "0"),
        ("total_age", "50"),
        ("members", "2"),
        ("all_hours", "38"),
        ("second", "Kofi"),
    ],
)
def test_expressions_see_their_own_instance_from_inside_and_all_from_outside(name: str, expected: str) -> None:
    assert at(TWO).answers[name] == expected


def test_relevance_is_decided_for_each_instance() -> None:
    assert {name for name in at(TWO).seen if name.startswith("school")} == {"school-2"}


@pytest.mark.parametrize(("size", "instances"), [(None, 0), (0, 0), (1, 1), (3, 3), (-4, 0), (10**9, MOST)])
def test_the_count_that_is_asked_for_is_bounded(size: Answer, instances: int) -> None:
    assert at({"size": size}).count("member") == instances


@pytest.mark.parametrize(
    ("changed", "unfinished"),
    [
        ({}, None),
        ({"size": 3}, ("first_name", (3,))),
        ({"first_name-2": None}, ("first_name", (2,))),
        ({"age-1": 200}, ("first_name", (1,))),
        ({"job-1": 3}, ("title", (1, 3))),
    ],
)
def test_nothing_is_sent_before_every_instance_is_finished(
    changed: Mapping[str, Answer], unfinished: tuple[str, Path] | None
) -> None:
    standing = at({**TWO, "remark": None, **changed})

    assert place(standing, standing.unfinished()) == unfinished


def test_a_list_that_nobody_has_seen_is_not_finished() -> None:
    answers = {name: answer for name, answer in TWO.items() if name != "job-2"}
    standing = at(answers)

    assert place(standing, standing.unfinished()) == ("list of job", (2,))


@pytest.mark.parametrize(
    ("name", "path", "following"),
    [
        ("size", (), ("first_name", (1,))),
        ("first_name", (1,), ("title", (1, 1))),
        ("title", (1, 1), ("list of job", (1,))),  # from one that was added back to the list of them
        ("title", (1, 2), ("list of job", (1,))),
        ("first_name", (2,), ("list of job", (2,))),
        ("remark", (), None),
    ],
)
def test_the_page_after_a_page(name: str, path: Path, following: tuple[str, Path] | None) -> None:
    standing = at(TWO)

    assert place(standing, standing.after(Sheet(COMPILED.pages[NUMBERS[name] - 1], path))) == following


def test_after_the_list_of_one_instance_comes_the_next_instance() -> None:
    standing = at(TWO)
    (listing,) = COMPILED.listings.values()

    assert place(standing, standing.after(Sheet(listing, (1,)))) == ("first_name", (2,))
    assert place(standing, standing.after(Sheet(listing, (2,)))) == ("remark", ())


def test_what_is_sent_on_a_page_is_stored_for_its_instance_only() -> None:
    sheet = Sheet(COMPILED.pages[NUMBERS["age"] - 1], (2,))
    form = {"first_name": ["Yaw"], "age": ["nine"], "school": [""]}

    accepted = accept(COMPILED, sheet, form, TWO, Context(today=dt.date(2026, 3, 2)))

    assert [problem.place.field for problem in accepted.problems] == ["age"]
    assert accepted.stored == {**TWO, "first_name-2": "Yaw", "school-2": None}


def test_only_instances_that_there_are_get_into_what_is_sent() -> None:
    sent = at({**TWO, "size": 1, "first_name-7": "Nobody"}).document()

    assert {name for name in sent if name.startswith("first_name")} == {"first_name-1"}
    assert (sent["member"], sent["job-1"]) == (1, 2)
    assert at(sent).document() == sent


# Keys


@given(st.lists(st.integers(1, 5), min_size=2, max_size=2), st.integers(1, 5), st.sampled_from(["", ".other"]))
def test_what_lies_behind_a_removed_instance_moves_up_and_nothing_else(path: list[int], gone: int, part: str) -> None:
    outer, inner = path
    before = {suffixed(f"job-1.x{part}", ()): "outside", suffixed(f"title{part}", (outer, inner)): "inside"}

    after = moved(before, {"title": 2}, (outer, gone), part=".")

    assert after.pop(f"job-1.x{part}") == "outside"
    expected = {} if inner == gone else {suffixed(f"title{part}", (outer, inner - (inner > gone))): "inside"}
    assert after == expected


def test_what_was_computed_once_goes_with_its_instance() -> None:
    once = {"drawn-1/0/random": "0.1", "drawn-2/0/random": "0.2", "a-1/0/once": "x", "b.c-2/trigger": "y"}

    assert moved(once, {"drawn": 1, "b.c": 1}, (1,), part="/") == {
        "drawn-1/0/random": "0.2",
        "a-1/0/once": "x",
        "b.c-1/trigger": "y",
    }


def test_paths_go_through_the_instances_in_order() -> None:
    counts = {("a", ()): 2, ("b", (1,)): 1, ("b", (2,)): 2}

    found = list(paths(("a", "b"), lambda repeat, within: counts[repeat, within]))

    assert found == [(1, 1), (2, 1), (2, 2)]
    assert list(paths(("a", "b"), lambda repeat, within: counts[repeat, within], (2,))) == [(2, 1), (2, 2)]
    assert list(paths((), lambda repeat, within: 0)) == [()]


def test_two_chains_share_their_beginning() -> None:
    assert shared(("a", "b"), ("a", "c"), (3, 4)) == (3,)
    assert shared((), ("a",), ()) == ()


def test_an_instance_that_is_removed_leaves_no_gap() -> None:
    left = without(TWO, depths("job"), "job", (1, 1))

    assert {name: answer for name, answer in left.items() if "-1" in name} == {
        "first_name-1": "Ama",
        "age-1": 41,
        "job-1": 1,
        "title-1-1": "trader",
        "hours-1-1": 8,
    }
    assert left["first_name-2"] == "Kofi"


def test_an_instance_is_removed_with_all_that_is_in_it() -> None:
    left = without({**TWO, "member": 2}, depths("member"), "member", (1,))

    assert left == {"size": 2, "member": 1, "first_name-1": "Kofi", "age-1": 9, "school-1": "Achimota", "job-1": 0}


def test_there_is_an_end_to_adding() -> None:
    answers: dict[str, Answer] = {}
    for _ in range(MOST):
        answers = more(answers, "job", (1,))

    assert how_many(answers, "job", (1,)) == MOST
    with pytest.raises(Refused, match=r"answer\.instances"):
        more(answers, "job", (1,))
    assert how_many({key("job", ()): 10**6}, "job", ()) == MOST
    assert how_many({key("job", ()): "many"}, "job", ()) == 0


# Expressions

REPEATED = {
    "member": Repeated((), {(1,): "", (2,): ""}, itself=True),
    "age": Repeated(("member",), {(1,): "41", (2,): "9"}),
    "hours": Repeated(("member", "job"), {(1, 1): "30", (1, 2): "8", (2, 1): "5"}),
}


@pytest.mark.parametrize(
    ("source", "chain", "path", "expected"),
    [
        ("${age}", (), (), "41"),
        ("${age}", ("member",), (2,), "9"),
        ("sum(${age})", (), (), "50"),
        ("sum(${age})", ("member",), (2,), "9"),
        ("sum(${hours})", ("member",), (1,), "38"),
        ("join(' ', ${hours})", (), (), "30 8 5"),
        ("count(${member})", ("member",), (1,), "2"),
        ("max(${hours})", ("member", "other"), (1, 7), "30"),
        ("position(..)", ("member", "job"), (2, 3), "3"),
        ("position(${member})", ("member", "job"), (2, 3), "2"),
        ("position(..)", (), (), "1"),
        ("indexed-repeat(${age}, ${member}, 2)", ("member",), (1,), "9"),
        ("indexed-repeat(${age}, ${member}, position(..) - 1)", ("member",), (2,), "41"),
        ("indexed-repeat(${hours}, ${member}, 1, ${job}, 2)", (), (), "8"),
        ("indexed-repeat(${hours}, ${job}, 2)", ("member",), (1,), "8"),
        ("indexed-repeat(${age}, ${member}, 5)", (), (), ""),
        ("indexed-repeat(${age}, ${member}, 1.5)", (), (), ""),
        ("indexed-repeat(${age}, ${member}, 'x')", (), (), ""),
    ],
)
def test_names_within_repeats(source: str, chain: tuple[str, ...], path: Path, expected: str) -> None:
    env = Environment(repeated=REPEATED, chain=chain, path=path, today=dt.date(2026, 3, 2))

    assert parse(source).text(env) == expected
