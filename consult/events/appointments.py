"""Occasions as they stand in calendars."""

from __future__ import annotations

import datetime as dt

from consult.core.calendar import Appointment
from consult.core.text import LocalisedText
from consult.events.models.planned import Occasion


def appointment(occasion: Occasion, locale: str, *, now: dt.datetime, joining: bool = False) -> Appointment:
    """An occasion in calendars: by its UID the same from wherever it is sent, and the same for all who come, so that it
    tells nobody from the others. `joining`: whether it says how to join online, which only those know who have a place.
    """
    activity = occasion.event.activity

    def words(text: LocalisedText) -> str:
        return text.resolve(locale, activity.locales[0]).text

    return Appointment(
        uid=str(occasion.id),
        sequence=occasion.sequence,
        starts=occasion.starts_at,
        ends=occasion.ends_at,
        zone=occasion.time_zone,
        title=f"{words(activity.title)} – {words(occasion.title)}",
        stamp=now,
        location=words(occasion.place) if occasion.in_place else "",
        url=occasion.link if joining and occasion.online else "",
        cancelled=occasion.state == "cancelled",
    )
