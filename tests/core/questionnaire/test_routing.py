"""Which questions are put to whom, what is computed, what is stored and what is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from consult.core.errors import Refused
from consult.core.questionnaire.accepting import Accepted, accept
from consult.core.questionnaire.answers import Answer, Answers
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled
from tests.questionnaires import load

TODAY = dt.date(2026, 3, 2)


def context(seed: str = "seed", **once: str) -> Context:
    return Context(today=TODAY, seed=seed, locale="en", once=dict(once))


def at(feature: str, answers: Mapping[str, Answer], seed: str = "seed") -> tuple[Compiled, Standing]:
    compiled = Compiled(load(feature))
    return compiled, stand(compiled, answers, context(seed))


def send(feature: str, page: int, stored: Answers, **form: str | list[str]) -> Accepted:
    compiled = Compiled(load(feature))
    fields = {name.replace("__", "."): [value] if isinstance(value, str) else value for name, value in form.items()}
    return accept(compiled, Sheet(compiled.pages[page - 1]), fields, stored, context())


# Pages


def test_pages_follow_groups_runs_of_questions_and_field_lists() -> None:
    compiled = Compiled(load("pages"))
    pages = [
        (page.group.name if page.group else "", [question.name for question in page.asked]) for page in compiled.pages
    ]
    assert pages == [
        ("", ["before", "also_before"]),
        ("one", ["first", "second"]),
        ("wide", ["loose"]),
        ("list", ["listed"]),
        ("wide", ["after"]),
    ]


@pytest.mark.parametrize(
    ("answers", "pages"),
    [
        ({}, [1, 3]),
        ({"moved": "no"}, [1, 3]),
        ({"moved": "yes"}, [1, 2, 3]),
    ],
)
def test_a_page_on_which_nothing_is_relevant_is_passed_over(answers: Answers, pages: list[int]) -> None:
    _, standing = at("relevance", answers)
    assert [page.number for page, _ in standing.sheets()] == pages


def test_the_page_after_a_page_is_the_next_one_seen() -> None:
    compiled, standing = at("relevance", {"moved": "no"})
    following = standing.after(Sheet(compiled.pages[0]))
    assert following == Sheet(compiled.pages[2])
    assert standing.after(following) is None


# Relevance


@pytest.mark.parametrize(
    ("answers", "relevant"),
    [
        ({}, {"home", "moved", "end", "wishes"}),
        ({"moved": "yes"}, {"home", "moved", "why", "abroad", "years", "end", "wishes"}),
        ({"moved": "yes", "years": 12}, {"home", "moved", "why", "abroad", "years", "long", "roots", "end", "wishes"}),
        ({"moved": "no", "years": 12}, {"home", "moved", "end", "wishes"}),
    ],
)
def test_relevance_reaches_into_groups(answers: Answers, relevant: set[str]) -> None:
    _, standing = at("relevance", answers)
    assert standing.relevant == relevant


def test_what_is_irrelevant_is_not_sent_and_what_is_unanswered_is_null() -> None:
    _, standing = at("relevance", {"moved": "no", "why": "forged", "years": 12, "roots": "forged"})
    assert standing.document() == {"moved": "no", "wishes": None}


def test_cycles_are_cut_where_they_close() -> None:
    _, standing = at("cycle", {})
    assert standing.relevant == {"a", "b", "c"}


# Calculations and defaults


def test_calculations_follow_their_dependencies_not_the_order_of_the_sheet() -> None:
    _, standing = at("calculation", {"a": 2, "b": 1.5})
    assert standing.document() == {"double": "7", "total": "3.5", "a": 2, "b": 1.5, "shown": "T7"}


def test_a_calculation_of_nothing_is_empty() -> None:
    _, standing = at("calculation", {})
    assert standing.document()["total"] is None


def test_defaults_stand_until_a_question_was_seen() -> None:
    _, fresh = at("defaults", {})
    assert fresh.answers["children"] == 2
    assert fresh.answers["liked"] == ("red", "blue")
    assert fresh.answers["since"] == "2020-01-31"
    assert fresh.answers["odd"] == "today"
    assert "greeting" in fresh.relevant
    _, seen = at("defaults", {"children": None})
    assert seen.answers["children"] is None
    assert "greeting" not in seen.relevant
    assert seen.document()["form"] == "a-1"


def test_dynamic_defaults_see_the_day_and_what_is_drawn_once_is_kept() -> None:
    compiled = Compiled(load("volatile"))
    kept = context()
    first = stand(compiled, {}, kept)
    assert first.answers["day"] == "2026-03-02"
    drawn = first.answers["lot"]
    later = Context(today=TODAY + dt.timedelta(days=9), seed="other", once=dict(kept.once))
    assert stand(compiled, {}, later).answers["lot"] == drawn


def test_a_triggered_calculation_is_made_anew_only_by_its_trigger() -> None:
    compiled = Compiled(load("trigger"))
    kept = context()
    assert stand(compiled, {"watched": "1", "other": "a"}, kept).answers["seen"] == "a"
    assert stand(compiled, {"watched": "1", "other": "b"}, kept).answers["seen"] == "a"
    assert stand(compiled, {"watched": "2", "other": "c"}, kept).answers["seen"] == "c"


def test_what_a_page_showed_before_leaves_a_triggered_calculation_as_it_is() -> None:
    compiled = Compiled(load("trigger_filter"))
    sheet, kept = Sheet(compiled.pages[0]), context()
    stored: Answers = {"q": "a", "price": "1"}
    assert stand(compiled, stored, kept).answers["c"] == "1"

    changed = accept(compiled, sheet, {"q": ["b"], "price": ["9"], "offer": [""]}, stored, kept)
    assert changed.standing.answers["c"] == "9"
    later = accept(compiled, sheet, {"q": ["b"], "price": ["5"], "offer": ["dear"]}, changed.stored, kept)
    assert later.standing.answers["c"] == "9"


# Choices


@pytest.mark.parametrize(("country", "cities"), [(None, []), ("gh", ["accra", "kumasi"]), ("de", ["berlin"])])
def test_a_choice_filter_offers_what_fits(country: str | None, cities: list[str]) -> None:
    compiled, standing = at("choice_filter", {"country": country})
    city = compiled.by_id["city"].question
    assert city is not None
    assert [choice.name for choice in standing.choices(city)] == cities


def test_a_choice_that_other_answers_rule_out_no_longer_counts() -> None:
    _, standing = at("choice_filter", {"country": "de", "city": "accra"})
    assert standing.document() == {"country": "de", "city": None}


def test_a_question_with_nothing_to_choose_is_neither_seen_nor_asked_for() -> None:
    compiled = Compiled(load("choice_filter_required"))
    page = compiled.pages[0]

    first = stand(compiled, {}, context())
    assert "city" in first.relevant - first.seen
    assert accept(compiled, Sheet(page), {"country": ["gh"]}, {}, context()).more
    nowhere = accept(compiled, Sheet(page), {"country": ["at"], "city": ["accra"]}, {}, context())
    assert (nowhere.problems, nowhere.more, nowhere.stored) == ((), False, {"country": "at"})
    assert nowhere.standing.unfinished() is None
    assert nowhere.standing.document() == {"country": "at", "city": None}


def test_random_order_is_the_same_for_one_reader_and_differs_between_readers() -> None:
    def order(seed: str) -> list[str]:
        compiled, standing = at("randomized", {}, seed)
        letter = compiled.by_id["letter"].question
        assert letter is not None
        return [choice.name for choice in standing.choices(letter)]

    assert order("one") == order("one")
    assert sorted(order("one")) == list("abcdefgh")
    assert len({tuple(order(str(seed))) for seed in range(10)}) > 5


@pytest.mark.parametrize(
    ("feature", "alike"),
    [("types", True), ("defaults", True), ("choice_filter", True), ("volatile", False), ("randomized", False)],
)
def test_a_first_page_is_alike_unless_it_depends_on_reader_or_day(feature: str, alike: bool) -> None:
    compiled = Compiled(load(feature))
    assert compiled.alike(compiled.pages[0]) is alike


# A page that was sent


@pytest.mark.parametrize(
    ("form", "stored", "problems"),
    [
        ({"age": "20", "name": "", "born": ""}, {"age": 20, "name": None, "born": None}, []),
        ({"age": "", "name": "Ama", "born": ""}, {"name": "Ama", "born": None}, [("answer.required", "age")]),
        ({"age": "14", "name": "", "born": ""}, {"name": None, "born": None}, [("answer.constraint", "age")]),
        ({"age": "x", "name": "", "born": ""}, {"name": None, "born": None}, [("answer.number.unreadable", "age")]),
        ({"age": "20", "name": "", "born": "2026-03-02"}, {"age": 20, "name": None}, [("answer.constraint", "born")]),
    ],
)
def test_right_answers_are_stored_and_wrong_ones_named(
    form: dict[str, str], stored: Answers, problems: list[tuple[str, str]]
) -> None:
    accepted = send("constraint", 1, {}, **form)
    assert accepted.stored == stored
    assert [(problem.code, problem.place.field) for problem in accepted.problems] == problems


def test_a_wrong_answer_does_not_displace_the_right_one_before() -> None:
    assert send("constraint", 1, {"age": 30}, age="200", name="", born="").stored["age"] == 30


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        send("constraint", 1, {}, age="20", admin="1")
    assert [problem.code for problem in refused.value.problems] == ["answer.field.unknown"]


@pytest.mark.parametrize("name", ["sum", "kept"])
def test_what_no_participant_sees_cannot_be_sent(name: str) -> None:
    with pytest.raises(Refused):
        send("types", 1, {}, **{name: "forged"})


def test_what_became_relevant_on_the_same_page_is_shown_before_anyone_goes_on() -> None:
    first = send("same_page", 1, {}, works="yes")
    assert first.more
    assert first.problems == ()
    again = send("same_page", 1, first.stored, works="yes", job="")
    assert not again.more
    assert [problem.code for problem in again.problems] == ["answer.required"]
    assert send("same_page", 1, {}, works="no").more, "a note, too, is shown"
    assert not send("same_page", 1, {}, works="no", thanks="").more


def test_an_answer_that_became_irrelevant_is_not_kept() -> None:
    accepted = send("same_page", 1, {"works": "yes", "job": "nurse"}, works="no", job="nurse", thanks="")
    assert accepted.stored == {"works": "no"}
    assert accepted.standing.document() == {"works": "no"}


def test_answers_on_other_pages_wait_until_they_are_relevant_again() -> None:
    stored = {"moved": "yes", "why": None, "years": 3}
    accepted = send("relevance", 1, stored, moved="no", why="")
    assert accepted.stored == {"moved": "no", "years": 3}
    assert accepted.standing.document() == {"moved": "no", "wishes": None}


def test_a_choice_that_does_not_fit_is_asked_again() -> None:
    accepted = send("choice_filter", 1, {"country": "gh", "city": "accra"}, country="de", city="accra")
    assert [problem.code for problem in accepted.problems] == ["answer.choice.unfitting"]


@pytest.mark.parametrize("feature", ["choice_filter", "choice_filter_required"])
def test_choices_that_a_page_could_not_offer_yet_are_offered_before_anyone_goes_on(feature: str) -> None:
    first = send(feature, 1, {"country": "gh", "city": "accra"}, country="de", city="")
    assert (first.more, first.problems, first.stored) == (True, (), {"country": "de"})
    again = send(feature, 1, first.stored, country="de", city="")
    assert not again.more
    assert [problem.code for problem in again.problems] == ["answer.required"] * (feature == "choice_filter_required")


def test_choices_that_the_browser_renewed_itself_were_offered() -> None:
    compiled = Compiled(load("choice_filter_required"))
    form = {"country": ["de"], "city": [""]}
    accepted = accept(compiled, Sheet(compiled.pages[0]), form, {"country": "gh"}, context(), followed={"city"})
    assert not accepted.more
    assert [problem.code for problem in accepted.problems] == ["answer.required"]


def test_read_only_answers_stay_what_they_were() -> None:
    accepted = send("read_only", 1, {"free": 9, "locked": 1}, fixed="forged", free="9", locked="2")
    assert accepted.stored == {"fixed": "kept", "free": 9, "locked": 1}


def test_the_words_for_other_are_sent_only_with_it() -> None:
    with_words = send("or_other", 1, {}, one="other", one__other="Togo", many=["a", "other"], many__other="Mali")
    assert with_words.standing.document() == {
        "one": "other",
        "one.other": "Togo",
        "many": ("a", "other"),
        "many.other": "Mali",
    }
    without = send("or_other", 1, with_words.stored, one="a", one__other="Togo", many="", many__other="")
    assert without.standing.document() == {"one": "a", "many": None}


def test_nothing_can_be_sent_before_everything_was_seen() -> None:
    compiled, standing = at("relevance", {"moved": "yes", "why": None, "years": 1})
    assert standing.unfinished() == Sheet(compiled.pages[2])
    _, finished = at("relevance", {"moved": "yes", "why": None, "years": 1, "wishes": None})
    assert finished.unfinished() is None
    compiled, wrong = at("constraint", {"age": 200, "name": None, "born": None})
    assert wrong.unfinished() == Sheet(compiled.pages[0])


def test_an_unseen_default_does_not_count_as_seen() -> None:
    compiled, standing = at("defaults", {})
    assert standing.unfinished() == Sheet(compiled.pages[0])


# Ranks


@pytest.mark.parametrize(
    ("sent", "codes", "answer"),
    [
        (["", "1 berlin"], [], ("berlin",)),
        (["", "1 accra", "2 kumasi"], ["answer.choice.unfitting"], None),
        (["", "2 berlin"], ["answer.rank.incomplete"], None),
        ([""], [], None),
    ],
)
def test_of_a_filtered_rank_all_that_is_offered_has_a_place(
    sent: list[str], codes: list[str], answer: tuple[str, ...] | None
) -> None:
    accepted = send("rank_filter", 1, {"country": "de"}, country="de", cities=sent)
    assert [problem.code for problem in accepted.problems] == codes
    assert accepted.stored.get("cities") == answer


def test_an_order_is_unfinished_where_more_is_offered_than_it_holds() -> None:
    _, whole = at("rank_filter", {"country": "gh", "cities": ("kumasi", "accra")})
    assert (whole.unfinished(), whole.answers["first"]) == (None, "kumasi")
    compiled, part = at("rank_filter", {"country": "gh", "cities": ("kumasi", "berlin")})
    assert part.answers["cities"] == ("kumasi",)
    assert part.unfinished() == Sheet(compiled.pages[0])
