"""When a question is asked, as rows of the older conditions editor."""

from __future__ import annotations

from typing import Final

from consult.core.exchange.lss.script import Call, Chain, Lost, Operation, Script, Text, Unary, Variable
from consult.core.exchange.lss.survey import Condition
from consult.core.exchange.lss.translating import Translation, written
from consult.core.exchange.lss.variables import Kind, Own, Variables

ALWAYS: Final = ("", "1")
_METHODS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})


def from_rows(conditions: list[Condition], variables: Variables) -> str:
    """The condition that rows of the older editor say together, in the dialect used here; raises `Lost`."""
    if not conditions:
        return ""
    return written(Translation(variables).truth(_scenarios(conditions, variables)), "conditions")


def _scenarios(conditions: list[Condition], variables: Variables) -> Script:
    """Scenarios are alternatives; in each, what is asked about one question is an alternative, and all must hold."""
    scenarios: dict[int, dict[str, list[Script]]] = {}
    for each in conditions:
        asked = scenarios.setdefault(each.scenario, {}).setdefault(each.question, [])
        asked.append(_read(each, variables))
    return _chain(
        "or", [_chain("and", [_chain("or", rows) for rows in asked.values()]) for asked in scenarios.values()]
    )


def _chain(operator: str, items: list[Script]) -> Script:
    return items[0] if len(items) == 1 else Chain(operator, tuple(items))


def _read(row: Condition, variables: Variables) -> Script:
    name = row.field.removeprefix("+")
    if row.method == "RX":
        return Call("regexMatch", (Text(row.value), Variable(name)))
    if row.method not in _METHODS or "{" in row.field or "{" in row.value:
        raise Lost(f"{row.field} {row.method} {row.value}"[:60])
    if not row.value.strip():
        empty: Script = Call("is_empty", (Variable(name),))
        return empty if row.method == "==" else Unary("!", empty)
    if row.value.startswith("@") and row.value.endswith("@"):
        return Operation(row.method, Variable(name), Variable(row.value.strip("@")))
    if _is_tick(f"{name}{row.value}", variables):
        return Operation(row.method, Variable(f"{name}{row.value}"), Text("Y"))
    return Operation(row.method, Variable(name), Text(row.value))


def _is_tick(name: str, variables: Variables) -> bool:
    """Whether a code of a multiple choice is asked about: its field has no code then, its value is one."""
    try:
        return variables.find(name, Own())[0].kind is Kind.TICK
    except Lost:
        return False
