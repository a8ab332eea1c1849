"""Addresses that are written into mails and printed by the command line, where there is no request to build them."""

from __future__ import annotations

from consult.config import Settings

PREFIX = "/<locale>/staff"
LINK = "/link/<token>"


def link(settings: Settings, locale: str, token: str) -> str:
    """The address of a single-use link, from the installation's own address: never from what a request names."""
    return settings.base_url.rstrip("/") + (PREFIX + LINK).replace("<locale>", locale).replace("<token>", token)


def start(settings: Settings, locale: str) -> str:
    """The address of the sign-in page."""
    return settings.base_url.rstrip("/") + PREFIX.replace("<locale>", locale) + "/sign-in"
