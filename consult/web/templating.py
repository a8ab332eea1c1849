"""What every template has: the reader's locale, authored texts in it, numbers and dates by CLDR."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import babel
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from flask import Flask
from markupsafe import Markup, escape

from consult.core.text import LocalisedText
from consult.web import markdown
from consult.web.assets import asset, participant_css
from consult.web.locale import cldr, current, figures, locale_of, offered, symbols, url_for_locale
from consult.web.messages import sentence
from consult.web.permissions import may


def init(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        localised=localised,
        markdown=localised_markdown,
        number=number,
        percent=percent,
        date=date,
        datetime=moment,
        period=period,
        clock=clock,
        country=country,
        sentence=sentence,
    )
    app.jinja_env.globals.update(
        asset=asset,
        url_for_locale=url_for_locale,
        participant_css=participant_css,
        may=may,
        locale_of=locale_of,
        interface_lang=interface_lang,
    )

    @app.context_processor
    def reader() -> dict[str, object]:
        return {"locale": current(), "locales": offered()}


def localised(text: LocalisedText, source: str = "en") -> Markup:
    """An authored text for the reader, marked with `lang` and `dir` where it falls back to another locale."""
    chosen = text.resolve(current().code, source)
    return marked(escape(chosen.text), chosen.locale)


def marked(html: Markup, locale: str, tag: str = "span") -> Markup:
    """HTML marked with its language where that is not the page's."""
    if not html or locale == current().code:
        return html
    return Markup("<{0} lang='{1}' dir='{2}'>{3}</{0}>").format(tag, locale, locale_of(locale).direction, html)


def interface_lang() -> Markup:
    """A `lang` attribute for the interface's own words, where they are not in the page's language."""
    reader = current()
    return Markup("") if reader.interface == reader.code else Markup(' lang="{}"').format(reader.interface)


def localised_markdown(text: LocalisedText, source: str = "en") -> Markup:
    """An authored Markdown text for the reader, sanitised."""
    chosen = text.resolve(current().code, source)
    return marked(markdown.render(chosen.text), chosen.locale, "div")


def _cldr() -> babel.Locale:
    return cldr(current().interface)


def number(value: float, digits: int = 0) -> str:
    """A number as the reader's locale writes it."""
    return figures(format_decimal(round(value, digits), locale=_cldr(), numbering_system=symbols(current().code)))


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    pattern = "#,##0%" if digits == 0 else f"#,##0.{'0' * digits}%"
    return figures(format_percent(share, pattern, locale=_cldr(), numbering_system=symbols(current().code)))


def date(value: dt.date) -> str:
    """A day."""
    return figures(format_date(value, format="long", locale=_cldr()))


def moment(value: dt.datetime, zone: str = "UTC") -> str:
    """A moment in a time zone, which is named."""
    return f"{date(value.astimezone(ZoneInfo(zone)).date())}, {clock(value, zone)} ({zone})"


def period(begins: dt.datetime, ends: dt.datetime, zone: str = "UTC") -> str:
    """From one moment to another in a time zone, which is named; a day is said once."""
    first, last = (value.astimezone(ZoneInfo(zone)).date() for value in (begins, ends))
    until = clock(ends, zone) if first == last else f"{date(last)}, {clock(ends, zone)}"
    return f"{date(first)}, {clock(begins, zone)} – {until} ({zone})"


def clock(value: dt.datetime, zone: str = "UTC") -> str:
    """What the clocks of a time zone show."""
    local = value.astimezone(ZoneInfo(zone))
    return figures(format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=_cldr()))


def country(code: str) -> str:
    """The name of a country by its ISO 3166-1 code."""
    return str(_cldr().territories.get(code, code))
