"""Who declines on a device that keeps a questionnaire leaves nothing on it; help opens there without a network."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.db.session import Database
from consult.participation.models import Intake
from tests.browser.offline.keeping import LEFT, NOTHING, Device, keep, press
from tests.factories.responses import make_open


def test_a_device_forgets_who_declines(device: Device, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, "gates", slug="survey")
    page: Page = device().new_page()
    keep(page)
    page.locator("#nickname").fill("Kanarienvogel")
    page.locator("input[name=agree][value=no]").check()
    press(page, 1)
    expect(page.get_by_text("We have kept none of your answers.")).to_be_visible()
    assert page.evaluate(LEFT) == NOTHING
    with database.reading() as session:
        assert session.scalars(select(Intake.code)).all() == []


def test_help_opens_without_a_network(device: Device, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, "gates", slug="survey")
    context = device()
    page = context.new_page()
    keep(page)
    context.set_offline(True)
    page.goto("/en/q/survey/help")
    expect(page.get_by_role("heading", name="Complaining")).to_be_visible()
    page.goto("/en/q/survey")
    expect(page.locator("#kept-state")).not_to_be_empty()
