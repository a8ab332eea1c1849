"""How commands tell that something was refused: the reasons on standard error, exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from consult.core.errors import Problem, Refused
from consult.questionnaires.telling import line, told
from consult.web.messages import sentence

_LISTED: Final = 20
"""Problems that are told one by one."""


@contextmanager
def refusals() -> Iterator[None]:
    """End the command where something is refused."""
    try:
        yield
    except Refused as refused:
        listed = refused.problems[:_LISTED]
        for problem in listed:
            click.echo(named(problem), err=True)
        if more := len(refused.problems) - len(listed):
            click.echo(sentence(Problem("xlsform.more", {"count": more}), str), err=True)
        raise click.exceptions.Exit(2) from refused


def named(problem: Problem) -> str:
    """A problem in words, with its place where it has one, and its code."""
    return line(told(problem)) if problem.place.sheet else f"{sentence(problem, str)} [{problem.code}]"
