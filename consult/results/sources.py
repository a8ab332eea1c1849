"""Segments of one edition as the engine's table of what there is to tabulate: responses, or the entries of a repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from consult.core.aggregation.readings import Reading
from consult.core.aggregation.tables import Kind, Variable
from consult.core.aggregation.tabulate import Source
from consult.core.aggregation.variables import entries, kept, kind
from consult.core.questionnaire.definition import Question, Questionnaire
from consult.results import segments

if TYPE_CHECKING:
    import ibis.expr.types as ir


def responses(table: ir.Table, questionnaire: Questionnaire, reading: Reading) -> Source:
    """Of responses."""
    return Source(table, _kinds(kept(questionnaire)), reading)


def of_entries(
    table: ir.Table,
    repeat: ir.Table,
    repeat_id: str,
    questionnaire: Questionnaire,
    reading: Reading,
    groups: Sequence[Variable],
) -> Source:
    """Of the entries of a repeat, each with what its response says of some variables with one answer."""
    asked_of = entries(questionnaire)[repeat_id].questions
    kinds = _kinds(kept(questionnaire))
    names = [name for one in groups if (name := reading.question(one.id)) in kinds and kinds[name] is one.kind]
    circumstances = [segments.LOCALE, segments.CHANNEL, segments.EDITION]
    beside = table.select(segments.KEY, *circumstances, *dict.fromkeys(names))
    kinds_of_both = {**{name: kinds[name] for name in names}, **_kinds(asked_of)}
    return Source(repeat.inner_join(beside, segments.KEY), kinds_of_both, reading)


def _kinds(questions: Mapping[str, Question]) -> dict[str, Kind]:
    return {name: how for name, question in questions.items() if (how := kind(question))}
