"""The blueprint, which every module of views adds its routes to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("events", __name__)
PUBLIC = "/<locale>/e/<slug>"
"""Where people sign up: pages without a session."""
DESK = "/<locale>/desk/events/<slug>"
"""Where staff work on an event, by the address of its activity."""
OCCASION = f"{DESK}/occasions/<int:number>"
"""Where they work on one of its occasions."""
