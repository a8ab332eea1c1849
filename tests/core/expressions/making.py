"""Random expressions, and random answers for them; the same seed makes the same."""

from __future__ import annotations

import datetime as dt
import random

from consult.core.expressions import Environment
from consult.core.expressions.functions import FUNCTIONS, Kind

APPROXIMATE = frozenset(["exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"])
"""Functions whose last digit depends on the machine."""
_OPERATORS = ("+", "-", "*", " div ", " mod ", "=", "!=", "<", "<=", ">", ">=", " and ", " or ")
_NODES = ("${a}", "${b}", ".", "..", "instance('list')/root/item[size > 1]/size", "randomize(${b})")
_SETS = (*_NODES, "instance('list')/root/item/name", "randomize(instance('list')/root/item/name)")
_WORDS = (
    "",
    "a",
    "x y",
    " b ",
    "é",
    "😀k",
    "true",
    "1",
    "-0.5",
    "2026-03-02",
    "x\u00a0y",
    "A1",
    "%Y-%m-%dT%H:%M:%S.%3 %a",
)
_ANSWERS = (
    "", "0", "7", "-1.5", "1e3", "1e999", "0.1", "abc", "x", "x y z", "OK", " 5\t", "2026-03-02", "2024-2-29",
    "2026-02-30", "2026-03-29T02:30", "1999-12-31T23:59:59.999Z", "2026-10-25 01:30:00+02:00", "0001-01-01",
    "9999-12-31T23:00", "12:30", "1984-07-01T00:00", "123456789012345680000", "٣", "NaN", "é à",
)  # fmt: skip
# Only zones of which Python and Chromium know the same before 1970, whereto arithmetic with dates leads (`-today()` is
# about 1913): to Chromium Accra is a link to Abidjan, in the data of many systems it has a past of its own.
_ZONES = ("UTC", "Africa/Abidjan", "Asia/Kathmandu", "Europe/Dublin", "Europe/Berlin", "America/Phoenix", "nowhere")
_ATOMS = (
    "a",
    "b",
    "x",
    " ",
    ".",
    r"\d",
    r"\w",
    r"\s",
    "[a-z]",
    "[^a]",
    "[a\\-x]",
    r"\.",
    r"[\w-]",
    r"\S",
    "é",
    r"\p{L}",
    r"\x41",
)


def environment(rng: random.Random) -> Environment:
    """Somebody's answers on some day, somewhere."""
    return Environment(
        {name: _answer(rng) for name in "abc" if rng.random() < 0.9},
        today=dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(40_000)),
        time_zone=rng.choice(_ZONES),
        seed=str(rng.randrange(5)),
        dot=rng.choice(_ANSWERS),
        place="q",
        kept={"q/0/once": "kept"} if rng.random() < 0.1 else {},
        choice={"name": "x", "size": "2"},
        lists={"list": [{"name": "x", "size": "1"}, {"name": "y", "size": "2.5"}, {"name": "z"}]},
        label=lambda value, question: f"label of {value} in {question}",
    )


def _answer(rng: random.Random) -> str | tuple[str, ...]:
    return rng.choice([*_ANSWERS, ("x", "y"), ("y",), str(rng.uniform(-100, 100)), str(rng.randrange(-50, 50))])


def expression(rng: random.Random, depth: int = 4) -> str:
    """Source of an expression."""
    if depth == 0 or rng.random() < 0.2:
        return _leaf(rng)
    kind = rng.random()
    if kind < 0.35:
        return f"({expression(rng, depth - 1)}){rng.choice(_OPERATORS)}({expression(rng, depth - 1)})"
    if kind < 0.4:
        return f"-({expression(rng, depth - 1)})"
    return _call(rng, depth - 1)


def _leaf(rng: random.Random) -> str:
    return rng.choice(
        [
            *("${a}", "${b}", "${c}", ".", "today()", "name", "size"),
            str(rng.randrange(10)),
            f"{rng.uniform(0, 10 ** rng.randrange(1, 17)):.{rng.randrange(9)}f}",
            f"'{rng.choice(_WORDS)}'",
            f"'{rng.choice(_ANSWERS)}'",
        ]
    )


def _call(rng: random.Random, depth: int) -> str:
    name = rng.choice(sorted(FUNCTIONS.keys() - APPROXIMATE - {"digest", "indexed-repeat"}))
    if name in {"pow", "exp10"}:
        exponent = f"int(({expression(rng, depth)}) mod 9)"
        return f"exp10({exponent})" if name == "exp10" else f"pow({expression(rng, depth)}, {exponent})"
    if name == "regex":
        return f"regex({expression(rng, depth)}, '{pattern(rng)}')"
    if name == "jr:choice-name":
        return f"jr:choice-name({expression(rng, depth)}, '${{a}}')"
    if name == "pulldata":
        return f"pulldata('list', '{rng.choice(('size', 'no'))}', 'name', {expression(rng, depth)})"
    signature = FUNCTIONS[name]
    count = rng.randint(signature.least, signature.least + 2 if signature.most is None else signature.most)
    return f"{name}({', '.join(_argument(rng, signature.kind(place), depth) for place in range(count))})"


def _argument(rng: random.Random, kind: Kind, depth: int) -> str:
    if kind is Kind.NODES:
        return rng.choice(_NODES)
    return rng.choice(_SETS) if kind is Kind.VALUES and rng.random() < 0.3 else expression(rng, depth)


def pattern(rng: random.Random, depth: int = 1) -> str:
    """Source of a pattern of which both sides know what it means."""
    parts = []
    for _ in range(rng.randint(1, 3)):
        part = rng.choice(_ATOMS)
        if depth and rng.random() < 0.4:
            part = f"({rng.choice(('', '?:'))}{pattern(rng, depth - 1)}|{pattern(rng, depth - 1)})"
        parts.append(part + rng.choice(("", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,}", "+?")))
    return rng.choice(("", "^", r"\b")) + "".join(parts) + rng.choice(("", "$", r"\b"))
