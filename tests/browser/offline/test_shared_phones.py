"""Nothing is left behind on a device that others use too, nor can be read on it before."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from consult.db.session import Database
from tests.browser.offline.keeping import (
    CANARY,
    LEFT,
    NOTHING,
    WORDS,
    Device,
    fill_in,
    keep,
    nothing_left,
    press,
    rows,
    saved,
)
from tests.browser.validator import Validator, accessibility
from tests.chromium import ARGUMENTS, executable
from tests.factories.responses import make_open

READABLE = """async () => {
  const kept = [];
  const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
    });
    const store = database.transaction("kept").objectStore("kept");
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()].map((asked) =>
      new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); })));
    database.close();
    for (const [place, value] of values.entries()) {
      const parts = Array.isArray(value) ? value : [value];
      kept.push(keys[place]);
      found.push(...parts.map((part) =>
        part instanceof CryptoKey ? `extractable: ${part.extractable}` : new TextDecoder("latin1").decode(part)));
    }
  }
  return { kept, text: found.join("\\n") };
}"""


@pytest.mark.usefixtures("survey")
def test_nothing_is_on_the_device_unless_it_was_chosen(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("?")[0].rpartition("/")[2]))
    for path in ("/en/q/survey", "/en/q/survey/offline", "/en/q/survey"):
        page.goto(path)
        assert page.evaluate(LEFT) == NOTHING
    assert asked[:2] == ["survey", "boot.js"]
    assert not {"answering.js", "expressions.js", "worker.js"} & set(asked)
    expect(page.get_by_role("button", name=WORDS["en"][0])).to_be_visible()
    page.goto("/en/q/survey/offline")
    expect(page.get_by_role("link", name="Answer the questionnaire")).to_be_visible()
    expect(page.locator("form")).to_be_hidden()


@pytest.mark.usefixtures("survey")
def test_without_javascript_there_is_no_offer(device: Device) -> None:
    page = device(java_script_enabled=False).new_page()
    page.goto("/en/q/survey")
    expect(page.get_by_text(WORDS["en"][0])).to_be_hidden()
    page.goto("/en/q/survey/offline")
    page.get_by_role("link", name="Answer the questionnaire").click()
    page.wait_for_url("**/en/q/survey")


@pytest.mark.usefixtures("survey")
def test_no_answer_can_be_read_on_the_device_nor_in_the_files_of_the_browser(
    chromium: Browser, address: str, tmp_path: Path, database: Database
) -> None:
    profile = tmp_path / "profile"

    def files() -> list[str]:
        forms = (CANARY.encode(), CANARY.encode("utf-16-le"))
        return [
            str(path.relative_to(profile))
            for path in profile.rglob("*")
            if path.is_file() and any(form in path.read_bytes() for form in forms)
        ]

    def opened() -> BrowserContext:
        return chromium.browser_type.launch_persistent_context(
            profile, executable_path=executable(), args=ARGUMENTS, base_url=address
        )

    context = opened()
    page = context.new_page()
    keep(page)
    context.set_offline(True)
    fill_in(page)
    saved(page)
    readable = page.evaluate(READABLE)
    assert readable["kept"] == ["draft", "key"]
    assert "extractable: false" in readable["text"]
    assert CANARY not in readable["text"]
    context.close()
    assert files() == []
    context = opened()
    page = context.new_page()
    context.set_offline(True)
    page.goto("/en/q/survey")
    expect(page.locator("#why")).to_have_value("Because")
    press(page, 1)
    press(page, 2)
    expect(page.locator("#kept-code")).not_to_be_empty()
    code = page.locator("#kept-code").inner_text()
    readable = page.evaluate(READABLE)
    assert readable["kept"] == ["sealed"]
    assert not any(word in readable["text"] for word in ("extractable:", CANARY, code, code.replace(" ", "")))
    page.locator(".exit a").click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    nothing_left(context)
    context.close()
    assert files() == []


@pytest.mark.usefixtures("survey")
@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize("network", [False, True])
def test_exit_leaves_nothing(device: Device, database: Database, finished: bool, network: bool) -> None:
    context = device()
    page = context.new_page()
    keep(page)
    context.set_offline(True)
    fill_in(page)
    saved(page)
    if finished:
        press(page, 1)
        press(page, 2)
        expect(page.get_by_text(WORDS["en"][3])).to_be_visible()
    context.route("**/offline", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    context.set_offline(not network)
    page.locator(".exit a").click()
    if network:
        page.wait_for_url("**/exit")
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    assert CANARY not in page.content()
    assert "Survey" not in page.title()
    nothing_left(context)
    assert rows(database) == []


@pytest.mark.usefixtures("survey")
@pytest.mark.parametrize("network", [False, True])
def test_exit_on_another_page_leaves_nothing_either(device: Device, network: bool) -> None:
    context = device()
    page = context.new_page()
    keep(page)
    fill_in(page)
    saved(page)
    page.goto("/en/q/survey/resume")
    context.set_offline(not network)
    page.locator(".exit a").click()
    expect(page.get_by_role("heading", name="You have left")).to_be_visible()
    nothing_left(context)


@pytest.mark.usefixtures("survey")
def test_nothing_stands_in_for_an_interview(device: Device) -> None:
    context = device()
    page = context.new_page()
    keep(page)
    context.set_offline(True)
    page.goto("/en/q/survey/check")
    expect(page.locator("#kept-state")).not_to_be_empty()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/en/q/survey/interview/page/1")


@pytest.mark.usefixtures("survey")
def test_to_keep_one_questionnaire_does_not_touch_another(page: Page, database: Database) -> None:
    with database.transaction() as session:
        make_open(session, "types", slug="survey2")
    keep(page)
    fill_in(page)
    saved(page)
    page.goto("/en/q/survey2")
    page.get_by_role("button", name=WORDS["en"][0]).click()
    page.wait_for_url("**/survey2/offline")
    expect(page.locator("#kept-state")).not_to_be_empty()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove from this device").click()
    page.wait_for_url("**/survey2")
    page.goto("/en/q/survey")
    expect(page.locator("#why")).to_have_value("Because")


# For everybody


@pytest.mark.usefixtures("survey")
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 320])
def test_every_state_of_the_page_is_accessible(device: Device, validator: Validator, locale: str, width: int) -> None:
    context = device(viewport={"width": width, "height": 900})
    page = context.new_page()
    wrong: list[str] = []

    def inspect(what: str) -> None:
        wrong.extend(f"{what}: {finding}" for finding in accessibility(page))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{what}: it is wider than the screen")

    answer = page.goto(f"/{locale}/q/survey/offline")
    assert answer is not None
    validator.add("offline", answer.text())
    inspect("not kept")
    keep(page, locale)
    inspect("first page")
    page.locator("input[name=works][value=yes]").check()
    press(page, 1, locale)
    inspect("an error")
    fill_in(page, locale)
    press(page, 1, locale)
    inspect("check")
    context.set_offline(True)
    press(page, 2, locale)
    expect(page.get_by_text(WORDS[locale][3])).to_be_visible()
    inspect("waiting")
    page.locator(".exit a").click()
    expect(page.locator("h1")).to_be_visible()
    inspect("left")
    assert wrong + validator.findings() == []
