"""Every type of question, empty and mistaken, in English and Arabic, on a phone and a desk, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from consult.db.session import Database
from tests.browser.validator import Validator, inspect
from tests.factories.responses import make_open

Device = Callable[..., BrowserContext]
MISTAKES = {
    "share": "7",
    "wakes.hour": "25",
    "wakes.minute": "5",
    "landed.day": "31",
    "landed.month": "12",
    "landed.year": "1403",
    "born.day": "1",
    "since.year": "2001",
    "left.year": "14",
    "mail": "ama@",
    "page": "javascript:alert(1)",
}


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The look of pages does not depend on the database."""
    return sqlite


def send(page: Page) -> str:
    with page.expect_navigation() as navigation:
        page.locator("main form button.button").first.click()
    assert navigation.value is not None
    return navigation.value.text()


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("feature", ["types", "later_types", "matrix"])
def test_controls_and_their_errors_are_accessible(
    device: Device, database: Database, validator: Validator, feature: str, locale: str, width: int
) -> None:
    with database.transaction() as session:
        make_open(session, feature, slug="survey", locales=("en", "ar"))
    # Axe runs in the page, so scripts are on; that nothing needs them is shown below.
    page = device(viewport={"width": width, "height": 900}).new_page()
    answer = page.goto(f"/{locale}/q/survey")
    assert answer is not None
    wrong = inspect("empty", page, answer.text(), validator)
    if feature == "later_types":
        for name, words in MISTAKES.items():
            page.locator(f"[name='{name}']").fill(words)
        page.locator("[name='landed.calendar']").select_option("persian")
        for place in page.locator("#order select").all():
            place.select_option(index=1)
    html = send(page)
    if feature != "types":
        assert page.locator(".summary li").count() == {"later_types": 9, "matrix": 3}[feature]
    wrong += inspect("with errors", page, html, validator)
    assert wrong + validator.findings() == []


def test_a_matrix_is_a_table_where_there_is_room_and_cards_on_a_phone(device: Device, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, "matrix", slug="survey", locales=("en", "ar"))
    for locale in ("en", "ar"):
        page = device(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()
        page.goto(f"/{locale}/q/survey")
        heads = [head.bounding_box() for head in page.locator(".heads span").all()]
        for row in page.locator(".matrix fieldset").all():
            boxes = [choice.bounding_box() for choice in row.locator("label.choice").all()]
            assert len({round(box["y"]) for box in boxes}) == 1, "choices of a row stand beside each other"
            for box, head in zip(boxes, heads, strict=True):
                assert abs(box["x"] - head["x"]) < 2, "each under its head"
            assert min(min(box["width"], box["height"]) for box in boxes) >= 44
        page.set_viewport_size({"width": 320, "height": 900})
        assert not page.locator(".heads").first.is_visible()
        places = [choice.bounding_box()["x"] for choice in page.locator(".matrix label.choice").all()]
        assert len(set(places)) == 1, "choices stand one below the other"


def test_a_matrix_is_answered_with_the_keyboard_alone(device: Device, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, "matrix", slug="survey")
    page = device(viewport={"width": 1280, "height": 900}, java_script_enabled=False).new_page()
    page.goto("/en/q/survey")
    page.locator("#used input[type=radio]").first.focus()
    for keys in ("Space", "Tab", "Space", "ArrowRight", "Tab", "Space", "Enter"):
        page.keyboard.press(keys)
    page.wait_for_url("**/page/1?more=")
    assert page.locator("#roads :checked").get_attribute("value") == "fair"
    assert page.locator("#schools :checked").get_attribute("value") == "bad"
    assert page.get_by_role("group", name="Consulate").get_by_role("radio", name="Good").is_visible()


def test_everything_is_answered_without_javascript(device: Device, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, "later_types", slug="survey", locales=("en", "ar"))
    page = device(viewport={"width": 320, "height": 900}, java_script_enabled=False).new_page()
    page.goto("/ar/q/survey")
    page.locator("#mood label", has_text="3.5").click()
    page.locator("#share").fill("٤٥")
    page.locator("[name='wakes.hour']").fill("٦")
    page.locator("[name='wakes.minute']").fill("٠٥")
    for part, words in {"day": "٢٢", "month": "١١", "year": "١٣٥٧"}.items():
        page.locator(f"[name='born.{part}']").fill(words)
    page.locator("[name='born.calendar']").select_option("persian")
    for place, choice in zip(page.locator("#order select").all(), ("2", "3", "1"), strict=True):
        place.select_option(label=choice)
    send(page)
    assert page.url.endswith("/check")
    given = page.locator("dl.facts dd:not(.no-print)").all_inner_texts()
    assert given[:3] == ["3.5", "45", "6:05 ص"]
    assert given[4].startswith("11 فبراير 1979")
    assert "22/11/1357" in given[4]
    assert given[7] == "1. C (ar)\n2. A (ar)\n3. B (ar)"
