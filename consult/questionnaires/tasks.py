"""Work of the worker: delete sounds and pictures that nobody uses, put questionnaires on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from consult.db.installation import Installation
from consult.files import Folder
from consult.jobs.long import Long
from consult.jobs.made import to_file
from consult.questionnaires import media, papers
from consult.web.messages.marks import N_


def sweep(installation: Installation, _payload: Mapping[str, Any], now: dt.datetime) -> None:
    """Delete contents that nobody uses, and files that are no content."""
    with installation.database.transaction() as session:
        known = media.forget(session, now)
    Folder(installation.settings.media).sweep(known, now=now)


TASKS = {"questionnaires.sweep": sweep}
LONG = {papers.TASK: Long(to_file(papers.make), N_("Putting a questionnaire on paper"), "questionnaires.paper")}
EVERY = {"questionnaires.sweep": dt.timedelta(days=1)}
