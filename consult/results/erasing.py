"""What becomes of the column store, and of files made from it, when responses are erased. Releases stay."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from consult.db.installation import Installation
from consult.jobs import made
from consult.privacy.kinds import Wanted
from consult.processes.models import Activity
from consult.results import columns, upkeep
from consult.results.microdata.asking import MICRODATA


def responses(installation: Installation, wanted: Wanted) -> int:
    """Clear the column store of an activity whose responses are gone, and delete files of its records."""
    database, settings = installation.database, installation.settings
    with database.transaction() as session:
        process_id = session.get_one(Activity, wanted.activity_id).process_id
        made.withdraw(session, settings.made, process_id, {MICRODATA}, str(wanted.activity_id), wanted.now)
    columns.clear(database, wanted.activity_id, store=settings.column_store)
    database.scrub("segments", "tombstones")
    return 0


def withdrawn(installation: Installation, activity_id: uuid.UUID, _digests: Sequence[bytes]) -> int:
    """Rewrite the segments that hold what was withdrawn."""
    upkeep.refresh(installation, [activity_id])
    return 0
