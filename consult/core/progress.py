"""Long work tells how far it has come, and hears between its steps that nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable


class Cancelled(Exception):  # noqa: N818  # it was told to stop, it does not fail
    """Somebody has cancelled the work."""


Progress = Callable[[int, int], None]
"""`progress(done, of)`: steps done, of how many; raises `Cancelled` when somebody has cancelled the work."""


def unwatched(done: int, of: int) -> None:
    """For work that nobody watches."""


class Steps:
    """Counts the steps of work that several functions share: each calls `step` when one is done."""

    def __init__(self, progress: Progress, of: int) -> None:
        self._progress, self._of, self._done = progress, of, 0

    def step(self) -> None:
        """One more is done; raises `Cancelled` as the progress does."""
        self._done += 1
        self._progress(min(self._done, self._of), self._of)
