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
    for sheet in (Sheet(page, path) for page in compiled.pages for path in whole.paths(page.chain)):
        page, path = sheet
        part = stand(compiled, answers, context(), sheet)
        names = [question.id for question in page.asked] + ([page.listing.id] if page.listing else [])
        keys = {key(name, path) for name in names}
        assert part.seen & keys == whole.seen & keys
        assert {name: part.answers.get(name) for name in keys} == {name: whole.answers.get(name) for name in keys}
        assert part.problems(sheet) == whole.problems(sheet)
        assert part.after(sheet) == whole.after(sheet)
        assert part.sheets() == whole.sheets()
        assert part.document() == whole.document()
        assert part.unfinished() == whole.unfinished()


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("feature", [path.stem for path in FOLDER.glob("*.json")])
def test_a_page_is_shown_where_one_of_its_questions_is_seen(feature: str, answers: dict[str, Answer]) -> None:
    compiled = Compiled(load(feature))
    whole = stand(compiled, answers, context())
    for sheet in (Sheet(page, path) for page in compiled.pages for path in whole.paths(page.chain)):
        if sheet.page.listing is None:
            seen = any(key(question.id, sheet.path) in whole.seen for question in sheet.page.asked)
            assert stand(compiled, answers, context(), sheet).shows(sheet) == (sheet in whole.sheets()) == seen


def test_what_an_instance_needs_of_itself_leaves_the_others_undecided() -> None:
    rows = [
        {"type": "begin_repeat", "name": "member", "label": "Member", "repeat_count": "2"},
        {"type": "integer", "name": "age", "label": "Age"},
        {"type": "text", "name": "job", "label": "Job", "relevant": "${age} > 15"},
        {"type": "integer", "name": "total", "label": "Of all", "default": "sum(${age})"},
        {"type": "end_repeat"},
    ]
    compiled = Compiled(questionnaire({"survey": rows}))

    def needed(name: str) -> list[tuple[str, bool]]:
        return [(step.name, everywhere) for step, everywhere in compiled.needs(compiled.by_name[name])]

    assert needed("job") == [("member", True), ("age", False), ("job", False)]
    assert ("age", True) in needed("total")


def test_what_is_drawn_once_does_not_wait_until_it_is_needed() -> None:
    compiled = Compiled(load("volatile"))
    assert {step.name for step in compiled.lasting} >= {step.name for step in compiled.steps if step.computed}


def test_a_short_page_of_a_long_questionnaire_leaves_the_rest_undecided() -> None:
    rows = [{"type": "begin_group", "name": "g1"}, {"type": "text", "name": "a", "label": "A"}, {"type": "end_group"}]
    rows += [{"type": "begin_group", "name": "g2"}, {"type": "text", "name": "b", "label": "B"}, {"type": "end_group"}]
    compiled = Compiled(questionnaire({"survey": rows}))
    standing = stand(compiled, {"a": "x", "b": "y"}, context(), Sheet(compiled.pages[0]))
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
