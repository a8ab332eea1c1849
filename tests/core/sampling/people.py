"""Candidates for the draws of the tests."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from consult.core.sampling.classes import Candidate
from consult.core.sampling.targets import Target

REGIONS, SEXES = ("east", "west", "Île"), ("f", "m")


def crowd(*groups: tuple[int, str, str], size: int = 1) -> list[Candidate]:
    """So many candidates of each region and sex."""
    kinds = [(region, sex) for many, region, sex in groups for _ in range(many)]
    return [
        Candidate(f"T{number:03}", {"region": region, "sex": sex}, size)
        for number, (region, sex) in enumerate(kinds, start=1)
    ]


def candidates(least: int = 1, most: int = 8) -> st.SearchStrategy[list[Candidate]]:
    profiles = st.fixed_dictionaries({"region": st.sampled_from(REGIONS), "sex": st.sampled_from(SEXES)})
    people = st.lists(st.tuples(profiles, st.sampled_from([1, 1, 1, 2])), min_size=least, max_size=most)
    return people.map(
        lambda found: [Candidate(f"T{number}", profile, size) for number, (profile, size) in enumerate(found)]
    )


def targets() -> st.SearchStrategy[list[Target]]:
    kinds = st.fixed_dictionaries(
        {},
        optional={
            "region": st.lists(st.sampled_from(REGIONS), min_size=1, max_size=2, unique=True).map(tuple),
            "sex": st.sampled_from(SEXES).map(lambda sex: (sex,)),
        },
    ).filter(bool)
    maxima = st.none() | st.integers(0, 4)
    return st.lists(st.builds(Target, kinds, st.integers(0, 4), maxima), max_size=3)


def inside(target: Target, people: Iterable[Candidate]) -> int:
    """How many people really are in the cell of a target, as who drew up the profiles knows."""
    return sum(one.size for one in people if all(one.profile[of] in kinds for of, kinds in target.cell.items()))
