"""Answers that several people give together: merged question by question, so that nothing anybody wrote is lost.

What belongs to one question is merged as a whole: its answer, and the words for a choice `other`. To leave a question
open that nobody has answered changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from consult.core.questionnaire.answers import Answer, Answers


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the answer to one question."""

    key: str
    """That of the document: the question's id, with its instance in repeats."""
    before: Answers
    """Everything that the document held of it: also the words for a choice `other`."""
    after: Answers

    @property
    def says_something(self) -> bool:
        """Whether it is more than that a question was put and left open."""
        return _said(self.before) != _said(self.after)


@dataclass(frozen=True, slots=True)
class Merged:
    """What two people made of the same answers."""

    answers: Answers
    clashes: tuple[Change, ...]
    """What was not taken, because somebody else has changed the same question: from what stands now to what was
    wanted."""


def parts_of(answers: Mapping[str, Answer], key: str) -> Answers:
    """Everything that a document holds of one question."""
    return {name: answer for name, answer in answers.items() if name.partition(".")[0] == key}


def changes(before: Mapping[str, Answer], after: Mapping[str, Answer]) -> tuple[Change, ...]:
    """What became of each question whose answer is another one now, by key."""
    old, new = _by_question(before), _by_question(after)
    keys = sorted(old.keys() | new.keys())
    return tuple(
        Change(key, dict(old.get(key, {})), dict(new.get(key, {}))) for key in keys if old.get(key) != new.get(key)
    )


def undone(answers: Mapping[str, Answer], made: Iterable[Change]) -> Answers:
    """The answers as they were before some changes, the latest of them first."""
    found = dict(answers)
    for change in made:
        found = put(found, change.key, change.before)
    return found


def put(answers: Mapping[str, Answer], key: str, parts: Mapping[str, Answer]) -> Answers:
    """The answers with this one to a question, in place of any other."""
    return {**{name: answer for name, answer in answers.items() if name.partition(".")[0] != key}, **parts}


def merge(
    base: Mapping[str, Answer],
    mine: Mapping[str, Answer],
    theirs: Mapping[str, Answer],
    *,
    own: Collection[str] = (),
    moved: bool = False,
) -> Merged:
    """Put what somebody made of `base` on top of what has become of it meanwhile.

    `own`: keys of what only they themselves have changed meanwhile, which they may change again. `moved`: instances of
    a repeat have moved up since, so that keys mean other ones now: nothing is put in by itself. What `mine` does not
    hold at all was not put to them any more, and stays as others have it.
    """
    old, wanted, now = _by_question(base), _by_question(mine), _by_question(theirs)
    merged, clashes = dict(theirs), []
    for key in sorted(old.keys() | wanted.keys()):
        before, after, current = old.get(key, {}), wanted.get(key, {}), now.get(key, {})
        if _said(after) == _said(before):
            if after and not (_said(after) or current or moved):
                merged |= after  # it was put, and left open
        elif not after:
            if current == before:
                merged = put(merged, key, {})
        elif moved or not (key in own or _said(current) in (_said(before), _said(after))):
            clashes.append(Change(key, dict(current), dict(after)))
        else:
            merged = put(merged, key, after)
    return Merged(merged, tuple(clashes))


def _by_question(answers: Mapping[str, Answer]) -> dict[str, Answers]:
    found: dict[str, Answers] = {}
    for name, answer in answers.items():
        found.setdefault(name.partition(".")[0], {})[name] = answer
    return found


def _said(parts: Mapping[str, Answer]) -> Answers:
    """An answer without what was left open."""
    return {name: answer for name, answer in parts.items() if answer is not None}
