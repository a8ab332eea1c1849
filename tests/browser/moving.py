"""From page to page: a click does not wait for the page to which it leads."""

from __future__ import annotations

from playwright.sync_api import Locator


def follow(link: Locator) -> None:
    """Click a link or a button, and wait for the page to which it leads."""
    with link.page.expect_navigation():
        link.click()
