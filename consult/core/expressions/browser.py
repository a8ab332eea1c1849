"""Expressions for the browser's evaluator (`static/js/expressions.js`), which answers as `compiling` does.

There a value is a text, a number or a truth value, a node-set an array of texts, a date its ISO text. The environment
has values {name: text}, dot, choice {column: text}, place, today, zone (IANA), offset (of its midnights, in
milliseconds), kept {key: text}, lists {name: rows} and label(value, question).

Left to the server are `digest` and `indexed-repeat`, patterns that are computed or have no sure counterpart, and
choice lists whose name is computed. What `random`, `uuid` and `randomize` draw comes from the server. `exp log log10
sin cos tan asin acos atan atan2`, and `pow` and `exp10` with a fraction as exponent, may differ in the last digit, as
they do between any two machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from consult.core.expressions.automaton import program
from consult.core.expressions.environment import Environment
from consult.core.expressions.expression import Expression
from consult.core.expressions.functions import FUNCTIONS
from consult.core.expressions.patterns import pattern
from consult.core.expressions.tree import Attribute, Call, Json, Lookup, Text, question_name, walk
from consult.core.expressions.values import text_of

LEFT: Final = frozenset({"digest", "indexed-repeat"})
"""Functions that the browser does not have."""
_WHOLE: Final = 10**15


class _LeftToServerError(Exception):
    """Something in the expression is for the server alone."""


def tree(expression: Expression) -> Json:
    """The tree in the form of `tree.to_json`, with patterns as programs and `.` where it is meant; None: left out."""
    try:
        return _fitted(expression.to_json())
    except _LeftToServerError:
        return None


def drawn(expression: Expression, env: Environment) -> dict[str, str]:
    """What `keep` and `randomize` read in an environment, by key: what is kept, else what would be drawn."""
    found = {}
    for call in (part for part, _ in walk(expression.tree) if isinstance(part, Call)):
        key = f"{env.place}/{call.ordinal}/{call.name}"
        if call.name == "randomize":
            found[f"{env.place}/randomize"] = str(env.randomized())
        elif call.ordinal >= 0 and env.kept.get(key):
            found[key] = env.kept[key]
        elif call.name == "random":
            found[key] = text_of(env.random(call.ordinal))
        elif call.name == "uuid":
            found[key] = env.uuid(call.ordinal)
    return found


def draws(expression: Expression) -> bool:
    """Whether it takes what is drawn, or computed once and kept: only the server does that."""
    calls = (part for part, _ in walk(expression.tree) if isinstance(part, Call))
    return any(call.ordinal >= 0 or call.name == "randomize" for call in calls)


def context(env: Environment) -> dict[str, Json]:
    """The day, and the time zone with the offset of its midnights in milliseconds."""
    zone = env.zone()
    return {"today": env.today.isoformat(), "zone": getattr(zone.info, "key", "UTC"), "offset": zone.offset}


def lists(expression: Expression) -> set[str]:
    """Names of the choice lists that it searches."""
    return set(_lists(expression))


def columns(expression: Expression) -> set[str]:
    """Names of the columns of the choice under test that it reads."""
    return {part.name for part, _ in walk(expression.tree) if isinstance(part, Attribute)}


def _lists(expression: Expression) -> Iterator[str]:
    for part, _ in walk(expression.tree):
        match part:
            case Lookup(choices=name) | Call(name="pulldata", arguments=(Text(value=name), *_)):
                yield name


def _fitted(node: Json) -> Json:
    """A part of `to_json`'s lists; texts and numbers stand for themselves."""
    if isinstance(node, float):
        return int(node) if node.is_integer() and node < _WHOLE else node
    if not isinstance(node, list):
        return node
    match node:
        case ["$" | "@", _] | ["." | ".."]:
            return node
        case ["instance", choices, condition, column]:
            return ["instance", choices, _fitted(condition), column]
        case ["keep", ordinal, call]:
            return ["keep", _fitted(ordinal), _fitted(call)]
        case ["regex", text, str(source)]:
            return _regex(_fitted(text), source)
        case ["jr:choice-name", value, str(name)]:
            return ["jr:choice-name", _fitted(value), question_name(name)]
        case ["pulldata", str(), *_]:
            return [node[0], *map(_fitted, node[1:])]
        case ["regex" | "jr:choice-name" | "pulldata", *_]:
            raise _LeftToServerError
        case [str(name)] if name in FUNCTIONS and FUNCTIONS[name].dot:
            return [name, ["."]]
        case [str(name), *arguments] if name not in LEFT:
            return [name, *map(_fitted, arguments)]
    raise _LeftToServerError


def _regex(text: Json, source: str) -> Json:
    if pattern(source) is None:
        return ["false"]
    found = program(source)
    if found is None:
        raise _LeftToServerError
    return ["regex", text, cast(Json, found)]
