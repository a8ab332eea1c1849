"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import (
    choosing,
    describing,
    drawing,
    first,
    grid,
    handouts,
    nominating,
    own,
    planning,
    programme,
    signing,
)
from consult.events.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "choosing",
    "describing",
    "drawing",
    "first",
    "grid",
    "handouts",
    "nominating",
    "own",
    "planning",
    "programme",
    "signing",
]
