"""Addresses that are written into mails and files."""

from __future__ import annotations

import uuid

from consult.config import Settings

CONCERNS = "/<locale>/desk/consultations/<slug>/concerns"
"""The page of the focal point."""


def concerns(settings: Settings, locale: str, slug: str) -> str:
    """Where the focal point reads what was flagged."""
    return settings.base_url.rstrip("/") + CONCERNS.replace("<locale>", locale).replace("<slug>", slug)


def contribution(settings: Settings, locale: str, slug: str, kind: str, contribution_id: uuid.UUID) -> str:
    """Where everybody reads a comment with its answers, or a submission; `kind`: `comment` or `submission`."""
    return f"{settings.base_url.rstrip('/')}/{locale}/c/{slug}/{kind}s/{contribution_id}"
