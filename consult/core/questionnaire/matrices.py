"""Matrices: questions with the same choices, shown as the rows of one table.

XLSForm writes them as a select with the appearance `label`, whose choices are the heads of the columns, followed by
selects of the same list with `list-nolabel`; or as a group `table-list`, all of whose selects are rows. Each row stays
an ordinary question: only the look differs. A row with choices of its own, or more choices than fit, is shown alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consult.core.questionnaire.definition import SILENT, Group, Node, Question, Questionnaire, QuestionType

MOST_COLUMNS: Final = 7
"""More columns would be too narrow to be read, or to be hit."""
TABLE: Final = "table-list"
HEAD: Final = "label"
ROW: Final = "list-nolabel"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions that are asked as the rows of one table."""

    head: Question | None
    """A note above the table; none in a group `table-list`."""
    rows: tuple[Question, ...]

    @property
    def several(self) -> bool:
        """Whether more than one choice of a row can be chosen."""
        return self.rows[0].type is QuestionType.SELECT_MULTIPLE


def arranged(nodes: Sequence[Node], questionnaire: Questionnaire, around: Group | None) -> tuple[Node | Matrix, ...]:
    """The nodes of a group (none: of the form) as they are shown, those that make a matrix together."""
    sizes = {choices.name: len(choices.choices) for choices in questionnaire.choice_lists}
    table = around is not None and TABLE in around.appearance
    found: list[Node | Matrix] = []
    waiting = [node for node in nodes if not (isinstance(node, Question) and node.type in SILENT)]
    while waiting:
        first = waiting.pop(0)
        head = first if isinstance(first, Question) and _heads(first) else None
        rows: list[Question] = []
        candidates = waiting if head is not None else [first, *waiting]
        for node in candidates:
            like = rows[0] if rows else head
            if not (isinstance(node, Question) and _fits(node, like, table, sizes)):
                break
            rows.append(node)
        if rows and (head is not None or len(rows) > 1):
            del waiting[: len(rows) if head is not None else len(rows) - 1]
            found.append(Matrix(head, tuple(rows)))
        else:
            found.append(first)
    return tuple(found)


def unmatched(questionnaire: Questionnaire) -> list[Node]:
    """The heads and groups of a matrix that cannot be shown as one."""
    found: list[Node] = []
    for nodes, around in [(questionnaire.children, None), *((n.children, n) for n in _groups(questionnaire))]:
        shown = arranged(nodes, questionnaire, around)
        found.extend(node for node in shown if isinstance(node, Question) and _heads(node))
        if around is not None and TABLE in around.appearance and not any(isinstance(one, Matrix) for one in shown):
            found.append(around)
    return found


def wordless(node: Node) -> bool:
    """Whether it heads a matrix and says nothing, as where the question stands in a note before it: nobody sees it."""
    if not isinstance(node, Question) or not _heads(node):
        return False
    return not (node.label or node.hint or node.guidance or node.media)


def _groups(questionnaire: Questionnaire) -> list[Group]:
    return [node for node, _ in questionnaire.walk() if isinstance(node, Group)]


def _heads(question: Question) -> bool:
    """Whether a question is the head of a matrix; the import makes it a note."""
    return HEAD in question.appearance and question.type is QuestionType.NOTE


def _fits(question: Question, like: Question | None, table: bool, sizes: dict[str, int]) -> bool:
    if question.type not in (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE):
        return False
    own = question.choice_filter or question.or_other or question.randomised
    if own or not 0 < sizes.get(question.choices, 0) <= MOST_COLUMNS:
        return False
    if not table and ROW not in question.appearance:
        return False
    if like is None:
        return True
    alike = like.type in (question.type, QuestionType.NOTE)
    return alike and like.choices in (question.choices, "")
