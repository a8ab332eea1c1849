"""Mails to people who signed up, in their locale, with times by their clocks and by those of the place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Final

from consult.config import Settings
from consult.core.calendar import file_of
from consult.core.localtime import time_zones
from consult.events import addresses
from consult.events.appointments import appointment
from consult.events.messages import Topic
from consult.events.models.planned import Occasion
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.vault import Person
from consult.mail.service import Letter
from consult.processes.models import Activity
from consult.web.letters import compose
from consult.web.messages.marks import N_

_KEEP: Final = N_("You have a place. If you cannot come, please cancel, so that somebody else can have it.")
WORDS: Final = {
    Topic.ASKED: (N_("You are signed up"), N_("You are signed up. Who gets a place is decided later; we will write.")),
    Topic.PLACED: (N_("You have a place"), _KEEP),
    Topic.LISTED: (
        N_("You are on the waiting list"),
        N_("You are on the waiting list. If a place becomes free for you, we tell you."),
    ),
    Topic.OFFERED: (
        N_("A place is free for you"),
        N_("A place became free. It is yours if you take it in time; after that somebody else gets it."),
    ),
    Topic.REFUSED: (
        N_("About your sign-up"),
        N_("There were more people than places, and you have not been chosen. Thank you for wanting to come."),
    ),
    Topic.CHANGED: (N_("Something has changed"), N_("Time or place have changed. This holds now:")),
    Topic.CANCELLED: (N_("A date is cancelled"), N_("You are not signed up any more for this date:")),
    Topic.REMINDER: (N_("A reminder"), _KEEP),
    Topic.THANKS: (N_("Thank you"), N_("Thank you for taking part.")),
}
"""Subject, which says nothing of what the event is about, and first sentence."""
_NOMINATED: Final = N_("You were nominated. Please say whether you want to come; who gets a place is decided later.")
_TOO_LATE: Final = N_("The time to take the place that was offered is over. Thank you for wanting to come.")
_CALLED_OFF: Final = N_("This date does not take place. We are sorry.")


def letter(
    topic: Topic,
    seat: SignUp,
    person: Person,
    occasion: Occasion,
    *,
    settings: Settings,
    feedback: Activity | None,
    now: dt.datetime,
) -> Letter:
    """What somebody is written. `feedback`: the questionnaire to which thanks lead, if it is open."""
    activity = occasion.event.activity
    placed = seat.standing == Standing.PLACED and topic in (Topic.PLACED, Topic.CHANGED, Topic.REMINDER)
    thanks = topic == Topic.THANKS
    composed = compose(
        "event",
        seat.locale,
        subject=WORDS[topic][0],
        said=said(topic, seat, occasion),
        title=activity.title,
        occasion=occasion,
        source=activity.locales[0],
        zone=zone_of(person, occasion),
        until=seat.offered_until if topic == Topic.OFFERED else None,
        shows_time=not thanks,
        join=occasion.link if placed and occasion.online else "",
        own=addresses.own(settings, activity, seat.locale, person.code) if person.code and not thanks else "",
        feedback=addresses.feedback(settings, feedback, seat.locale) if feedback and thanks else "",
    )
    known = seat.told.startswith(Standing.PLACED)  # it may stand in their calendar
    if topic in (Topic.REMINDER, Topic.THANKS) or not (placed or known):
        return composed
    entry = appointment(occasion, seat.locale, now=now, joining=placed)
    file = file_of(entry if placed else replace(entry, cancelled=True))
    return Letter(composed.subject, composed.text, composed.html, file.decode())


def said(topic: Topic, seat: SignUp, occasion: Occasion) -> str:
    """The sentence by which somebody is told something, marked for translation."""
    if topic == Topic.CANCELLED and occasion.state == "cancelled":
        return _CALLED_OFF
    if topic == Topic.ASKED and seat.way == Way.NOMINATED and not seat.consented:
        return _NOMINATED
    if topic == Topic.REFUSED and seat.told.startswith(Standing.OFFERED):
        return _TOO_LATE
    return WORDS[topic][1]


def zone_of(person: Person, occasion: Occasion) -> str:
    """By whose clocks somebody reads times: their own, where they said so and such clocks are known."""
    return person.time_zone if person.time_zone in _known() else occasion.time_zone


@cache
def _known() -> frozenset[str]:
    return frozenset(time_zones())
