"""Where one participant stands in a questionnaire: what is wrong with their answers, and which pages they see."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from consult.core.errors import Place, Problem
from consult.core.expressions import Environment
from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import Answer, Answers, text_of
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.evaluation import ONCE, Context, Evaluation
from consult.core.questionnaire.instances import key, suffixed
from consult.core.questionnaire.pages import Page, Part
from consult.core.questionnaire.steps import Compiled

__all__ = ["Context", "Sheet", "Standing", "opening", "stand"]


def stand(compiled: Compiled, stored: Mapping[str, Answer], context: Context, sheet: Sheet | None = None) -> Standing:
    """Where somebody stands who has answered this much. Never raises, whatever was answered.

    With a page only what that shows is decided at once, and all else when it is asked for.
    """
    environment = Environment(
        values={},
        repeated={},
        today=context.today,
        time_zone=context.time_zone,
        seed=context.seed,
        kept=context.once,
        lists=compiled.rows,
        label=lambda value, question: compiled.label(value, question, context.locale),
    )
    standing = Standing(compiled, stored, environment)
    if sheet is None:
        standing.know(compiled.whole)
    elif standing.has(sheet):
        standing.know(compiled.showing(sheet.page), sheet.path)
    return standing


@lru_cache(maxsize=256)
def opening(compiled: Compiled) -> Page | None:
    """The page that everybody gets first, whoever and whenever; none where that depends on the reader or the day."""
    nobody = stand(compiled, {}, Context(today=dt.date(2000, 1, 1)))
    for page in compiled.pages:
        if page.repeats or page.listing or not compiled.alike(page):
            return None
        if nobody.shows(Sheet(page)):
            return page
    return None


class Sheet(NamedTuple):
    """A page as it is put once: to the instance of the repeats around it that `path` says."""

    page: Page
    path: Path = ()


class Standing(Evaluation):
    """One participant's answers, what is wrong with them, and the pages on which they are given."""

    __slots__ = ()

    def problem(self, question: Question, path: Path = ()) -> Problem | None:
        """What is wrong with the answer to a relevant question: `answer.required .turned_away .rank.incomplete
        .constraint`."""
        step = self._compiled.by_id[question.id]
        answer = self.answers.get(key(question.id, path))
        if answer is None:
            missing = step.required is not False and step.answerable and self.required(question, path)
            return Problem("answer.required", {}, Place(field=question.id)) if missing else None
        if question.type is QuestionType.RANK and len(text_of(answer)) < sum(
            self._offers(step, one, path) for one in step.rows
        ):
            return Problem("answer.rank.incomplete", {}, Place(field=question.id))
        if question.turns_away and text_of(answer) in question.turns_away:
            return Problem("answer.turned_away", {}, Place(field=question.id))
        if step.constraint is None:
            return None
        value = text_of(answer)
        dot = value if isinstance(value, str) else " ".join(value)
        self._know_names(step, step.constraint, path)
        if step.constraint.truth(self.at(step, path, dot)):
            return None
        return Problem("answer.constraint", {}, Place(field=question.id))

    # --- pages -------------------------------------------------------------------------------------------------------

    def problems(self, sheet: Sheet) -> list[Problem]:
        """What is wrong with the answers that were given on a page; nothing before it was seen."""
        page, path = sheet
        shown = [question for question in page.asked if key(question.id, path) in self.seen]
        given = (question for question in shown if key(question.id, path) in self._stored)
        return [problem for question in given if (problem := self.problem(question, path)) is not None]

    def has(self, sheet: Sheet) -> bool:
        """Whether there is the instance to which a page is put."""
        page, path = sheet
        return not path or path[-1] <= self.count(page.chain[-1], path[:-1])

    def shows(self, sheet: Sheet) -> bool:
        """Whether anything on a page is put to them."""
        return self.has(sheet) and self._shows(sheet)

    def _shows(self, sheet: Sheet) -> bool:
        page, path = sheet
        if page.listing is not None:
            return self.decided(self._compiled.by_id[page.listing.id], path) in self.relevant
        first, *others = self._compiled.telling(page)
        if self.decided(first, path) in self.seen:
            return True
        if page.group is not None and self.decided(self._compiled.by_id[page.group.id], path) not in self.relevant:
            return False
        return any(self.decided(step, path) in self.seen for step in others)

    def sheets(self) -> list[Sheet]:
        """The pages that they see, in order."""
        self.know(self._compiled.routing)
        return [sheet for sheet in self._all(self._compiled.outline, ()) if self._shows(sheet)]

    def _all(self, parts: Sequence[Part], path: Path) -> Iterator[Sheet]:
        for part in parts:
            if isinstance(part, Page):
                yield Sheet(part, path)
                continue
            for number in range(1, self.count(part.repeat.id, path) + 1):
                yield from self._all(part.parts, (*path, number))
            if part.listing is not None:
                yield Sheet(part.listing, path)

    def first_of(self, repeat: str, instance: Path) -> Sheet | None:
        """The first page that they see of an instance of a repeat."""
        depth = len(instance)
        own = (sheet for sheet in self._all(self._compiled.outline, ()) if sheet.path[:depth] == instance)
        return next((sheet for sheet in own if repeat in sheet.page.chain and self.shows(sheet)), None)

    def after(self, sheet: Sheet) -> Sheet | None:
        """The page that comes next; none after the last. An instance that somebody added leads to the list of them."""
        rest = itertools.dropwhile(lambda other: other != sheet, self._all(self._compiled.outline, ()))
        following = next((other for other in itertools.islice(rest, 1, None) if self.shows(other)), None)
        page, path = sheet
        listing = self._compiled.listings.get(page.chain[-1]) if path else None
        if listing is None or (following is not None and following.path[: len(path)] == path):
            return following
        return Sheet(listing, path[:-1])

    def unfinished(self) -> Sheet | None:
        """The first page with a question that was not put yet or whose answer is wrong; none: all can be sent."""
        self.know(self._compiled.whole)
        return next((sheet for sheet in self.sheets() if not self.finished(sheet)), None)

    def finished(self, sheet: Sheet) -> bool:
        """Whether every question of a page that they see was put, and no answer is wrong; all must be known."""
        page, path = sheet
        if page.listing is not None:
            return key(page.listing.id, path) in self._stored
        for question in page.asked:
            name = key(question.id, path)
            if name not in self.seen:
                continue
            if name not in self._stored and self._compiled.by_id[question.id].open:
                return False
            if question.id in self._compiled.judged and self.problem(question, path) is not None:
                return False
        return True

    def document(self) -> Answers:
        """The answers as they are sent: those that are relevant, null where there is none."""
        self.know(self._compiled.whole)
        kept: Answers = {}
        for step in self._compiled.answerable:
            for path in self.paths(step.chain) if step.chain else ONCE:
                name = key(step.id, path)
                if name not in self.relevant:
                    continue
                kept[name] = self.answers.get(name)
                other = self.answers.get(suffixed(step.other, path)) if step.other else None
                if other is not None:
                    kept[suffixed(step.other, path)] = other
        return kept
