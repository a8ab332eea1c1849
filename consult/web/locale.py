"""The reader's locale: named in every address, never guessed from a cookie.

The interface is shipped in the locales of `translations/locales.json`. A questionnaire may be offered in others
(`/sw/q/…`): its own texts and direction are then those of that locale, the interface's words fall back.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache

import babel
from flask import Flask, abort, g, request, url_for
from flask_babel import Babel
from werkzeug.datastructures import LanguageAccept

from consult import paths
from consult.config import LOCALES
from consult.core.text import Direction, direction

_TAG = re.compile(r"[a-z]{1,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Locale:
    """A locale with its name in itself."""

    code: str
    name: str
    direction: Direction

    @property
    def interface(self) -> str:
        """The shipped locale whose words are used: this one, its language, else the default."""
        if self.code in LOCALES:
            return self.code
        language = self.code.split("-")[0]
        return language if language in LOCALES else LOCALES[0]


@lru_cache(maxsize=1024)
def locale_of(code: str) -> Locale:
    """A locale by its BCP 47 code; its name is the one shipped, CLDR's in itself or in English, or the code."""
    shipped = json.loads((paths.TRANSLATIONS / "locales.json").read_text(encoding="utf-8"))
    name = shipped.get(code, {}).get("name")
    if name is None:
        try:
            name = babel.Locale.parse(code, sep="-").get_display_name() or code
        except (babel.UnknownLocaleError, ValueError):
            name = babel.Locale("en").languages.get(code.split("-")[0], code)
    return Locale(code, name, direction(code))


@cache
def cldr(code: str) -> babel.Locale:
    """CLDR's data of a locale, else those of the interface that it falls back to.

    English without a country is British, as the interface's words are: CLDR writes its dates month first.
    """
    try:
        return babel.Locale.parse("en-GB" if code == "en" else code, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return cldr(locale_of(code).interface)


def shipped() -> list[Locale]:
    """The locales of the interface, the default first."""
    return [locale_of(code) for code in LOCALES]


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


def init(app: Flask, *, authored: frozenset[str]) -> None:
    """Read the locale from addresses, put it into generated ones, and choose the catalogue by it.

    `authored` names the blueprints whose pages may exist in locales that the interface is not shipped in.
    """
    Babel(
        app,
        default_translation_directories=str(paths.TRANSLATIONS),
        locale_selector=lambda: current().interface if g else LOCALES[0],
    )

    @app.url_value_preprocessor
    def take(endpoint: str | None, values: dict[str, object] | None) -> None:
        if values is None:  # there is no such page: the one that says so is in the language of the address
            code = request.path.split("/")[1]
            if code in LOCALES:
                g.locale = locale_of(code)
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
            values["locale"] = current().code if _blueprint(endpoint) in authored else current().interface


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
