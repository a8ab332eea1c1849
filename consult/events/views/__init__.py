"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import (
    attending,
    describing,
    first,
    grid,
    handouts,
    own,
    planning,
    programme,
    signing,
    speaking_order,
    walking_in,
)
from consult.events.views.blueprint import blueprint

__all__ = [
    "attending",
    "blueprint",
    "describing",
    "first",
    "grid",
    "handouts",
    "own",
    "planning",
    "programme",
    "signing",
    "speaking_order",
    "walking_in",
]
