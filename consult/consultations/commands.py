"""The command line for consultations: `consult opinions`, on plain files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from consult.core.opinion.analysis import NOBODY, Analysis, Group, Statement, analyse
from consult.core.opinion.marks import Mark
from consult.core.opinion.reading import read_groups, read_moderated, read_votes
from consult.core.opinion.votes import Treatment
from consult.questionnaires.refusing import refusals

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_THRESHOLD = 10
_SHARED = 5
"""Statements with the greatest consensus that are told in words."""


@click.command("opinions")
@click.argument("votes", type=_FILE)
@click.option("--comments", type=_FILE, help="CSV: comment-id, moderated (-1: moderated out).")
@click.option(
    "--groups", "given", type=_FILE, help="CSV: participant,group. The grouping as it is; nothing is searched."
)
@click.option("--k", type=click.IntRange(2), metavar="K", help="So many groups; otherwise as many as fit best.")
@click.option(
    "--moderated",
    "treatment",
    type=click.Choice(["exclude", "zero"]),
    default="exclude",
    show_default=True,
    help="What was moderated out is left out, or counts as passed by everybody, as it does in Polis.",
)
@click.option(
    "--threshold",
    type=click.IntRange(1),
    default=_THRESHOLD,
    show_default=True,
    help="People that each group must have, unless groups are given.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
def opinions(
    votes: Path,
    comments: Path | None,
    given: Path | None,
    k: int | None,
    treatment: Treatment,
    threshold: int,
    form: str,
) -> None:
    """Find opinion groups in VOTES, what marks each, and what all share.

    VOTES is a CSV file as Polis exports it: participants-votes.csv (a row per participant, a column per statement) or
    votes.csv (a row per vote, of several the latest counts). What comes out is not disclosure-controlled, but for the
    size of groups. Exit code 2: refused, with the reasons.
    """
    if given and k:
        raise click.UsageError("--k and --groups exclude each other.")
    with refusals():
        read = read_votes(votes.read_bytes(), votes.name)
        out = read_moderated(comments.read_bytes(), comments.name) if comments else frozenset()
        grouping = read_groups(given.read_bytes(), given.name, read.participants) if given else None
        found = analyse(read, threshold=threshold, k=k, given=grouping, out=out, treatment=treatment)
    click.echo("\n".join(_words(found)) if form == "text" else json.dumps(_document(found)))


def _document(found: Analysis) -> dict[str, object]:
    """Everything, as JSON has it."""
    stability = found.stability
    return {
        "participants": [
            {"participant": name, "x": x, "y": y, "group": None if group == NOBODY else group}
            for name, (x, y), group in zip(
                found.participants, found.positions.tolist(), found.labels.tolist(), strict=True
            )
        ],
        "groups": [
            {"group": group.number, "size": group.size, "represents": [_mark(mark) for mark in group.represents]}
            for group in found.groups
        ],
        "statements": [_statement(statement, found.groups) for statement in found.statements],
        "majority": [_mark(mark) for mark in found.majority],
        "silhouette": found.silhouette,
        "stability": {
            "runs": stability.runs if stability else 0,
            "mean": stability.mean if stability else None,
            "low": stability.low if stability else None,
        },
        "version": found.version,
    }


def _statement(statement: Statement, groups: tuple[Group, ...]) -> dict[str, object]:
    tally = statement.everyone
    return {
        "statement": statement.id,
        "consensus": statement.consensus,
        "agree": tally.agree,
        "disagree": tally.disagree,
        "pass": tally.passed,
        "priority": statement.priority,
        "moderated_out": statement.priority is None,
        "groups": [
            {"group": group.number, "agree": part.agree, "disagree": part.disagree, "pass": part.passed}
            for group, part in zip(groups, statement.groups, strict=True)
        ],
    }


def _mark(mark: Mark) -> dict[str, object]:
    return {
        "statement": mark.statement,
        "side": mark.side,
        "votes": mark.votes,
        "seen": mark.seen,
        "p": mark.share,
        "pt": mark.share_test,
        "r": mark.ratio,
        "rt": mark.ratio_test,
    }


def _words(found: Analysis) -> Iterator[str]:
    """What matters most, in words."""
    if not found.groups:
        yield "no distinct groups"
    for group in found.groups:
        yield f"group {group.number}: {group.size} participants"
        for mark in group.represents:
            yield f"  {mark.side}s with {mark.statement}: {mark.votes} of {mark.seen}"
    if found.stability:
        yield f"stability: {found.stability.mean:.2f} on average, {found.stability.low:.2f} at the 5 % quantile"
    shared = [each for each in found.statements if each.consensus is not None and each.priority is not None]
    for each in sorted(shared, key=lambda statement: -(statement.consensus or 0))[:_SHARED]:
        yield f"consensus on {each.id}: {each.consensus:.3f}"
