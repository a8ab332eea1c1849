"""Expressions as people read them: “12 Country” is “Italy”.

What has no words of its own is shown as its author wrote it, with the names of questions replaced by their labels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Final

from consult.core.expressions import parse
from consult.core.expressions.tree import (
    Arithmetic,
    Attribute,
    Call,
    Comparison,
    Conjunction,
    Disjunction,
    Dot,
    Lookup,
    Negation,
    Node,
    Number,
    Reference,
    Text,
    question_name,
)
from consult.core.expressions.values import number_text
from consult.core.questionnaire.definition import Question, Questionnaire, answers_of
from consult.questionnaires.paper.reader import Reader
from consult.web.messages.marks import N_

_LONGEST: Final = 80
"""Characters of a label that is named within a condition."""
_COMPARED: Final[Mapping[str, str]] = {
    "=": N_("%(left)s is %(right)s"),
    "!=": N_("%(left)s is not %(right)s"),
    "<": N_("%(left)s is less than %(right)s"),
    "<=": N_("%(left)s is %(right)s or less"),
    ">": N_("%(left)s is more than %(right)s"),
    ">=": N_("%(left)s is %(right)s or more"),
}
_DENIED: Final[Mapping[str, str]] = {"=": "!=", "!=": "="}
"""Only these: without an answer nothing is less, nor is it “or more”."""
_TURNED: Final[Mapping[str, str]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TERMS: Final[Mapping[str, str]] = {
    "count-selected": N_("the number of choices in %(of)s"),
    "string-length": N_("the number of characters in %(of)s"),
    "count": N_("the number of answers to %(of)s"),
    "count-non-empty": N_("the number of answers to %(of)s"),
    "sum": N_("the sum of %(of)s"),
    "min": N_("the smallest of %(of)s"),
    "max": N_("the greatest of %(of)s"),
}
_PLAIN: Final = frozenset({"number", "int", "string", "boolean", "once", "normalize-space", "date", "date-time"})
"""Functions of one argument that change how an answer is reckoned with, and not what it says."""
_OPERATORS: Final = {"+": "+", "-": "−", "*": "×", "div": "÷", "mod": "mod"}


class Conditions:
    """The expressions of a questionnaire for one reader."""

    def __init__(self, questionnaire: Questionnaire, reader: Reader) -> None:
        self._reader, self._ = reader, reader.words
        self._questions = {question.name: question for question in questionnaire.questions()}
        self._named = {node.name: node for node, _ in questionnaire.walk()}
        self._choices = questionnaire.lists()
        self._dot: Question | None = None

    def told(self, source: str, dot: Question | None = None) -> str:
        """An expression in words. `dot`: the question whose answer it speaks of as “this answer”."""
        self._dot = dot
        return self._told(parse(source).tree)

    def _told(self, node: Node, within: bool = False) -> str:
        """`within`: beside others, so that an “and” or “or” in it needs parentheses."""
        _ = self._reader.words
        match node:
            case Disjunction(items=items) if (alike := _alike(items)) is not None:
                of, codes = alike
                right = self._joint(node, [self._choice(of, code) for code in codes])
                return self._compare("=", self._term(of), right)
            case Conjunction(items=items) | Disjunction(items=items):
                told = self._joint(node, [self._told(item, within=True) for item in items])
                return f"({told})" if within else told
            case Comparison():
                return self._compared(node.operator, node.left, node.right)
            case Call(name="not", arguments=(inner,)):
                return self._denied(inner)
            case Call(name="selected", arguments=(of, Text(value=code))):
                return self._selected(_("%(question)s includes %(choice)s"), of, code)
            case Call(name="regex", arguments=(of, Text(value=pattern))):
                return _("%(left)s has the form %(right)s") % {"left": self._term(of), "right": f"⟨{pattern}⟩"}
            case Call(name="true" | "false"):
                return _("always") if node.name == "true" else _("never")
            case Call(name=name, arguments=(inner,)) if name in _PLAIN:
                return self._told(inner, within)
            case _:
                return self._term(node)

    def _joint(self, node: Conjunction | Disjunction, parts: Sequence[str]) -> str:
        _ = self._reader.words
        words = _("%(one)s and %(other)s") if isinstance(node, Conjunction) else _("%(one)s or %(other)s")
        return reduce(lambda one, other: words % {"one": one, "other": other}, parts)

    def _denied(self, inner: Node) -> str:
        _ = self._reader.words
        match inner:
            case Comparison() if inner.operator in _DENIED:
                return self._compared(_DENIED[inner.operator], inner.left, inner.right)
            case Call(name="selected", arguments=(of, Text(value=code))):
                return self._selected(_("%(question)s does not include %(choice)s"), of, code)
        return _("it is not so that %(condition)s") % {"condition": self._told(inner, within=True)}

    def _selected(self, words: str, of: Node, code: str) -> str:
        return words % {"question": self._term(of), "choice": self._choice(of, code)}

    def _compared(self, operator: str, left: Node, right: Node) -> str:
        _ = self._reader.words
        if isinstance(left, Text | Number) and not isinstance(right, Text | Number):
            left, right, operator = right, left, _TURNED.get(operator, operator)
        if isinstance(right, Text) and operator in ("=", "!="):
            if not right.value:
                words = _("%(question)s is not answered") if operator == "=" else _("%(question)s is answered")
                return words % {"question": self._term(left)}
            return self._compare(operator, self._term(left), self._choice(left, right.value))
        if isinstance(right, Number) and operator in ("=", "!=") and self._has(left, number_text(right.value)):
            code = number_text(right.value)
            return self._compare(operator, self._term(left), self._choice(left, code))
        return self._compare(operator, self._term(left), self._term(right))

    def _compare(self, operator: str, left: str, right: str) -> str:
        return self._(_COMPARED[operator]) % {"left": left, "right": right}

    def _term(self, node: Node) -> str:
        """What a part of a condition stands for."""
        _ = self._reader.words
        match node:
            case Number(value=value):
                return self._reader.number(value)
            case Text(value=value):
                return self._quoted(value)
            case Reference(name=name):
                return self._question(name)
            case Dot():
                return _("this answer")
            case Negation(operand=operand):
                return f"−{self._term(operand)}"
            case Arithmetic():
                return f"({self._term(node.left)} {_OPERATORS[node.operator]} {self._term(node.right)})"
            case Call(name="today" | "now"):
                return _("today")
            case Call(name=name, arguments=arguments) if arguments and name in _TERMS:
                return _(_TERMS[name]) % {"of": ", ".join(map(self._term, arguments))}
            case Call(name="format-date", arguments=(of, Text(value="%Y"))):
                return _("the year of %(of)s") % {"of": self._term(of)}
            case Call(name="jr:choice-name", arguments=(_value, Text(value=name))):
                return self._question(question_name(name))
            case Call(name=name, arguments=(inner,)) if name in _PLAIN:
                return self._term(inner)
            case Conjunction() | Disjunction() | Comparison():
                return f"({self._told(node)})"
            case _:
                return self._as_written(node)

    def _as_written(self, node: Node) -> str:
        match node:
            case Call(name=name, arguments=arguments):
                return f"{name}({'; '.join(self._told(part) for part in arguments)})"
            case Attribute(name=name):
                return f"⟨{name}⟩"
            case Lookup(choices=choices, column=column):
                condition = f"[{self._told(node.condition)}]" if node.condition is not None else ""
                return f"{choices}{condition}.{column}"
        return "…"

    def _question(self, name: str) -> str:
        found = self._named.get(name)
        label = self._reader.text(found.label).text if found is not None else ""
        words = textwrap.shorten(label or name, _LONGEST, placeholder=" …")
        number = self._reader.number_of(name)
        return self._quoted(f"{number} {words}" if number else words)

    def _choice(self, of: Node, code: str) -> str:
        label = self._labels(of).get(code, "")
        return self._quoted(label or code)

    def _has(self, of: Node, code: str) -> bool:
        return code in self._labels(of)

    def _labels(self, of: Node) -> Mapping[str, str]:
        question = self._asked(of)
        if question is None:
            return {}
        seen = {question.name}
        while (name := answers_of(question.choices)) and name in self._questions and name not in seen:
            question = self._questions[name]
            seen.add(name)
        found = self._choices.get(question.choices)
        return {choice.name: self._reader.text(choice.label).text for choice in found.choices} if found else {}

    def _asked(self, of: Node) -> Question | None:
        while isinstance(of, Call) and of.name in _PLAIN and len(of.arguments) == 1:
            of = of.arguments[0]
        if isinstance(of, Dot):
            return self._dot
        return self._questions.get(of.name) if isinstance(of, Reference) else None

    def _quoted(self, text: str) -> str:
        return self._("“%(text)s”") % {"text": text}


def _alike(items: Sequence[Node]) -> tuple[Node, list[str]] | None:
    """The one question that is each time compared with a code, and the codes; none where they are of several kinds."""
    of: Node | None = None
    codes = []
    for item in items:
        match item:
            case Comparison(operator="=", left=left, right=Text(value=code)) if code and of in (None, left):
                of = left
                codes.append(code)
            case _:
                return None
    return None if of is None else (of, codes)
