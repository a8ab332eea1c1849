"""Variables with one answer or several, by the codes of their categories."""

from __future__ import annotations

from consult.core.aggregation.tables import (
    Category,
    Kind,
    Variable,
)


def single(name: str, *codes: str) -> Variable:
    return Variable(id=name, name=name, kind=Kind.SINGLE, categories=tuple(Category(code=code) for code in codes))


def multiple(name: str, *codes: str) -> Variable:
    return Variable(id=name, name=name, kind=Kind.MULTIPLE, categories=tuple(Category(code=code) for code in codes))
