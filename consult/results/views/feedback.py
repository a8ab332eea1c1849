"""The page that compares the feedback on the events of a process."""

from __future__ import annotations

from consult.events.feedback import scales
from consult.processes import desk
from consult.results import feedback as comparing
from consult.results import queries
from consult.results.content import content_of
from consult.results.views.blueprint import DESK, blueprint
from consult.results.views.desk import crumb
from consult.web.transaction import session


@blueprint.get(f"{DESK}/feedback")
def feedback(slug: str) -> str:
    """What participants said of each event, as the latest published release has it."""
    process = desk.found_process(slug)
    known = queries.releases(session(), process.id)
    latest = next((release for release in known if release.shown), None)
    columns = comparing.compared(content_of(latest.content) if latest else None, comparing.asked(session(), process.id))
    return desk.render(
        "results/feedback.html",
        process,
        crumbs=[crumb(process)],
        columns=columns,
        release=latest,
        questions=scales(),
    )
