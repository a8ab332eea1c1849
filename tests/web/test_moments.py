"""Moments and time zones in the reader’s words, digits and direction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask, g

from consult.core.localtime import time_zones
from consult.core.numbering import SYSTEMS
from consult.web import choices
from consult.web.locale import Locale, locale_of
from consult.web.templating import moment, zone_name

EVENING = dt.datetime(2026, 11, 26, 17, 0, tzinfo=dt.UTC)
SUMMER = dt.datetime(2026, 7, 2, 16, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def page() -> Iterator[None]:
    with Flask("reading").app_context():
        yield


ZONES = {
    ("en", "Europe/Rome"): "Rome (Central European Time)",
    ("en", "America/New_York"): "New York (Eastern Time)",
    ("en", "America/Argentina/Buenos_Aires"): "Buenos Aires (Argentina Time)",
    ("en", "Africa/Accra"): "Accra (Ghana)",  # its clocks’ name is Greenwich’s, who change theirs
    ("en", "Asia/Calcutta"): "Kolkata (India)",
    ("en", "Europe/Kyiv"): "Kyiv (Eastern European Time)",
    ("en", "UTC"): "Coordinated Universal Time",
    ("fr", "Europe/Rome"): "Rome (heure d’Europe centrale)",
    ("fr", "Asia/Tehran"): "Téhéran (heure de l’Iran)",
    ("fr", "Africa/Accra"): "Accra (Ghana)",
    ("fr", "UTC"): "temps universel coordonné",
    ("ar", "Europe/Rome"): "روما (توقيت وسط أوروبا)",
    ("ar", "Asia/Kathmandu"): "كاتماندو (نيبال)",
    ("ar", "Africa/Accra"): "أكرا (غانا)",
    ("ru", "Africa/Casablanca"): "Касабланка (Марокко)",
}


@pytest.mark.parametrize(("locale", "zone"), ZONES)
def test_a_zone_is_named_by_its_city_and_its_clocks_or_country(locale: str, zone: str) -> None:
    g.locale = locale_of(locale)
    assert zone_name(zone) == ZONES[locale, zone]


MOMENTS = {
    ("en", EVENING, "Europe/Rome"): "Thursday, 26 November 2026, 18:00 · Rome (Central European Time) · GMT+01:00",
    ("en", SUMMER, "Europe/Rome"): "Thursday, 2 July 2026, 18:00 · Rome (Central European Time) · GMT+02:00",
    ("en", EVENING, "Asia/Kathmandu"): "Thursday, 26 November 2026, 22:45 · Kathmandu (Nepal) · GMT+05:45",
    ("en", EVENING, "Pacific/Auckland"): "Friday, 27 November 2026, 06:00 · Auckland (New Zealand Time) · GMT+13:00",
    ("fr", EVENING, "America/New_York"): (
        "jeudi 26 novembre 2026, 12:00 · New York (heure de l’Est nord-américain) · UTC-05:00"
    ),
    (
        "ar",
        EVENING,
        "Europe/Rome",
    ): "الخميس، 26 نوفمبر 2026، 18:00 · روما (توقيت وسط أوروبا) · غرينتش\u2066+01:00\u2069",
}


@pytest.mark.parametrize(("locale", "value", "zone"), MOMENTS)
def test_a_moment_in_full_is_the_one_on_the_wall_of_that_place(locale: str, value: dt.datetime, zone: str) -> None:
    g.locale = locale_of(locale)
    assert moment(value, zone, full=True) == MOMENTS[locale, value, zone]


def test_moments_have_the_readers_digits() -> None:
    g.locale = Locale("fa", "فارسی", "rtl", digits="arabext")
    assert "arabext" in SYSTEMS
    shown = moment(EVENING, "Asia/Tehran", full=True)
    assert "۲۰:۳۰" in shown and "\u2066+۰۳:۳۰\u2069" in shown
    assert not any("0" <= character <= "9" for character in shown)


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_every_place_can_be_chosen_once_by_a_name_of_its_own(locale: str) -> None:
    g.locale = locale_of(locale)
    offered = choices.zones()
    names = [one.label for one in offered]
    assert len(names) == len(set(names)) > 400
    assert {one.value for one in offered} < set(time_zones())
    assert names == sorted(names, key=str.casefold)


def test_a_zone_that_was_chosen_by_a_former_name_stays_chosen() -> None:
    assert "Asia/Calcutta" not in {one.value for one in choices.zones()}
    assert "Asia/Calcutta" in {one.value for one in choices.zones("Asia/Calcutta")}
    assert "Mars/Base" not in {one.value for one in choices.zones("Mars/Base")}
