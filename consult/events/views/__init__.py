"""Pages of events: where people sign up, and where staff work on them."""

from consult.events.views import (
    calling,
    choosing,
    describing,
    drawing,
    feedback,
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
    summing,
)
from consult.events.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "calling",
    "choosing",
    "describing",
    "drawing",
    "feedback",
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
    "summing",
]
