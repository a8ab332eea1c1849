"""An event as a questionnaire of those who signed up; what was said there as records beside it.

Of each sign-up there is its occasion, where it stands, how it came about, whether somebody was there, and the profile:
the single-choice questions of the screening, as they were asked. So all that protects respondents protects who signs
up. What hangs on what (attendance on a place, a question of the screening on another) stands in conditions, so that the
auditor knows it.

What stands here under fixed names has no label: whoever shows it puts it in the words of the reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from consult.core.aggregation.contributions import CODES, NO, NOTES, YES, Labelled, entry
from consult.core.aggregation.tables import NOT_RELEVANT, SKIPPED, Category, Kind, Variable, code
from consult.core.expressions import Environment, Expression, parse
from consult.core.questionnaire.answers import OTHER
from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Question,
    Questionnaire,
    QuestionType,
    answers_of,
)
from consult.core.questionnaire.steps import Compiled, Step
from consult.core.text import LocalisedText

SIGN_UPS: Final = "sign_ups"
POSITIONS: Final = "positions"
OF_EVENTS: Final = (SIGN_UPS, NOTES, POSITIONS)
OCCASION: Final = "sign_up_occasion"
STANDING: Final = "sign_up_standing"
WAY: Final = "sign_up_way"
ATTENDED: Final = "sign_up_attended"
NO_PROFILE: Final = (OCCASION, STANDING, WAY, ATTENDED)
"""What is known of every sign-up, besides its profile and language."""
PLACED: Final = "placed"
WAITING: Final = "waiting"
REFUSED: Final = "refused"
CANCELLED: Final = "cancelled"
UNDECIDED: Final = "undecided"
STANDINGS: Final = (PLACED, WAITING, REFUSED, CANCELLED, UNDECIDED)
"""What came of a sign-up."""
WALK_IN: Final = "walk_in"
NOTE_THEME: Final = entry(NOTES, "theme")
NOTE_OCCASION: Final = entry(NOTES, "occasion")
NOTE_CODES: Final = entry(NOTES, CODES)
_POSITION: Final = "position_"
_ANY_DAY: Final = dt.date(2000, 1, 1)


class Screened(msgspec.Struct, frozen=True, kw_only=True):
    """A question of the screening that is part of the profile, with all choices that any edition offered."""

    question: Question
    choices: tuple[Choice, ...]
    around: tuple[str, ...] = ()
    """Conditions of the groups around it."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """By what those who sign up for an event are counted."""

    title: LocalisedText
    locales: tuple[str, ...]
    occasions: tuple[Labelled, ...]
    ways: tuple[str, ...]
    profile: tuple[Screened, ...] = ()


def position(theme: str) -> str:
    """Id of the variable of positions on a theme."""
    return _POSITION + theme


def is_position(name: str) -> bool:
    """Whether a variable of institutions is one of positions."""
    return name.startswith(_POSITION)


# --- who signed up ---


def screened(editions: Iterable[Questionnaire]) -> tuple[Screened, ...]:
    """The questions that a profile is made of, as the newest edition asks them; `editions`: the oldest first.

    Choices that only an earlier one offered come after those of the newest.
    """
    found: dict[str, Screened] = {}
    for edition in reversed([*editions]):
        lists = edition.lists()
        for node, above in edition.walk():
            if not isinstance(node, Question) or not _in_profile(node):
                continue
            offered = {one.name: one for one in lists[node.choices].choices}
            newer = found.get(node.id)
            if newer is None:
                around = tuple(group.relevant for group in above if group.relevant.strip())
                found[node.id] = Screened(question=node, choices=tuple(offered.values()), around=around)
                continue
            older = [one for name, one in offered.items() if name not in {each.name for each in newer.choices}]
            found[node.id] = msgspec.structs.replace(newer, choices=(*newer.choices, *older))
    return tuple(found.values())


def _in_profile(question: Question) -> bool:
    single = question.type is QuestionType.SELECT_ONE and not answers_of(question.choices)
    return single and not question.contact


def questionnaire(asked: Asked) -> Questionnaire:
    """The questionnaire that an event is for who signs up."""
    known = {one.question.name for one in asked.profile}
    profile = [_as_asked(one, known) for one in asked.profile]
    lists = (
        _list(OCCASION, (Choice(name=one.code, label=one.label) for one in asked.occasions)),
        # Who came on the day has a place, and was there: everybody knows it of all of them.
        _list(STANDING, (Choice(name=one, attributes={"of_all": YES if one == PLACED else NO}) for one in STANDINGS)),
        _list(WAY, (Choice(name=one) for one in asked.ways)),
        _list(ATTENDED, (Choice(name=one, attributes={"of_all": one}) for one in (YES, NO))),
        *(_list(one.question.id, one.choices) for one in asked.profile),
    )
    fits = f"of_all = '{YES}' or ${{{WAY}}} != '{WALK_IN}'"
    own = (
        _select(OCCASION),
        _select(WAY),
        _select(STANDING, choice_filter=fits),
        _select(ATTENDED, choice_filter=fits, relevant=f"${{{STANDING}}} = '{PLACED}'"),
    )
    return Questionnaire(
        title=asked.title, locales=asked.locales, children=(*own, *profile), choice_lists=lists, settings={}
    )


def crossed_by(wanted: Sequence[str]) -> list[str]:
    """By what those who signed up are broken down, as in a plan: by who was there, and by what is wanted."""
    return list(dict.fromkeys((ATTENDED, *wanted)))


def answers(asked: Compiled, profile: Mapping[str, str]) -> dict[str, str]:
    """What a profile says to each question of it; `asked`: the questionnaire that the event is, `profile`: by id."""
    steps = [step for step in asked.answerable if step.id not in NO_PROFILE]
    values = {step.name: profile.get(step.id, "") for step in steps}
    env = Environment(values=values, today=_ANY_DAY, lists=asked.rows)
    return {step.id: _answer(step, values[step.name], env) for step in steps}


def _answer(step: Step, given: str, env: Environment) -> str:
    if step.relevant is not None and not step.relevant.truth(env):
        return NOT_RELEVANT
    if given == OTHER and step.other:
        return OTHER
    offered = given in step.rows and (step.filter is None or step.filter.truth(env.child(choice=step.rows[given])))
    return code(given) if offered else SKIPPED


def _select(name: str, *, choice_filter: str = "", relevant: str = "") -> Question:
    return Question(
        id=name,
        name=name,
        type=QuestionType.SELECT_ONE,
        choices=name,
        choice_filter=choice_filter,
        relevant=relevant,
    )


def _list(name: str, some: Iterable[Choice]) -> ChoiceList:
    return ChoiceList(name=name, choices=tuple(some))


def _as_asked(one: Screened, known: set[str]) -> Question:
    """A question with those of its conditions alone that the profile decides: nothing else is counted with it."""

    def decided(source: str) -> bool:
        read: Expression = parse(source)
        return bool(read.names) and not read.volatile and set(read.names) <= known

    conditions = [text for text in (*one.around, one.question.relevant) if text.strip() and decided(text)]
    filtered = one.question.choice_filter
    return Question(
        id=one.question.id,
        name=one.question.name,
        type=QuestionType.SELECT_ONE,
        label=one.question.label,
        choices=one.question.id,
        relevant=" and ".join(f"({text})" for text in conditions),
        choice_filter=filtered if filtered.strip() and decided(filtered) else "",
        or_other=one.question.or_other,
        theme=one.question.theme,
        concept=one.question.concept,
        sensitive=one.question.sensitive,
        appearance=one.question.appearance,
    )


# --- what was said ---


class Said(NamedTuple):
    """A variable of records, with the code of each record; with several where it allows several."""

    variable: Variable
    codes: Sequence[str | Sequence[str]]


class Noted(NamedTuple):
    """What is counted of a note."""

    theme: str
    occasion: str
    codes: tuple[str, ...] | None = None
    """None where it was not coded."""


def notes(
    occasions: Sequence[Labelled], themes: Sequence[Labelled], codes: Sequence[Category], found: Sequence[Noted]
) -> list[Said]:
    """Of notes; `codes`: those of the codebook, which are counted where any note was coded."""
    by_theme = _single(NOTE_THEME, (Category(code=one.code, label=one.label) for one in themes))
    by_occasion = _single(NOTE_OCCASION, (Category(code=one.code, label=one.label) for one in occasions))
    by_codes = Variable(id=NOTE_CODES, name=NOTE_CODES, kind=Kind.MULTIPLE, categories=tuple(codes))
    known, coded = by_theme.codes(), any(one.codes is not None for one in found)
    return [
        Said(by_theme, [one.theme if one.theme in known else SKIPPED for one in found]),
        Said(by_occasion, [one.occasion for one in found]),
        *([Said(by_codes, [_given(one.codes) for one in found])] if coded else []),
    ]


def _given(codes: tuple[str, ...] | None) -> Sequence[str]:
    return [NOT_RELEVANT] if codes is None else codes or [SKIPPED]


def positions(views: Sequence[str], themes: Sequence[Labelled], found: Sequence[Mapping[str, str]]) -> list[Said]:
    """Of institutions; `found`: what each stands for, by theme. Only themes on which there is a position."""
    categories = tuple(Category(code=view) for view in views)
    return [
        Said(
            _single(position(theme.code), categories, label=theme.label, theme=theme.code),
            [said.get(theme.code, SKIPPED) for said in found],
        )
        for theme in themes
        if any(theme.code in said for said in found)
    ]


def _single(name: str, categories: Iterable[Category], **given: Any) -> Variable:
    return Variable(id=name, name=name, kind=Kind.SINGLE, categories=tuple(categories), **given)
