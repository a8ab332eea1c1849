"""What the newest release says of an event. Its report counts nobody by itself: what one of the two hides, the other
might show."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.orm import Session

from consult.core.aggregation.contributions import NOTES
from consult.core.aggregation.signups import NOTE_CODES, NOTE_THEME
from consult.core.aggregation.tables import STATUSES, Dataset
from consult.processes.models import Activity
from consult.results import queries
from consult.results.content import Content, content_of
from consult.results.presentation import Reader, show
from consult.results.repeats import named


class Told(NamedTuple):
    """A release that has an event."""

    content: Content
    published: bool
    people: Dataset
    """Who signed up and who came."""
    notes: Dataset | None
    """None where there were none by then."""

    def classes(self) -> set[tuple[str, str]]:
        """The categories of which it shows that enough people are in them: variable and code."""
        return {
            (table.variable, row.code)
            for table in self.people.one_way()
            for row in table.rows
            if row.code not in STATUSES and (row.counts[0] or 0) - table.noise >= table.threshold
        }

    def codes(self, theme: str, reader: Reader) -> list[tuple[str, int]]:
        """How many notes on a theme, or a status, were given which code; the most frequent code first."""
        if self.notes is None:
            return []
        found = [
            (line.label, count)
            for table in self.notes.crossed(NOTE_CODES)
            if table.by == NOTE_THEME and theme in table.groups
            for line in show(table, self.notes, reader).lines
            if not line.missing and (count := line.counts[table.groups.index(theme)])
        ]
        return sorted(found, key=lambda one: -one[1])


def told(session: Session, activity: Activity, *, frozen: bool) -> Told | None:
    """The newest release that counts who signed up for an event; none without one.

    `frozen`: whether it may be one that is not published. Those that were withdrawn are shown to nobody.
    """
    for known in queries.releases(session, activity.process_id):
        if known.shown or (frozen and known.state == "frozen"):
            release = queries.release(session, activity.process_id, known.number)
            content = content_of(release.content) if release else None
            found = {one.activity: one for one in content.datasets} if content else {}
            if content and (people := found.get(str(activity.id))):
                return Told(content, known.shown, people, found.get(named(str(activity.id), NOTES)))
    return None
