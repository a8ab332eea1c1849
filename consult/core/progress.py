"""Long work tells how far it has come, and hears between its steps that nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable


class Cancelled(Exception):  # noqa: N818  # it was told to stop, it does not fail
    """Somebody has cancelled the work."""


Progress = Callable[[int, int], None]
"""`progress(done, of)`: steps done, of how many; raises `Cancelled` when somebody has cancelled the work."""


def unwatched(done: int, of: int) -> None:
    """For work that nobody watches."""
