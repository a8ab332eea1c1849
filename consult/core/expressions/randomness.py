"""A shuffle that gives the same order everywhere: the one of OpenRosa's `randomize`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeVar

Item = TypeVar("Item")

_MODULUS: Final = 2**31 - 1


def shuffled(items: Sequence[Item], seed: float) -> list[Item]:
    """The items in the order that the seed gives.

    Fisher-Yates with the generator of Park and Miller (“Random number generators: good ones are hard to find”, 1988:
    multiplier 16807), as in the OpenRosa specification, so other tools show the same order.
    """
    state = math.trunc(seed) % _MODULUS if math.isfinite(seed) else 0
    state = state or _MODULUS - 1
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        state = state * 16807 % _MODULUS
        chosen = math.floor((state - 1) / (_MODULUS - 1) * (last + 1))
        order[last], order[chosen] = order[chosen], order[last]
    return order
