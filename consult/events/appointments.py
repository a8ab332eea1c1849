"""Occasions as they stand in calendars."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from consult.config import Settings
from consult.core.calendar import Appointment
from consult.core.text import LocalisedText
from consult.events.models.planned import Occasion


def appointment(
    settings: Settings,
    occasion: Occasion,
    *,
    title: LocalisedText,
    locale: str,
    source: str,
    slug: str,
    now: dt.datetime,
    told: str = "",
) -> Appointment:
    """An occasion in a calendar; its UID is the same wherever it is sent from.

    `title`: that of the event; `source`: the locale in which it is written; `told`: what only those are told who have a
    place, as how to join online.
    """
    place = occasion.place.resolve(locale, source).text if occasion.in_place else ""
    return Appointment(
        uid=f"{occasion.id}@{urlsplit(settings.base_url).hostname}",
        sequence=occasion.sequence,
        starts=occasion.starts_at,
        ends=occasion.ends_at,
        zone=occasion.time_zone,
        title=f"{title.resolve(locale, source).text} – {occasion.title.resolve(locale, source).text}",
        stamp=now,
        description=told,
        location=place,
        url=f"{settings.base_url.rstrip('/')}/{locale}/e/{slug}/{occasion.number}",
        cancelled=occasion.state == "cancelled",
    )
