"""The nodes of a questionnaire from the shapes of a survey's questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from consult.core.exchange.lss import words
from consult.core.exchange.lss.attributes import left_over
from consult.core.exchange.lss.conditions import ALWAYS, from_rows
from consult.core.exchange.lss.context import Context
from consult.core.exchange.lss.defaults import default
from consult.core.exchange.lss.equations import calculation
from consult.core.exchange.lss.filters import Filters
from consult.core.exchange.lss.shapes import Cell, Choices, Section, Shape
from consult.core.exchange.lss.survey import Subquestion
from consult.core.exchange.lss.validation import checks
from consult.core.exchange.lss.variables import Own
from consult.core.questionnaire.answers import OTHER
from consult.core.questionnaire.definition import (
    NO_TEXT,
    SELECTS,
    Choice,
    Group,
    Node,
    Question,
    QuestionType,
    node_id,
)
from consult.core.text import LocalisedText

_POINTS: Final = re.compile(r"points_(\d+)")
_HIDEABLE: Final = frozenset(
    {QuestionType.TEXT, QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.DATE, QuestionType.SELECT_ONE}
)
_ANSWERLESS: Final = frozenset({QuestionType.NOTE, QuestionType.CALCULATE, QuestionType.HIDDEN})


@dataclass(slots=True)
class Builder:
    """Builds the nodes of one question."""

    context: Context
    shape: Shape
    path: str
    filters: Filters = field(init=False)
    used: set[str] = field(default_factory=set)
    """Attributes that were made use of."""
    told: set[tuple[str, str]] = field(default_factory=set)
    hidden: bool = False

    def build(self) -> tuple[Node, ...]:
        """The nodes. Codes: `lss.expression.lost .text.* .attributes .script .choice.* .default .hidden .filter`."""
        context, question = self.context, self.shape.question
        relevant = self._relevant()
        self.filters = Filters(context, self.shape)
        self.hidden = question.attributes.get("hidden") == "1" and question.type != "*"
        if self.hidden and not self._hideable():
            context.report.warn("lss.hidden", context.place(question, "hidden"), code=question.code)
            relevant = "false()"
        label = context.text(question.label, context.place(question, "question"), Own(question.code))
        hint = context.text(question.help, context.place(question, "help"), Own(question.code))
        nodes: tuple[Node, ...]
        if self.shape.grouped:
            nodes = (self._group(label, hint, relevant),)
        else:
            nodes = tuple(
                self._question(cell, NO_TEXT if number else label, NO_TEXT if number else hint, relevant)
                for number, cell in enumerate(self.shape.cells)
            )
        self._tell_rest()
        return nodes

    def _both(self, *conditions: str) -> str:
        return self.context.both(self.shape.question, *conditions)

    def _relevant(self) -> str:
        """LimeSurvey writes the rows of the conditions editor into `relevance` too: they are read where that is not."""
        context, question = self.context, self.shape.question
        place = context.place(question, "relevance")
        if question.relevance.strip() not in ALWAYS:
            within = [cell.name for cell in self.shape.all_cells()]
            return context.condition(question.relevance, place, Own(question.code), within)
        rows = "; ".join(f"{row.field} {row.method} {row.value}" for row in question.conditions)
        return context.translated(rows, place, lambda: from_rows(question.conditions, context.variables))

    def _hideable(self) -> bool:
        return len(self.shape.cells) == 1 and not self.shape.grouped and self.shape.cells[0].type in _HIDEABLE

    @staticmethod
    def _other_taken(cell: Cell) -> bool:
        """Whether a choice has the code that another answer has here."""
        return cell.choices is not None and any(code == OTHER for code, _ in cell.choices.codes)

    def _tell_rest(self) -> None:
        """What has no place, in one line per question."""
        context, question = self.context, self.shape.question
        rest = list(left_over(question, self.used))
        if question.mandatory == "S":
            rest.insert(0, "mandatory=S")
        if any(cell.or_other and self._other_taken(cell) for cell in self.shape.cells):
            rest.insert(0, "other=Y")
        if rest:
            context.report.warn("lss.attributes", context.place(question), attributes=", ".join(rest)[:500])
        if question.script.strip():
            context.report.warn("lss.script", context.place(question, "script"))

    def _group(self, label: LocalisedText, hint: LocalisedText, relevant: str) -> Node:
        children: list[Node] = [self._question(cell, NO_TEXT, NO_TEXT, "") for cell in self.shape.cells]
        children += [self._section(section) for section in self.shape.sections]
        name = self.shape.name
        return Group(
            id=node_id(f"{self.path}/{name}"),
            name=name,
            label=label,
            hint=hint,
            relevant=relevant,
            appearance=self.shape.appearance,
            children=tuple(children),
        )

    def _section(self, section: Section) -> Node:
        place = self.context.place(self.shape.question, section.row.code if section.row else section.name)
        return Group(
            id=node_id(f"{self.path}/{self.shape.name}/{section.name}"),
            name=section.name,
            label=self.context.text(section.label, place, Own(self.shape.question.code)),
            relevant=self._both(self._row(section.row), self.filters.row(section.row)) if section.row else "",
            appearance=section.appearance,
            children=tuple(self._question(cell, NO_TEXT, NO_TEXT, "") for cell in section.cells),
        )

    def _row(self, row: Subquestion | None) -> str:
        """The condition of a row or column."""
        if row is None or row.relevance.strip() in ALWAYS:
            return ""
        context, question = self.context, self.shape.question
        place = context.place(question, f"{row.code} · relevance")
        own = Own(question.code, row.code)
        within = [cell.name for cell in self.shape.all_cells() if row in (cell.row, cell.column)]
        return context.condition(row.relevance, place, own, within)

    def _question(self, cell: Cell, label: LocalisedText, hint: LocalisedText, relevant: str) -> Question:
        context, question = self.context, self.shape.question
        own = Own(question.code, cell.suffix)
        if cell.label:
            label = context.text(cell.label, context.place(question, cell.suffix), own)
        if cell.comment:
            comment = words.word("comment", context.locales.values())
            label, hint = (label, comment) if label else (comment, NO_TEXT)
        in_section = bool(self.shape.sections)
        rows = (
            ""
            if in_section and cell.column is not None
            else self._both(self._row(cell.row), self.filters.row(cell.row))
        )
        row_conditions = "" if cell.comment else self._both(rows, self._row(cell.column))
        type_ = QuestionType.HIDDEN if self.hidden and self._hideable() else cell.type
        found = checks(self.shape, cell, context.variables)
        self.used |= found.used
        for attribute, part in found.lost:
            if (attribute, part) not in self.told:
                self.told.add((attribute, part))
                source = question.pattern if attribute == "preg" else question.attributes[attribute]
                place = context.place(question, attribute)
                context.report.warn("lss.expression.lost", place, source=source[:200], part=part)
        identity = f"{self.path}/{self.shape.name}/{cell.name}" if self.shape.grouped else f"{self.path}/{cell.name}"
        choices = self._choices(cell) if type_ in SELECTS else ""
        asked = type_ not in _ANSWERLESS and not cell.comment
        return Question(
            id=node_id(identity),
            name=cell.name,
            type=type_,
            label=label,
            hint=hint,
            required="true()" if asked and question.mandatory == "Y" else "",
            relevant=self._both(relevant, row_conditions, cell.relevant),
            constraint=found.constraint if type_ not in _ANSWERLESS else "",
            constraint_message=self._message() if found.constraint else NO_TEXT,
            calculation=self._calculation() if type_ is QuestionType.CALCULATE else "",
            default="" if cell.comment else default(context, self.shape, cell),
            choices=choices,
            choice_filter=self.filters.choices(cell) if type_ in SELECTS else "",
            or_other=cell.or_other and type_ in SELECTS and not self._other_taken(cell),
            appearance=cell.appearance,
            parameters=self._parameters(cell) if type_ in SELECTS else {},
        )

    def _message(self) -> LocalisedText:
        question = self.shape.question
        tip = question.localised.get("em_validation_q_tip") or {"": question.attributes.get("em_validation_q_tip", "")}
        self.used.add("em_validation_q_tip")
        return self.context.text(tip, self.context.place(question, "em_validation_q_tip"))

    def _calculation(self) -> str:
        context, question = self.context, self.shape.question
        source = question.attributes.get("equation") or question.label.get(context.base, "")
        place = context.place(question, "equation")
        if question.attributes.get("hidden") != "1":
            context.report.warn("lss.equation", place, code=question.code)
        return context.translated(source, place, lambda: calculation(source, context.variables, Own(question.code)))

    def _parameters(self, cell: Cell) -> dict[str, str]:
        """`random_order`: each participant has an order of their own."""
        attributes = self.shape.question.attributes
        if self.shape.grouped or cell.type not in SELECTS:
            return {}
        self.used |= {"random_order", "answer_order"}
        randomised = attributes.get("random_order") in ("1", "2") or attributes.get("answer_order") == "random"
        return {"randomize": "true"} if randomised else {}

    def _choices(self, cell: Cell) -> str:
        """The list of a cell. Codes: `lss.choice.duplicate`."""
        assert cell.choices is not None
        built_in = cell.choices.built_in
        if built_in:
            tags = self.context.locales.values()
            points = _POINTS.fullmatch(built_in)
            found = words.points(int(points[1]), tags) if points else words.scale(built_in, tags)
            return self.context.lists.add(built_in, found)
        return self.context.lists.add(self.shape.name, self._listed(cell.choices))

    def _listed(self, choices: Choices) -> Iterable[Choice]:
        context, question = self.context, self.shape.question
        found: dict[str, Choice] = {}
        for code, label in choices.codes:
            place = context.place(question, code)
            if code in found:
                context.report.warn("lss.choice.duplicate", place, code=code)
            else:
                found[code] = Choice(name=code, label=context.text(label, place, Own(question.code)))
        return found.values()
