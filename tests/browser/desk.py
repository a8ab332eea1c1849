"""What an officer does with a questionnaire, in a browser."""

from __future__ import annotations

import datetime as dt

import pyotp
from playwright.sync_api import Page

from consult.app import EVERY, TASKS
from consult.db.installation import Installation
from consult.jobs.worker import run_due
from tests.browser.language import plain
from tests.browser.moving import follow
from tests.factories.accounts import PASSWORD, TOTP_SECRET

OFFICER = "officer@example.org"
PROCESS = "labour"
TITLE = "What people abroad need"


def sign_in(page: Page, email: str) -> None:
    """Sign in as a member of staff, with the second step where a role needs it."""
    page.goto("/en/staff/sign-in")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    follow(page.locator("main form button.button"))
    if page.url.endswith("/code"):
        page.locator("input[name=code]").fill(pyotp.TOTP(TOTP_SECRET).now())
        follow(page.locator("main form button.button"))


def upload(page: Page, name: str, data: bytes, attached: dict[str, bytes] | None = None) -> None:
    """Import a file from the page of an activity, with the files that belong to it."""
    page.locator("main a[href$='/import']").first.click()
    files = [{"name": file, "mimeType": "text/csv", "buffer": content} for file, content in (attached or {}).items()]
    page.locator("input[name=attached]").set_input_files(files)
    send_file(page, name, data)


def send_file(page: Page, name: str, data: bytes) -> None:
    """Choose a file and send it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    follow(page.locator("main form button.button"))


def places(page: Page) -> list[tuple[str, ...]]:
    """Sheet, row and column of every line of the tables of problems."""
    rows = page.locator("main table tbody tr:has(td:nth-child(4)):not(:has(a))").all()
    return [tuple(plain(cell) for cell in row.locator("td").all_inner_texts()[:3]) for row in rows]


def publish_and_open(page: Page) -> None:
    """Publish the draft, write the notice in every language, let people in."""
    page.locator("main a[href$='/publish']").click()
    page.locator("main form button.button").click()
    page.locator("main a[href$='/notice']").click()
    page.wait_for_url("**/notice")
    for box in page.locator("main textarea").all():
        box.fill("Ministry of Foreign Affairs")
    page.locator("input[name=contact]").fill("privacy@example.org")
    page.locator("input[name=basis][value=public_task]").check()
    page.locator("input[name=special][value=none]").check()
    page.locator("main form button.button").click()
    page.locator("main a[href$='/open']").click()
    page.locator("main form button.button").click()


def close(page: Page, desk: str, installation: Installation) -> None:
    """Close the activity, and let the worker do what is due then."""
    page.goto(f"{desk}/close")
    page.locator("main form button.button").click()
    for _ in range(3):
        run_due(installation, TASKS, EVERY, clock=lambda: dt.datetime.now(dt.UTC))
