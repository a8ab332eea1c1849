"""What is decided and done at the door of an activity, in the audit trail."""

from __future__ import annotations

from typing import Final

from consult.processes.trail import noting

note: Final = noting("participation")
