"""Feedback on the events of a process, from a release: its means beside what was expected, nothing counted anew."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.aggregation.tables import Dataset
from consult.core.text import LocalisedText
from consult.events.models.planned import Event
from consult.processes.models import Activity
from consult.results.content import Content


@dataclass(frozen=True, slots=True)
class Column:
    """What was said of an event."""

    title: LocalisedText
    source: str
    """The locale in which the title was written."""
    responses: int | None
    """How many answered; none where that is hidden, or nothing of it was released."""
    means: Mapping[str, float]
    """By question, without those that the release hides."""
    expected: Mapping[str, float]


def asked(session: Session, process_id: uuid.UUID) -> Sequence[Event]:
    """The events of a process that have a feedback questionnaire."""
    wanted = select(Event).join(Activity, Event.activity_id == Activity.id)
    wanted = wanted.where(Activity.process_id == process_id, Event.feedback_id.is_not(None))
    return session.scalars(wanted.order_by(Activity.slug)).all()


def compared(content: Content | None, events: Sequence[Event]) -> Sequence[Column]:
    """The events side by side, with what a release says of each; nothing where there is no release."""
    released = {dataset.activity: dataset for dataset in content.datasets} if content else {}
    return [_column(event, released.get(str(event.feedback_id))) for event in events]


def _column(event: Event, dataset: Dataset | None) -> Column:
    means = {
        table.variable: table.summary.mean
        for table in (dataset.tables if dataset else ())
        if not table.by and not table.withheld and table.summary is not None and table.summary.mean is not None
    }
    activity = event.activity
    responses = dataset.responses if dataset else None
    return Column(activity.title, activity.locales[0], responses, means, event.expected)
