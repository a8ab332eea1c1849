"""The report of an event, or of one of its occasions: who came, what was said by theme, where institutions stand.

It stands here and not with events because its numbers are those of a release, and because it is written as PDF and
DOCX by what writes reports of releases. What is confidential, what a coder flagged and quotes without consent are left
out; a class of the profile is named as who said something only where the release shows that enough people are in it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_time
from sqlalchemy.orm import Session

from consult.coding import queries as coding
from consult.core.aggregation.signups import ATTENDED, OCCASION, STANDING, WAY
from consult.core.aggregation.tables import SKIPPED, code
from consult.events import noting, queries, speaking, summing
from consult.events.models.held import Note, Said, Summing, View
from consult.events.models.planned import Form, Occasion
from consult.events.words import FORMS, VIEWS
from consult.processes.models import Activity
from consult.results import attendance, method, taking_part, wording
from consult.results.attendance import Told
from consult.results.presentation import Item, Reader, Shown, items
from consult.results.report import Block, Bullets, Facts, Grid, Heading, Report, Text, count

Counts = Sequence[tuple[str, int | None]]
"""By answer; None is hidden."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the report of an event is made of, for a reader."""

    activity: Activity
    occasions: Sequence[Occasion]
    """Those it is about; all of the event, or one."""
    part: Occasion | None
    """The one it is about, where there are others with which a release counts it."""
    told: Told | None
    """None without a release that has the event."""
    notes: Sequence[Note]
    summed: Mapping[uuid.UUID, Summing]
    """By id of the occasion."""
    speakers: dict[str, str]
    """Names of roles and classes that can be told."""
    reader: Reader

    @property
    def several(self) -> bool:
        """Whether it is about several occasions."""
        return len(self.occasions) > 1


def read(session: Session, activity: Activity, occasion: Occasion | None, reader: Reader, *, frozen: bool) -> Held:
    """Read it. `frozen`: whether its numbers may be those of a release that is not published."""
    every = queries.occasions(session, activity.id)
    wanted = [one for one in every if one.state == "planned" and (occasion is None or one.id == occasion.id)]
    told = attendance.told(session, activity, frozen=frozen)
    flagged = {one.id for one in coding.concerns(session, activity.process_id)}
    notes = [one for one in noting.public(session, activity.id, [one.id for one in wanted]) if one.id not in flagged]
    named = speaking.speakers(session, activity, reader.locale, reader.words)
    enough = told.classes() if told else set()
    known = speaking.classes(session, activity.id).items()
    few = {name for name, one in known if (one.question, code(one.choice)) not in enough}
    return Held(
        activity,
        wanted,
        occasion if len(every) > 1 else None,
        told,
        notes,
        summing.all_summed(session, [one.id for one in wanted]),
        {name: label for name, label in named.items() if name not in few},
        reader,
    )


def report_of(held: Held, day: dt.date) -> Report:
    """The whole report, as made on a day."""
    reader, activity = held.reader, held.activity
    _ = reader.words
    process, only = activity.process, held.occasions[0] if len(held.occasions) == 1 else None
    return Report(
        locale=reader.locale,
        direction=reader.direction,
        title=reader.text(activity.title, activity.locales[0]),
        subtitle=_named(held, only) if only else reader.text(process.title, process.locales[0]),
        frozen_on=day,
        mark=method.synthetic_mark(reader) if process.synthetic else "",
        facts=tuple(_facts(held, day)),
        contents=_("Contents"),
        blocks=tuple(_blocks(held)),
    )


def _facts(held: Held, day: dt.date) -> Iterator[tuple[str, str]]:
    reader = held.reader
    _ = reader.words
    event = held.occasions[0].event if held.occasions else None
    if event is not None:
        yield _("Form"), _(FORMS[Form(event.form)])
    for one in held.occasions:
        local = one.starts_at.astimezone(ZoneInfo(one.time_zone))
        time = format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=reader.locale)
        yield _named(held, one), f"{reader.date(local.date())}, {time} ({one.time_zone})"
    yield _("Made on"), reader.date(day)


def _named(held: Held, occasion: Occasion) -> str:
    return held.reader.text(occasion.title, held.activity.locales[0])


