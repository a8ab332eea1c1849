"""Segments of one edition as the engine's table of what there is to tabulate: responses, or the entries of a repeat.

So is what a release reads from the database itself: of consultations and events there is one edition, and no segment.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from consult.core.aggregation.readings import AS_IT_IS, Reading
from consult.core.aggregation.tables import Kind, Variable
from consult.core.aggregation.tabulate import RECORD_KEY, Source
from consult.core.aggregation.variables import entries, kept, kind
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Question, Questionnaire
from consult.questionnaires.models import Edition
from consult.results import segments
from consult.results.models import Segment
from consult.results.terms import Terms

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

ONLY_EDITION: Final = 1
"""Of what is no questionnaire."""


class Person(Protocol):
    """Somebody of whom something counts."""

    @property
    def record(self) -> int:
        """Random, below 2³²: their part in the noise of cell keys."""

    @property
    def locale(self) -> str:
        """In which they took part."""


class Came(Protocol):
    """What was read of a consultation or an event."""

    @property
    def people(self) -> Sequence[Person]:
        """Everybody of whom something counts."""

    def digest(self) -> str:
        """SHA-256 of all of it."""


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


def terms(activity_id: uuid.UUID, asked: Questionnaire) -> Terms:
    """The terms of what was read, as the questionnaire that it is counted as."""
    written = document.encode(asked)
    edition = Edition(activity_id=activity_id, number=ONLY_EDITION, hash=document.digest(written), document=written)
    return Terms((edition,), (asked,), (AS_IT_IS,), ())


def of_people(people: Sequence[Person]) -> dict[str, pa.Array]:
    """The columns that all people have, whatever they were asked."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    return {
        segments.KEY: pa.array(range(len(people)), pa.int64()),
        RECORD_KEY: pa.array([one.record for one in people], pa.int64()),
        segments.LOCALE: codes([one.locale for one in people]),
        segments.EDITION: pa.array([ONLY_EDITION] * len(people), pa.int32()),
    }


def read_as(activity_id: uuid.UUID, came: Came) -> Segment:
    """What was read as it stands in a release: under the activity's own name, with the hash of all of it."""
    return Segment(
        id=activity_id, activity_id=activity_id, edition=ONLY_EDITION, hash=came.digest(), rows=max(1, len(came.people))
    )


def codes(values: Sequence[object]) -> pa.Array:
    """A column of codes, or of lists of them."""
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    if all(isinstance(value, str) for value in values):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, pa.list_(pa.string()))
