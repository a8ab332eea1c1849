"""What can change on a page of questions while it is answered, as data for `static/js/answering.js`.

Whether a step is put to a participant, and its value, is *fixed* where nothing on the page changes it, *live* where the
browser can follow it, and *left* to the server where it cannot: an expression without a tree for the browser, fields
that it cannot read, an answer that stands on another page, and whatever depends on these. What is left stays as the
server rendered it until the page is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from consult.core.expressions import Expression, browser
from consult.core.questionnaire.definition import SILENT, QuestionType
from consult.core.questionnaire.routing import Standing
from consult.core.questionnaire.steps import Compiled, Step

State = Literal["fixed", "live", "left"]

READABLE: Final = frozenset(
    {
        QuestionType.TEXT,
        QuestionType.INTEGER,
        QuestionType.DECIMAL,
        QuestionType.DATE,
        QuestionType.SELECT_ONE,
        QuestionType.SELECT_MULTIPLE,
        QuestionType.ACKNOWLEDGE,
    }
)
"""Types whose fields the browser can read."""
_OTHERWISE: Final = frozenset({"year", "month-year", "persian", "ethiopian", "islamic"})
"""Appearances with which a date or a year is not typed as day, month and year of our calendar alone."""
WRITABLE: Final = frozenset({QuestionType.TEXT, QuestionType.INTEGER, QuestionType.DECIMAL})
"""Types into whose field it can put a calculated value."""
MOST_ROWS: Final = 250
"""Rows of the longest choice list that is sent along."""


@dataclass(frozen=True, slots=True)
class Logic:
    """What can change on a page; the same for every reader."""

    steps: tuple[Step, ...]
    """Those with a part in it, in the order in which they depend on each other."""
    moving: frozenset[str]
    """Ids of those that appear and disappear, or offer other choices."""
    changing: frozenset[str]
    """Ids of those whose value can change."""
    followed: tuple[tuple[Expression, ...], ...]
    """Of each step the expressions that the browser evaluates."""
    named: tuple[tuple[str, ...], ...]
    """Of each step the names that are not those of steps here."""

    @classmethod
    def of(cls, steps: tuple[Step, ...], moving: frozenset[str], changing: frozenset[str]) -> Logic:
        """What the script follows of these steps."""
        names = {step.name for step in steps}
        named = tuple(tuple(sorted(step.names() - names)) for step in steps)
        return cls(steps, moving, changing, tuple(map(_followed, steps)), named)


@lru_cache(maxsize=2_000)
def logic(compiled: Compiled, number: int) -> Logic | None:
    """What can change on the page with that number; None where nothing can."""
    page = compiled.pages[number - 1]
    if page.repeats or page.listing:  # what is several times is left to the server
        return None
    found = States(compiled, (question.id for question in page.asked))
    moving = {step.id for step in compiled.steps if found.here(step) and found.relevance(step) == "live"}
    waiting = [step for step in compiled.steps if step.id in moving or (found.here(step) and step.computed)]
    waiting += compiled.piped(page)
    needed: set[str] = set()
    while waiting:
        step = waiting.pop()
        if step.id not in needed and "live" in (found.relevance(step), found.value(step)):
            needed.add(step.id)
            waiting += found.needs(step)
    steps = tuple(step for step in compiled.steps if step.id in needed)
    changing = frozenset(step.id for step in steps if found.value(step) == "live")
    return Logic.of(steps, frozenset(moving), changing) if steps else None


def document(compiled: Compiled, found: Logic, locale: str) -> dict[str, object]:
    """The part that is the same for every reader in a locale."""
    expressions = [expression for followed in found.followed for expression in followed]
    return {"steps": [step_of(step) for step in found.steps], **tables(compiled, expressions, locale)}


def tables(compiled: Compiled, expressions: Sequence[Expression], locale: str) -> dict[str, object]:
    """The choice lists that expressions search, and the labels that they show."""
    lists = {name for expression in expressions for name in browser.lists(expression)}
    labelled = {name for expression in expressions for name in expression.labelled if name in compiled.by_name}
    labels = {
        name: {code: compiled.label(code, name, locale) for code in compiled.by_name[name].codes} for name in labelled
    }
    return {
        **({"lists": {name: compiled.rows[name] for name in sorted(lists)}} if lists else {}),
        **({"labels": labels} if labels else {}),
    }


def circumstances(found: Logic, standing: Standing) -> dict[str, object]:
    """The part that is one reader's: answers on other pages, the day, what was drawn."""
    for step in found.steps:
        standing.decided(step, ())
    ids = {step.id for step in found.steps}
    values: dict[str, str] = {}
    kept: dict[str, str] = {}
    volatile = False
    for step, followed, named in zip(found.steps, found.followed, found.named, strict=True):
        at = standing.at(step)
        for name in named:
            if value := at.answer(name):
                values[name] = value
        for expression in followed:
            if expression.volatile:
                kept |= browser.drawn(expression, at)
                volatile = True
        if step.triggers:
            kept |= {key: at.kept.get(key, "") for key in (f"{step.name}/trigger", f"{step.name}/triggered")}
    gone = [step.id for step in found.steps if step.parent and step.parent not in standing.relevant | ids]
    context = browser.context(standing.at(found.steps[0]))
    if not volatile:
        del context["today"]  # nobody asks for it, and the page stays the same from day to day
    return {**context, "values": values, "kept": kept, "gone": gone}


def _followed(step: Step) -> tuple[Expression, ...]:
    """The expressions of a step that the browser evaluates."""
    return tuple(expression for expression in step.expressions() if browser.tree(expression) is not None)


