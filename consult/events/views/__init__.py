"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import describing, first, guiding, noting, summing
from consult.events.views.blueprint import blueprint

__all__ = ["blueprint", "describing", "first", "guiding", "noting", "summing"]
