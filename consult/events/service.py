"""What an event is about, and when people can sign up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, refuse_if_any
from consult.core.questionnaire import document
from consult.core.questionnaire.steps import Compiled
from consult.core.text import LocalisedText
from consult.events import queries
from consult.events.models.planned import Event, Form, Need, Selection
from consult.events.trail import note
from consult.events.wordings import renewing
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import approving
from consult.questionnaires import queries as questionnaires
from consult.questionnaires import wordings as questionnaire_wordings


@dataclass(frozen=True, slots=True)
class Particulars:
    """What officers decide about an event; the fields are those of `models.planned.Event`."""

    form: Form
    selection: Selection
    about: LocalisedText
    consent: LocalisedText
    locales: Sequence[str] = ()
    """Further locales in which it is offered, beside that in which it is written."""
    guardian: LocalisedText = field(default_factory=LocalisedText)
    minimum_age: int = 18
    seed_source: LocalisedText = field(default_factory=LocalisedText)
    companions: int = 0
    needs: Sequence[Need] = ()
    offer_hours: int = 48
    speaking: bool = False


def describe(session: Session, activity: Activity, wanted: Particulars, *, by: Actor | None, now: dt.datetime) -> Event:
    """Decide what an event is, who gets a place, what people agree to and in which locales it is offered.

    Refuses `events.about` and `events.consent` where they are missing in an offered locale, `events.seed_source` where
    places are drawn and it is, `events.selection.fixed`,
    `events.seed_source.fixed` and `events.consent.fixed` once people could sign up.
    """
    lock(session, activity)
    source = activity.locales[0]
    locales = [source, *(code for code in activity.process.locales if code in wanted.locales and code != source)]
    kept = queries.event(session, activity.id)
    refuse_if_any([*_missing(wanted, locales), *_fixed(activity, kept, wanted, now)])
    with renewing(session, activity, by, now):
        kept.form, kept.selection = wanted.form, wanted.selection
        kept.about, kept.consent, kept.guardian = wanted.about, wanted.consent, wanted.guardian
        kept.minimum_age, kept.seed_source = wanted.minimum_age, wanted.seed_source
        kept.companions, kept.needs = wanted.companions, [str(need) for need in Need if need in wanted.needs]
        kept.offer_hours, kept.speaking = wanted.offer_hours, wanted.speaking
        activity.locales = locales
        session.add(kept)
    details = {"form": kept.form, "selection": kept.selection, "locales": locales}
    note(session, activity, "describe", details, by, now)
    return kept


def _missing(wanted: Particulars, locales: Sequence[str]) -> list[Problem]:
    texts = [("events.about", "about", wanted.about), ("events.consent", "consent", wanted.consent)]
    if wanted.selection == Selection.DRAW:
        texts.append(("events.seed_source", "seed_source", wanted.seed_source))
    if any(wanted.guardian.values()):
        texts.append(("events.guardian", "guardian", wanted.guardian))
    return [
        Problem(code, {"locale": locale}, Place(field=f"{name}-{locale}"))
        for code, name, text in texts
        for locale in text.missing(locales)
    ]


def _fixed(activity: Activity, kept: Event, wanted: Particulars, now: dt.datetime) -> list[Problem]:
    """What people were told when they signed up stays."""
    if activity.state(now) not in ("open", "closed"):
        return []
    found = []
    if wanted.selection != kept.selection:
        found.append(Problem("events.selection.fixed", place=Place(field="selection")))
    if kept.selection == Selection.DRAW and any(_changed(kept.seed_source, wanted.seed_source)):
        found.append(Problem("events.seed_source.fixed", place=Place(field="seed_source")))
    for name, agreed, text in (
        ("consent", kept.consent, wanted.consent),
        ("guardian", kept.guardian, wanted.guardian),
    ):
        found += [
            Problem("events.consent.fixed", place=Place(field=f"{name}-{code}")) for code in _changed(agreed, text)
        ]
    return found


def _changed(kept: LocalisedText, wanted: LocalisedText) -> list[str]:
    """The locales in which there was a text that is another now."""
    return [code for code, text in kept.items() if wanted.get(code) != text]


def lacking(session: Session, activity: Activity, now: dt.datetime) -> list[Problem]:
    """Why nobody can sign up yet: nothing was said of what it is, there is no occasion, the screening is too long, is
    not there in all languages or nobody approved of it."""
    kept = queries.event(session, activity.id)
    if not kept.about:
        return [Problem("events.unset")]
    found = []
    if not any(occasion.state == "planned" for occasion in queries.occasions(session, activity.id)):
        found.append(Problem("events.occasions"))
    return [*found, *_screening(session, activity, now)]


def _screening(session: Session, activity: Activity, now: dt.datetime) -> Iterator[Problem]:
    """What is wrong with the questions asked at sign-up, where there are any."""
    edition = questionnaires.latest_edition(session, activity.id)
    if edition is None:
        return
    read = document.decode(edition.document)
    if not screens(Compiled(read)):
        yield Problem("events.screening")
    if read.source != activity.locales[0]:
        yield Problem("events.screening.source")
    passed = questionnaire_wordings.offered(session, activity, read)
    for locale in activity.locales[1:]:
        if locale not in passed:
            yield Problem("events.screening.locale", {"locale": locale})
    if activity.state(now) != "open":
        yield from approving.lacking(session, activity, approving.of_edition(session, edition))


def screens(compiled: Compiled) -> bool:
    """Whether a questionnaire can stand on the page on which people sign up: one page, without repeats or files."""
    page = compiled.pages[0]
    return len(compiled.pages) == 1 and not (page.repeats or page.listing or page.uploads)
