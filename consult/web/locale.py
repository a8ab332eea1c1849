"""The reader's locale: named in every address, never guessed from a cookie.

The interface is shipped in the locales of `translations/locales.json`. A questionnaire may be offered in others
(`/sw/q/…`): its own texts and direction are then those of that locale. The interface's words around them are those that
translators wrote in the browser where an administrator added the language, else those of a shipped locale.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Final

import babel
from babel.core import get_global
from babel.support import NullTranslations
from flask import Flask, Response, abort, current_app, g, has_app_context, request, url_for
from flask_babel import Babel, Domain
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import LanguageAccept

from consult import paths
from consult.config import LOCALES
from consult.core import numbering, plurals
from consult.core.text import Direction, direction
from consult.core.vocabulary import PSEUDO, Vocabulary
from consult.web.context import now
from consult.web.words import Words, settled

FRESH: Final = dt.timedelta(seconds=1)
"""How long a process trusts what it knows of the languages that were added."""
_NAMED: Final[Mapping[str, str]] = {**get_global("language_aliases"), "en": "en_GB"}
_TAG = re.compile(r"[a-z]{1,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Locale:
    """A locale with its name in itself."""

    code: str
    name: str
    direction: Direction
    digits: str = numbering.LATIN
    """In which numbers are shown (`core.numbering`)."""
    vocabulary: Vocabulary | None = field(default=None, compare=False, repr=False)
    """Of a language that an administrator added."""
    words: NullTranslations | None = field(default=None, compare=False, repr=False)
    """The same as gettext has it."""

    @property
    def shipped(self) -> str:
        """The shipped locale that stands for it: itself, what it falls back to, its language, else the default."""
        if self.code in LOCALES:
            return self.code
        if self.vocabulary is not None:
            return self.vocabulary.fallback
        language = self.code.split("-")[0]
        return language if language in LOCALES else LOCALES[0]

    @property
    def interface(self) -> str:
        """The locale whose words are used: this one where it was added, else the shipped one that stands for it."""
        return self.shipped if self.vocabulary is None else self.code


Load = Callable[[Mapping[str, Vocabulary]], Mapping[str, Vocabulary]]
"""Reads the languages that were added; those that are known and have not changed need not be read again."""


class Added:
    """What one process knows of the languages that were added: asked for anew once in a second at most."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._fetched: dt.datetime | None = None
        self._known: Mapping[str, Vocabulary] = {}
        self._locales: Mapping[str, Locale] = {}

    def locales(self) -> Mapping[str, Locale]:
        """The locales by their codes. While the database is away those of before go on."""
        moment = now()
        if self._fetched is None or not self._fetched <= moment < self._fetched + FRESH:
            self._fetched = moment
            try:
                found = self._load(self._known)
            except DBAPIError:
                return self._locales
            if found != self._known:
                self._locales = {code: _added(one) for code, one in found.items()}
                self._known = found
        return self._locales

    def forget(self) -> None:
        """Ask anew at the next look."""
        self._fetched = None


def _added(one: Vocabulary) -> Locale:
    return Locale(one.code, one.name, one.direction, one.digits, one, Words(one))


def added() -> Added | None:
    """The languages that were added; none outside the application."""
    found: Added | None = current_app.extensions.get("consult.added") if has_app_context() else None
    return found


def forget_added() -> None:
    """Ask anew for the languages that were added: something of them has just changed."""
    known = added()
    if known is not None:
        known.forget()


def stamp() -> object:
    """Another object as soon as anything changed in an added language: what was rendered before is out of date."""
    known = added()
    return known.locales() if known is not None else None


def locale_of(code: str) -> Locale:
    """A locale by its BCP 47 code; its name is the one it was given, CLDR's in itself or in English, or the code."""
    known = None if code in LOCALES else added()
    return (known.locales().get(code) if known is not None else None) or _known(code)


@lru_cache(maxsize=1024)
def _known(code: str) -> Locale:
    shipped = json.loads((paths.TRANSLATIONS / "locales.json").read_text(encoding="utf-8"))
    name = shipped.get(code, {}).get("name")
    if name is None:
        try:
            name = babel.Locale.parse(code, sep="-").get_display_name() or code
        except (babel.UnknownLocaleError, ValueError):
            name = babel.Locale("en").languages.get(code.split("-")[0], code)
    return Locale(code, name, direction(code))


def cldr(code: str) -> babel.Locale:
    """CLDR's data of a locale, else those of the shipped one that stands for it."""
    found = _cldr(code) or _cldr(locale_of(code).shipped)
    assert found is not None, "CLDR has every shipped locale"
    return found


@cache
def _cldr(code: str) -> babel.Locale | None:
    """English without a country is British, as the interface's words are: CLDR writes its dates month first.

    CLDR has some languages under other names (Dari, `prs`, as the Persian of Afghanistan).
    """
    try:
        return babel.Locale.parse(_NAMED.get(code) or code.replace("-", "_"))
    except (babel.UnknownLocaleError, ValueError):
        return None


