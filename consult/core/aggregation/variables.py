"""Which questions of a questionnaire are tabulated, and how; over all editions that were answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from consult.core.aggregation.readings import AS_IT_IS, Kept, Reading
from consult.core.aggregation.tables import ANSWERED, Category, Kind, Variable, apart_until, code, kept_apart
from consult.core.questionnaire.answers import ACKNOWLEDGED, OTHER
from consult.core.questionnaire.definition import (
    SILENT,
    Choice,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
    answers_of,
)
from consult.core.questionnaire.scales import whole

CHANNEL: Final = ":channel"
LOCALE: Final = ":locale"
EDITION: Final = ":edition"
"""The edition that somebody answered: everything that an edition lacks hangs on it, whether or not a table shows it."""
CIRCUMSTANCES: Final = (CHANNEL, LOCALE, EDITION)
"""How somebody answered, which no question asks."""

_KINDS: Final[Mapping[QuestionType, Kind]] = {
    QuestionType.TEXT: Kind.TEXT,
    QuestionType.CALCULATE: Kind.TEXT,
    QuestionType.HIDDEN: Kind.TEXT,
    QuestionType.EMAIL: Kind.TEXT,
    QuestionType.URL: Kind.TEXT,
    QuestionType.TIME: Kind.TEXT,
    QuestionType.DATETIME: Kind.TEXT,
    QuestionType.FILE: Kind.TEXT,
    QuestionType.IMAGE: Kind.TEXT,
    QuestionType.INTEGER: Kind.NUMBER,
    QuestionType.DECIMAL: Kind.NUMBER,
    QuestionType.RANGE: Kind.NUMBER,
    QuestionType.DATE: Kind.DATE,
    QuestionType.SELECT_ONE: Kind.SINGLE,
    QuestionType.ACKNOWLEDGE: Kind.SINGLE,
    QuestionType.SELECT_MULTIPLE: Kind.MULTIPLE,
    QuestionType.RANK: Kind.RANK,
}

_SCALES: Final = frozenset({"likert", "scale"})
"""Appearances by which forms say that choices are the steps of a scale."""


def kind(question: Question) -> Kind | None:
    """How an answer is kept; none for what is not answered, and for contact data, which never get here."""
    if question.contact:
        return None
    # Who chooses among what somebody wrote chooses words: names of persons, as often as not.
    return Kind.TEXT if answers_of(question.choices) else _KINDS.get(question.type)


def kept(questionnaire: Questionnaire) -> dict[str, Question]:
    """The questions of an edition that are put once and whose answers are kept, by id, in order."""
    return _kept(questionnaire).get((), {})


class Entries(NamedTuple):
    """What is asked of each entry of a repeat, that is, of each of its instances."""

    chain: tuple[str, ...]
    """Ids of the repeats around the questions, the outermost first; the last is their own."""
    questions: Mapping[str, Question]
    """Those whose answers are kept, by id, in order."""


def entries(questionnaire: Questionnaire) -> dict[str, Entries]:
    """What an edition asks of the entries of each repeat, by the repeat's id; repeats that ask nothing are left out."""
    return {chain[-1]: Entries(chain, questions) for chain, questions in _kept(questionnaire).items() if chain}


def _kept(questionnaire: Questionnaire) -> dict[tuple[str, ...], dict[str, Question]]:
    """By the ids of the repeats around them."""
    found: dict[tuple[str, ...], dict[str, Question]] = {}
    for node, above in questionnaire.walk():
        if isinstance(node, Question) and kind(node):
            chain = tuple(group.id for group in above if isinstance(group, Repeat))
            found.setdefault(chain, {})[node.id] = node
    return found


def offered(questionnaire: Questionnaire) -> Kept:
    """How the answers to an edition are kept, and with which codes."""
    return {
        name: (how, tuple(category.code for category in _categories(question, questionnaire)))
        for questions in _kept(questionnaire).values()
        for name, question in questions.items()
        if (how := kind(question))
    }


def variables(
    editions: Sequence[Questionnaire], readings: Sequence[Reading] = (), repeat: str = ""
) -> tuple[Variable, ...]:
    """The variables of an activity: questions of the last edition in its order, then those that earlier ones had.

    `readings`: how each edition is read in the terms of the last; none: as it is. Codes that only an earlier edition
    offered stand after those of the last, and so do answers kept apart. Silent questions are not tabulated, nor is
    consent without which nobody takes part. `repeat`: the id of the one whose entries are asked; none: what is asked
    once.
    """
    found: dict[str, Variable] = {}
    for edition, reading in zip(reversed(editions), reversed(readings or [AS_IT_IS] * len(editions)), strict=True):
        for question in _about(edition, repeat).values():
            if question.type in SILENT or _settled(question, edition):
                continue
            variable = _variable(question, edition, reading)
            newer = found.get(variable.id)
            found[variable.id] = variable if newer is None else _with_older(newer, variable)
            if variable.until and question.id in found:
                now = found[question.id]
                since = max(now.since, variable.until + 1)
                found[question.id] = msgspec.structs.replace(now, since=since)
    return tuple(found.values())


def _about(edition: Questionnaire, repeat: str) -> Mapping[str, Question]:
    if not repeat:
        return kept(edition)
    found = entries(edition).get(repeat)
    return found.questions if found else {}


def _settled(question: Question, edition: Questionnaire) -> bool:
    """Whether everybody who takes part gave the same answer: with all others one is turned away."""
    choices = edition.lists().get(question.choices)
    return bool(question.turns_away) and choices is not None and len({*choices.names()} - {*question.turns_away}) < 2


def _variable(question: Question, edition: Questionnaire, reading: Reading) -> Variable:
    how = kind(question)
    assert how is not None
    name = reading.variable(question.id)
    until = 0 if name == question.id else apart_until(name)
    return Variable(
        id=name,
        name=kept_apart(question.name, until) if until else question.name,
        kind=how,
        label=question.label,
        categories=tuple(_as_read(question, edition, reading)),
        theme=question.theme,
        concept=question.concept,
        sensitive=question.sensitive,
        whole=whole(question),
        scale=question.type is QuestionType.SELECT_ONE and not _SCALES.isdisjoint(question.appearance),
        until=until,
    )


def _as_read(question: Question, edition: Questionnaire, reading: Reading) -> Iterable[Category]:
    """The categories of a question in the terms of the last edition, each once; its own words before others'."""
    found: dict[str, Category] = {}
    for category in _categories(question, edition):
        for target in reading.counts_as(question.id, category.code):
            until = apart_until(target)
            if target in (category.code, kept_apart(category.code, until)) or target not in found:
                found[target] = msgspec.structs.replace(category, code=target, until=until)
    return found.values()


def _categories(question: Question, edition: Questionnaire) -> Iterator[Category]:
    if kind(question) is Kind.TEXT:
        yield Category(code=ANSWERED)
    elif question.type is QuestionType.ACKNOWLEDGE:
        yield Category(code=ACKNOWLEDGED)
    elif question.choices:
        choices: tuple[Choice, ...] = edition.lists()[question.choices].choices
        yield from (Category(code=code(choice.name), label=choice.label) for choice in choices)
        if question.or_other and OTHER not in {choice.name for choice in choices}:
            yield Category(code=OTHER)


def _with_older(newer: Variable, older: Variable) -> Variable:
    if newer.kind is not older.kind:
        return newer
    known = set(newer.codes())
    vanished = tuple(category for category in older.categories if category.code not in known)
    return msgspec.structs.replace(
        newer,
        categories=(*newer.categories, *vanished),
        sensitive=newer.sensitive or older.sensitive,
        whole=newer.whole and older.whole,
    )
