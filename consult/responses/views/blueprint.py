"""The blueprint of taking part, and the memory of this process behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Blueprint, current_app

from consult.participation import guard
from consult.responses.shelf import Shelf

blueprint = Blueprint("responses", __name__, url_prefix="/<locale>/q/<slug>")
_View = TypeVar("_View", bound=Callable[..., Any])


def shelf() -> Shelf:
    """The memory of this process."""
    found: Shelf = current_app.extensions["consult.responses"]
    return found


def init(state: Any) -> None:
    """Give the application its shelf, and the counts of the bot measures."""
    state.app.extensions["consult.responses"] = Shelf()
    state.app.extensions["consult.pace"] = guard.Pace()


blueprint.record_once(init)


def elsewhere(rule: str, endpoint: str, methods: Sequence[str] = ("GET",)) -> Callable[[_View], _View]:
    """Route a view to an address that does not begin as those of the blueprint do, as the pages of the desk."""

    def route(view: _View) -> _View:
        name = f"{blueprint.name}.{endpoint}"
        blueprint.record_once(lambda state: state.app.add_url_rule(rule, name, view, methods=methods))
        return view

    return route
