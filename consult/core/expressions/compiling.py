"""From the tree to closures: everything that can be decided beforehand (kinds, conversions, constants) is."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple, cast

from consult.core.expressions.dates import looks_like_date
from consult.core.expressions.environment import Environment
from consult.core.expressions.functions import FUNCTIONS, Kind, Signature
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
    Parent,
    Reference,
    Text,
)
from consult.core.expressions.values import Value, divided, remainder, text_of, truth_of

AsText = Callable[[Environment], str]
AsNumber = Callable[[Environment], float]
AsTruth = Callable[[Environment], bool]
AsValue = Callable[[Environment], Value]
AsValues = Callable[[Environment], list[Value]]

_ARITHMETIC: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divided,
    "mod": remainder,
}
_ORDER: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Compiled(NamedTuple):
    """What a node yields, and the closure that yields it."""

    kind: Kind
    run: Callable[[Environment], object]


def compiled(node: Node) -> Compiled:
    """The closure of a node whose calls are known to be well-formed. Every part is compiled once."""
    match node:
        case Number(value=number):
            return Compiled(Kind.NUMBER, lambda env: number)
        case Text(value=text):
            return Compiled(Kind.TEXT, lambda env: text)
        case Reference(name=name):
            return Compiled(Kind.TEXT, lambda env: env.answer(name))
        case Dot():
            return Compiled(Kind.TEXT, lambda env: env.dot)
        case Attribute(name=name):
            return Compiled(Kind.TEXT, lambda env: env.choice.get(name, ""))
        case Parent():
            return Compiled(Kind.TEXT, lambda env: "")
        case Negation(operand=operand):
            positive = as_number(compiled(operand))
            return Compiled(Kind.NUMBER, lambda env: -positive(env))
        case Arithmetic():
            return _arithmetic(node)
        case Comparison():
            return Compiled(Kind.TRUTH, _equality(node) if node.operator in {"=", "!="} else _ordering(node))
        case Conjunction(items=items):
            return Compiled(Kind.TRUTH, _every(tuple(as_truth(compiled(item)) for item in items)))
        case Disjunction(items=items):
            return Compiled(Kind.TRUTH, _some(tuple(as_truth(compiled(item)) for item in items)))
        case Lookup():
            return Compiled(Kind.NODES, _lookup(node))
        case Call():
            return _call(node)


def as_value(part: Compiled) -> AsValue:
    """The value as it is; of a node-set the first."""
    if part.kind is Kind.NODES:
        rows = cast(AsValues, part.run)
        return lambda env: next(iter(rows(env)), "")
    return cast(AsValue, part.run)


def as_text(part: Compiled) -> AsText:
    """The value as text."""
    if part.kind is Kind.TEXT:
        return cast(AsText, part.run)
    value = as_value(part)
    return lambda env: text_of(value(env))


def as_number(part: Compiled) -> AsNumber:
    """The value as a number."""
    if part.kind is Kind.NUMBER:
        return cast(AsNumber, part.run)
    value = as_value(part)
    return lambda env: env.number(value(env))


def as_truth(part: Compiled) -> AsTruth:
    """The value as true or false."""
    if part.kind is Kind.TRUTH:
        return cast(AsTruth, part.run)
    value = as_value(part)
    return lambda env: truth_of(value(env))


def as_values(part: Compiled) -> AsValues:
    """All values of a node-set; anything else is a set of one."""
    if part.kind is Kind.NODES:
        return cast(AsValues, part.run)
    value = as_value(part)
    return lambda env: [value(env)]


def _arithmetic(node: Arithmetic) -> Compiled:
    left, right = as_number(compiled(node.left)), as_number(compiled(node.right))
    apply = _ARITHMETIC[node.operator]
    return Compiled(Kind.NUMBER, lambda env: apply(left(env), right(env)))


def _ordering(node: Comparison) -> AsTruth:
    left, apply = as_number(compiled(node.left)), _ORDER[node.operator]
    if isinstance(node.right, Number):
        bound = node.right.value
        return lambda env: apply(left(env), bound)
    right = as_number(compiled(node.right))
    return lambda env: apply(left(env), right(env))


def _equality(node: Comparison) -> AsTruth:
    """`=`, and `!=` as its contrary: NaN equals nothing, so it differs from everything."""
    equal = _equal(node)
    return equal if node.operator == "=" else lambda env: not equal(env)


def _equal(node: Comparison) -> AsTruth:
    """As truth values if one side is one, else as numbers if one side is one, else as texts."""
    left, right = compiled(node.left), compiled(node.right)
    kinds = {left.kind, right.kind}
    if Kind.TRUTH in kinds:
        truth, other = as_truth(left), as_truth(right)
        return lambda env: truth(env) is other(env)
    if Kind.ANY in kinds:
        value, against = as_value(left), as_value(right)
        return lambda env: _equal_values(env, value(env), against(env))
    if Kind.NUMBER in kinds:
        number, second = as_number(left), as_number(right)
        return lambda env: number(env) == second(env)
    return _equal_texts(as_text(left), as_text(right), node)


def _equal_texts(left: AsText, right: AsText, node: Comparison) -> AsTruth:
    for side, constant in ((left, node.right), (right, node.left)):
        if isinstance(constant, Text) and not looks_like_date(constant.value):
            return partial(_equals, side, constant.value)
    return lambda env: env.same(left(env), right(env))


def _equals(side: AsText, constant: str, env: Environment) -> bool:
    return side(env) == constant


def _equal_values(env: Environment, left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth_of(left) is truth_of(right)
    if isinstance(left, str) and isinstance(right, str):
        return env.same(left, right)
    return env.number(left) == env.number(right)


def _every(items: tuple[AsTruth, ...]) -> AsTruth:
    def every(env: Environment) -> bool:
        for item in items:  # noqa: SIM110  # a loop is twice as fast as all() of a generator
            if not item(env):
                return False
        return True

    return every


def _some(items: tuple[AsTruth, ...]) -> AsTruth:
    def some(env: Environment) -> bool:
        for item in items:  # noqa: SIM110  # as above
            if item(env):
                return True
        return False

    return some


def _lookup(node: Lookup) -> AsValues:
    choices, column = node.choices, node.column
    holds: AsTruth = (lambda env: True) if node.condition is None else as_truth(compiled(node.condition))

    def rows(env: Environment) -> list[Value]:
        found = (row for row in env.lists.get(choices, ()) if holds(env.child(choice=row)))
        return [row.get(column, "") for row in found]

    return rows


def _call(node: Call) -> Compiled:
    signature = FUNCTIONS[node.name]
    if signature.body is None:
        return _SPECIAL[node.name](node)
    arguments = node.arguments or ((Dot(),) if signature.dot else ())
    converted = tuple(_argument(signature, place, argument) for place, argument in enumerate(arguments))
    return Compiled(signature.returns, _applied(signature.body, converted, signature.environment))


def _applied(
    body: Callable[..., object], arguments: tuple[Callable[[Environment], object], ...], environment: bool
) -> Callable[[Environment], object]:
    if environment:
        return lambda env: body(env, *[argument(env) for argument in arguments])
    if len(arguments) == 1:
        (only,) = arguments
        return lambda env: body(only(env))
    if len(arguments) == 2:
        first, second = arguments
        return lambda env: body(first(env), second(env))
    return lambda env: body(*[argument(env) for argument in arguments])


def _argument(signature: Signature, place: int, node: Node) -> Callable[[Environment], object]:
    if isinstance(node, Reference) and signature.kind(place) in {Kind.NODES, Kind.VALUES}:
        return partial(_all_answers, node.name)
    return _AS[signature.kind(place)](compiled(node))


def _all_answers(name: str, env: Environment) -> list[str]:
    return env.answers(name)


_AS: Final[dict[Kind, Callable[[Compiled], Callable[[Environment], object]]]] = {
    Kind.TEXT: as_text,
    Kind.NUMBER: as_number,
    Kind.TRUTH: as_truth,
    Kind.ANY: as_value,
    Kind.NODES: as_values,
    Kind.VALUES: as_values,
}


def _if(node: Call) -> Compiled:
    condition, *branches = map(compiled, node.arguments)
    holds, (yes, no) = as_truth(condition), map(as_value, branches)
    return Compiled(_common(branches), lambda env: yes(env) if holds(env) else no(env))


def _coalesce(node: Call) -> Compiled:
    """The first value that is not empty; NaN, the number of an unanswered question, is empty too."""
    parts = [compiled(argument) for argument in node.arguments]
    candidates = tuple(map(as_value, parts))

    def first(env: Environment) -> Value:
        found: Value = ""
        for candidate in candidates:
            found = candidate(env)
            if found != "" and found == found:
                break
        return found

    return Compiled(_common(parts), first)


def _common(parts: Sequence[Compiled]) -> Kind:
    """The kind that all have; of node-sets it is the first value that counts."""
    kinds = {Kind.TEXT if part.kind is Kind.NODES else part.kind for part in parts}
    return kinds.pop() if len(kinds) == 1 else Kind.ANY


def _position(node: Call) -> Compiled:
    """In which instance of the innermost repeat one is; of another repeat around one where it is named."""
    match node.arguments:
        case (Reference(name=name),):
            return Compiled(
                Kind.NUMBER,
                lambda env: float(dict(zip(env.chain, env.path, strict=True)).get(name, 1)),
            )
    return Compiled(Kind.NUMBER, lambda env: float(env.path[-1]) if env.path else 1.0)


def _indexed_repeat(node: Call) -> Compiled:
    """The answer to a question in one instance: pairs of a repeat and the number in it narrow down which."""
    wanted, *pairs = node.arguments
    if not isinstance(wanted, Reference):
        return Compiled(Kind.TEXT, as_text(compiled(wanted)))
    places = [
        (repeat.name, as_number(compiled(index)))
        for repeat, index in zip(pairs[::2], pairs[1::2], strict=False)
        if isinstance(repeat, Reference)
    ]

    def text(env: Environment) -> str:
        numbers = {repeat: index(env) for repeat, index in places}
        if not all(number.is_integer() for number in numbers.values()):
            return ""
        found = env.answers(wanted.name, {repeat: int(number) for repeat, number in numbers.items()})
        return found[0] if found else ""

    return Compiled(Kind.TEXT, text)


def _once(node: Call) -> Compiled:
    value, ordinal = as_text(compiled(node.arguments[0])), node.ordinal

    def computed(env: Environment) -> str:
        text = value(env)
        return "" if text == "NaN" else text

    return Compiled(Kind.TEXT, lambda env: env.keep(ordinal, "once", lambda: computed(env)))


def _now(node: Call) -> Compiled:
    """Today, because no time finer than a day is stored."""
    ordinal = node.ordinal
    return Compiled(Kind.TEXT, lambda env: env.keep(ordinal, "now", env.today.isoformat))


def _random(node: Call) -> Compiled:
    ordinal = node.ordinal
    return Compiled(
        Kind.NUMBER,
        lambda env: env.number(env.keep(ordinal, "random", lambda: text_of(env.random(ordinal)))),
    )


def _uuid(node: Call) -> Compiled:
    ordinal = node.ordinal
    return Compiled(Kind.TEXT, lambda env: env.keep(ordinal, "uuid", lambda: env.uuid(ordinal)))


_SPECIAL: Final[dict[str, Callable[[Call], Compiled]]] = {
    "if": _if,
    "coalesce": _coalesce,
    "position": _position,
    "indexed-repeat": _indexed_repeat,
    "once": _once,
    "now": _now,
    "random": _random,
    "uuid": _uuid,
}
