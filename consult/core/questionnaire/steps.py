"""An edition compiled: expressions parsed, groups and questions in the order in which they depend on each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from consult.core.expressions import Expression, parse
from consult.core.questionnaire import filters, pages
from consult.core.questionnaire.answers import OTHER, Answer, fields, from_text
from consult.core.questionnaire.definition import (
    SELECTS,
    SILENT,
    TRUE,
    UNANSWERED,
    Choice,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
    answers_of,
    is_dynamic,
)
from consult.core.questionnaire.ordering import ordered
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.texts import texts_of
from consult.core.text import LocalisedText

PIPE: Final = re.compile(r"\$\{\s*([^\s{}]+)\s*\}")
"""Where a text shows the answer to another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One group or question with its expressions parsed."""

    id: str
    name: str
    parent: str
    """Id of the group or repeat around it; empty at the top."""
    within: int = 0
    """In how many repeats that one stands."""
    chain: tuple[str, ...] = ()
    """Ids of the repeats around it, the outermost first."""
    relevant: Expression | None
    question: Question | None = None
    """None for a group or repeat."""
    repeat: Repeat | None = None
    count: Expression | None = None
    """How many instances a repeat has; none where participants say it by adding them."""
    computed: Expression | None = None
    triggers: tuple[str, ...] = ()
    """Names of the questions at whose change alone the value is computed."""
    default: Expression | Answer = None
    required: Expression | bool = False
    read_only: Expression | bool = False
    constraint: Expression | None = None
    filter: Expression | None = None
    alike: tuple[tuple[str, ...], ...] = ()
    """The codes of the choices, those together that are the same in all that the filter reads."""
    settled: frozenset[str] | None = None
    """The codes of the choices that the filter leaves; None where that depends on answers, or on the reader."""
    choices: tuple[Choice, ...] = ()
    rows: Mapping[str, Mapping[str, str]]
    """Columns of the choices, by code."""
    answers_of: str = ""
    """Name of the question whose answers are the choices."""
    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """Names of its form fields."""
    randomised: bool = False
    seed: str = ""
    other: str = ""
    """Key of the words for the choice `other`; empty where there is no such choice."""
    typed: Callable[[str], Answer]
    """The answer that a computed text stands for."""

    answerable: bool = False
    """Whether it has a place in the document of answers."""
    asked: bool = False
    """Whether its answer comes from the participant."""
    open: bool = False
    """Whether the participant must have seen it before the answers can be sent."""

    @property
    def fixed(self) -> bool:
        """Whether no participant can ever change the answer."""
        return self.computed is not None or self.read_only is True

    def expressions(self) -> Iterable[Expression]:
        """What decides whether it is put and with which value and choices: all that it depends on."""
        for expression in (self.relevant, self.count, self.computed, self.default, self.filter):
            if isinstance(expression, Expression):
                yield expression

    def around(self, chain: tuple[str, ...]) -> bool:
        """Whether it stands once for each instance of the repeats of a chain, or for several of them."""
        return self.chain == chain[: len(self.chain)]

    @property
    def varying(self) -> bool:
        """Whether the choices differ from reader to reader."""
        return self.randomised or (self.filter is not None and self.settled is None)

    def labels(self) -> Iterable[LocalisedText]:
        """The labels of its choices."""
        return (choice.label for choice in self.choices)

    def offered(self) -> tuple[Choice, ...]:
        """The choices that anybody can have."""
        return tuple(choice for choice in self.choices if self.settled is None or choice.name in self.settled)

    def lasting(self) -> bool:
        """Whether its value depends on the moment at which it is first computed."""
        return bool(self.triggers) or any(expression.volatile for expression in self.expressions())

    def names(self) -> set[str]:
        """Names of the questions that it depends on."""
        found = {name for expression in self.expressions() for name in expression.names}
        seed = _reference(self.seed)
        return found.union(self.triggers, filter(None, (seed, self.answers_of)))

    def mentioned(self) -> set[str]:
        """Names of the questions that it depends on, or by which its answer is judged."""
        judging = (self.required, self.read_only, self.constraint)
        return self.names().union(*(rule.names for rule in judging if isinstance(rule, Expression)))

    def across(self) -> set[str]:
        """Those of them of which, in a repeat, answers in other instances count too."""
        found = {name for expression in self.expressions() for name in expression.across}
        return found | {self.answers_of}

    @property
    def plain(self) -> bool:
        """Whether what it holds is what the participant answered, once what stands around it is put to them."""
        own = self.computed is None and self.default is None and self.filter is None and not self.other
        return self.asked and own and self.certain

    @property
    def judged(self) -> bool:
        """Whether an answer to it, or none, can be wrong."""
        question = self.question
        own = question is not None and (question.type is QuestionType.RANK or bool(question.turns_away))
        return own or self.required is not False or self.constraint is not None

    @property
    def certain(self) -> bool:
        """Whether it is seen by everybody who sees what stands around it."""
        choosing = self.filter is None or (self.settled is not None and bool(self.settled or self.other))
        return self.relevant is None and self.repeat is None and not self.answers_of and choosing


Needed = tuple[tuple[Step, bool], ...]
"""Steps, each after those it depends on; with each whether it is needed in all instances of the repeats around it."""


class Compiled:
    """A questionnaire ready to be answered."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.outline = pages.split(questionnaire)
        self.pages = tuple(pages.flat(self.outline))
        lists = questionnaire.lists()
        self.rows = {
            name: [_columns(choice, questionnaire.source) for choice in found.choices] for name, found in lists.items()
        }
        self._by_row = {name: {row["name"]: row for row in rows} for name, rows in self.rows.items()}
        in_order = list(self._read(questionnaire))
        self.by_id = {step.id: step for step in in_order}
        self.by_name = {step.name: step for step in in_order}
        self.steps = ordered(in_order, self.by_id, self.by_name)
        self._places = {step.id: place for place, step in enumerate(self.steps)}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        decisive = {name for step in in_order for name in step.mentioned()}
        self.plain = frozenset(step.id for step in in_order if step.plain and step.name not in decisive)
        """Ids of the questions whose answers decide about nothing, and about which none decides."""
        self.judged = frozenset(step.id for step in in_order if step.judged)
        self._needs: dict[tuple[str, bool], Needed] = {}
        self.repeats = tuple(step for step in self.steps if step.repeat is not None)
        self.lasting = tuple(step for step in self.steps if step.lasting())
        """What is computed at a moment and kept."""
        self.at_once = self._needed([(step, True) for step in self.lasting])
        self.whole = tuple((step, True) for step in self.steps)
        self._telling: dict[int, tuple[Step, ...]] = {}
        self._showing: dict[int, Needed] = {}
        self._alike: dict[int, bool] = {}
        self.listings = {page.listing.id: page for page in self.pages if page.listing is not None}
        """By id of a repeat, the page that lists its instances."""
        self.blocks = {block.repeat.id: block for block in pages.blocks(self.outline)}
        self.answerable = tuple(step for step in in_order if step.answerable)

    def needs(self, step: Step, *, everywhere: bool = False) -> Needed:
        """A step, in one instance or in all, after all that must be known before it is."""
        wanted = step.id, everywhere
        if wanted not in self._needs:
            self._needs[wanted] = self._needed([(step, everywhere)])
        return self._needs[wanted]

    def _needed(self, waiting: list[tuple[Step, bool]]) -> Needed:
        found: dict[str, bool] = {}
        while waiting:
            step, everywhere = waiting.pop()
            if found.get(step.id, False) or found.get(step.id) == everywhere:
                continue
            found[step.id] = everywhere
            others = [one for one in (self.by_id.get(step.parent), *self.all_named(step.names())) if one is not None]
            across = {one.id for one in self.all_named(step.across())}
            waiting += [(one, everywhere or one.id in across or not one.around(step.chain)) for one in others]
            if step.repeat is not None:  # all repeats share one limit of instances
                waiting += [(repeat, True) for repeat in self.repeats]
        return tuple((self.by_id[one], found[one]) for one in sorted(found, key=self._places.__getitem__))

    def all_named(self, names: Iterable[str]) -> list[Step]:
        """What an expression or a text means by those of the names that mean anything."""
        return [step for name in names if (step := self.named(name)) is not None]

    def named(self, name: str) -> Step | None:
        """What an expression means by a name; the words for `other` come with their question."""
        return self.by_name.get(name) or self.by_name.get(name.removesuffix("_other"))

    def members(self, repeat: str) -> tuple[Step, ...]:
        """All that stands in a repeat."""
        return tuple(step for step in self.steps if repeat in step.chain)

    def names_of(self, chain: tuple[str, ...]) -> tuple[str, ...]:
        """The names of repeats, by their ids."""
        if chain not in self._names:
            self._names[chain] = tuple(self.by_id[name].name for name in chain)
        return self._names[chain]

    def label(self, value: str, name: str, locale: str) -> str:
        """The label of a choice of the question with that name; the code where there is none."""
        step = self.by_name.get(name)
        found = next((choice for choice in step.choices if choice.name == value), None) if step else None
        return found.label.resolve(locale, self.questionnaire.source).text or value if found else value

    def alike(self, page: Page) -> bool:
        """Whether a page is the same for every reader on every day who has answered nothing yet."""
        if page.number not in self._alike:
            self._alike[page.number] = not any(self._varies(step.name, set()) for step in self.shown(page))
        return self._alike[page.number]

    def shown(self, page: Page) -> tuple[Step, ...]:
        """What a page shows: its questions, or its list, the groups around them, and the answers in their texts."""
        wanted = {node.id for around in self._nodes(page) for node in around}
        wanted |= {step.id for step in self.piped(page)}
        return tuple(step for step in self.steps if step.id in wanted)

    def showing(self, page: Page) -> Needed:
        """What must be known to show a page in one instance of the repeats around it."""
        if page.number not in self._showing:
            found = self._needed([(step, not step.around(page.chain)) for step in self.shown(page)])
            self._showing[page.number] = found
        return self._showing[page.number]

    def telling(self, page: Page) -> tuple[Step, ...]:
        """What tells that a page is shown, each where it is seen; what depends on least comes first.

        For each of its questions that is the question, or the group around it at whose sight it is seen for certain.
        """
        if page.number not in self._telling:
            found = {step.id: step for step in (self._decisive(self.by_id[question.id]) for question in page.asked)}
            self._telling[page.number] = tuple(sorted(found.values(), key=lambda step: len(self.needs(step))))
        return self._telling[page.number]

    @cached_property
    def routing(self) -> Needed:
        """What must be known to tell which pages are shown, in most cases."""
        listed = [self.by_id[repeat] for repeat in self.listings]
        first = [self.telling(page)[0] for page in self.pages if page.listing is None]
        return self._needed([(step, True) for step in (*listed, *first)])

    def _decisive(self, step: Step) -> Step:
        while step.certain and step.parent:
            step = self.by_id[step.parent]
        return step

    def piped(self, page: Page) -> list[Step]:
        """The questions whose answers stand in the texts of a page, and in the labels of the choices of those."""
        texts = [text for around in self._nodes(page) for node in around for text in texts_of(node)]
        labels = [label for node, *_ in self._nodes(page) for label in self.by_id[node.id].labels()]
        named = self.all_named(_piped((*texts, *labels)))
        return named + self.all_named(_piped(label for step in named for label in step.labels()))

    def _nodes(self, page: Page) -> Iterable[tuple[Node, ...]]:
        """The questions of a page, or its list and what that tells of each instance, with the groups around them."""
        here = {question.id for question in page.asked}
        if page.listing is not None:
            summary = self.blocks[page.listing.id].summary
            here = {page.listing.id} if summary is None else {page.listing.id, summary.id}
        return ((node, *above) for node, above in self.questionnaire.walk() if node.id in here)

    def _varies(self, name: str, seen: set[str]) -> bool:
        step = self.by_name.get(name)
        if step is None or name in seen:
            return False
        seen.add(name)
        if step.randomised or any(expression.volatile for expression in step.expressions()):
            return True
        parent = self.by_id.get(step.parent)
        return any(self._varies(other, seen) for other in (*step.names(), *([parent.name] if parent else [])))

    def _read(self, questionnaire: Questionnaire) -> Iterable[Step]:
        for node, above in questionnaire.walk():
            parent = above[-1].id if above else ""
            chain = tuple(group.id for group in above if isinstance(group, Repeat))
            within = len(chain) - (bool(above) and isinstance(above[-1], Repeat))
            if isinstance(node, Question):
                yield self._question(node, parent, within, chain)
            else:
                yield Step(
                    id=node.id,
                    name=node.name,
                    parent=parent,
                    within=within,
                    chain=chain,
                    relevant=_condition(node.relevant),
                    repeat=node if isinstance(node, Repeat) else None,
                    count=_condition(node.repeat_count) if isinstance(node, Repeat) else None,
                    answerable=isinstance(node, Repeat),
                    rows={},
                    typed=lambda text: text,
                )

    def _question(self, question: Question, parent: str, within: int, chain: tuple[str, ...]) -> Step:
        rows = self._by_row.get(question.choices, {})
        found = self.questionnaire.lists().get(question.choices) if question.type in SELECTS else None
        names = tuple(rows)
        given = answers_of(question.choices)

        def typed(text: str) -> Answer:
            return text if question.type in SILENT or given else from_text(question, text, names)

        filtering = _condition(question.choice_filter)
        answerable = question.type not in UNANSWERED
        asked = answerable and question.type not in SILENT
        default: Expression | Answer = None
        if question.default:
            default = parse(question.default) if is_dynamic(question.default) else typed(question.default)
        return Step(
            id=question.id,
            name=question.name,
            parent=parent,
            within=within,
            chain=chain,
            question=question,
            relevant=_condition(question.relevant),
            computed=_condition(question.calculation),
            triggers=tuple(PIPE.findall(question.trigger)),
            default=default,
            required=_truth(question.required),
            read_only=_truth(question.read_only),
            constraint=_condition(question.constraint),
            filter=filtering,
            alike=filters.alike(filtering, rows) if filtering else (),
            settled=filters.settled(filtering, rows) if filtering and not given else None,
            choices=found.choices if found else (),
            answers_of=given,
            rows=rows,
            codes=names,
            fields=fields(question),
            randomised=question.randomised,
            seed=question.parameters.get("seed", ""),
            other=f"{question.id}.{OTHER}" if question.or_other else "",
            typed=typed,
            answerable=answerable,
            asked=asked,
            open=asked and not question.calculation.strip(),
        )


def _piped(texts: Iterable[LocalisedText]) -> set[str]:
    """Names of the questions whose answers are shown in texts."""
    return {name for text in texts for words in text.values() for name in PIPE.findall(words)}


def _columns(choice: Choice, source: str) -> Mapping[str, str]:
    label = choice.label.resolve(source, source).text
    return {**choice.attributes, "name": choice.name, "label": label}


def _condition(source: str) -> Expression | None:
    return parse(source) if source.strip() else None


def _truth(source: str) -> Expression | bool:
    text = source.strip().lower()
    if text in {"", "no", "false", "false()"}:
        return False
    return True if text in TRUE else parse(source)


def _reference(source: str) -> str:
    text = source.strip()
    return text[2:-1].strip() if text.startswith("${") and text.endswith("}") else ""