def _blocks(held: Held) -> Iterator[Block]:
    yield from _summaries(held)
    yield from _attended(held)
    yield from _themes(held)
    yield from _positions(held)


def _summaries(held: Held) -> Iterator[Block]:
    _ = held.reader.words
    yield Heading(1, _("Summary"), "summary")
    source = held.activity.locales[0]
    found = [(one, held.summed[one.id]) for one in held.occasions if one.id in held.summed]
    for occasion, summed in found:
        if held.several:
            yield Heading(2, _named(held, occasion), f"summary-{occasion.number}")
        yield from _paragraphs(held.reader.text(summed.summary, source))
        if summed.conduct:
            yield Heading(3 if held.several else 2, _("How it went"), f"conduct-{occasion.number}", listed=False)
            yield from _paragraphs(held.reader.text(summed.conduct, source))
    if not found:
        yield Text(_("Nothing is summed up yet."))


def _paragraphs(text: str) -> Iterator[Block]:
    """Lines as paragraphs; those that begin with a dash are a list."""
    lines = (line.strip() for line in text.splitlines() if line.strip())
    for listed, some in groupby(lines, lambda line: line[:2] in ("- ", "* ", "• ")):
        if listed:
            yield Bullets(tuple(line[2:].strip() for line in some))
        else:
            yield from (Text(line) for line in some)


# --- who came ---


def _attended(held: Held) -> Iterator[Block]:
    reader, told = held.reader, held.told
    _ = reader.words
    yield Heading(1, _("Who signed up and who came"), "attendance")
    if told is None:
        yield Text(_("These numbers come with the next release of results: they are here as soon as it is published."))
        return
    day = dt.date.fromisoformat(told.content.frozen_on)
    yield Text(
        _("The numbers are those of release %(number)s, frozen on %(day)s.")
        % {"number": reader.number(told.content.number), "day": reader.date(day)}
    )
    if not told.published:
        yield Text(_("This release is not published: only those who can publish see its numbers."), "caveat")
    yield from (Text(text, "caveat") for text in method.protection(told.content, reader)[:1])
    shown = [item for item in items(told.people, reader) if not item.one_way.table.withheld]
    if not shown:
        yield Text(taking_part.few(told.people, reader))
    yield from _of_occasion(shown, held.part, reader) if held.part else _of_event(shown, reader)


def _of_event(shown: Sequence[Item], reader: Reader) -> Iterator[Block]:
    """Everybody who signed up; by what else they are broken down stands in the release."""
    _ = reader.words
    if shown and (everybody := shown[0].dataset.responses) is not None:
        yield _signed_up(shown[0], everybody, reader)
    for place, item in enumerate(shown, start=1):
        yield Heading(2, item.label, f"people-{place}", listed=False)
        yield Grid(item.label, (_("Answer"), _("Sign-ups")), _rows(item.one_way, reader))
        for by in item.crossed:
            if by.table.by in (ATTENDED, OCCASION) and item.variable.id not in (STANDING, WAY):
                named = _("By: %(variable)s") % {"variable": by.by}
                yield Heading(3, named, f"people-{place}-{by.table.by}", listed=False)
                yield Grid(f"{item.label} {named}", (_("Answer"), *by.groups), _rows(by, reader))


def _signed_up(item: Item, many: int | None, reader: Reader) -> Text:
    return Text(wording.how_many(item.dataset, reader.words) % {"number": count(many, reader)})


def _rows(shown: Shown, reader: Reader) -> tuple[tuple[str, ...], ...]:
    """The counts of a table, without the answers that nobody gave."""
    found = (line for line in shown.lines if any(many != 0 for many in line.counts))
    return tuple((line.label, *(count(many, reader) for many in line.counts)) for line in found)


def _of_occasion(shown: Sequence[Item], occasion: Occasion, reader: Reader) -> Iterator[Block]:
    """Those who signed up for one occasion of several: its part of each table by occasion."""
    _ = reader.words
    parts = dict(part for item in shown for part in _parts(item, str(occasion.number)))
    for _group, many in parts.pop("", ()):
        yield _signed_up(shown[0], many, reader)
    for place, (label, counts) in enumerate(parts.items(), start=1):
        yield Heading(2, label, f"people-{place}", listed=False)
        rows = tuple((answer, count(many, reader)) for answer, many in counts if many != 0)
        yield Grid(label, (_("Answer"), _("Sign-ups")), rows)


