"""What a question of LimeSurvey becomes here: one question, several, or a group with a question per row or cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from consult.core.exchange.lss.naming import Names
from consult.core.exchange.lss.survey import Option, Question, Subquestion, Texts
from consult.core.exchange.lss.variables import Kind, Variable, Variables
from consult.core.questionnaire.definition import QuestionType

MATRIX: Final = ("table-list",)


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of a cell: codes with their texts, or the name of a list that LimeSurvey has built in."""

    codes: tuple[tuple[str, Texts], ...] = ()
    built_in: str = ""


@dataclass(slots=True)
class Cell:
    """One question here."""

    name: str
    type: QuestionType
    suffix: str = ""
    """What follows the question's code in LimeSurvey's name of the variable."""
    label: Texts = field(default_factory=dict)
    """Of its own; empty: the question's."""
    row: Subquestion | None = None
    column: Subquestion | None = None
    choices: Choices | None = None
    or_other: bool = False
    appearance: tuple[str, ...] = ()
    comment: bool = False
    """Whether it is for a comment on another cell."""
    relevant: str = ""


@dataclass(slots=True)
class Section:
    """Cells under a heading of their own."""

    name: str
    label: Texts
    cells: list[Cell]
    row: Subquestion | None = None
    appearance: tuple[str, ...] = ()


@dataclass(slots=True)
class Shape:
    """All that a question becomes. With sections it is a group, else the cells stand by themselves."""

    question: Question
    name: str
    cells: list[Cell] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    appearance: tuple[str, ...] = ()
    grouped: bool = False

    def all_cells(self) -> list[Cell]:
        """Every cell, in order."""
        return [*self.cells, *(cell for section in self.sections for cell in section.cells)]


@dataclass(slots=True)
class _Maker:
    """Makes the shape of one question and tells its variables."""

    question: Question
    name: str
    prefix: str
    """Of LimeSurvey's names of numbers: survey, group and question."""
    names: Names
    variables: Variables

    def tell(self, suffix: str, number: str, variable: Variable) -> None:
        """Make a variable known by both its names."""
        self.variables.add(self.question.code, suffix, f"{self.prefix}{number}", variable)

    def single(self, type_: QuestionType, kind: Kind, choices: Choices | None = None) -> Shape:
        """One question for one variable."""
        question = self.question
        or_other = question.other and choices is not None and type_ is QuestionType.SELECT_ONE
        hidden = question.attributes.get("hidden") == "1"
        variable = Variable(kind, self.name, with_other=or_other, labels=choices is not None, hidden=hidden)
        self.tell("", "", variable)
        if or_other:
            self.tell("other", "other", Variable(Kind.OTHER, self.name))
        cell = Cell(self.name, type_, choices=choices, or_other=or_other)
        return Shape(question, self.name, [cell])

    def rows(self, type_: QuestionType, kind: Kind, choices: Choices | None = None) -> Shape:
        """A question per row; with choices it is a matrix."""
        cells = []
        for row in self.question.rows():
            name = self.names.give(f"{self.name}_{row.code}")
            self.tell(row.code, row.code, Variable(kind, name, labels=choices is not None))
            cells.append(Cell(name, type_, row.code, row.label, row, choices=choices))
        return Shape(self.question, self.name, cells, appearance=MATRIX if choices else (), grouped=True)


def shape(question: Question, name: str, prefix: str, names: Names, variables: Variables) -> Shape | None:
    """The shape of a question; none for types that have no place here. Its variables are told to `variables`."""
    make = _TYPES.get(question.type)
    return make(_Maker(question, name, prefix, names, variables)) if make else None


def _number(question: Question) -> QuestionType:
    whole = question.attributes.get("num_value_int_only") == "1"
    return QuestionType.INTEGER if whole else QuestionType.DECIMAL


def _options(options: Sequence[Option]) -> Choices:
    return Choices(tuple((option.code, option.label) for option in options))


