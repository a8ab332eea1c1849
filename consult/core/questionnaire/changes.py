"""What a new edition changes for those who have answered, and the answer map that its author decides on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire.answers import OTHER
from consult.core.questionnaire.definition import (
    NO_TEXT,
    SELECTS,
    SILENT,
    UNANSWERED,
    Choice,
    Question,
    Questionnaire,
    QuestionType,
)
from consult.core.questionnaire.maps import AnswerMap
from consult.core.text import LocalisedText

_NUMBERS: Final = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
_CONDITIONS: Final = ("relevant", "required", "constraint", "choice_filter", "calculation", "read_only", "default")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an edition asks it."""

    question: Question
    choices: tuple[Choice, ...] = ()
    """With the choice that `or_other` adds."""
    place: tuple[str, ...] = ()
    """Ids of the groups around it."""
    conditions: tuple[str, ...] = ()
    """Its own expressions, then when the groups around it are relevant."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Its codes, each once, in order."""
        return tuple(dict.fromkeys(choice.name for choice in self.choices))

    def label(self, code: str) -> LocalisedText:
        """What a choice is called."""
        return next((choice.label for choice in self.choices if choice.name == code), NO_TEXT)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question before and now."""

    before: Asked
    now: Asked


@dataclass(frozen=True, slots=True)
class Gone:
    """A choice that people have chosen, of which the author says how it counts from now on."""

    code: str
    label: LocalisedText
    suggested: tuple[str, ...] | None
    """What it most likely is now; none where nothing points to it."""
    pressing: bool = True
    """Whether it has to be decided: there is no such code any more, or its words are now those of another code. Else
    its words have changed a little."""


@dataclass(frozen=True, slots=True)
class Recoded:
    """A question whose choices are not those of before."""

    pair: Pair
    added: tuple[Choice, ...]
    gone: tuple[Gone, ...]


@dataclass(frozen=True, slots=True)
class Reworded:
    """A question whose words are not those of before, in the locales in which there were words before."""

    pair: Pair
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """How a questionnaire differs from the editions before it; questions without an answer are left out."""

    added: tuple[Asked, ...] = ()
    removed: tuple[Asked, ...] = ()
    retyped: tuple[Pair, ...] = ()
    recoded: tuple[Recoded, ...] = ()
    reworded: tuple[Reworded, ...] = ()
    moved: tuple[Pair, ...] = ()
    conditions: tuple[Pair, ...] = ()
    """Asked of others than before, or checked or filled in otherwise."""
    turned: frozenset[str] = frozenset()
    """Ids of the questions that people answered before and that are computed now, or the other way round."""

    def touched(self) -> dict[str, Pair]:
        """The questions of before that are not quite what they were, by id."""
        parts = (*(one.pair for one in self.recoded), *(one.pair for one in self.reworded))
        pairs = (*parts, *self.retyped, *self.moved, *self.conditions)
        return {pair.now.question.id: pair for pair in pairs}

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.retyped, self.recoded, self.reworded, self.moved, self.conditions))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the author says about the answers given before."""

    codes: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By id of the question and old code: the codes it counts as; none: kept apart as it was."""
    meaning: frozenset[str] = frozenset()
    """Ids of the questions that mean something else now."""


def compare(past: Sequence[Questionnaire], new: Questionnaire) -> Changes:
    """What a questionnaire changes; `past`: the editions before it, the oldest first.

    A question that comes back after it was left out is held against the last edition that had it.
    """
    now = {asked.question.id: asked for asked in _asked(new)}
    if not past:
        return Changes(added=tuple(now.values()))
    newest = {asked.question.id: asked for asked in _asked(past[-1])}
    before = {asked.question.id: asked for edition in past for asked in _asked(edition)}
    pairs = [Pair(before[name], asked) for name, asked in now.items() if name in before]
    alike = [pair for pair in pairs if not retyped(pair.before.question, pair.now.question)]
    return Changes(
        added=tuple(asked for name, asked in now.items() if name not in before),
        removed=tuple(asked for name, asked in newest.items() if name not in now),
        retyped=tuple(pair for pair in pairs if pair.before.question.type is not pair.now.question.type),
        recoded=tuple(one for one in map(_recoded, alike) if one.added or one.gone),
        reworded=tuple(Reworded(pair, found) for pair in pairs if (found := tuple(_reworded(pair)))),
        moved=tuple(pair for pair in pairs if pair.before.place != pair.now.place),
        conditions=tuple(pair for pair in pairs if pair.before.conditions != pair.now.conditions),
        turned=_turned(past, new),
    )


def _turned(past: Sequence[Questionnaire], new: Questionnaire) -> frozenset[str]:
    before, now = (
        {
            question.id: question.type in SILENT
            for edition in editions
            for question in edition.questions()
            if question.type not in UNANSWERED
        }
        for editions in (past, [new])
    )
    return frozenset(name for name, computed in now.items() if before.get(name, computed) is not computed)


def retyped(before: Question, now: Question) -> bool:
    """Whether answers of before are of another kind than those of now. Numbers are numbers."""
    return before.type is not now.type and not {before.type, now.type} <= _NUMBERS


def answer_map(changes: Changes, decisions: Decisions, *, all_decided: bool) -> AnswerMap:
    """The map of a new edition.

    Refuses `questionnaires.map.undecided` for each vanished choice nobody decided on, if `all_decided` (else it is kept
    apart), `questionnaires.map.question` for another meaning of what has not changed, `questionnaires.map.unknown` for
    a decision on what has not gone or towards what is not there, and `questionnaires.map.several` for one answer that
    would become many. Problems name the field `question:code`.
    """
    unknown = sorted(decisions.meaning - set(changes.touched()))
    refuse_if_any(Problem("questionnaires.map.question", {"question": name}) for name in unknown)
    other_type = {pair.now.question.id for pair in changes.retyped if retyped(pair.before.question, pair.now.question)}
    apart = decisions.meaning | changes.turned | other_type
    gone = {
        (found.pair.now.question.id, one.code): (found.pair, one)
        for found in changes.recoded
        if found.pair.now.question.id not in apart
        for one in found.gone
    }
    refuse_if_any(_problems(gone, decisions, apart, all_decided=all_decided))
    codes: dict[str, dict[str, tuple[str, ...]]] = {}
    for (name, code), (_, one) in gone.items():
        targets = decisions.codes.get((name, code), () if one.pressing else (code,))
        if targets != (code,):
            codes.setdefault(name, {})[code] = targets
    return AnswerMap(codes=codes, apart=tuple(sorted(apart)))


def _problems(
    gone: Mapping[tuple[str, str], tuple[Pair, Gone]],
    decisions: Decisions,
    apart: Iterable[str],
    *,
    all_decided: bool,
) -> Iterator[Problem]:
    for (name, code), (pair, one) in gone.items():
        place = Place(field=f"{name}:{code}")
        about = {"question": pair.now.question.name, "choice": code}
        if (name, code) not in decisions.codes:
            if one.pressing and all_decided:
                yield Problem("questionnaires.map.undecided", about, place)
            continue
        targets = decisions.codes[name, code]
        if set(targets) - set(pair.now.codes):
            yield Problem("questionnaires.map.unknown", about, place)
        elif len(targets) > 1 and pair.now.question.type is not QuestionType.SELECT_MULTIPLE:
            yield Problem("questionnaires.map.several", about, place)
    for name, code in decisions.codes:
        if (name, code) not in gone and name not in set(apart):
            place = Place(field=f"{name}:{code}")
            yield Problem("questionnaires.map.unknown", {"question": name, "choice": code}, place)


def _asked(questionnaire: Questionnaire) -> Iterator[Asked]:
    """The questions that participants answer, in order; what is computed or only shown has no map."""
    lists = questionnaire.lists()
    for node, above in questionnaire.walk():
        if not isinstance(node, Question) or node.type in SILENT | UNANSWERED:
            continue
        choices = lists[node.choices].choices if node.choices in lists else ()
        if node.or_other and OTHER not in {choice.name for choice in choices}:
            choices = (*choices, Choice(name=OTHER))
        own = (getattr(node, name) for name in _CONDITIONS)
        around = (group.relevant for group in above)
        yield Asked(node, choices, tuple(group.id for group in above), (*own, *filter(None, around)))


def _recoded(pair: Pair) -> Recoded:
    before, now = pair.before, pair.now
    if now.question.type not in SELECTS:
        return Recoded(pair, (), ())
    added = tuple(choice for choice in now.choices if choice.name not in before.codes)
    return Recoded(pair, added, tuple(_gone(before, now)))


def _gone(before: Asked, now: Asked) -> Iterator[Gone]:
    for code in before.codes:
        label = before.label(code)
        called = tuple(other for other in now.codes if _same_words(label, now.label(other)))
        if code not in now.codes:
            yield Gone(code, label, called if len(called) == 1 else None)
        elif not _same_words(label, now.label(code)) and (label or now.label(code)):
            # The words of one code standing at another are a new numbering; else they were mended.
            yield Gone(code, label, called if len(called) == 1 else (code,), pressing=bool(called))


def _same_words(one: LocalisedText, other: LocalisedText) -> bool:
    """Whether two texts say the same in every language that both are in."""
    shared = set(one) & set(other)
    return bool(shared) and all(_plain(one[locale]) == _plain(other[locale]) for locale in shared)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _reworded(pair: Pair) -> Iterator[str]:
    """The locales in which the label or hint of a question says something else; translations come without a word."""
    before, now = pair.before.question, pair.now.question
    for locale in dict.fromkeys((*before.label, *before.hint)):
        texts = ((before.label, now.label), (before.hint, now.hint))
        if any(was[locale] != is_.get(locale, was[locale]) for was, is_ in texts if locale in was):
            yield locale
