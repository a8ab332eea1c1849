"""Finds the browser that the tests drive: `python -m tests.chromium` prints its path, exit 1 where there is none."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",  # containers and build servers run as root
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def executable() -> str | None:
    """Path of Chromium: CONSULT_CHROMIUM, the system's, or the one Playwright installed."""
    named = os.environ.get("CONSULT_CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    path = executable()
    sys.stdout.write(f"{path or ''}\n")
    sys.exit(path is None)
