"""One installation: what the command line, the worker and the web processes of a machine share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consult import config
from consult.config import Keys, Settings
from consult.db.session import Database


@dataclass(frozen=True, slots=True)
class Installation:
    """Settings, secrets and database."""

    settings: Settings
    keys: Keys
    database: Database


def open_installation(environ: Mapping[str, str]) -> Installation:
    """The installation that an environment describes; makes its data folder and keys where there are none."""
    settings = config.read(environ)
    settings.data.mkdir(parents=True, exist_ok=True)
    return Installation(settings, config.load_keys(settings.keys_file), Database(settings.url))
