"""What came to a consultation, as a questionnaire whose respondents are its participants.

Of each participant there is the profile and, as a question each, every statement with the vote on it. Comments, answers
to open questions and written submissions are entries of three repeats. So all that protects respondents and entries of
repeats protects participants and what they write. Whether a theme says something of a paragraph that is hidden, or a
reply of its stance, is seen from the conditions, as in any questionnaire.

What stands here under fixed names has no label: whoever shows it puts it in the words of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from consult.core.aggregation.tables import Kind, Variable
from consult.core.questionnaire.definition import (
    NO_TEXT,
    Choice,
    ChoiceList,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
)
from consult.core.text import LocalisedText

STAKEHOLDER: Final = "stakeholder"
COUNTRY: Final = "country"
GROUP: Final = "opinion_group"
PARTICIPANTS: Final = "participants"
COMMENTS: Final = "comments"
ANSWERS: Final = "answers"
SUBMISSIONS: Final = "submissions"
ENTRIES: Final = (COMMENTS, ANSWERS, SUBMISSIONS)
NOTES: Final = "notes"
"""Of events: what is known of them is called as of contributions."""
AGREE, DISAGREE, PASS = "agree", "disagree", "pass"
YES, NO = "yes", "no"
WHOLE: Final = "whole"
"""Code of the whole text, where a comment is on no part of it."""
THEMSELVES: Final = "citizen"
"""For whom somebody speaks who speaks for nobody else. Of contributions also who does not say: no more is shown."""
_STATEMENT: Final = "statement_"
_ENOUGH: Final = 12
CODES: Final = "codes"
_RESIDENCE: Final = "country_of_residence"
"""The concept that the country of a participant measures."""
PROFILE: Final = (Variable(id=COUNTRY, name=COUNTRY, kind=Kind.SINGLE, concept=_RESIDENCE),)
"""What a plan can break participants down by, besides what they always are."""
MOST_BY_ALL: Final = 30
"""Statements that are broken down by whatever a plan names; more are by opinion groups alone."""


class Labelled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement, a part of the text, an open question or a code."""

    code: str
    label: LocalisedText
    theme: str = ""
    """Code of a theme of the process."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a consultation asks, and by what contributions are counted."""

    title: LocalisedText
    locales: tuple[str, ...]
    stakeholders: tuple[str, ...]
    stances: tuple[str, ...]
    countries: tuple[str, ...]
    statements: tuple[Labelled, ...] = ()
    parts: tuple[Labelled, ...] = ()
    questions: tuple[Labelled, ...] = ()
    codes: tuple[Labelled, ...] = ()
    themes: tuple[Labelled, ...] = ()


class Name(NamedTuple):
    """What a variable of a consultation is of, or of notes, and what of it."""

    of: str
    """One of `ENTRIES`, or `NOTES`; else `PARTICIPANTS`."""
    what: str
    """`theme`, `part`, `language` and the like."""


def statement(code: str) -> str:
    """Id of the question that a statement is: as much of its random name as tells it from all others."""
    return _STATEMENT + code[:_ENOUGH]


def is_statement(name: str) -> bool:
    """Whether a variable of participants is a statement."""
    return name.startswith(_STATEMENT)


def entry(of: str, what: str) -> str:
    """Id of a question about each entry."""
    return f"{of}_{what}"


def read(name: str) -> Name:
    """What a variable is of."""
    of, _, what = name.partition("_")
    return Name(of, what) if of in (*ENTRIES, NOTES) and what else Name(PARTICIPANTS, name)


def is_codes(name: str) -> bool:
    """Whether a variable holds codes that coders gave."""
    return read(name).what == CODES


def questionnaire(asked: Asked, groups: Sequence[str]) -> Questionnaire:
    """The questionnaire that a consultation is; `groups`: what its opinion groups are called, none where there are
    none."""
    profile = [
        _select(STAKEHOLDER, "stakeholders"),
        *([_select(COUNTRY, "countries", concept=_RESIDENCE)] if asked.countries else []),
        *([_select(GROUP, "groups")] if groups else []),
    ]
    votes = [
        _select(statement(one.code), "votes", label=one.label, theme=one.theme, appearance=("likert",))
        for one in asked.statements
    ]
    lists = (
        _plain("stakeholders", asked.stakeholders),
        _plain("countries", asked.countries),
        _plain("groups", groups),
        _plain("votes", (AGREE, PASS, DISAGREE)),
        _plain("yes_no", (YES, NO)),
        _plain("languages", asked.locales),
        _plain("stances", asked.stances),
        _labelled("parts", (Labelled(code=WHOLE, label=NO_TEXT), *asked.parts)),
        _labelled("questions", asked.questions),
        _labelled("themes", asked.themes),
        _labelled(CODES, asked.codes),
    )
    return Questionnaire(
        title=asked.title,
        locales=asked.locales,
        children=(*profile, *votes, *(_repeat(of, asked) for of in ENTRIES)),
        choice_lists=lists,
    )