def _subquestions(rows: Sequence[Subquestion]) -> Choices:
    return Choices(tuple((row.code, row.label) for row in rows))


def _text(maker: _Maker) -> Shape:
    if maker.question.attributes.get("numbers_only") == "1":
        return maker.single(QuestionType.DECIMAL, Kind.NUMBER)
    made = maker.single(QuestionType.TEXT, Kind.TEXT)
    if maker.question.type in ("T", "U"):
        made.cells[0].appearance = ("multiline",)
    return made


def _list(maker: _Maker) -> Shape:
    made = maker.single(QuestionType.SELECT_ONE, Kind.CODE, _options(maker.question.scale(0)))
    if maker.question.type == "!":
        made.cells[0].appearance = ("minimal",)
    return made


def _list_with_comment(maker: _Maker) -> Shape:
    made = _list(maker)
    name = maker.names.give(f"{maker.name}_comment")
    maker.tell("comment", "comment", Variable(Kind.TEXT, name))
    made.cells.append(Cell(name, QuestionType.TEXT, "comment", appearance=("multiline",), comment=True))
    return made


def _multiple(maker: _Maker) -> Shape:
    question, rows = maker.question, maker.question.rows()
    for row in rows:
        maker.tell(row.code, row.code, Variable(Kind.TICK, maker.name, row.code))
    if question.other:
        maker.tell("other", "other", Variable(Kind.OTHER, maker.name))
    cell = Cell(maker.name, QuestionType.SELECT_MULTIPLE, choices=_subquestions(rows), or_other=question.other)
    made = Shape(question, maker.name, [cell])
    if question.type == "P":
        for row in rows:
            suffix = f"{row.code}comment"
            name = maker.names.give(f"{maker.name}_{suffix}")
            maker.tell(suffix, suffix, Variable(Kind.TEXT, name))
            relevant = f"selected(${{{maker.name}}}, '{row.code}')"
            made.cells.append(Cell(name, QuestionType.TEXT, suffix, row.label, row, comment=True, relevant=relevant))
    return made


def _ranking(maker: _Maker) -> Shape:
    options = maker.question.scale(0)
    for place in range(len(options)):
        variable = Variable(Kind.PLACE, maker.name, place=place, labels=True)
        maker.tell(str(place + 1), str(place + 1), variable)
    return Shape(maker.question, maker.name, [Cell(maker.name, QuestionType.RANK, choices=_options(options))])


def _date(maker: _Maker) -> Shape:
    """With hours in its format it is a moment, with hours only a time of day."""
    written = maker.question.attributes.get("date_format", "")
    if not {"H", "M"} & set(written):
        return maker.single(QuestionType.DATE, Kind.TEXT)
    day = set(written) & set("dmyY")
    return maker.single(QuestionType.DATETIME if day else QuestionType.TIME, Kind.TEXT)


def _dual(maker: _Maker) -> Shape:
    """A matrix for each of two scales."""
    made = Shape(maker.question, maker.name, grouped=True)
    headings = ("dualscale_headerA", "dualscale_headerB")
    for number, heading in enumerate(headings):
        cells = []
        for row in maker.question.rows():
            suffix = f"{row.code}_{number}"
            name = maker.names.give(f"{maker.name}_{suffix}")
            maker.tell(suffix, f"{row.code}#{number}", Variable(Kind.CODE, name, labels=True))
            choices = _options(maker.question.scale(number))
            cells.append(Cell(name, QuestionType.SELECT_ONE, suffix, row.label, row, choices=choices))
        title = maker.names.give(f"{maker.name}_scale_{number + 1}")
        made.sections.append(Section(title, _heading(maker.question, heading), cells, appearance=MATRIX))
    return made


def _heading(question: Question, name: str) -> Texts:
    plain = question.attributes.get(name, "")
    return question.localised.get(name) or ({"": plain} if plain else {})


