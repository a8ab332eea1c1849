"""What every template has: the reader's locale, authored texts in it, numbers and dates by CLDR."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo

import babel
from babel.core import get_global
from babel.dates import format_date, format_time, get_datetime_format, get_timezone_gmt
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
        clocks=clocks,
        zone=zone_name,
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


def moment(value: dt.datetime, zone: str = "UTC", *, full: bool = False) -> str:
    """A moment in a time zone, which is named; in full with its day of the week and the zone’s distance from UTC."""
    local, time = value.astimezone(ZoneInfo(zone)), clock(value, zone)
    if not full:
        return f"{date(local.date())}, {time} ({zone})"
    return f"{_on(local.date(), time)} · {clocks(value, zone)}"


def clocks(value: dt.datetime, zone: str) -> str:
    """A time zone with its distance from UTC at a moment."""
    return f"{zone_name(zone)} · {_distance(value.astimezone(ZoneInfo(zone)))}"


def period(begins: dt.datetime, ends: dt.datetime, zone: str = "UTC") -> str:
    """From one moment to another by the clocks of a time zone (`clocks` says which); a day is said once."""
    first, last = (value.astimezone(ZoneInfo(zone)).date() for value in (begins, ends))
    until = clock(ends, zone)
    return _on(first, f"{clock(begins, zone)} – {until if first == last else _on(last, until)}")


def _on(day: dt.date, time: str) -> str:
    """A time of a day, with its day of the week."""
    return str(get_datetime_format(locale=_cldr())).format(
        time, figures(format_date(day, format="full", locale=_cldr()))
    )


def clock(value: dt.datetime, zone: str = "UTC") -> str:
    """What the clocks of a time zone show."""
    local = value.astimezone(ZoneInfo(zone))
    return figures(format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=_cldr()))


def _distance(local: dt.datetime) -> str:
    """`GMT+01:00`; where it is read from right to left the sign is held before its number."""
    shown = get_timezone_gmt(local, locale=_cldr())
    if current().direction == "rtl":
        shown = re.sub(r"[+-][\d:]+", "\u2066\\g<0>\u2069", shown)
    return figures(shown)


def zone_name(zone: str) -> str:
    """A time zone by its city and its clocks, `Rome (Central European Time)`; by its country where those have no name
    for the whole year, `Accra (Ghana)`.
    """
    ids, names = _ids(zone), _cldr()
    known = [names.time_zones[name] for name in ids if name in names.time_zones]
    if "Etc/UTC" in ids:
        return str(known[0]["long"]["standard"])
    city = next((one["city"] for one in known if "city" in one), ids[0].rpartition("/")[2].replace("_", " "))
    kinds = [names.meta_zones.get(get_global("meta_zones").get(name)) or {} for name in ids]
    clocks = next((kind["long"]["generic"] for kind in kinds if "generic" in kind.get("long", {})), "")
    known_by = clocks or country(get_global("zone_territories").get(ids[0], ""))
    return f"{city} ({known_by})" if known_by else city


@cache
def _ids(zone: str) -> tuple[str, ...]:
    """The present name of a zone and its former ones: CLDR knows some by what they were called first (Europe/Kiev)."""
    present = get_global("zone_aliases").get(zone, zone)
    return (present, *(name for name, later in get_global("zone_aliases").items() if later == present))


def country(code: str) -> str:
    """The name of a country by its ISO 3166-1 code."""
    return str(_cldr().territories.get(code, code))
