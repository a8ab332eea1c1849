"""What staff do with an event, in the audit trail."""

from __future__ import annotations

from typing import Final

from consult.processes.trail import noting

note: Final = noting("events")