def _table(type_: QuestionType, kind: Kind) -> Callable[[_Maker], Shape]:
    """Rows and columns of texts or numbers: a section per row with a question per column."""

    def make(maker: _Maker) -> Shape:
        question = maker.question
        if question.type == ":" and question.attributes.get("multiflexible_checkbox") == "1":
            return _ticks(maker)
        numbers = question.attributes.get("numbers_only") == "1"
        made = Shape(question, maker.name, grouped=True)
        for row in question.rows():
            cells = []
            for column in question.columns():
                suffix = f"{row.code}_{column.code}"
                name = maker.names.give(f"{maker.name}_{suffix}")
                maker.tell(suffix, suffix, Variable(Kind.NUMBER if numbers else kind, name))
                asked = QuestionType.DECIMAL if numbers else type_
                cells.append(Cell(name, asked, suffix, column.label, row, column))
            title = maker.names.give(f"{maker.name}_{row.code}")
            made.sections.append(Section(title, row.label, cells, row))
        return made

    return make


def _ticks(maker: _Maker) -> Shape:
    """A table of boxes to tick: a multiple choice per row."""
    columns = maker.question.columns()
    made = Shape(maker.question, maker.name, appearance=MATRIX, grouped=True)
    for row in maker.question.rows():
        name = maker.names.give(f"{maker.name}_{row.code}")
        for column in columns:
            suffix = f"{row.code}_{column.code}"
            maker.tell(suffix, suffix, Variable(Kind.TICK, name, column.code, "1"))
        choices = _subquestions(columns)
        made.cells.append(Cell(name, QuestionType.SELECT_MULTIPLE, row.code, row.label, row, choices=choices))
    return made


def _built_in(name: str) -> Callable[[_Maker], Shape]:
    return lambda maker: maker.single(QuestionType.SELECT_ONE, Kind.CODE, Choices(built_in=name))


def _array(name: str) -> Callable[[_Maker], Shape]:
    return lambda maker: maker.rows(QuestionType.SELECT_ONE, Kind.CODE, Choices(built_in=name))


def _plain(type_: QuestionType) -> Callable[[_Maker], Shape]:
    return lambda maker: maker.single(type_, Kind.TEXT)


def _options_by_row(maker: _Maker) -> Shape:
    return maker.rows(QuestionType.SELECT_ONE, Kind.CODE, _options(maker.question.scale(0)))


_TYPES: Final[Mapping[str, Callable[[_Maker], Shape]]] = {
    "S": _text,
    "T": _text,
    "U": _text,
    "N": lambda maker: maker.single(_number(maker.question), Kind.NUMBER),
    "D": _date,
    "L": _list,
    "!": _list,
    "O": _list_with_comment,
    "Y": _built_in("yes_no"),
    "G": _built_in("sex"),
    "5": _built_in("points_5"),
    "M": _multiple,
    "P": _multiple,
    "R": _ranking,
    "K": lambda maker: maker.rows(_number(maker.question), Kind.NUMBER),
    "Q": lambda maker: (
        maker.rows(QuestionType.DECIMAL, Kind.NUMBER)
        if maker.question.attributes.get("numbers_only") == "1"
        else maker.rows(QuestionType.TEXT, Kind.TEXT)
    ),
    "A": _array("points_5"),
    "B": _array("points_10"),
    "C": _array("yes_no_uncertain"),
    "E": _array("change"),
    "F": _options_by_row,
    "H": _options_by_row,
    "1": _dual,
    ";": _table(QuestionType.TEXT, Kind.TEXT),
    ":": _table(QuestionType.DECIMAL, Kind.NUMBER),
    "*": _plain(QuestionType.CALCULATE),
    "X": _plain(QuestionType.NOTE),
    "|": _plain(QuestionType.FILE),
}
NOWHERE: Final = frozenset({"I"})
"""Types that are known and have no place here: the choice of the language, which every page offers."""
