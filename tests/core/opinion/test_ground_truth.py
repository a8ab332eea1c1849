"""Conversations that were held: counts and consensus as published, and groups close to the published ones."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from consult.core.opinion.analysis import NOBODY, analyse
from consult.core.opinion.reading import read_moderated, read_votes
from consult.core.opinion.stability import adjusted_rand
from tests.core.opinion.conversing import NAMES, file, published, rows


@pytest.mark.parametrize("name", NAMES)
def test_votes_by_published_group_and_consensus_are_those_expected(name):
    votes = read_votes(file(name, "participants-votes"), "participants-votes.csv")
    found = {each.id: each for each in analyse(votes, threshold=10, given=published(name)).statements}
    expected = {row["comment"]: row for row in rows(name, "expected")}

    assert found.keys() == expected.keys()
    for statement, row in expected.items():
        tally, groups = found[statement].everyone, found[statement].groups
        counts = [tally.agree, tally.disagree, tally.passed, tally.seen]
        assert counts == [int(row[column]) for column in ("agree", "disagree", "passed", "seen")]
        assert [(part.agree, part.disagree, part.seen) for part in groups] == [
            tuple(int(row[f"g{group}_{column}"]) for column in ("agree", "disagree", "seen"))
            for group in range(len(groups))
        ]
        assert found[statement].consensus == pytest.approx(float(row["group_aware_consensus"]), abs=1e-10)


def test_group_informed_consensus_is_the_published_column():
    name = "bg2050-volunteers"
    votes = read_votes(file(name, "participants-votes"), "participants-votes.csv")
    found = {each.id: each.consensus for each in analyse(votes, threshold=10, given=published(name)).statements}
    column = {row["comment-id"]: float(row["group-informed-consensus"]) for row in rows(name, "comments")}

    assert len(column) == 371
    assert found == pytest.approx(column, abs=1e-12, rel=0)


@pytest.mark.parametrize(("name", "least"), [("ssis", 0.95), ("brexit", 0.87), ("15-per-hour", 0.87), ("uberx", 0.81)])
def test_groups_at_the_published_number_are_close_to_the_published_ones(name, least):
    votes = read_votes(file(name, "participants-votes"), "participants-votes.csv")
    given = published(name)
    out = read_moderated(file(name, "comments"), "comments.csv")

    found = analyse(votes, threshold=10, k=len({*given.values()}), out=out, treatment="zero", runs=1)

    both = [at for at, who in enumerate(found.participants) if who in given and found.labels[at] != NOBODY]
    theirs = np.array([given[found.participants[at]] for at in both])
    assert adjusted_rand(found.labels[both], theirs) >= least


def test_the_layout_with_a_row_per_vote_says_the_same():
    by_vote = read_votes(file("15-per-hour", "votes"), "votes.csv")
    by_participant = read_votes(file("15-per-hour", "participants-votes"), "participants-votes.csv")

    assert by_vote.participants == by_participant.participants
    assert by_vote.statements == by_participant.statements
    assert (by_vote.cells == by_participant.cells).all()


MADE = """
from tests.core.opinion.test_ground_truth import everything
print(everything("brexit"))
"""
OTHER = {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"}
"""Has linear algebra done as on a processor of 2004, which rounds otherwise."""


def everything(name: str) -> str:
    """A digest of all that is found in a conversation."""
    found = analyse(read_votes(file(name, "participants-votes"), name), threshold=10, runs=3)
    parts = (found.positions.tolist(), found.labels.tolist(), found.groups, found.statements, found.stability)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def test_another_machine_comes_to_the_same():
    command = [sys.executable, "-c", MADE]
    there = subprocess.run(command, env={**os.environ, **OTHER}, check=True, capture_output=True, text=True)
    assert there.stdout.strip() == everything("brexit")
