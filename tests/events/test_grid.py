"""The profile grid: of whom there should be how many."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from consult.core.errors import Refused
from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType, node_id
from consult.events import grid, queries, service
from consult.events.models.planned import Target
from consult.questionnaires import wordings
from consult.questionnaires.service import publish
from tests.events.test_describing import codes
from tests.factories.events import make_event, make_occasion
from tests.factories.questionnaires import make_draft, make_edition, make_question, make_questionnaire, text

SEX, AGE = node_id("sex"), node_id("age")


def screening(*locales: str) -> Questionnaire:
    """What people are asked at sign-up: sex, age group, and why they come."""
    spoken = locales or ("en",)
    lists = {"sexes": ("female", "male"), "ages": ("young", "middle", "old")}
    return make_questionnaire(
        make_question("sex", QuestionType.SELECT_ONE, choices="sexes", locales=spoken),
        make_question("age", QuestionType.SELECT_ONE, choices="ages", locales=spoken),
        make_question("why", QuestionType.TEXT, locales=spoken),
        locales=spoken,
        lists=tuple(
            ChoiceList(name=name, choices=tuple(Choice(name=code, label=text(code, spoken)) for code in found))
            for name, found in lists.items()
        ),
    )


def target(minimum: int, **cell: str) -> Target:
    by_id = {node_id(name): codes.split() for name, codes in cell.items()}
    return Target(cell=by_id, minimum=minimum)


def test_rows_are_made_of_what_is_asked_with_one_choice(session: Session, now: dt.datetime) -> None:
    activity = make_event(session)
    assert grid.asked(session, activity.id) == []
    make_edition(session, activity, screening())
    assert [(one.id, list(one.choices)) for one in grid.asked(session, activity.id)] == [
        (SEX, ["female", "male"]),
        (AGE, ["young", "middle", "old"]),
    ]
    cell = {SEX: ["female"], AGE: ["young", "middle"]}
    put = grid.put(session, activity, None, cell=cell | {"other": []}, minimum=3, maximum=None, by=None, now=now)
    assert (put.cell, put.position) == (cell, 1)
    last = grid.put(session, activity, None, cell={AGE: ["old"]}, minimum=0, maximum=2, by=None, now=now)
    grid.raise_up(session, activity, last, by=None, now=now)
    grid.put(session, activity, put, cell={SEX: ["male"]}, minimum=4, maximum=4, by=None, now=now)
    assert [one.minimum for one in queries.targets(session, activity.id)] == [0, 4]


@pytest.mark.parametrize(
    ("cell", "minimum", "maximum", "code"),
    [
        ({SEX: []}, 1, None, "events.target.cell"),
        ({SEX: ["other"]}, 1, None, "events.target.gone"),
        ({"q0": ["female"]}, 1, None, "events.target.gone"),
        ({SEX: ["female"]}, 3, 2, "events.target.bounds"),
        ({SEX: ["female"]}, 0, None, "events.target.nothing"),
    ],
)
def test_a_row_says_whom_and_how_many(
    sqlite_session: Session, now: dt.datetime, cell: dict[str, list[str]], minimum: int, maximum: int | None, code: str
) -> None:
    activity = make_event(sqlite_session)
    make_edition(sqlite_session, activity, screening())
    with pytest.raises(Refused) as refused:
        grid.put(sqlite_session, activity, None, cell=cell, minimum=minimum, maximum=maximum, by=None, now=now)
    assert codes(refused.value) == [code]


@pytest.mark.parametrize(
    ("targets", "least"),
    [
        ([], 0),
        ([target(6, sex="female"), target(7, sex="male")], 13),
        ([target(6, sex="female"), target(5, age="young"), target(4, age="old")], 9),
        ([target(6, age="young middle"), target(5, age="middle old")], 6),
        ([target(2, sex="female", age="young"), target(3, sex="male", age="young"), target(4, age="young")], 5),
    ],
    ids=["nobody", "nobody is both", "the same people meet several", "overlapping", "crossed"],
)
def test_how_many_people_the_minimums_need(targets: list[Target], least: int) -> None:
    assert grid.least(targets) == least


def test_publishing_them_leaves_title_and_languages_of_the_event(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, locales=("en", "fr"))
    make_draft(session, activity, screening("en", "fr", "ar"))
    publish(session, activity, by=None, now=now)
    assert activity.locales == ["en", "fr"] and set(activity.title.values()) == {"Life abroad"}
    assert wordings.waiting(session, activity) == []


def test_the_questions_asked_fit_the_event(session: Session, now: dt.datetime) -> None:
    activity = make_event(session, locales=("en", "fr"), opens_at=None)
    make_occasion(session, activity)
    make_edition(session, activity, screening("en"))
    activity.locales = ["en", "fr"]
    (problem,) = service.lacking(session, activity, now)
    assert (problem.code, problem.params) == ("events.screening.locale", {"locale": "fr"})
    make_edition(session, activity, screening("fr", "en"), number=2)
    activity.locales = ["en", "fr"]
    assert [problem.code for problem in service.lacking(session, activity, now)] == ["events.screening.source"]
