"""Everything in a form that refers to something else: expressions, `${name}` in texts, choice lists.

What is referred to may stand further down, so rows only note their uses; they are checked when all names are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from consult.core.errors import Place, Refused
from consult.core.exchange.workbook import Row
from consult.core.exchange.xlsform.cells import Cells
from consult.core.exchange.xlsform.choices import Lists
from consult.core.exchange.xlsform.kinds import FILE, Kind
from consult.core.exchange.xlsform.report import Report
from consult.core.expressions import Scope, check, parse
from consult.core.questionnaire.definition import Questionnaire, QuestionType
from consult.core.text import LocalisedText

_REFERENCE: Final = re.compile(r"\$\{\s*([^{}\s]*)\s*\}")
_SPACED: Final = re.compile(r"\$\s*\{\s*([^{}\s]+)\s*\}")
_REVERSED: Final = re.compile(r"(?<!\$)\{\s*([^\W\d][\w.\-]*)\s*\}\$(?!\s*\{)")
_FOREIGN: Final = frozenset(
    {"expression.path", "expression.instance", "expression.function.unknown", "expression.argument.nodeset"}
)
"""Problems that other software has none with: such a form is imported with a warning, and not published."""
_OWN: Final = frozenset({"expression.name.unknown", "expression.name.misspelt"})
"""Problems that are told here with more knowledge: of names that were left out."""
_COLUMNS: Final = frozenset({"expression.name.bare", "expression.name.quotes"})
"""What cannot be told of a filter on a list that is not in the form."""


@dataclass(frozen=True, slots=True)
class _Use:
    source: str
    place: Place
    own: str
    """Name of the question or section whose expression it is."""
    list_name: str = ""
    """In a choice filter: the list that is filtered."""


@dataclass(slots=True)
class Uses:
    """Names of a form and what refers to them."""

    names: dict[str, int] = field(default_factory=dict)
    """How often each name is used."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Names of rows that were not imported, with what their types are elsewhere."""
    missed: dict[str, str] = field(default_factory=dict)
    """Of those: what something speaks of."""
    files: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """The choice list of an attached file, by its name and the columns of codes and labels asked of it."""
    lists: list[tuple[Kind, Place]] = field(default_factory=list)
    """Selects with the list that each needs."""
    _expressions: list[_Use] = field(default_factory=list)
    _mentions: list[tuple[str, Place]] = field(default_factory=list)

    def named(self, name: str) -> None:
        """A node has this name."""
        self.names[name] = self.names.get(name, 0) + 1

    def expression(self, row: Row, column: str, cells: Cells) -> str:
        """The expression in a cell, noted."""
        return self._noted(cells.expression(row, column), row, column, cells)

    def condition(self, row: Row, column: str, cells: Cells) -> str:
        """The condition in a cell (empty: never), noted."""
        return self._noted(cells.condition(row, column), row, column, cells)

    def filter(self, row: Row, cells: Cells, list_name: str) -> str:
        """The choice filter in a cell, noted with the list whose columns it may name."""
        return self._noted(cells.expression(row, "choice_filter"), row, "choice_filter", cells, list_name)

    def texts(self, row: Row, column: str, cells: Cells) -> LocalisedText:
        """A text in all languages; its `${name}` are noted."""
        for each in cells.columns.of(column):
            self.mentions(row.cells.get(each.index, ""), cells.columns.sheet.place(row.number, each.index))
        return cells.localised(row, column)

    def mentions(self, text: str, place: Place) -> None:
        """Note every `${name}` in a text."""
        if "{" in text:
            self._mentions.append((text, place))

    def check(self, draft: Questionnaire, lists: Lists, report: Report) -> None:
        """Tell what refers to nothing. Codes: `expression.*`, `xlsform.reference.*`, `xlsform.list.*`."""
        scope = Scope.of(draft)
        for use in self._expressions:
            if reversed_name := _REVERSED.search(use.source):
                report.error("xlsform.reference.reversed", use.place, name=reversed_name[1][:60])
            else:
                self._check_expression(use, scope, report)
        for text, place in self._mentions:
            if reversed_name := _REVERSED.search(text):
                report.warn("xlsform.reference.reversed", place, name=reversed_name[1][:60])
            for name in dict.fromkeys(_REFERENCE.findall(text)):
                self._check_name(name, place, report)
        for kind, place in self.lists:
            self._check_list(kind, place, lists, report)

    def _noted(self, source: str, row: Row, column: str, cells: Cells, list_name: str = "") -> str:
        source = _SPACED.sub(r"${\1}", source)
        if source:
            self._expressions.append(_Use(source, cells.place(row, column), cells.word(row, "name"), list_name))
        return source

    def _check_expression(self, use: _Use, scope: Scope, report: Report) -> None:
        try:
            expression = parse(use.source)
        except Refused as refused:
            for problem in refused.problems:
                found = report.warnings if problem.code in _FOREIGN else report.errors
                found.append(replace(problem, place=use.place))
            names = frozenset(_REFERENCE.findall(use.source))
        else:
            names = expression.names
            for problem in check(expression, scope.at(use.own, use.list_name)):
                if problem.code not in (_OWN if use.list_name in ("", *scope.lists) else _OWN | _COLUMNS):
                    report.warnings.append(replace(problem, place=use.place))
        for name in sorted(names):
            self._check_name(name, use.place, report)

    def _check_name(self, name: str, place: Place, report: Report) -> None:
        if self.names.get(name, 0) > 1:
            report.error("xlsform.reference.ambiguous", place, name=name)
        elif name in self.names:
            return
        elif name in self.left_out:
            if self.left_out[name]:
                self.missed[name] = self.left_out[name]
            report.warn("xlsform.reference.left_out", place, name=name)
        elif near := report.closest(name, self.names):
            report.error("xlsform.reference.misspelt", place, name=name[:60], suggestion=near)
        else:
            report.error("xlsform.reference.unknown", place, name=name[:60])

    def _check_list(self, kind: Kind, place: Place, lists: Lists, report: Report) -> None:
        name = kind.choices
        if match := _REFERENCE.fullmatch(name):
            self._check_name(match[1], place, report)
        elif name not in lists.choices:
            if FILE.fullmatch(name):
                report.warn("xlsform.list.file", place, file=name)
            elif near := report.closest(name, lists.choices):
                report.error("xlsform.list.misspelt", place, list=name[:60], suggestion=near)
            else:
                report.error("xlsform.list.missing", place, list=name[:60])
        elif kind.type is not QuestionType.SELECT_ONE:
            for choice, where in zip(lists.choices[name], lists.places[name], strict=True):
                if " " in choice.name:
                    report.error("xlsform.choice.space", where, name=choice.name, list=name)
