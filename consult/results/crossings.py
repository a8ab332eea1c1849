"""By which groups the questions of an activity are broken down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from consult.core.aggregation import joint
from consult.core.aggregation.tables import Kind, Variable, order_of
from consult.core.aggregation.variables import CIRCUMSTANCES, LOCALE
from consult.core.errors import Refused

MOST_CROSSED: Final = 600
"""Crossed tables of one activity in one release."""


PLACES: Final = ":places"
"""In a plan: every place of orders is counted, which mean ranks are made of, and not the first alone."""
WORDS: Final = ":words"
"""In a plan: answers in words are broken down by their language."""
SET_APART: Final = ":set-apart"
"""In a plan: what was set apart in consultations counts, too."""
DETAILS: Final = (PLACES, WORDS, SET_APART)
"""What a plan names beside groups."""


class Crossings(NamedTuple):
    """What is broken down by what."""

    pairs: list[tuple[str, str]]
    """Variables with their groups."""
    together: list[tuple[str, ...]]
    """Variables by which others are broken down together; a pair names them by the id of the joint variable."""


def crossings(
    known: Sequence[Variable],
    wanted: Sequence[str],
    rows: Sequence[Variable] | None = None,
    *,
    more: int = 0,
) -> Crossings:
    """Which variable is to be broken down by which groups; no pair twice, and nothing that has a single category.

    What is wanted names a concept, an id or a name, or two at a time with `*` between them. `rows`: which variables are
    to be broken down; none: all. Refuses `results.plan.too_many` beyond `MOST_CROSSED` tables and so many `more`, and
    `results.plan.too_deep` where more stand together.
    """
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    together: dict[tuple[str, str], None] = {}
    for name in wanted:
        if name == WORDS:
            words = [(variable.id, LOCALE) for variable in known if variable.kind is Kind.TEXT]
            pairs |= {frozenset(pair): pair for pair in words if frozenset(pair) not in pairs}
        if name.count(joint.BY) > 1:
            raise Refused.because("results.plan.too_deep", groups=name)
        for parts in _named(known, name.split(joint.BY)):
            ids = tuple(part.id for part in parts)
            if len(parts) > 1:
                both = parts[0].id, parts[1].id
                together[both] = None
                pairs.setdefault(frozenset(both), both)
            for variable in known if rows is None else rows:
                if variable.id not in ids and _varies(variable, ids):
                    pair = variable.id, joint.BY.join(ids)
                    pairs.setdefault(frozenset(pair), pair)
    for codes in (one for one in known if one.coded and frozenset((one.id, LOCALE)) in pairs):
        pairs.pop(frozenset((codes.coded, LOCALE)), None)  # both would tell of few answers that nobody has coded
    if len(pairs) > MOST_CROSSED + more:
        raise Refused.because("results.plan.too_many", tables=len(pairs), most=MOST_CROSSED + more)
    return Crossings(list(pairs.values()), list(together))


def _named(known: Sequence[Variable], names: Sequence[str]) -> Iterator[tuple[Variable, ...]]:
    """The variables of a name; of several names, those of each with those of the others."""
    found = [
        [
            one
            for one in known
            if name in (one.concept, one.id, one.name) and one.kind not in (Kind.MULTIPLE, Kind.TEXT) and not one.place
        ]
        for name in names
    ]
    return (parts for parts in product(*found) if len({part.id for part in parts}) == len(parts))


def _varies(variable: Variable, groups: Sequence[str]) -> bool:
    """Whether a table of a variable by groups says something; of texts it says in which language they are."""
    if variable.kind is Kind.TEXT:
        return groups == (LOCALE,)
    if variable.place and order_of(variable.id)[0] in groups:
        return False
    several = len(variable.categories) != 1 or variable.kind is Kind.MULTIPLE  # which not everybody need have chosen
    return variable.id not in CIRCUMSTANCES and several
