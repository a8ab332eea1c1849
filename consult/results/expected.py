"""What participants said of events, beside what was expected: means from a release's tables, nothing counted anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from consult.core.aggregation.tables import Dataset, Kind, Table, Variable, base
from consult.events import queries
from consult.events.models.planned import Event
from consult.processes.models import Process
from consult.results.content import Content
from consult.results.presentation import Reader, variable_label

_CLOSE: Final = 0.1
"""Means that differ by less are as expected."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question of a feedback questionnaire, asked after an event."""

    question: str
    event: str
    mean: float | None
    """None where the release hides it."""
    answered: int | None
    """How many answers it is of."""
    expected: float | None
    verdict: str
    """The difference in words."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a release says of the feedback on events."""

    lines: tuple[Line, ...]
    """Question by question, each for the events after which it was asked."""
    missing: tuple[str, ...]
    """Events on whose feedback the release says nothing."""


def any_asked(session: Session, process: Process) -> bool:
    """Whether there is feedback on any event of a process."""
    return bool(queries.with_feedback(session, process.id))


def feedback(session: Session, process: Process, content: Content | None, reader: Reader) -> Feedback:
    """What participants said of the events of a process; `content`: of a release, if there is any."""
    known = {dataset.activity: dataset for dataset in content.datasets} if content else {}
    lines, missing = list[tuple[str, Line]](), list[str]()
    for event in queries.with_feedback(session, process.id):
        title = reader.text(event.activity.title, event.activity.locales[0])
        dataset = known.get(str(event.feedback_id))
        if dataset is None:
            missing.append(title)
        else:
            lines += _lines(event, title, dataset, reader)
    order = list(dict.fromkeys(name for name, _ in lines))
    lines.sort(key=lambda one: order.index(one[0]))  # what was asked after several events stands together
    return Feedback(tuple(line for _, line in lines), tuple(missing))


def _lines(event: Event, title: str, dataset: Dataset, reader: Reader) -> Iterator[tuple[str, Line]]:
    """With the name of each question."""
    one_way = {table.variable: table for table in dataset.one_way()}
    for variable in dataset.variables:
        expected = event.expected.get(variable.id, event.expected.get(variable.name))
        table = one_way.get(variable.id)
        if table is None or not (expected is not None or _rated(variable)):
            continue
        mean, answered = mean_of(variable, table)
        yield (
            variable.name,
            Line(
                question=variable_label(variable, dataset, reader),
                event=title,
                mean=mean,
                answered=answered,
                expected=expected,
                verdict=_verdict(mean, expected, reader),
            ),
        )


def _rated(variable: Variable) -> bool:
    """Whether answers are numbers: given as such, or steps of a scale that are called by numbers."""
    return variable.kind is Kind.NUMBER or (variable.kind is Kind.SINGLE and len(list(_steps(variable))) > 1)


def _steps(variable: Variable) -> Iterator[tuple[str, float]]:
    """The choices that are numbers, with these: “I do not know” is none."""
    for code in variable.codes():
        try:
            yield code, float(code)
        except ValueError:
            continue


def mean_of(variable: Variable, table: Table) -> tuple[float | None, int | None]:
    """The mean of a question, and of how many answers it is; none where the release does not show it, or a count that
    it would follow from."""
    if table.withheld:
        return None, None
    if variable.kind is Kind.NUMBER:
        return table.summary.mean if table.summary else None, base(table).answered
    found = [(row.counts[0], step) for code, step in _steps(variable) if (row := table.row(code))]
    counts = [count for count, _ in found if count is not None]
    if len(counts) < len(found) or sum(counts) < max(table.threshold, 1):
        return None, None
    total = sum(count * step for count, (_, step) in zip(counts, found, strict=True))
    return round(total / sum(counts), 2), sum(counts)


def _verdict(mean: float | None, expected: float | None, reader: Reader) -> str:
    _ = reader.words
    if mean is None:
        return _("Not shown: so few answered that a mean would point at somebody.")
    if expected is None:
        return _("Nothing was expected.")
    difference = round(mean - expected, 2)
    if abs(difference) < _CLOSE:
        return _("As expected.")
    found = (
        _("Above what was expected, by %(number)s.") if difference > 0 else _("Below what was expected, by %(number)s.")
    )
    return found % {"number": reader.number(abs(difference))}
