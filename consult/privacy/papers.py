"""What an officer hands in about an activity: its entry in the record of processing, and the beginning of a DPIA.

The record has what article 30(1) of Regulation (EU) 2016/679 asks for, the data-protection impact assessment (DPIA)
what article 35(7) does. What the platform knows is filled in; what only people can judge is left to them and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from consult.core.text import Direction, LocalisedText, direction
from consult.privacy.models import Notice
from consult.privacy.retention import Due
from consult.privacy.told import RIGHTS
from consult.privacy.words import BASES, KEPT, PARTS, SPECIAL
from consult.processes.models import Activity
from consult.web.messages.marks import N_

KINDS: Final = ("record", "dpia")
TITLES: Final = {
    "record": N_("Entry in the record of processing activities"),
    "dpia": N_("Data-protection impact assessment: a beginning"),
}

MEASURES: Final = (
    (
        N_("Somebody learns who answered"),
        N_("Neither address nor device nor time of day is stored or logged; answers are mixed and keep no order."),
    ),
    (
        N_("Results single somebody out"),
        N_("Numbers about fewer than %(threshold)s people are hidden; every table is attacked before it is released."),
    ),
    (
        N_("Staff look at answers of persons"),
        N_("No page shows a single answer; who does what is decided by roles and kept in a trail that shows changes."),
    ),
    (
        N_("Somebody else with the device reads answers"),
        N_("The cookie holds no answers, “Exit now” deletes it, and a code is needed to read them again."),
    ),
    (
        N_("Data are stolen or lost"),
        N_("Codes are kept as fingerprints, and backups are encrypted. Whoever runs the platform must encrypt disks."),
    ),
    (
        N_("People name themselves or others in free text"),
        N_("What people write is counted, and never shown as it is."),
    ),
    (
        N_("People take part under pressure, or too young"),
        N_("One can stop at any time; age and consent are asked for if you decide so; every page links to help."),
    ),
    (
        N_("Data are kept for too long"),
        N_("Participants withdraw their answers by code; all are deleted by themselves when the notice says so."),
    ),
)
"""Risks for participants, and what the platform does against each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a questionnaire asks, as far as these papers tell it."""

    questions: int
    sensitive: tuple[LocalisedText, ...]
    """Labels of the questions that are marked so."""
    conditions: tuple[LocalisedText, ...]
    """Labels of the standing questions."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: sentences, then a table of two or three columns."""

    heading: str
    sentences: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in one language."""

    title: str
    subtitle: str
    locale: str
    made_on: dt.date
    sections: tuple[Section, ...]

    @property
    def direction(self) -> Direction:
        """How it runs."""
        return direction(self.locale)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: the locale, gettext, and how days and countries are written."""

    locale: str
    words: Callable[[str], str]
    day: Callable[[dt.datetime | None], str]
    country: Callable[[str], str]


def paper(
    kind: str, activity: Activity, notice: Notice, kept: Sequence[Due], asked: Asked, reader: Reader, *, today: dt.date
) -> Paper:
    """The record of an activity, or the beginning of its DPIA. `kind`: one of `KINDS`; `kept`: what for how long."""
    facts = _Facts(activity, notice, kept, asked, reader)
    sections = tuple(facts.record() if kind == "record" else facts.dpia())
    return Paper(reader.words(TITLES[kind]), facts.text(activity.title), reader.locale, today, sections)


def as_text(paper: Paper) -> str:
    """The paper as plain text."""
    lines = [paper.title, paper.subtitle, paper.made_on.isoformat()]
    for section in paper.sections:
        lines += ["", section.heading, "=" * len(section.heading), *section.sentences]
        for row in section.rows:
            name, *rest = row
            labels = section.head[1:]
            values = [f"{label}: {value}" for label, value in zip(labels, rest, strict=True)] if labels else rest
            lines += [
                "",
                f"{section.head[0]}: {name}" if section.head else name,
                *(_indented(value) for value in values),
            ]
    return "\n".join(lines) + "\n"


def _indented(value: str) -> str:
    return "\n".join(f"  {line}" for line in value.splitlines())