def _repeat(of: str, asked: Asked) -> Repeat:
    return Repeat(id=of, name=of, children=tuple(_children(of, asked)))


def _children(of: str, asked: Asked) -> Iterator[Node]:
    about = {COMMENTS: ("part", "parts", asked.parts), ANSWERS: ("question", "questions", asked.questions)}
    if of in about:
        what, choices, some = about[of]
        themed = any(one.theme for one in some)
        if themed:
            yield _select(entry(of, "theme"), "themes")
        within = f"theme = ${{{entry(of, 'theme')}}}" if themed else ""
        yield _select(entry(of, what), choices, choice_filter=within)
    if of == COMMENTS:
        reply = entry(of, "reply")
        yield _select(reply, "yes_no")
        yield _select(entry(of, "stance"), "stances", relevant=f"${{{reply}}} = '{NO}'")
        yield _select(entry(of, "alike"), "yes_no")
    yield _select(entry(of, "language"), "languages")
    yield _select(entry(of, STAKEHOLDER), "stakeholders")
    if asked.codes:
        coded, name = entry(of, "coded"), entry(of, CODES)
        yield _select(coded, "yes_no")
        yield Question(
            id=name,
            name=name,
            type=QuestionType.SELECT_MULTIPLE,
            choices=CODES,
            relevant=f"${{{coded}}} = '{YES}'",
        )


def _select(name: str, choices: str, **given: object) -> Question:
    return Question(id=name, name=name, type=QuestionType.SELECT_ONE, choices=choices, **given)  # type: ignore[arg-type]  # fields of a question


def _plain(name: str, codes: Iterable[str]) -> ChoiceList:
    return ChoiceList(name=name, choices=tuple(Choice(name=one) for one in codes))


def _labelled(name: str, some: Iterable[Labelled]) -> ChoiceList:
    """With the theme of each as a column, by which conditions choose."""
    return ChoiceList(
        name=name,
        choices=tuple(Choice(name=one.code, label=one.label, attributes={"theme": one.theme}) for one in some),
    )


def with_themes(known: Iterable[Variable], asked: Questionnaire) -> tuple[Variable, ...]:
    """The same with the theme of each code. `asked`: as `questionnaire` made it."""
    lists = asked.lists()
    themes = {one.name: one.attributes.get("theme", "") for one in lists[CODES].choices} if CODES in lists else {}

    def of_theme(variable: Variable) -> Variable:
        found = (msgspec.structs.replace(one, theme=themes.get(one.code, "")) for one in variable.categories)
        return msgspec.structs.replace(variable, categories=tuple(found))

    return tuple(of_theme(one) if is_codes(one.id) else one for one in known)


def profile(known: Iterable[Variable]) -> list[Variable]:
    """What codes can be broken down by of who wrote the texts, besides what stands beside these for everybody.

    The words are public, so that no more may be learnt of their authors than of answers to a sensitive question.
    """
    own = (one for one in known if not is_statement(one.id) and one.id != STAKEHOLDER)
    return [msgspec.structs.replace(one, sensitive=True) for one in own]


def crossed_by(wanted: Sequence[str], statements: int) -> list[str]:
    """By what participants are broken down, as in a plan: opinion groups, whom they speak for, and what is wanted."""
    return [GROUP] if statements > MOST_BY_ALL else list(dict.fromkeys((GROUP, STAKEHOLDER, *wanted)))


def entries_crossed_by(wanted: Sequence[str]) -> list[str]:
    """By what contributions are, as far as `may_cross` lets them."""
    own = (entry(of, what) for of in ENTRIES for what in (STAKEHOLDER, "stance", "question", "language"))
    return list(dict.fromkeys((*own, GROUP, *wanted)))


def may_cross(variable: str, by: str) -> bool:
    """Whether contributions may be broken down so.

    Everybody can read them, and knows exactly which have what is public together: a count of some of them by what is
    not public about their authors would differ from that of others by the one that everybody sees. So nothing but codes
    is broken down by that, which nobody else can read.
    """
    return is_codes(variable) or (read(variable).of in ENTRIES and read(by).of in ENTRIES)