def plural_rule(code: str) -> str:
    """The plural rule of a language by CLDR, a line for each category; empty where CLDR does not know the language."""
    found = _cldr(code) or _cldr(code.split("-")[0])
    if found is None:
        return ""
    conditions = found.plural_form.rules
    lines = [
        f"{name}: {conditions[name]}" for name in plurals.CATEGORIES if name in plurals.known(conditions).conditions
    ]
    return "\n".join(lines) or f"{plurals.OTHER}:"


def figures(text: str, code: str = "") -> str:
    """A text with its numbers in the digits of a locale, of the reader's where none is named."""
    return numbering.written(text, (locale_of(code) if code else current()).digits)


def symbols(code: str) -> str:
    """The numbering system by whose marks a locale groups and divides numbers: its digits' where CLDR has that."""
    found = locale_of(code)
    return found.digits if found.digits in cldr(found.interface).number_symbols else numbering.LATIN


def shipped() -> list[Locale]:
    """The locales of the interface, the default first."""
    return [locale_of(code) for code in LOCALES]


def speaking() -> list[Locale]:
    """The locales in which participants are spoken to: the shipped ones and those that were added."""
    known = added()
    further = known.locales().values() if known is not None else ()
    return [*shipped(), *(one for one in further if one.code not in PSEUDO)]


def current() -> Locale:
    """The locale of this request's address."""
    found: Locale = (g.get("locale") if g else None) or locale_of(LOCALES[0])
    return found


def preferred(accepted: LanguageAccept, offered: list[str]) -> str:
    """The offered locale of the first of a browser's languages that there is (`fr` for `fr-CA`), else the first one."""
    for tag, quality in accepted:
        for candidate in (tag, tag.split("-")[0]):
            if quality > 0 and candidate in offered:
                return candidate
    return offered[0]


class _Domain(Domain):  # type: ignore[misc]  # Flask-Babel is untyped
    """The catalogue of the reader's locale."""

    def get_translations(self) -> NullTranslations:
        """What translators wrote in the browser, else what is shipped."""
        reader: Locale | None = g.get("locale") if g else None
        found: NullTranslations = (reader.words if reader is not None else None) or super().get_translations()
        return found


class _Babel(Babel):  # type: ignore[misc]  # likewise
    @cached_property
    def domain_instance(self) -> _Domain:
        return _Domain(domain=self.domain)


def init(app: Flask, *, authored: frozenset[str], load: Load) -> None:
    """Read the locale from addresses, put it into generated ones, and choose the catalogue by it.

    `authored` names the blueprints whose pages may exist in locales that the interface is not shipped in.
    """
    app.extensions["consult.added"] = Added(load)
    _Babel(
        app,
        default_translation_directories=str(paths.TRANSLATIONS),
        locale_selector=lambda: current().shipped if g else LOCALES[0],
    )

    @app.after_request
    def settle(response: Response) -> Response:
        """Mark words that fall back, on pages that no other reader gets."""
        found = g.get("locale")
        if found is None or found.vocabulary is None:
            return response
        if response.mimetype == "text/html" and "Content-Encoding" not in response.headers:
            response.set_data(in_whole(response.get_data()))
        return response

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, object] | None) -> None:
        if values is None:  # there is no such page: the one that says so is in the language of the address
            found = locale_of(request.path.split("/")[1])
            if found.code in LOCALES or found.vocabulary is not None:
                g.locale = found
            return
        if "locale" not in values:
            return
        code = str(values.pop("locale"))
        if not _TAG.fullmatch(code) or (code not in LOCALES and _blueprint(endpoint) not in authored):
            abort(404)
        g.locale = locale_of(code)

    @app.url_defaults
    def give(endpoint: str, values: dict[str, object]) -> None:
        if "locale" not in values and app.url_map.is_endpoint_expecting(endpoint, "locale"):
            values["locale"] = current().code if _blueprint(endpoint) in authored else current().shipped


def in_whole(page: bytes) -> bytes:
    """A whole page, with the words that fall back marked (`web.words`)."""
    reader = current()
    return settled(page, reader.vocabulary, locale_of(reader.shipped).direction)


def offer(codes: list[str]) -> None:
    """Say in which locales the page at hand exists; refuse (404) the address of any other."""
    g.offered = [locale_of(code) for code in codes]
    if current().code not in codes:
        abort(404)


def offered() -> list[Locale]:
    """The locales in which the page at hand exists."""
    found: list[Locale] = g.get("offered") or shipped()
    return found


def url_for_locale(code: str) -> str:
    """The address of the page at hand in another locale; the first page's where it cannot be asked for again."""
    rule = request.url_rule
    if rule is None or "locale" not in rule.arguments or "GET" not in (rule.methods or ()):
        return url_for("pages.home", locale=code)
    return url_for(rule.endpoint, **{**(request.view_args or {}), "locale": code})


def _blueprint(endpoint: str | None) -> str:
    return (endpoint or "").split(".")[0]
