"""What is found while a file is read: problems that refuse it and warnings that do not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import Final

from consult.core.errors import NOWHERE, Parameter, Place, Problem, Refused
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.texts import lacking

LISTED: Final = 1000
"""So many problems are listed one by one; a file with more is broken in a way that one more line does not explain."""
_ORDER: Final = ("survey", "choices", "external_choices", "settings")
_SUGGESTIONS: Final = 50
_CANDIDATES: Final = 2000


class Report:
    """Collects problems and warnings in the order in which they are found."""

    def __init__(self) -> None:
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self._suggested = 0

    def error(self, code: str, place: Place = NOWHERE, /, **params: Parameter) -> None:
        """The file cannot be imported because of this."""
        self.errors.append(Problem(code, params, place))

    def warn(self, code: str, place: Place = NOWHERE, /, **params: Parameter) -> None:
        """The file is imported, and this is what was left out or looks wrong."""
        self.warnings.append(Problem(code, params, place))

    def count_missing(self, questionnaire: Questionnaire) -> None:
        """Warn, for every language, of how many texts are there in others only."""
        for locale, missing, total in lacking(questionnaire):
            self.warn("xlsform.language.incomplete", tag=locale, missing=missing, total=total)

    def closest(self, word: str, candidates: Iterable[str]) -> str:
        """The candidate that was probably meant, or nothing. Looked for a limited number of times: it is slow."""
        if self._suggested >= _SUGGESTIONS or len(word) > 100:
            return ""
        self._suggested += 1
        return next(iter(difflib.get_close_matches(word, list(islice(candidates, _CANDIDATES)), n=1)), "")

    def refuse_if_any(self) -> None:
        """Raise `Refused` with every problem found so far, in the order of sheets' rows."""
        if self.errors:
            raise Refused(*_listed(self.errors))

    def told(self) -> tuple[Problem, ...]:
        """The warnings, at most `LISTED` of them and then how many more there are."""
        return _listed(self.warnings)


def _listed(problems: list[Problem]) -> tuple[Problem, ...]:
    distinct = list(dict.fromkeys((problem.place, problem.code, tuple(problem.params.items())) for problem in problems))
    found = sorted((Problem(code, dict(params), place) for place, code, params in distinct), key=_position)
    if len(found) <= LISTED:
        return tuple(found)
    return (*found[:LISTED], Problem("xlsform.more", {"count": len(found) - LISTED}))


def _position(problem: Problem) -> tuple[int, int]:
    sheet = problem.place.sheet.lower().strip()
    return (_ORDER.index(sheet) if sheet in _ORDER else len(_ORDER), problem.place.row or 0)
