"""Addresses that are written into mails."""

from __future__ import annotations

from consult.config import Settings

CONCERNS = "/<locale>/desk/consultations/<slug>/concerns"
"""The page of the focal point."""


def concerns(settings: Settings, locale: str, slug: str) -> str:
    """Where the focal point reads what was flagged."""
    return settings.base_url.rstrip("/") + CONCERNS.replace("<locale>", locale).replace("<slug>", slug)
