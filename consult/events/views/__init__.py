"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import describing, first, grid, handouts, own, planning, programme, signing
from consult.events.views.blueprint import blueprint

__all__ = ["blueprint", "describing", "first", "grid", "handouts", "own", "planning", "programme", "signing"]