class _Facts:
    def __init__(self, activity: Activity, notice: Notice, kept: Sequence[Due], asked: Asked, reader: Reader) -> None:
        self._activity, self._notice, self._kept, self._asked, self._reader = activity, notice, kept, asked, reader
        self._say = reader.words

    def text(self, text: LocalisedText) -> str:
        """What authors wrote, for the reader."""
        return text.resolve(self._reader.locale, self._activity.locales[0]).text

    def _filled(self, value: str) -> str:
        return value or self._say(N_("To be filled in"))

    def _rows(self, *rows: tuple[str, str]) -> tuple[tuple[str, ...], ...]:
        return tuple((self._say(name), self._filled(value)) for name, value in rows)

    def _data(self) -> str:
        """Kinds of data, each on a line."""
        kept = (
            N_("Answers"),
            N_("The day, without the time"),
            N_("Language"),
            N_("Way in, for example the public link"),
        )
        return "\n".join(self._say(words) for words in kept)

    def _labels(self, labels: tuple[LocalisedText, ...]) -> str:
        return "\n".join(self.text(label) for label in labels) or "–"

    def _ground(self) -> str:
        ground = BASES.get(self._notice.basis)
        return "\n".join(filter(None, (self._say(ground.name) if ground else "", self.text(self._notice.law))))

    def _about(self) -> tuple[tuple[str, ...], ...]:
        activity, notice, process = self._activity, self._notice, self._activity.process
        special = SPECIAL.get(notice.special)
        return self._rows(
            (N_("Policy process"), f"{self.text(process.title)} ({self._reader.country(process.country)})"),
            (PARTS["controller"], self.text(notice.controller)),
            (PARTS["contact"], notice.contact),
            (PARTS["purpose"], self.text(notice.purpose)),
            (PARTS["basis"], self._ground()),
            (N_("Whose data"), self.text(process.public_name)),
            (N_("Kinds of data"), self._data()),
            (N_("Questions"), str(self._asked.questions)),
            (N_("Questions marked as sensitive"), self._labels(self._asked.sensitive)),
            (N_("Asked before all else"), self._labels(self._asked.conditions)),
            (PARTS["special"], self._say(special.name) if special else ""),
            (PARTS["recipients"], self.text(notice.recipients)),
            (PARTS["transfers"], self.text(notice.transfers)),
            (PARTS["source"], self.text(notice.source)),
            (PARTS["automated"], self.text(notice.automated)),
            (N_("Opens"), self._reader.day(activity.opens_at)),
            (N_("Closes"), self._reader.day(activity.closes_at)),
        ) + tuple(
            (self._say(KEPT[due.kind.since, due.kind.unit]) % {"kind": self._say(due.kind.label)}, str(due.promised))
            for due in self._kept
        )

    def _measures(self) -> Iterator[tuple[str, str]]:
        threshold = {"threshold": self._activity.process.threshold}
        for risk, measure in MEASURES:
            yield self._say(risk), self._say(measure) % threshold

    def record(self) -> Iterator[Section]:
        """The parts of the record."""
        yield Section(self._say(N_("The processing")), rows=self._about())
        yield Section(
            self._say(N_("Technical and organisational measures")),
            rows=tuple(self._measures()),
            head=(self._say(N_("Against")), self._say(N_("What the platform does"))),
        )
        yield Section(
            self._say(N_("Measures of your own")),
            sentences=(self._say(N_("To be filled in: encryption of disks and backups, servers, training.")),),
        )

    def dpia(self) -> Iterator[Section]:
        """The parts of the DPIA."""
        say = self._say
        fill = say(N_("To be assessed"))
        yield Section(
            say(N_("How to use this")),
            sentences=(
                say(N_("The platform has filled in what it knows. The rest only people can judge.")),
                say(N_("Ask the data-protection officer for advice before you decide.")),
            ),
        )
        yield Section(say(N_("1. What is done")), rows=self._about())
        rights = "\n".join(say(RIGHTS[code]) for code in RIGHTS if code in self._notice.rights)
        yield Section(
            say(N_("2. Is it necessary and proportionate?")),
            rows=self._rows(
                (N_("Could the purpose be reached with fewer questions?"), ""),
                (N_("Why is each sensitive question needed?"), ""),
                (N_("Are people told before they answer?"), say(N_("Yes: every page links to the notice."))),
                (N_("Which rights do they have?"), rights),
            ),
        )
        yield Section(
            say(N_("3. Risks for participants")),
            head=(say(N_("Risk")), say(N_("What the platform does")), say(N_("Likelihood, severity, what remains"))),
            rows=tuple((risk, measure, fill) for risk, measure in self._measures()),
        )
        yield Section(
            say(N_("4. Further measures and decision")),
            rows=self._rows(
                (N_("What participants or their associations say"), ""),
                (N_("Advice of the data-protection officer"), ""),
                (N_("Further measures, by whom and until when"), ""),
                (N_("Decision, name, day"), ""),
            ),
        )
