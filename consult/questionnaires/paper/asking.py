"""The pages of a questionnaire as blocks of paper: every question with its number, rules and room for the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from consult.core.questionnaire import moments
from consult.core.questionnaire.definition import (
    SILENT,
    TRUE,
    UNANSWERED,
    Choice,
    Group,
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
    answers_of,
)
from consult.core.questionnaire.matrices import Matrix, arranged
from consult.core.questionnaire.pages import Block as Pages
from consult.core.questionnaire.pages import Page, Part, split
from consult.core.questionnaire.scales import Scale
from consult.core.text import LocalisedText
from consult.questionnaires.paper.conditions import Conditions
from consult.questionnaires.paper.content import (
    Answer,
    Asked,
    Block,
    Boxes,
    Cells,
    Grid,
    Heading,
    Line,
    Lines,
    Table,
    Tone,
    Words,
)
from consult.questionnaires.paper.reader import Reader
from consult.web.messages.marks import N_

MOST: Final = 30
"""Choices that are printed at a question; a longer list stands once, at the end."""
_SIDE_BY_SIDE: Final = 11
_RULES: Final[Mapping[QuestionType, str]] = {
    QuestionType.SELECT_ONE: N_("One answer"),
    QuestionType.SELECT_MULTIPLE: N_("As many answers as apply"),
    QuestionType.RANK: N_("Number them in your order, beginning with 1"),
    QuestionType.INTEGER: N_("A whole number"),
    QuestionType.DECIMAL: N_("A number"),
    QuestionType.RANGE: N_("A number of the scale"),
    QuestionType.DATE: N_("A date"),
    QuestionType.TIME: N_("A time"),
    QuestionType.DATETIME: N_("A date and a time"),
    QuestionType.EMAIL: N_("An e-mail address"),
    QuestionType.URL: N_("A web address"),
    QuestionType.FILE: N_("A file: attach it on paper"),
    QuestionType.IMAGE: N_("A picture: attach it on paper"),
    QuestionType.ACKNOWLEDGE: N_("To be confirmed"),
    QuestionType.TEXT: N_("In your own words"),
}
_PARTS: Final[Mapping[str, tuple[str, int]]] = {
    "day": (N_("Day"), 2),
    "month": (N_("Month"), 2),
    "year": (N_("Year"), 4),
    "hour": (N_("Hour"), 2),
    "minute": (N_("Minute"), 2),
}


def numbered(questionnaire: Questionnaire) -> dict[str, str]:
    """Numbers of questions by their names, in the order of the form; notes and what nobody sees have none."""
    counted = (one for one in questionnaire.questions() if one.type not in SILENT | UNANSWERED)
    return {question.name: str(number) for number, question in enumerate(counted, start=1)}


class Asking:
    """A questionnaire put on paper for a reader."""

    def __init__(self, questionnaire: Questionnaire, reader: Reader) -> None:
        self._questionnaire, self._reader = questionnaire, reader
        self._ = reader.words
        self._conditions = Conditions(questionnaire, reader)
        self._lists = questionnaire.lists()
        self._pages = 0
        self._above = {node.id: above for node, above in questionnaire.walk()}
        self._told: set[str] = set()

    def blocks(self) -> Iterator[Block]:
        """Its pages, then the values that are calculated, then the lists that are too long for a page."""
        yield from self._parts(split(self._questionnaire))
        yield from self._calculated()
        yield from self._lists_apart()

    def _parts(self, parts: Sequence[Part]) -> Iterator[Block]:
        for part in parts:
            if isinstance(part, Pages):
                yield from self._repeat(part)
            else:
                yield from self._page(part)

    def _repeat(self, part: Pages) -> Iterator[Block]:
        """On paper a repeat stands once, with word that the sheet is to be copied."""
        _, repeat = self._reader.words, part.repeat
        self._pages += 1
        title = self._reader.text(repeat.label) if repeat.label else _("Questions that are asked several times")
        yield Heading(title, 2, f"page-{self._pages}")
        yield from self._around(repeat)
        if repeat.repeat_count:
            told = _("Asked so many times: %(count)s") % {"count": self._conditions.told(repeat.repeat_count)}
        else:
            told = _("Asked once for each: copy these pages as often as needed.")
        yield Line(told, Tone.ROUTING)
        yield from self._parts(part.parts)

    def _page(self, page: Page) -> Iterator[Block]:
        if page.listing is not None:
            return
        self._pages += 1
        number = self._("Page %(number)s") % {"number": self._reader.number(self._pages)}
        title = self._reader.text(page.group.label) if page.group and page.group.label else number
        yield Heading(title, 2, f"page-{self._pages}")
        if page.group:
            yield from self._around(page.group)
        yield from self._nodes(page.nodes, page.group)

    def _around(self, node: Group | Repeat) -> Iterator[Block]:
        """What goes for all that stands in a group, and in those around it that have no heading of their own."""
        for one in (*self._above[node.id], node):
            if one.id not in self._told:
                self._told.add(one.id)
                yield from self._routing(one)
        if node.hint:
            yield Line(self._reader.text(node.hint), Tone.HINT)
        yield from self._guidance(node.guidance)

    def _nodes(self, nodes: Sequence[Node], around: Group | None) -> Iterator[Block]:
        for node in arranged(nodes, self._questionnaire, around):
            if isinstance(node, Matrix):
                yield self._matrix(node)
            elif isinstance(node, Question):
                yield self._asked(node)
            else:
                yield from self._group(node)

    def _group(self, group: Group | Repeat) -> Iterator[Block]:
        if group.label:
            yield Heading(self._reader.text(group.label), 3, f"group-{group.id}")
        yield from self._around(group)
        yield from self._nodes(group.children, group if isinstance(group, Group) else None)

    def _matrix(self, matrix: Matrix) -> Asked:
        first = matrix.rows[0]
        heads = tuple(map(self._label, self._lists[first.choices].choices))
        rows = tuple(self._asked(question, in_table=True) for question in matrix.rows)
        head, one = matrix.head, not matrix.several
        lines = (*(self._lines(head) if head else ()), Line(self._reader.words(_RULES[first.type]), Tone.RULE))
        label = self._reader.text(head.label) if head and head.label else ""
        return Asked("", label, head.name if head else "", lines, Table(heads, rows, one))

    def _asked(self, question: Question, *, in_table: bool = False) -> Asked:
        number = self._reader.number_of(question.name)
        kind = [] if in_table or question.type not in _RULES else [self._reader.words(_RULES[question.type])]
        rules = [*kind, *self._rules(question)]
        lines = (*self._lines(question), *([Line(" · ".join(rules), Tone.RULE)] if rules else []))
        label = self._reader.text(question.label) if question.label else question.name
        return Asked(number, label, question.name, lines, None if in_table else self._answer(question))

    def _lines(self, question: Question) -> Iterator[Line]:
        yield from self._routing(question)
        if question.hint:
            yield Line(self._reader.text(question.hint), Tone.HINT)
        yield from self._guidance(question.guidance)

    def _guidance(self, guidance: LocalisedText) -> Iterator[Line]:
        if guidance:
            words = self._("For interviewers: %(words)s")
            yield Line(words % {"words": self._reader.text(guidance).text}, Tone.HINT)

    def _routing(self, node: Node) -> Iterator[Line]:
        if node.relevant:
            words = self._("Only if %(condition)s")
            yield Line(words % {"condition": self._conditions.told(node.relevant)}, Tone.ROUTING)

    def _rules(self, question: Question) -> Iterator[str]:
        _, told = self._reader.words, self._conditions.told
        if question.required:
            always = question.required.lower() in TRUE
            words = _("Has to be answered") if always else _("Has to be answered if %(condition)s")
            yield words if always else words % {"condition": told(question.required)}
        if question.constraint:
            yield _("Accepted if %(condition)s") % {"condition": told(question.constraint, question)}
        for message in (question.required_message, question.constraint_message):
            if message:
                yield _("Otherwise it is said: %(words)s") % {"words": self._reader.text(message).text}
        if question.choice_filter:
            yield _("Offered are choices for which %(condition)s") % {"condition": told(question.choice_filter)}
        if name := answers_of(question.choices):
            number = self._reader.number_of(name) or name
            yield _("To choose from: what was answered to question %(number)s") % {"number": number}
        if question.choices in self._lists and len(self._lists[question.choices].choices) > MOST:
            yield _("Choices: see the list “%(name)s” at the end") % {"name": question.choices}
        if question.calculation:
            yield _("Filled in by calculation: %(value)s") % {"value": told(question.calculation)}

    def _answer(self, question: Question) -> Answer:
        if question.type in UNANSWERED or question.calculation:
            return None
        if parts := [part for part in moments.parts(question) if part in _PARTS]:
            words = tuple(self._reader.words(_PARTS[part][0]) for part in self._ordered(parts))
            return Cells(words, tuple(_PARTS[part][1] for part in self._ordered(parts)))
        match question.type:
            case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE | QuestionType.RANK:
                return self._boxes(question)
            case QuestionType.ACKNOWLEDGE:
                return Boxes((self._("Confirmed"),), one=False)
            case QuestionType.RANGE:
                scale = Scale.of(question.parameters)
                if scale is not None and scale.count <= _SIDE_BY_SIDE:
                    return Boxes(
                        tuple(self._reader.number(float(text)) for text in scale.texts()), one=True, short=True
                    )
            case QuestionType.INTEGER | QuestionType.DECIMAL:
                return Cells(("",), (8,))
        return Lines(4 if "multiline" in question.appearance else 1)

    def _ordered(self, parts: Sequence[str]) -> list[str]:
        return [part for part in ("day", "month", "year", "hour", "minute") if part in parts]

    def _boxes(self, question: Question) -> Answer:
        choices = self._lists[question.choices].choices if question.choices in self._lists else ()
        if not 0 < len(choices) <= MOST:
            return Lines(1 if question.type is QuestionType.SELECT_ONE else 3)
        labels = tuple(self._label(choice) for choice in choices)
        return Boxes(labels, one=question.type is QuestionType.SELECT_ONE, other=question.or_other)

    def _label(self, choice: Choice) -> Words:
        return self._reader.text(choice.label) if choice.label else choice.name

    def _calculated(self) -> Iterator[Block]:
        _ = self._reader.words
        silent = [question for question in self._questionnaire.questions() if question.type in SILENT]
        told = [
            (question.name, self._conditions.told(source)) for question in silent if (source := question.calculation)
        ]
        if told:
            yield Heading(_("Calculated values"), 1, "calculated")
            yield Line(_("Nobody is asked these; other questions depend on them."))
            yield Grid(((_("Name"), _("Value")), *told))

    def _lists_apart(self) -> Iterator[Block]:
        _ = self._reader.words
        used = {question.choices for question in self._questionnaire.questions()}
        long = [one for name, one in self._lists.items() if name in used and len(one.choices) > MOST]
        if long:
            yield Heading(_("Long lists of choices"), 1, "lists")
        for place, choices in enumerate(long):
            yield Heading(choices.name, 2, f"list-{place}")
            rows = tuple((choice.name, self._label(choice)) for choice in choices.choices)
            yield Grid(((_("Code"), _("Choice")), *rows))