def _parts(item: Item, number: str) -> Iterator[tuple[str, Counts]]:
    """What the tables of a question say of an occasion, by what else they are about: nothing, or another question."""
    for shown in (item.one_way, *item.crossed):
        if item.variable.id == OCCASION:
            lines = [line for line in shown.lines if line.code == number]
            yield from ((shown.by, [*zip(shown.groups, line.counts, strict=True)]) for line in lines)
        elif shown.table.by == OCCASION and number in shown.table.groups:
            at = shown.table.groups.index(number)
            yield item.label, [(line.label, line.counts[at]) for line in shown.lines]


# --- what was said ---


def _themes(held: Held) -> Iterator[Block]:
    _ = held.reader.words
    process = held.activity.process
    labels = {theme.code: held.reader.text(theme.label, process.locales[0]) for theme in process.themes}
    yield Heading(1, _("What was said"), "said")
    said = [note for note in held.notes if note.said == Said.NOTE or (note.said == Said.QUOTE and note.consent)]
    shown = False
    for place, theme in enumerate([*labels, ""], start=1):
        mine = [note for note in said if (note.theme if note.theme in labels else "") == theme]
        concluded = [
            (one, held.summed[one.id].themes.get(theme, "")) for one in held.occasions if one.id in held.summed
        ]
        found = [(one, text) for one, text in concluded if text]
        codes = held.told.codes(theme or SKIPPED, held.reader) if held.told and not held.part else []
        if mine or found or codes:
            shown = True
            yield Heading(2, labels.get(theme, _("No theme")), f"said-{place}")
            for occasion, text in found:
                yield Text(f"{_named(held, occasion)}: {text}" if held.several else text, "finding")
            if mine:
                yield Bullets(tuple(_line(note, held) for note in mine))
            if codes:
                yield Heading(3, _("Codes of the notes"), f"codes-{place}", listed=False)
                rows = tuple((label, held.reader.number(many)) for label, many in codes)
                yield Grid(_("Codes of the notes"), (_("Code"), _("Notes")), rows)
    if not shown:
        yield Text(_("Nothing yet."))


def _line(note: Note, held: Held) -> str:
    """A note as it is quoted: who said it, and where, unless both together could tell who it was."""
    reader = held.reader
    _ = reader.words
    text = _("“%(words)s”") % {"words": note.body} if note.said == Said.QUOTE else note.body
    about = [held.speakers[note.speaker]] if note.speaker in held.speakers else []
    if note.people and note.people >= held.activity.process.threshold:
        about.append(_("shared by %(number)s") % {"number": reader.number(note.people)})
    if held.several and "=" not in note.speaker:
        about += [_named(held, one) for one in held.occasions if one.id == note.occasion_id]
    return f"{text} ({', '.join(about)})" if about else text


def _positions(held: Held) -> Iterator[Block]:
    reader = held.reader
    _ = reader.words
    found = sorted((note for note in held.notes if note.said == Said.POSITION), key=lambda one: one.institution)
    if not found:
        return
    process = held.activity.process
    labels = {theme.code: reader.text(theme.label, process.locales[0]) for theme in process.themes}
    yield Heading(1, _("Positions of institutions"), "positions")
    named = {note.theme: labels.get(note.theme, note.theme) or _("No theme") for note in found}
    rows = []
    for institution, theirs in groupby(found, lambda one: one.institution):
        views: dict[str, list[str]] = {}
        for note in theirs:
            views.setdefault(note.theme, []).append(_(VIEWS[View(note.view)]))
        rows.append((institution, *("; ".join(views.get(theme, ["–"])) for theme in named)))
    heads = (_("Institution"), *named.values())
    yield Grid(_("Positions of institutions"), heads, tuple(rows), wordy=True)
    yield Facts(tuple((f"{note.institution} – {named[note.theme]}", note.body) for note in found if note.body))
