"""What a new edition changes, which question is which, and the map of earlier answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.questionnaire import maps
from consult.core.questionnaire.changes import Decisions, answer_map, compare
from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    node_id,
)
from consult.core.questionnaire.identity import keep_ids, with_ids
from consult.core.text import LocalisedText

ONE, MANY = QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE


def text(**texts: str) -> LocalisedText:
    return LocalisedText(texts)


def ask(name: str, type_: QuestionType = QuestionType.TEXT, **rest: object) -> Question:
    return Question(id=node_id(name), name=name, type=type_, **{"label": text(en=name), **rest})  # type: ignore[arg-type]  # any field


def form(*nodes: Node, **lists: dict[str, str]) -> Questionnaire:
    made = (
        ChoiceList(name=name, choices=tuple(Choice(name=code, label=text(en=words)) for code, words in choices.items()))
        for name, choices in lists.items()
    )
    return Questionnaire(title=text(en="T"), locales=("en",), children=nodes, choice_lists=tuple(made))


def group(name: str, *children: Node) -> Group:
    inside = tuple(
        Question(id=node_id(f"{name}/{child.name}"), name=child.name, type=child.type, label=child.label)
        for child in children
        if isinstance(child, Question)
    )
    return Group(id=node_id(name), name=name, children=inside)


def colours(type_: QuestionType = ONE, **choices: str) -> Questionnaire:
    return form(ask("colour", type_, choices="colours"), colours=choices)


OLD = colours(r="Red", g="Green", b="Blue")
COLOUR = node_id("colour")


def test_every_kind_of_change_is_told_apart() -> None:
    before = form(
        ask("gone"),
        ask("stays", label=text(en="Stays", fr="Reste")),
        ask("retyped"),
        ask("words", label=text(en="Old words", fr="Mots")),
        ask("moved"),
        ask("asked", relevant="${stays} = 'x'"),
    )
    after = form(
        ask("stays", label=text(en="Stays", fr="Reste", ar="يبقى")),
        ask("retyped", QuestionType.DATE),
        ask("words", label=text(en="New words", fr="Mots")),
        with_ids(form(group("box", ask("moved"))), {node_id("box/moved"): node_id("moved")}).children[0],
        ask("asked", relevant="${stays} = 'y'"),
        ask("new"),
    )
    found = compare([before], after)
    assert [asked.question.name for asked in found.added] == ["new"]
    assert [asked.question.name for asked in found.removed] == ["gone"]
    assert [pair.now.question.name for pair in found.retyped] == ["retyped"]
    assert [(one.pair.now.question.name, one.locales) for one in found.reworded] == [("words", ("en",))]
    assert [pair.now.question.name for pair in found.moved] == ["moved"]
    assert [pair.now.question.name for pair in found.conditions] == ["asked"]
    assert set(found.touched()) == {node_id(name) for name in ("retyped", "words", "moved", "asked")}
    assert not compare([before], before)


@pytest.mark.parametrize(
    ("now", "gone", "added"),
    [
        ({"r": "Red", "g": "Green"}, [("b", None, True)], []),
        ({"r": "Red", "g": "Green", "blue": "Blue"}, [("b", ("blue",), True)], ["blue"]),
        ({"r": "Bright red", "g": "Green", "b": "Blue"}, [("r", ("r",), False)], []),
        ({"r": "Green", "g": "Red", "b": "Blue"}, [("r", ("g",), True), ("g", ("r",), True)], []),
        ({"r": "RED ", "g": "Green", "b": "Blue"}, [], []),
        ({"r": "Red", "g": "Green", "b": "Blue", "y": "Yellow"}, [], ["y"]),
    ],
)
def test_a_choice_that_went_is_told_with_what_it_most_likely_is(
    now: dict[str, str], gone: list[tuple[str, tuple[str, ...] | None, bool]], added: list[str]
) -> None:
    (found,) = compare([OLD], colours(**now)).recoded or (None,)
    assert [(one.code, one.suggested, one.pressing) for one in (found.gone if found else ())] == gone
    assert [choice.name for choice in (found.added if found else ())] == added


def test_a_question_that_comes_back_is_held_against_the_last_edition_that_had_it() -> None:
    found = compare([OLD, form(ask("other"))], colours(r="Red"))
    assert [one.code for one in found.recoded[0].gone] == ["g", "b"]
    assert not found.added


def test_the_choice_of_other_words_can_go_too() -> None:
    before = form(ask("colour", ONE, choices="colours", or_other=True), colours={"r": "Red"})
    assert [one.code for one in compare([before], colours(r="Red")).recoded[0].gone] == ["other"]


@pytest.mark.parametrize(
    ("type_", "said", "codes"),
    [
        (ONE, {"b": ("g",)}, {"b": ("g",)}),
        (ONE, {"b": ()}, {"b": ()}),
        (MANY, {"b": ("r", "g")}, {"b": ("r", "g")}),
    ],
)
def test_the_author_says_what_old_answers_count_as(
    type_: QuestionType, said: dict[str, tuple[str, ...]], codes: dict[str, tuple[str, ...]]
) -> None:
    changes = compare([colours(type_, r="Red", g="Green", b="Blue")], colours(type_, r="Red", g="Green"))
    decisions = Decisions({(COLOUR, code): new for code, new in said.items()})
    found = answer_map(changes, decisions, all_decided=True)
    assert found.codes == {COLOUR: codes}
    assert maps.decode(maps.encode(found)) == found


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "questionnaires.map.undecided"),
        ({"b": ("nowhere",)}, "questionnaires.map.unknown"),
        ({"b": (), "r": ("g",)}, "questionnaires.map.unknown"),
        ({"b": ("r", "g")}, "questionnaires.map.several"),
    ],
)
def test_what_cannot_be_is_refused_at_its_choice(said: dict[str, tuple[str, ...]], code: str) -> None:
    changes = compare([OLD], colours(r="Red", g="Green"))
    with pytest.raises(Refused) as refused:
        answer_map(changes, Decisions({(COLOUR, old): new for old, new in said.items()}), all_decided=True)
    (problem,) = refused.value.problems
    assert problem.code == code
    assert problem.place.field.startswith(f"{COLOUR}:")


def test_without_answers_nobody_has_to_decide() -> None:
    found = answer_map(compare([OLD], colours(r="Red")), Decisions(), all_decided=False)
    assert found.codes == {COLOUR: {"g": (), "b": ()}}


def test_mended_words_need_no_decision_and_a_new_numbering_does() -> None:
    mended = compare([OLD], colours(r="Bright red", g="Green", b="Blue"))
    assert answer_map(mended, Decisions(), all_decided=True) == maps.UNCHANGED
    swapped = compare([OLD], colours(r="Green", g="Red", b="Blue"))
    with pytest.raises(Refused, match=r"undecided"):
        answer_map(swapped, Decisions(), all_decided=True)


def test_another_type_or_meaning_is_kept_apart_without_asking_for_its_choices() -> None:
    changes = compare([OLD], colours(MANY, r="Red"))
    assert answer_map(changes, Decisions(), all_decided=True).apart == (COLOUR,)
    numbers = compare([form(ask("age", QuestionType.INTEGER))], form(ask("age", QuestionType.DECIMAL)))
    assert answer_map(numbers, Decisions(), all_decided=True) == maps.UNCHANGED
    reworded = compare([form(ask("a", label=text(en="x")))], form(ask("a", label=text(en="y"))))
    assert answer_map(reworded, Decisions(meaning=frozenset({node_id("a")})), all_decided=True).apart == (node_id("a"),)
    with pytest.raises(Refused, match=r"map\.question"):
        answer_map(reworded, Decisions(meaning=frozenset({"nobody"})), all_decided=True)


ASKED, COMPUTED = form(ask("a")), form(ask("a", QuestionType.CALCULATE, calculation="1 + 1"))


@pytest.mark.parametrize(
    ("past", "now", "apart"),
    [
        ([ASKED], COMPUTED, True),
        ([COMPUTED], ASKED, True),
        ([ASKED, COMPUTED], ASKED, True),
        ([ASKED, COMPUTED], COMPUTED, False),
        ([ASKED, form(ask("b"))], COMPUTED, True),
        ([COMPUTED], form(ask("a", QuestionType.HIDDEN)), False),
        ([ASKED], form(ask("b")), False),
    ],
)
def test_what_people_said_and_what_is_computed_are_kept_apart(
    past: list[Questionnaire], now: Questionnaire, apart: bool
) -> None:
    found = answer_map(compare(past, now), Decisions(), all_decided=True)
    assert found.apart == ((node_id("a"),) if apart else ())


# --- which question is which ---


def ids(questionnaire: Questionnaire) -> dict[str, str]:
    return {question.name: question.id for question in questionnaire.questions()}


def test_a_question_keeps_its_id_by_its_path_then_by_its_name() -> None:
    renamed = with_ids(form(ask("b")), {node_id("b"): node_id("a")})
    assert ids(keep_ids(form(ask("b")), renamed)) == {"b": node_id("a")}
    assert ids(keep_ids(form(group("box", ask("b"))), renamed)) == {"b": node_id("a")}


def test_a_new_question_never_gets_the_id_of_another() -> None:
    renamed = with_ids(form(ask("b")), {node_id("b"): node_id("a")})
    found = ids(keep_ids(form(ask("b"), ask("a")), renamed, {node_id("a")}))
    assert found["b"] == node_id("a")
    assert found["a"] not in (node_id("a"), node_id("b"))
    assert ids(keep_ids(form(ask("b"), ask("a")), renamed, {node_id("a")})) == found, "the same file, the same ids"


def test_an_id_that_the_file_names_stays() -> None:
    named = with_ids(form(ask("b"), ask("c")), {node_id("b"): "q0123456789"})
    assert ids(keep_ids(named, form(ask("b"), ask("c")))) == {"b": "q0123456789", "c": node_id("c")}


_NAMES = st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)


@given(_NAMES, _NAMES, st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")))
def test_ids_are_never_shared_and_importing_again_changes_none(
    before: list[str], after: list[str], taken_by: dict[str, str]
) -> None:
    swapped = {node_id(name): node_id(other) for name, other in taken_by.items()}
    newest = with_ids(form(*map(ask, before)), swapped)
    if len(set(ids(newest).values())) < len(before):
        return
    found = keep_ids(form(*map(ask, after)), newest, set(ids(newest).values()))
    assert len(set(ids(found).values())) == len(after)
    assert all(ids(found)[name] == ids(newest)[name] for name in set(before) & set(after))
    assert not {ids(found)[name] for name in set(after) - set(before)} & set(ids(newest).values())
    assert keep_ids(form(*map(ask, after)), found) == found
