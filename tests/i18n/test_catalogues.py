"""Every string of the interface is in every shipped locale, with its placeholders and its plural forms."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from consult.config import LOCALES
from translations import catalogues

TRANSLATED = [locale for locale in LOCALES if locale != "en"]
PLACEHOLDER = re.compile(r"%(?:\((?P<name>\w+)\)[sdf]|%)|%[sdf]")


@cache
def extracted() -> Catalog:
    return catalogues.extract()


def messages(catalogue: Catalog) -> dict[tuple[object, object], Message]:
    return {(message.id, message.context): message for message in catalogue if message.id}


def test_the_template_is_what_the_sources_have_now() -> None:
    with (catalogues.HERE / "messages.pot").open("rb") as file:
        written = read_po(file)
    assert set(messages(written)) == set(messages(extracted())), "run `make strings`"


def test_a_catalogue_is_there_for_every_shipped_locale() -> None:
    assert sorted(catalogues.locales()) == sorted(TRANSLATED)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_is_missing_doubtful_or_left_over(locale: str) -> None:
    catalogue = catalogues.read(locale)
    found = messages(catalogue)
    missing = [message.id for message in found.values() if not all(_forms(message))]
    assert missing == []
    assert [message.id for message in found.values() if message.fuzzy] == []
    assert set(found) == set(messages(extracted())), "run `make strings`"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_placeholders_are_those_of_the_source(locale: str) -> None:
    wrong = []
    for message in messages(catalogues.read(locale)).values():
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = _names(sources[-1])
        for form in _forms(message):
            # A plural form may leave the number out where it says it in a word (Arabic one and two).
            if not (_names(form) == wanted or (len(sources) > 1 and _names(form) <= wanted)):
                wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize(("locale", "forms"), [("fr", 2), ("es", 2), ("pt", 2), ("ru", 3), ("ar", 6)])
def test_plurals_have_the_forms_of_the_language(locale: str, forms: int) -> None:
    catalogue = catalogues.read(locale)
    assert catalogue.num_plurals == forms
    plural = [message for message in messages(catalogue).values() if isinstance(message.id, tuple)]
    assert plural
    assert all(len(_forms(message)) == forms for message in plural)


def test_placeholders_have_names() -> None:
    for message in messages(extracted()).values():
        for source in message.id if isinstance(message.id, tuple) else (message.id,):
            assert not re.search(r"%[sdf]", source.replace("%%", "")), f"name every placeholder: {source}"


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _names(text: str) -> set[str]:
    return {match["name"] or match[0] for match in PLACEHOLDER.finditer(text)}
