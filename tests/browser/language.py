"""Whether a page is in its language, from its first word to its last."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from consult.config import LOCALES
from consult.core.text import direction
from tests.architecture.sources import ROOT


def plain(text: str) -> str:
    """A text without the breaks of its lines."""
    return " ".join(text.split())


def assert_language(page: Page, locale: str) -> None:
    """The page is in its language, written its way, and called something."""
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == (locale, direction(locale))
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert locale not in page.locator("nav.languages li").all_inner_texts(), "languages are called by their names"
    if locale not in LOCALES:
        own = page.evaluate(WORDS, locale)
        assert [words for words in own if words in INTERFACE] == [], "they are not in the language of the page"


WORDS = """locale => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("[lang]").lang === locale && !parent.closest("script, style")) {
      found.push(walker.currentNode.data.trim().replace(/\\s+/g, " "));
    }
  }
  return found;
}"""
"""Every piece of text of a page that is said to be in a locale."""
INTERFACE = {
    found.strip()
    for message in read_po((ROOT / "translations" / "messages.pot").open("rb"))
    for found in re.split(r"%\(\w+\)s", message.id if isinstance(message.id, str) else message.id[0])
    if len(found) > 3 and found != "Other"
}
"""The words of the interface, in pieces between what is put into them; without one that a form says as well."""
