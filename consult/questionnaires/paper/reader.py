"""Who reads a paper: a locale, its authored texts with what stands in for answers, the interface's words, numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from consult.core.questionnaire.steps import PIPE
from consult.core.text import Direction, LocalisedText, Rendered, direction
from consult.web.catalogue import catalogue
from consult.web.locale import cldr, locale_of


@dataclass(frozen=True, slots=True)
class Reader:
    """A locale, and the one in which its texts were written first."""

    locale: str
    source: str
    numbers: Mapping[str, str]
    """By names of questions: the numbers that they have on paper."""

    @property
    def interface(self) -> str:
        """The locale of our own words."""
        return locale_of(self.locale).interface

    @property
    def direction(self) -> Direction:
        """Of the pages."""
        return direction(self.locale)

    def words(self, text: str) -> str:
        """Our own words."""
        return str(catalogue(self.interface).gettext(text))

    def counted(self, one: str, many: str, count: int) -> str:
        """The same with a number: `%(num)s`."""
        return str(catalogue(self.interface).ngettext(one, many, count)) % {"num": self.number(count)}

    def text(self, text: LocalisedText) -> Rendered:
        """What an author wrote; where an answer is piped in, it is said which."""
        chosen = text.resolve(self.locale, self.source)
        return Rendered(PIPE.sub(lambda found: self._piped(found[1]), chosen.text).strip(), chosen.locale)

    def _piped(self, name: str) -> str:
        _ = self.words
        if number := self.numbers.get(name):
            return _("[answer to question %(number)s]") % {"number": number}
        return f"[{name}]"

    def number(self, value: float) -> str:
        """A number as the locale writes it."""
        return str(format_decimal(value, locale=cldr(self.locale), group_separator=False))

    def day(self, day: dt.date) -> str:
        """A day in words."""
        return str(format_date(day, "long", locale=cldr(self.locale)))

    def moment(self, moment: dt.datetime, zone: str) -> str:
        """A moment by the clocks of a time zone."""
        local = moment.astimezone(ZoneInfo(zone))
        return f"{self.day(local.date())}, {format_time(local, 'HH:mm', locale=cldr(self.locale))} ({zone})"

    def language(self, code: str) -> str:
        """The name of a language in itself."""
        return locale_of(code).name