def step_of(step: Step, follows: Callable[[Expression], bool] = lambda _expression: True) -> dict[str, object]:
    """A step for the script, with those of its expressions that it follows."""
    kind = step.question.type if step.question is not None and step.question.type not in SILENT else None
    parts: dict[str, object] = {"id": step.id, "name": step.name, "parent": step.parent, "type": kind}
    for part in ("relevant", "computed", "default", "filter"):
        expression = getattr(step, part)
        if isinstance(expression, Expression) and follows(expression):
            parts[part] = browser.tree(expression)
    if kind is None and isinstance(step.default, str):
        parts["default"] = step.default
    if "filter" in parts and step.filter is not None:
        columns = browser.columns(step.filter)
        parts["rows"] = {
            code: {name: row[name] for name in sorted(columns) if name in row} for code, row in step.rows.items()
        }
    if kind is QuestionType.SELECT_MULTIPLE:
        parts["codes"] = step.codes
    parts["trigger"] = "".join(step.triggers)  # of several it is left
    return {name: value for name, value in parts.items() if value}


def _groups(compiled: Compiled, step_id: str) -> Iterable[str]:
    while step_id := compiled.by_id[step_id].parent:
        yield step_id


class States:
    """What the answers to the questions of a page can change; or, where there is no server, to all that are asked.

    Without a server nothing is rendered for one reader: what would be fixed by an expression is live or left.
    """

    def __init__(self, compiled: Compiled, asked: Iterable[str], *, server: bool = True) -> None:
        self._compiled = compiled
        self._asked = set(asked)
        self._server = server
        self._around = {group for asked in self._asked for group in _groups(compiled, asked)}
        self._known: dict[tuple[str, str], State] = {}

    def here(self, step: Step) -> bool:
        """Whether it is a question of the page, or a group around one."""
        return step.id in self._asked or step.id in self._around

    def relevance(self, step: Step) -> State:
        """Of whether it is put, and of which choices it offers."""
        return self._once("relevance", step)

    def value(self, step: Step) -> State:
        """Of its answer."""
        return self._once("value", step)

    def follows(self, expression: Expression) -> bool:
        """Whether the browser can evaluate an expression with the answers that it speaks of."""
        return self._can(expression) and "left" not in self._answers([expression])

    def needs(self, step: Step) -> list[Step]:
        """The steps that it depends on."""
        names = (self._compiled.by_name.get(name) for name in sorted(step.names()))
        parent = self._compiled.by_id.get(step.parent)
        return [other for other in (parent, *names) if other is not None]

    def _once(self, kind: str, step: Step) -> State:
        key = (kind, step.id)
        if key not in self._known:
            self._known[key] = "left"  # where the questionnaire goes round in a circle
            self._known[key] = self._relevance(step) if kind == "relevance" else self._value(step)
        return self._known[key]

    def _relevance(self, step: Step) -> State:
        if step.chain or step.repeat or step.answers_of or len(step.triggers) > 1:
            return "left"
        parent = self._compiled.by_id.get(step.parent)
        parts = [part for part in (step.relevant, step.filter) if part is not None]
        found = self._worst([*([self.relevance(parent)] if parent else []), *self._answers(parts)])
        if found == "left" or (found == "fixed" and (self._server or not parts)):
            return found
        crowded = step.filter is not None and (step.randomised or len(step.rows) > MOST_ROWS)
        return "live" if not crowded and all(map(self._can, parts)) and self._can_fill(step) else "left"

    def _can_fill(self, step: Step) -> bool:
        """Whether a default that depends on the page can be put into the field when the question appears."""
        if not isinstance(step.default, Expression) or not self._server:
            return True
        if self._worst(self._answers([step.default])) == "fixed":
            return True
        return step.question is not None and step.question.type in WRITABLE and self._can(step.default)

    def _value(self, step: Step) -> State:
        relevance = self.relevance(step)
        question = step.question
        if question is None or relevance == "left":
            return relevance
        if step.asked and step.computed is None:
            if step.id not in self._asked:
                return "fixed" if relevance == "fixed" else "left"
            readable = question.type in READABLE and _OTHERWISE.isdisjoint(question.appearance)
            return "live" if readable else "left"
        part = step.computed or step.default
        parts = [part] if isinstance(part, Expression) else []
        trigger = self._compiled.by_name.get("".join(step.triggers))
        found = self._worst([relevance, *self._answers(parts), *([self.value(trigger)] if trigger else [])])
        if found == "left" or (found == "fixed" and self._server):
            return found
        can = question.type in SILENT or (step.id in self._asked and question.type in WRITABLE)
        return "live" if can and all(map(self._can, parts)) else "left"

    def _answers(self, parts: Iterable[Expression]) -> list[State]:
        """Of the answers that expressions speak of."""
        names = sorted({name for part in parts for name in part.names})
        steps = (self._compiled.by_name.get(name) for name in names)
        return ["left" if step is None else self.value(step) for step in steps]

    def _can(self, expression: Expression) -> bool:
        """Whether the browser can evaluate it."""
        compiled = self._compiled
        sizes = [len(compiled.rows.get(name, ())) for name in browser.lists(expression)]
        sizes += [len(compiled.by_name[name].codes) for name in expression.labelled if name in compiled.by_name]
        alone = self._server or not browser.draws(expression)
        return alone and max(sizes, default=0) <= MOST_ROWS and browser.tree(expression) is not None

    @staticmethod
    def _worst(states: Iterable[State]) -> State:
        found = set(states)
        return "left" if "left" in found else "live" if "live" in found else "fixed"
