"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import (
    attending,
    choosing,
    describing,
    drawing,
    first,
    grid,
    guiding,
    handouts,
    nominating,
    noting,
    own,
    planning,
    programme,
    signing,
    speaking_order,
    summing,
    walking_in,
)
from consult.events.views.blueprint import blueprint

__all__ = [
    "attending",
    "blueprint",
    "choosing",
    "describing",
    "drawing",
    "first",
    "grid",
    "guiding",
    "handouts",
    "nominating",
    "noting",
    "own",
    "planning",
    "programme",
    "signing",
    "speaking_order",
    "summing",
    "walking_in",
]
