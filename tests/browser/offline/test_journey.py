"""A questionnaire kept on a device: answered without a network, and sent once."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from consult.db.session import Database
from consult.participation import codes
from consult.processes.models import Activity
from tests.browser.offline.keeping import (
    ANSWERS,
    CANARY,
    LEFT,
    NOTHING,
    WORDS,
    Device,
    answers,
    fill_in,
    finished,
    keep,
    press,
    rows,
    saved,
)
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.factories.responses import OPENED, make_open
from tests.questionnaires import questionnaire


@pytest.mark.usefixtures("survey")
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_load_cut_the_network_fill_in_reload_reconnect_one_response(
    device: Device, database: Database, locale: str
) -> None:
    context = device(viewport={"width": 320, "height": 700})
    page = context.new_page()
    keep(page, locale)
    context.set_offline(True)
    page.goto(f"/{locale}/q/survey")
    assert page.locator("html").get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
    fill_in(page, locale)
    saved(page)
    page.reload()
    expect(page.locator("#why")).to_have_value("Because")
    press(page, 1, locale)
    expect(page.locator("#job"), "everything is there to be checked").to_have_value(CANARY)
    press(page, 2, locale)
    expect(page.get_by_role("status").filter(has_text=WORDS[locale][3])).to_be_visible()
    code = page.locator("#kept-code").inner_text().replace(" ", "")
    assert codes.read(code) == code
    assert rows(database) == []
    context.set_offline(False)
    page.wait_for_url("**/receipt")
    assert page.locator(".code").inner_text().replace("\n", "").replace(" ", "") == code
    assert answers(database) == ANSWERS
    assert rows(database)[0].state == "submitted"
    assert page.evaluate(LEFT) == NOTHING


@pytest.mark.usefixtures("survey")
def test_finished_answers_survive_a_reload_and_are_sent_when_the_page_is_opened_again(
    device: Device, database: Database
) -> None:
    context, page = finished(device)
    expect(page.locator("#kept-code")).to_be_visible()
    code = page.locator("#kept-code").inner_text()
    page.reload()
    expect(page.get_by_text(WORDS["en"][3])).to_be_visible()
    expect(page.locator("form")).to_have_count(0)
    assert page.locator("#kept-code").inner_text() == "", "whoever opens the page now may be somebody else"
    context.set_offline(False)
    page.wait_for_url("**/resume?arrived=sent")
    assert answers(database) == ANSWERS
    assert context.cookies() == []
    page.locator("#code").fill(code)
    press(page, 1)
    page.wait_for_url("**/receipt")


@pytest.mark.usefixtures("survey")
def test_with_a_network_they_are_sent_at_once_and_a_double_click_sends_them_once(
    page: Page, database: Database
) -> None:
    keep(page)
    fill_in(page)
    press(page, 1)
    page.evaluate("() => { const button = document.querySelector('#kept-finish'); button.click(); button.click(); }")
    page.wait_for_url("**/receipt")
    assert answers(database) == ANSWERS


@pytest.mark.usefixtures("survey")
def test_an_answer_that_got_lost_on_the_way_back_is_not_stored_twice(device: Device, database: Database) -> None:
    context = device()
    page = context.new_page()
    keep(page)
    fill_in(page)
    press(page, 1)
    lost: list[int] = []

    def cut(route: object) -> None:
        if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]
            lost.append(route.fetch(max_redirects=0).status)  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    context.route("**/offline", cut)
    press(page, 2)
    expect(page.get_by_text(WORDS["en"][3])).to_be_visible()
    for _ in range(100):
        page.wait_for_timeout(50)
        if lost:
            break
    assert lost == [303]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/receipt")
    assert answers(database) == ANSWERS


@pytest.mark.usefixtures("survey")
def test_the_page_says_what_is_wrong_before_it_lets_go_on(page: Page) -> None:
    keep(page)
    page.locator("input[name=works][value=yes]").check()
    press(page, 1)
    expect(page.locator("#job-error")).to_have_text("Answer this question.")
    expect(page.locator("#job")).to_be_focused()
    expect(page.locator("#job")).to_have_attribute("aria-describedby", "job-error")
    page.locator("#job").fill("Baker")
    page.locator("#months").fill("many")
    press(page, 1)
    expect(page.locator("#months-error")).to_have_text("Write a whole number, without decimals.")
    expect(page.locator("#job-error")).to_be_hidden()
    page.locator("#months").fill("11")
    press(page, 1)
    expect(page.get_by_role("heading", name="Later")).to_be_focused()
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#months")).to_have_value("11")


def test_what_only_the_server_can_decide_it_decides_when_the_answers_arrive(page: Page, database: Database) -> None:
    sheets = {
        "survey": [
            {"type": "text", "name": "word", "label": "Word", "constraint": "digest(., 'MD5') = 'x'"},
            {"type": "text", "name": "plain", "label": "Plain"},
        ]
    }
    with database.transaction() as session:
        activity = make_activity(
            session, make_process(session, locales=("en", "fr", "ar")), slug="survey", locales=("en",), opens_at=OPENED
        )
        make_edition(session, activity, questionnaire(sheets))
        make_notice(session, activity)
    keep(page)
    page.locator("#word").fill("anything")
    page.locator("#plain").fill("stays")
    press(page, 1)
    press(page, 2)
    page.wait_for_url("**/page/1")
    expect(page.locator("#plain")).to_have_value("stays")
    assert rows(database)[0].state == "draft"
    assert page.evaluate(LEFT) == NOTHING


FILL = """() => {
  const form = document.querySelector("form");
  for (const page of form.querySelectorAll(".page")) page.hidden = false;
  for (const [place, field] of [...form.elements].entries()) {
    if (field.disabled || field.type === "hidden") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = place % 2 === 0;
    else if (field.tagName === "SELECT") field.selectedIndex = place % field.options.length;
    else if (field.tagName !== "BUTTON" && !field.readOnly) field.value = String(place);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}"""
FORM = "() => JSON.stringify([...new FormData(document.querySelector('form'))])"


@pytest.mark.parametrize("feature", ["types", "later_types", "matrix", "or_other", "rank_filter", "in_place"])
def test_every_type_of_question_is_filled_in_again(page: Page, database: Database, feature: str) -> None:
    with database.transaction() as session:
        make_open(session, feature, slug="survey")
    keep(page)
    empty = page.evaluate(FORM)
    page.evaluate(FILL)
    saved(page)
    filled = page.evaluate(FORM)
    assert filled != empty
    page.reload()
    expect(page.locator("#kept-state")).not_to_be_empty()
    assert page.evaluate(FORM) == filled


@pytest.mark.usefixtures("survey")
def test_after_closing_they_stay_until_they_are_removed(device: Device, database: Database) -> None:
    context, page = finished(device)
    expect(page.get_by_text(WORDS["en"][3])).to_be_visible()
    with database.transaction() as session:
        session.execute(update(Activity).values(closes_at=dt.datetime.now(dt.UTC)))
    context.set_offline(False)
    expect(page.get_by_text("This questionnaire is closed. Your answers can no longer be sent.")).to_be_visible()
    assert page.evaluate(LEFT) != NOTHING
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove from this device").click()
    page.wait_for_url("**/en/q/survey")
    assert page.evaluate(LEFT) == NOTHING
    assert rows(database) == []
