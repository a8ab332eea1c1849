"""Several people answer one questionnaire: whatever they do, in whichever order, nothing they wrote is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.core.questionnaire.merging import Change, changes, merge, parts_of, put, undone

KEYS = ("q1", "q1.other", "q2", "q3-1", "q3-2", "q3-2.other")
WORDS = st.sampled_from(["a", "b", "c", ("a", "b"), 7, None])
ANSWERS = st.dictionaries(st.sampled_from(KEYS), WORDS)


def said(answers):
    return {name: answer for name, answer in answers.items() if answer is not None}


def test_different_questions_go_together():
    merged = merge({"q1": "a", "q2": "b"}, {"q1": "x", "q2": "b"}, {"q1": "a", "q2": "y"})
    assert (merged.answers, merged.clashes) == ({"q1": "x", "q2": "y"}, ())


def test_the_same_question_stands_as_it_is_and_both_answers_are_told():
    merged = merge({"q1": "a"}, {"q1": "x"}, {"q1": "y"})
    assert merged.answers == {"q1": "y"}
    assert merged.clashes == (Change("q1", {"q1": "y"}, {"q1": "x"}),)


def test_the_same_answer_twice_is_no_clash():
    assert merge({}, {"q1": "x"}, {"q1": "x"}).clashes == ()


def test_leaving_open_what_somebody_else_answers_changes_nothing():
    merged = merge({}, {"q1": None, "q2": "b"}, {"q1": "a"})
    assert (merged.answers, merged.clashes) == ({"q1": "a", "q2": "b"}, ())


def test_taking_an_answer_back_that_somebody_else_has_changed_is_a_clash():
    assert merge({"q1": "a"}, {"q1": None}, {"q1": "b"}).clashes == (Change("q1", {"q1": "b"}, {"q1": None}),)


def test_what_is_not_put_any_more_goes_unless_somebody_else_has_changed_it():
    assert merge({"q1": "a"}, {}, {"q1": "a"}).answers == {}
    assert merge({"q1": "a"}, {}, {"q1": "b"}) == merge({}, {}, {"q1": "b"})


def test_words_for_another_choice_belong_to_the_answer():
    base = {"q1": "other", "q1.other": "a boat"}
    merged = merge(base, {"q1": "other", "q1.other": "a ship"}, {"q1": "b"})
    assert merged.answers == {"q1": "b"}
    assert merged.clashes == (Change("q1", {"q1": "b"}, {"q1": "other", "q1.other": "a ship"}),)


def test_what_only_oneself_has_changed_meanwhile_one_changes_again():
    merged = merge({"q1": "a"}, {"q1": "c"}, {"q1": "b"}, own={"q1"})
    assert (merged.answers, merged.clashes) == ({"q1": "c"}, ())


def test_nothing_is_put_where_instances_have_moved_up():
    merged = merge({"q3-2": None}, {"q3-2": "mine"}, {"q3-1": "theirs"}, moved=True)
    assert merged.answers == {"q3-1": "theirs"}
    assert merged.clashes == (Change("q3-2", {}, {"q3-2": "mine"}),)


@given(base=ANSWERS, mine=ANSWERS, theirs=ANSWERS, moved=st.booleans())
def test_whatever_is_typed_is_stored_or_told(base, mine, theirs, moved):
    merged = merge(base, mine, theirs, moved=moved)
    told = {change.key: change.after for change in merged.clashes}
    for key in {name.partition(".")[0] for name in mine}:
        wanted = parts_of(mine, key)
        if said(wanted) != said(parts_of(base, key)):
            assert wanted in (told.get(key), parts_of(merged.answers, key))


@given(base=ANSWERS, mine=ANSWERS, theirs=ANSWERS, moved=st.booleans())
def test_nothing_that_somebody_else_wrote_is_overwritten(base, mine, theirs, moved):
    merged = merge(base, mine, theirs, moved=moved)
    for key in {name.partition(".")[0] for name in theirs}:
        was, now = parts_of(base, key), parts_of(theirs, key)
        if said(now) != said(was):
            assert said(parts_of(merged.answers, key)) == said(now)


@given(base=ANSWERS, mine=ANSWERS)
def test_where_nobody_else_changed_anything_one_gets_what_one_wrote(base, mine):
    assert said(merge(base, mine, base).answers) == said(mine)
    assert merge(base, mine, base).clashes == ()
    assert said(merge(base, base, mine).answers) == said(mine)


@given(before=ANSWERS, after=ANSWERS)
def test_changes_can_be_undone(before, after):
    made = changes(before, after)
    assert undone(after, made) == before
    found = before
    for change in made:
        found = put(found, change.key, change.after)
    assert found == after


EDIT = st.tuples(st.integers(0, 2), st.sampled_from(["q1", "q2", "q3-1"]), st.text(min_size=1, max_size=3))


@given(edits=st.lists(EDIT, max_size=20), looks=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), max_size=9))
def test_three_hands_in_any_order_lose_nothing(edits, looks):
    """Each hand sees the answers when it likes to look, and sends what it changed since; history has every word."""
    answers, history, kept = {}, [], []
    seen = dict.fromkeys(range(3), answers)
    for number, (hand, key, words) in enumerate(edits):
        base = seen[hand]
        merged = merge(base, {**base, key: words}, answers)
        history += changes(answers, merged.answers)
        kept += merged.clashes
        answers = merged.answers
        for looker, moment in looks:
            if moment == number:
                seen[looker] = answers
    every = [change.after.get(change.key) for change in [*history, *kept]]
    assert {words for _hand, _key, words in edits} <= set(every) | set(answers.values())
    assert undone(answers, reversed(history)) == {}
