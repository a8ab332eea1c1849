"""What is wrong with a file, as the command line tells it."""

from __future__ import annotations

from consult.core.errors import Problem
from consult.web.messages import sentence


def told(problem: Problem) -> dict[str, str | int | None]:
    """A problem with its place and its sentence, in English."""
    place = problem.place
    return {
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "code": problem.code,
        "message": sentence(problem, str),
    }


def line(problem: dict[str, str | int | None]) -> str:
    """The same on one line."""
    place = [problem["sheet"], problem["row"] and f"row {problem['row']}", problem["column"]]
    return f"{', '.join(str(part) for part in place if part) or 'file'}: {problem['message']} [{problem['code']}]"
