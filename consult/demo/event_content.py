"""What the demo's events are made of, read from the files beside this module into frozen types."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from consult.core.questionnaire.definition import (
    NO_TEXT,
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    node_id,
)
from consult.core.text import LocalisedText
from consult.demo.content import decoded

PAGE = "about_you"
OTHER = "other"
"""The choice behind the countries."""


class DemoTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day of a week, counted from this one, and what the clocks of the place show."""

    weeks: int
    weekday: int
    """0: Monday."""
    at: str

    def local(self, now: dt.datetime, zone: str) -> dt.datetime:
        """By the clocks of the zone, without one."""
        today = now.astimezone(ZoneInfo(zone)).date()
        day = today + dt.timedelta(weeks=self.weeks, days=self.weekday - today.weekday())
        return dt.datetime.combine(day, dt.time.fromisoformat(self.at))


class DemoOccasion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time and place of an event, and how many sign up for it."""

    zone: str
    when: DemoTime
    minutes: int
    capacity: int
    closing: int
    """How many days before it people can no longer sign up."""
    title: LocalisedText
    people: int
    locales: dict[str, float]
    """In which languages they sign up, by weight."""
    countries: dict[str, float]
    """Where they live, by weight."""
    place: LocalisedText = NO_TEXT
    """Empty: it is held online only."""
    link: str = ""
    languages: tuple[str, ...] = ()
    interpretation: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    there: float = 1.0
    """The part of those with a place who came."""
    seed: str = ""
    """Of the draw."""


class DemoSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the programme."""

    minutes: int
    theme: str
    title: LocalisedText


class DemoGuideBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block of the facilitator's guide; a question and a probe in each line."""

    theme: str
    minutes: int
    title: LocalisedText
    questions: LocalisedText
    probes: LocalisedText


class DemoTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the profile grid; its cell has codes by the name of a question."""

    cell: dict[str, tuple[str, ...]]
    minimum: int
    maximum: int | None = None


class DemoEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event with its occasions; `consent` is a key in `DemoEvents.consents`."""

    slug: str
    form: str
    selection: str
    consent: str
    time_zone: str
    opens: int
    """Days from now."""
    closes: DemoTime
    title: LocalisedText
    about: LocalisedText
    needs: tuple[str, ...]
    occasions: tuple[DemoOccasion, ...]
    programme: tuple[DemoSlot, ...]
    """The same on each occasion."""
    guide: tuple[DemoGuideBlock, ...] = ()
    targets: tuple[DemoTarget, ...] = ()
    seed_source: LocalisedText = NO_TEXT
    nominators: tuple[str, ...] = ()
    """Who nominates people; empty: they put themselves forward."""
    screened: tuple[str, ...] = ()
    """What is asked at sign-up, by the names of questions."""
    companions: int = 0
    speaking: bool = False


class DemoAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that is asked at sign-up alone."""

    label: LocalisedText
    choices: dict[str, LocalisedText]
    required: LocalisedText
    concept: str = ""


class DemoScreening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be asked at sign-up, besides questions of the opinion questionnaire."""

    title: LocalisedText
    hint: LocalisedText
    countries: dict[str, LocalisedText]
    """Where people live whom the opinion questionnaire does not ask."""
    asked: dict[str, DemoAsked]


class DemoReasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why people were chosen or not, in the words of officers."""

    placed: tuple[str, ...]
    refused: tuple[str, ...]


class DemoNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of what the names of synthetic people are made."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


class DemoEvents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The events, with what several of them have in common; `uses` is the purpose in their notices."""

    uses: LocalisedText
    screening: DemoScreening
    consents: dict[str, LocalisedText]
    reasons: DemoReasons
    names: DemoNames
    events: tuple[DemoEvent, ...]


class DemoNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was noted under a block of the guide; fields as in `events.models.held.Note`.

    `speaker` has the name of a question where it names a class (`sex=F`).
    """

    block: int
    body: str
    said: str = "note"
    locale: str = "en"
    speaker: str = ""
    people: int | None = None
    institution: str = ""
    view: str = ""
    confidential: bool = False


class DemoReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was said on an occasion, and what was summed up of it."""

    event: str
    number: int
    summary: LocalisedText
    conduct: LocalisedText
    themes: dict[str, str]
    notes: tuple[DemoNote, ...]


def events() -> DemoEvents:
    """The demo's events."""
    return decoded("events.json", DemoEvents)


def reports() -> tuple[DemoReport, ...]:
    """What was said on the occasions that are over."""
    return decoded("event_notes.json", tuple[DemoReport, ...])


def screening(facts: DemoScreening, names: Sequence[str], opinion: Questionnaire) -> Questionnaire:
    """What is asked at sign-up, on one page; what is in the opinion questionnaire is asked as there."""
    known, lists = {question.name: question for question in opinion.questions()}, opinion.lists()
    asked, offered = [], []
    for name in names:
        if (own := facts.asked.get(name)) is None:
            asked.append(
                msgspec.structs.replace(known[name], id=node_id(f"{PAGE}/{name}"), relevant="", choice_filter="")
            )
            offered.append(ChoiceList(name=known[name].choices, choices=_offered(lists[known[name].choices], facts)))
        else:
            asked.append(_question(name, own))
            offered.append(ChoiceList(name=name, choices=tuple(_choices(own.choices))))
    page = Group(id=node_id(PAGE), name=PAGE, label=facts.title, hint=facts.hint, children=tuple(asked))
    return Questionnaire(title=facts.title, locales=opinion.locales, children=(page,), choice_lists=tuple(offered))


def _question(name: str, facts: DemoAsked) -> Question:
    return Question(
        id=node_id(f"{PAGE}/{name}"),
        name=name,
        type=QuestionType.SELECT_ONE,
        label=facts.label,
        required="true()",
        required_message=facts.required,
        choices=name,
        concept=facts.concept,
    )


def _offered(choices: ChoiceList, facts: DemoScreening) -> tuple[Choice, ...]:
    found = [msgspec.structs.replace(one, attributes={}) for one in choices.choices]
    if choices.name == "country":
        found = [*found, *_choices(facts.countries)]
        found.sort(key=lambda one: (one.name == OTHER, one.label["en"]))
    return tuple(found)


def _choices(labels: dict[str, LocalisedText]) -> list[Choice]:
    return [Choice(name=name, label=label) for name, label in labels.items()]


def ids(questionnaire: Questionnaire) -> dict[str, str]:
    """The ids of questions by their names."""
    return {question.name: question.id for question in questionnaire.questions()}
