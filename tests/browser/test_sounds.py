"""Sounds play when they are tapped and are not loaded before; pictures come late; with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consult.config import Settings
from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType
from consult.db.session import Database
from consult.files import Folder
from consult.questionnaires import media
from tests.factories.media import LOCALES, attach, make_sounding, named
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire, text
from tests.factories.responses import OPENED

Device = Callable[..., BrowserContext]
PLAYED = "audio => audio.played.length > 0 && audio.played.end(0) > 0"


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What browsers play does not depend on the database: SQLite is enough here."""
    return sqlite


@pytest.fixture(autouse=True)
def activity(database: Database, settings: Settings) -> None:
    """An open activity with sounds and pictures at `/…/q/survey`."""
    with database.transaction() as session:
        found = make_activity(session, make_process(session), slug="survey", locales=LOCALES, opens_at=OPENED)
        make_sounding(session, Folder(settings.media), found)


def listened(page: Page, path: str) -> list[str]:
    """Open a page; the addresses of the sounds that it asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "media" else None)
    page.goto(path)
    page.mouse.wheel(0, 5_000)
    page.wait_for_load_state("networkidle")
    return asked


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_tap_plays_and_nothing_is_loaded_before(page: Page, locale: str) -> None:
    asked = listened(page, f"/{locale}/q/survey")
    assert asked == []
    listen = page.locator(".note .play")
    expect(page.locator(".note audio")).to_be_hidden()
    listen.click()
    page.wait_for_function(PLAYED, arg=page.locator(".note audio").element_handle())
    assert len(set(asked)) == 1
    expect(listen).to_have_attribute("aria-pressed", "false", timeout=5_000)


def test_every_kind_of_sound_is_one_that_the_browser_plays(page: Page) -> None:
    for path, place in (
        ("/en/q/survey", ".note"),  # WAV
        ("/ar/q/survey", ".note"),  # Ogg with Opus, its comments emptied
        ("/en/q/survey", ".text"),  # MP3 without its tags
    ):
        page.goto(path)
        page.locator(f"{place} .play").click()
        page.wait_for_function(PLAYED, arg=page.locator(f"{place} audio").element_handle())


def test_one_sound_is_heard_at_a_time_and_stops_when_it_is_tapped_again(page: Page) -> None:
    page.goto("/en/q/survey")
    page.evaluate("document.querySelectorAll('audio').forEach(audio => audio.loop = true)")
    first, second = page.locator(".note .play"), page.locator(".heard .play").first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(first).to_have_attribute("aria-pressed", "false")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "false")


def test_after_a_cut_line_another_tap_plays(page: Page) -> None:
    page.goto("/en/q/survey")
    page.route("**/media/**", lambda route: route.abort())
    listen = page.locator(".note .play")
    with page.expect_event("requestfailed", lambda request: request.resource_type == "media"):
        listen.click()
    expect(listen).to_have_attribute("aria-pressed", "false")
    page.unroute("**/media/**")
    listen.click()
    page.wait_for_function(PLAYED, arg=page.locator(".note audio").element_handle())


def make_filtered(database: Database, settings: Settings, *appearance: str) -> None:
    """An open activity at `/…/q/filtered` where the choices that are offered, each with a sound, follow an answer."""
    labels = {"far": "A farm", "near": "A town"}
    places = tuple(
        Choice(name=name, label=text(label), media={"audio": named(en=f"{label[2:]}_en.wav")}, attributes={"way": name})
        for name, label in labels.items()
    )
    ways = tuple(Choice(name=name, label=text(name)) for name in labels)
    questionnaire = make_questionnaire(
        make_question("way", QuestionType.SELECT_ONE, choices="ways"),
        make_question(
            "place", QuestionType.SELECT_ONE, choices="places", choice_filter="way = ${way}", appearance=appearance
        ),
        make_question("more", QuestionType.TEXT, relevant="${way} = 'far'"),
        lists=(ChoiceList(name="ways", choices=ways), ChoiceList(name="places", choices=places)),
    )
    with database.transaction() as session:
        found = make_activity(session, make_process(session), slug="filtered", locales=LOCALES, opens_at=OPENED)
        attach(session, Folder(settings.media), found, questionnaire, only=("farm_en.wav", "town_en.wav"))
        edition = make_edition(session, found, questionnaire)
        media.freeze(session, edition, media.manifest(session, found, questionnaire))


def test_a_choice_that_is_not_offered_is_not_heard(page: Page, database: Database, settings: Settings) -> None:
    make_filtered(database, settings)
    page.goto("/en/q/filtered")
    for way, seen, hidden in (("far", "A farm", "A town"), ("near", "A town", "A farm"), ("far", "A farm", "A town")):
        page.get_by_role("radio", name=f"{way} in English").check()
        expect(page.get_by_role("button", name=f"Listen to: {seen}")).to_be_visible()
        expect(page.get_by_role("radio", name=seen)).to_be_visible()
        expect(page.get_by_role("button", name=f"Listen to: {hidden}")).to_be_hidden()
        expect(page.get_by_role("radio", name=hidden)).to_be_hidden()


def test_beside_a_list_to_open_only_what_it_offers_is_heard(page: Page, database: Database, settings: Settings) -> None:
    make_filtered(database, settings, "minimal")
    page.goto("/en/q/filtered")
    for number, (way, seen, hidden) in enumerate((("far", "farm", "town"), ("near", "town", "farm"))):
        page.get_by_role("radio", name=f"{way} in English").check()
        if not number:
            page.get_by_text("Choices in sound and pictures").click()
        expect(page.get_by_role("button", name=f"Listen to: A {seen}")).to_be_visible()
        expect(page.get_by_role("button", name=f"Listen to: A {hidden}")).to_be_hidden()


def test_listening_chooses_nothing_and_choices_keep_their_keys(page: Page) -> None:
    page.goto("/en/q/survey")
    home = page.get_by_role("group", name="home in English")
    page.get_by_role("button", name="Listen to: A farm in English").first.click()
    assert home.locator("input:checked").count() == 0
    home.get_by_role("radio", name="A farm in English").check()
    page.keyboard.press("ArrowDown")
    expect(home.get_by_role("radio", name="A town in English")).to_be_checked()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "Listen to: A town in English"
    home.locator("label img").first.click()
    expect(home.get_by_role("radio", name="A farm in English")).to_be_checked()


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_without_javascript_the_browsers_own_player_plays(device: Device, locale: str) -> None:
    page = device(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    assert listened(page, f"/{locale}/q/survey") == []
    expect(page.locator(".play").first).to_be_hidden()
    player = page.locator(".note audio")
    expect(player).to_be_visible()
    with page.expect_request(lambda request: request.resource_type == "media"):
        player.click(position={"x": 24, "y": 24})


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_it_fits_and_can_be_hit(device: Device, locale: str, width: int) -> None:
    page = device(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"/{locale}/q/survey")
    page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for button in page.locator(".play").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24


def test_nothing_moves_when_a_picture_comes(page: Page) -> None:
    page.route("**/media/**", lambda route: route.abort())
    page.goto("/en/q/survey")
    before = page.locator("#main").bounding_box()
    page.unroute("**/media/**")
    page.reload()
    page.mouse.wheel(0, 5_000)
    # Waiting for a condition asks for eval at its second look, which the policy of pages refuses: a promise does not.
    page.evaluate(
        "Promise.all([...document.images].filter(image => image.checkVisibility()).map(image => image.decode()))"
    )
    after = page.locator("#main").bounding_box()
    assert before is not None
    assert after is not None
    assert before["height"] == after["height"]


def test_what_a_device_keeps_is_heard_and_seen_without_a_network(device: Device) -> None:
    context = device()
    page = context.new_page()
    page.goto("/en/q/survey")
    page.get_by_role("button", name="Keep this questionnaire on this device").click()
    page.wait_for_url("**/offline")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    page.reload()
    for heard in ("Your home", "work in English"):
        listen = page.get_by_role("button", name=f"Listen to: {heard}")
        listen.click()
        page.wait_for_function(PLAYED, arg=listen.locator("xpath=preceding-sibling::audio").element_handle())
    picture = page.locator("label img").first
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
