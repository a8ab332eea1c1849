"""What a view takes from the application: its settings, its secrets, the time."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from consult.config import Keys, Settings


def settings() -> Settings:
    """The installation's settings."""
    found: Settings = current_app.extensions["consult.settings"]
    return found


def keys() -> Keys:
    """The installation's secrets."""
    found: Keys = current_app.extensions["consult.keys"]
    return found


def now() -> dt.datetime:
    """This moment, in UTC. Never stored beside answers: those carry a day."""
    return dt.datetime.now(dt.UTC)
