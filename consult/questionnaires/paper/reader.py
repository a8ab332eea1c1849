"""Who reads a paper: a locale, its authored texts with what stands in for answers, the interface's words, numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from consult.core.questionnaire.steps import PIPE
from consult.core.text import Direction, LocalisedText, Rendered
from consult.web.catalogue import catalogue
from consult.web.locale import cldr, figures, locale_of, symbols


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
        return locale_of(self.locale).direction

    def words(self, text: str) -> str:
        """Our own words."""
        return str(catalogue(self.locale).gettext(text))

    def counted(self, one: str, many: str, count: int) -> str:
        """The same with a number: `%(num)s`."""
        return str(catalogue(self.locale).ngettext(one, many, count)) % {"num": self.number(count)}

    def text(self, text: LocalisedText) -> Rendered:
        """What an author wrote; where an answer is piped in, it is said which."""
        chosen = text.resolve(self.locale, self.source)
        return Rendered(PIPE.sub(lambda found: self._piped(found[1]), chosen.text).strip(), chosen.locale)

    def _piped(self, name: str) -> str:
        _ = self.words
        if number := self.number_of(name):
            return _("[answer to question %(number)s]") % {"number": number}
        return f"[{name}]"

    def number_of(self, name: str) -> str:
        """The number that a question has on paper; empty where it has none."""
        return figures(self.numbers.get(name, ""), self.locale)

    def number(self, value: float) -> str:
        """A number as the locale writes it."""
        system = symbols(self.locale)
        written = format_decimal(value, locale=cldr(self.locale), group_separator=False, numbering_system=system)
        return figures(written, self.locale)

    def day(self, day: dt.date) -> str:
        """A day in words."""
        return figures(format_date(day, "long", locale=cldr(self.locale)), self.locale)

    def moment(self, moment: dt.datetime, zone: str) -> str:
        """A moment by the clocks of a time zone."""
        local = moment.astimezone(ZoneInfo(zone))
        time = figures(format_time(local, "HH:mm", locale=cldr(self.locale)), self.locale)
        return f"{self.day(local.date())}, {time} ({zone})"

    def language(self, code: str) -> str:
        """The name of a language in itself."""
        return locale_of(code).name
