"""An expression as the rest of the program knows it: read once, compiled once, evaluated any number of times."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Final

from consult.core.expressions.compiling import as_number, as_truth, as_value, compiled
from consult.core.expressions.environment import Environment
from consult.core.expressions.functions import FUNCTIONS, VOLATILE, Kind
from consult.core.expressions.reading import read
from consult.core.expressions.tree import (
    Attribute,
    Call,
    Comparison,
    Conjunction,
    Disjunction,
    Json,
    Node,
    Number,
    Reference,
    Text,
    question_name,
    render,
    to_json,
    walk,
)
from consult.core.expressions.values import Value, text_of


class Expression:
    """An expression that can be evaluated. No evaluation raises, whatever was answered."""

    def __init__(self, source: str, tree: Node) -> None:
        self.source = source
        self.tree = tree
        part = compiled(tree)
        self.value = as_value(part)
        """The value as it is."""
        self.truth = as_truth(part)
        """True or false: whether a condition holds."""
        self.number = as_number(part)
        """The number, NaN where there is none."""

    def text(self, env: Environment) -> str:
        """What a calculation stores: the text, empty where a number could not be computed."""
        value: Value = self.value(env)
        return "" if value != value else text_of(value)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the questions that it refers to."""
        return frozenset(part.name for part, _ in walk(self.tree) if isinstance(part, Reference)) | self.labelled

    @cached_property
    def across(self) -> frozenset[str]:
        """Those of them of which, in a repeat, it may look at other instances than its own."""
        return frozenset(name for part, _ in walk(self.tree) if isinstance(part, Call) for name in looked_through(part))

    @cached_property
    def labelled(self) -> frozenset[str]:
        """Names of the questions of which it shows choice labels: `jr:choice-name(…, '${name}')`."""
        return frozenset(name for part, _ in walk(self.tree) if (name := labelled_question(part)))

    @cached_property
    def volatile(self) -> bool:
        """Whether the value depends on the reader or the day: `today now random uuid once randomize`."""
        return any(isinstance(part, Call) and part.name in VOLATILE for part, _ in walk(self.tree))

    @cached_property
    def by_columns(self) -> bool:
        """Whether it looks at nothing but the columns of a choice: a filter that is the same for everybody."""
        return all(isinstance(part, _COLUMNS) or _is_logic(part) for part, _ in walk(self.tree))

    def to_json(self) -> Json:
        """The tree for the browser's evaluator; see `tree.to_json` for its form."""
        return to_json(self.tree)

    def __str__(self) -> str:
        return render(self.tree)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return self.tree == other.tree if isinstance(other, Expression) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.tree)


_COLUMNS: Final = (Attribute, Text, Number, Comparison, Conjunction, Disjunction)


def _is_logic(node: Node) -> bool:
    return isinstance(node, Call) and node.name in {"not", "true", "false", "selected"}


def looked_through(call: Call) -> Iterator[str]:
    """Names of the questions of which a call takes all answers, or the one of an instance that it names itself."""
    signature = FUNCTIONS[call.name]
    for place, argument in enumerate(call.arguments):
        several = call.name == "indexed-repeat" or signature.kind(place) in {Kind.NODES, Kind.VALUES}
        if several and isinstance(argument, Reference):
            yield argument.name


def labelled_question(node: Node) -> str:
    """The question whose labels a `jr:choice-name` shows; empty for every other node."""
    match node:
        case Call(name="jr:choice-name", arguments=(_, Text(value=name))):
            return question_name(name)
    return ""


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The expression with that source.

    Raises `Refused` with codes `expression.empty .too_long .too_deep .too_many_parts .syntax .unfinished .quote.open
    .path .instance .instance.nested .number .function.unknown .function.misspelt .arity.few .arity.many
    .argument.nodeset`.
    """
    return Expression(source, read(source))
