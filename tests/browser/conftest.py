"""A real browser against the real application, served on loopback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from consult.accounts.models import Role
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Gate
from tests import applications
from tests.browser.desk import OFFICER, PROCESS, TITLE, sign_in
from tests.browser.validator import Validator, validating
from tests.chromium import ARGUMENTS, executable
from tests.factories.accounts import user
from tests.factories.processes import make_process


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the browser's tests in one process: two cores serve one Chromium better than two."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(settings: Settings, keys: Keys, database: Database) -> Iterator[str]:
    """Address of the served application."""
    yield from _serve(settings, keys, database)


def _serve(settings: Settings, keys: Keys, database: Database) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, Flask("starting"), threaded=True)
    base = f"http://127.0.0.1:{server.server_port}"
    server.app = applications.begun(replace(settings, base_url=base, trusted_hosts=()), keys, database)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield base
    server.shutdown()
    thread.join()


@pytest.fixture
def device(chromium: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a device of its own: `device(java_script_enabled=False, locale="ar", viewport=…)`."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(base_url=address, **options)
        context.set_default_timeout(30_000)
        foreign: list[str] = []
        context.on(
            "request",
            lambda request: (
                foreign.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None
            ),
        )
        context.foreign = foreign  # type: ignore[attr-defined]  # read back below
        opened.append(context)
        return context

    yield make
    for context in opened:
        assert context.foreign == [], "a page asked another origin"  # type: ignore[attr-defined]
        context.close()


@pytest.fixture
def page(device: Callable[..., BrowserContext]) -> Page:
    """A page on a fresh device with JavaScript."""
    return device().new_page()


@pytest.fixture(scope="session")
def _checker() -> Iterator[int]:
    with validating() as port:
        yield port


@pytest.fixture
def validator(_checker: int) -> Validator:
    """Collects pages and has them checked at the end of a test, all tests' in one process."""
    return Validator(_checker)


@pytest.fixture
def ministry(settings: Settings, keys: Keys, database: Database) -> Installation:
    """A process of a ministry with an officer."""
    with database.transaction() as session:
        process = make_process(session, slug=PROCESS, gate=Gate.BEGUN)
        user(session, process.lead_institution, Role.OFFICER, email=OFFICER)
    return Installation(settings, keys, database)


@pytest.fixture
def officer(ministry: Installation, page: Page) -> Page:
    """The officer's browser, on the page of an activity that has just been planned."""
    sign_in(page, OFFICER)
    page.goto(f"/en/desk/processes/{PROCESS}")
    page.locator("a[href$='/activities/new']").first.click()
    page.locator("input[name=title]").fill(TITLE)
    page.locator("main form button.button").click()
    return page
