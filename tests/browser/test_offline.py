"""A questionnaire kept on a device: answered without a network, sent once, and nothing left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import select, update

from consult.core.questionnaire.answers import decode
from consult.db.session import Database
from consult.participation import codes
from consult.participation.models import Intake
from consult.processes.models import Activity
from tests.browser.validator import Validator, accessibility
from tests.chromium import ARGUMENTS, executable
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition
from tests.factories.responses import OPENED, make_open
from tests.questionnaires import questionnaire

Device = Callable[..., BrowserContext]
CANARY = "Kanarienvogel"
WORDS = {
    "en": ("Keep this questionnaire on this device", "Continue", "Send my answers", "wait on this device"),
    "ar": ("حفظ هذا الاستبيان على هذا الجهاز", "متابعة", "إرسال إجاباتي", "تنتظر على هذا الجهاز"),
}
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((found) => found.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).map((found) => found.scope),
  local: localStorage.length,
  session: sessionStorage.length,
})"""
NOTHING = {"databases": [], "caches": [], "workers": [], "local": 0, "session": 0}
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


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What devices keep does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture
def survey(database: Database) -> None:
    """An open activity at `/…/q/survey`: two pages whose questions depend on each other."""
    with database.transaction() as session:
        make_open(session, "in_place", slug="survey", locales=("en", "fr", "ar"))


def keep(page: Page, locale: str = "en") -> None:
    """Open the questionnaire and take up the offer to keep it."""
    page.goto(f"/{locale}/q/survey")
    page.get_by_role("button", name=WORDS[locale][0]).click()
    page.wait_for_url(f"**/{locale}/q/survey/offline")
    page.wait_for_function("caches.keys().then((names) => names.length)")
    expect(page.locator("#kept-state")).not_to_be_empty()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")


def press(page: Page, which: int, locale: str = "en") -> None:
    page.get_by_role("button", name=WORDS[locale][which]).click()


def fill_in(page: Page, locale: str = "en") -> None:
    """Both pages, up to the check."""
    page.locator("input[name=works][value=yes]").check()
    page.locator("#job").fill(CANARY)
    page.locator("#wage").fill("2000")
    page.locator("input[name=country][value=gh]").check()
    page.locator("input[name=city][value=accra]").check()
    press(page, 1, locale)
    page.locator("input[name=more][value=yes]").check()
    page.locator("#why").fill("Because")


def finished(device: Device) -> tuple[BrowserContext, Page]:
    """A device without a network on which everything is answered and sealed."""
    context = device()
    page = context.new_page()
    keep(page)
    context.set_offline(True)
    fill_in(page)
    press(page, 1)
    press(page, 2)
    return context, page


def saved(page: Page) -> None:
    """Wait until what was typed is kept."""
    page.wait_for_timeout(300)


def nothing_left(context: BrowserContext) -> None:
    """Wait until nothing is on the device any more, as another page of this origin sees it."""
    context.set_offline(False)
    page = context.new_page()
    page.goto("/en/")
    for _ in range(100):
        if page.evaluate(LEFT) == NOTHING:
            break
        page.wait_for_timeout(50)
    assert page.evaluate(LEFT) == NOTHING
    page.close()


def rows(database: Database) -> list[Intake]:
    with database.reading() as session:
        return list(session.scalars(select(Intake)))


def answers(database: Database) -> dict[str, object]:
    (row,) = rows(database)
    return dict(decode(row.answers))


ANSWERS = {
    "works": "yes",
    "job": CANARY,
    "wage": 2000,
    "months": 12,
    "sent": None,
    "year": 24000,
    "double": "48000",
    "each_day": 65,
    "country": "gh",
    "city": "accra",
    "more": ("yes",),
    "why": "Because",
}


# The journey


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


# Shared phones


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
