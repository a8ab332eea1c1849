"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import (
    calling,
    describing,
    feedback,
    first,
    grid,
    handouts,
    own,
    planning,
    programme,
    signing,
)
from consult.events.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "calling",
    "describing",
    "feedback",
    "first",
    "grid",
    "handouts",
    "own",
    "planning",
    "programme",
    "signing",
]
