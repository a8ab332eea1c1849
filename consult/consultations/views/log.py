"""The public log of moderation."""

from __future__ import annotations

import datetime as dt
import itertools

from flask import request
from werkzeug.wrappers import Response as Answer

from consult.consultations import log as service
from consult.consultations import words
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.web.context import settings
from consult.web.transaction import session


@blueprint.get(f"{PUBLIC}/log")
def log(slug: str) -> Answer:
    """What was decided on which day, and why: without any contribution's words, its author or its moderator."""
    seen = at.visit(slug)
    activity_id = seen.door.activity_id
    try:
        before = dt.date.fromisoformat(request.args.get("before", ""))
    except ValueError:
        before = None
    threshold = max(seen.door.process.threshold, settings().threshold)
    lines, further = service.lines(session(), activity_id, threshold=threshold, before=before)
    return at.page(
        seen,
        "consultations/log.html",
        days=[(day, list(of)) for day, of in itertools.groupby(lines, key=lambda line: line.day)],
        totals=service.totals(session(), activity_id, threshold=threshold),
        latest=seen.url("log") if before else "",
        earlier=seen.url("log", before=further.isoformat()) if further else "",
        words=words,
    )
