"""Addresses that are written into mails."""

from __future__ import annotations

from consult.config import Settings

RETENTION = "/<locale>/desk/activities/<slug>/retention"
"""The page that shows what will be erased on which day."""


def retention(settings: Settings, locale: str, slug: str) -> str:
    """Where the data of an activity and their days are listed."""
    return settings.base_url.rstrip("/") + RETENTION.replace("<locale>", locale).replace("<slug>", slug)
