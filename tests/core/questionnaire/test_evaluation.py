"""Whoever decides only what a page needs finds what everybody finds who decides everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.core.questionnaire.answers import Answer
from consult.core.questionnaire.instances import key
from consult.core.questionnaire.routing import Sheet, stand
from consult.core.questionnaire.steps import Compiled
from tests.core.questionnaire.test_routing import context
from tests.questionnaires import load, questionnaire

FOLDER = Path(__file__).parents[2] / "questionnaires"
ANSWERS: tuple[dict[str, Answer], ...] = (
    {},
    {"size": 2, "first_name-1": "Ama", "age-1": 41, "job-1": 1, "title-1-1": "nurse", "age-2": 9, "member": 2},
    {"works": "yes", "country": "gh", "city": "berlin", "a": 1, "b": 2, "moved": "yes", "n": 3, "person": 2},
)


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("feature", [path.stem for path in FOLDER.glob("*.json")])
def test_a_page_needs_only_what_it_depends_on(feature: str, answers: dict[str, Answer]) -> None:
    compiled = Compiled(load(feature))
    whole = stand(compiled, answers, context())
    for page in compiled.pages:
        part = stand(compiled, answers, context(), page)
        names = [question.id for question in page.asked] + ([page.listing.id] if page.listing else [])
        keys = {key(name, path) for name in names for path in whole.paths(page.chain)}
        assert part.seen & keys == whole.seen & keys
        assert {name: part.answers.get(name) for name in keys} == {name: whole.answers.get(name) for name in keys}
        assert part.sheets() == whole.sheets()
        for path in whole.paths(page.chain):
            assert part.problems(Sheet(page, path)) == whole.problems(Sheet(page, path))
            assert part.after(Sheet(page, path)) == whole.after(Sheet(page, path))
    late = stand(compiled, answers, context(), compiled.pages[0])
    assert late.document() == whole.document()
    assert late.unfinished() == whole.unfinished()


def test_what_is_drawn_once_does_not_wait_until_it_is_needed() -> None:
    compiled = Compiled(load("volatile"))
    assert {step.name for step in compiled.lasting} >= {step.name for step in compiled.steps if step.computed}


def test_a_short_page_of_a_long_questionnaire_leaves_the_rest_undecided() -> None:
    rows = [{"type": "begin_group", "name": "g1"}, {"type": "text", "name": "a", "label": "A"}, {"type": "end_group"}]
    rows += [{"type": "begin_group", "name": "g2"}, {"type": "text", "name": "b", "label": "B"}, {"type": "end_group"}]
    compiled = Compiled(questionnaire({"survey": rows}))
    standing = stand(compiled, {"a": "x", "b": "y"}, context(), compiled.pages[0])
    assert standing.answers == {"a": "x"}


def test_all_texts_of_a_page_count_and_the_labels_of_choices_that_they_name() -> None:
    rows = [
        *({"type": "text", "name": name, "label": name} for name in ("first", "low", "unnamed")),
        {"type": "select_one people", "name": "eldest", "label": "Eldest"},
        {"type": "begin_group", "name": "page"},
        {"type": "text", "name": "a", "label": "${eldest}", "constraint_message": "More than ${low}"},
        {"type": "end_group"},
    ]
    lists = {"people": [{"name": "x", "label": "${first}"}]}
    compiled = Compiled(questionnaire({"survey": rows, "choices": lists}))
    last = compiled.pages[-1]
    assert {step.name for step in compiled.piped(last)} == {"eldest", "first", "low"}
    assert {step.name for step in compiled.shown(last)} == {"page", "a", "eldest", "first", "low"}


def test_a_filter_that_looks_at_columns_only_is_decided_beforehand() -> None:
    lists = {"all": [{"name": "x", "kept": "1"}, {"name": "y", "kept": "0"}]}
    rows = [
        {"type": "select_one all", "name": "a", "label": "A", "choice_filter": "kept = 1"},
        {"type": "select_one all", "name": "b", "label": "B", "choice_filter": "kept = 1 or ${a} = 'x'"},
    ]
    compiled = Compiled(questionnaire({"survey": rows, "choices": lists}))
    assert [choice.name for choice in compiled.by_id["a"].offered()] == ["x"]
    assert [compiled.by_id[name].varying for name in ("a", "b")] == [False, True]
