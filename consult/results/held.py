"""The report of an event, or of one of its occasions: who came, what was said by theme, where institutions stand.

It stands here and not with events because its numbers are protected as those of releases are, and because it is written
as PDF and DOCX by what writes reports of releases. What is confidential, what a coder flagged and quotes without
consent are left out; a class of the profile is named as who said something only where enough people are in it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_time
from sqlalchemy.orm import Session

from consult.coding import queries as coding
from consult.coding import service as codings
from consult.coding.queries import Latest
from consult.core.aggregation.tables import Dataset, code
from consult.events import noting, queries, speaking, summing
from consult.events.models.held import Note, Said, Summing, View
from consult.events.models.planned import Form, Occasion
from consult.events.words import FORMS, VIEWS
from consult.processes.models import Activity
from consult.results import attendance, method
from consult.results.presentation import Item, Reader, Shown, items
from consult.results.report import Block, Bullets, Facts, Grid, Heading, Report, Text, count


@dataclass(frozen=True, slots=True)
class Held:
    """What the report of an event is made of, for a reader."""

    activity: Activity
    occasions: Sequence[Occasion]
    """Those it is about; all of the event, or one."""
    people: Dataset | None
    """None until the last occasion of the event is over: numbers that move would tell who came between two looks."""
    notes: Sequence[Note]
    summed: Mapping[uuid.UUID, Summing]
    """By id of the occasion."""
    speakers: dict[str, str]
    """Names of roles and classes that can be told."""
    codes: dict[str, Counter[str]]
    """By theme: how many notes were given a code, by its name."""
    reader: Reader

    @property
    def several(self) -> bool:
        """Whether it is about several occasions."""
        return len(self.occasions) > 1


def read(
    session: Session, activity: Activity, occasion: Occasion | None, reader: Reader, *, key: bytes, now: dt.datetime
) -> Held:
    """Read it. `key`: the installation's key of codes."""
    every = [one for one in queries.occasions(session, activity.id) if one.state == "planned"]
    wanted = [one for one in every if occasion is None or one.id == occasion.id]
    over = bool(every) and max(one.ends_at for one in every) <= now
    people = attendance.dataset(session, activity, every) if over and wanted else None
    flagged = {one.id for one in coding.concerns(session, activity.process_id)}
    notes = [one for one in noting.public(session, activity.id, [one.id for one in wanted]) if one.id not in flagged]
    named = speaking.speakers(session, activity, reader.locale, reader.words)
    told = attendance.classes(people) if people else set()
    known = speaking.classes(session, activity.id).items()
    few = {name for name, one in known if (one.question, code(one.choice)) not in told}
    return Held(
        activity,
        wanted,
        people,
        notes,
        summing.all_summed(session, [one.id for one in wanted]),
        {name: label for name, label in named.items() if name not in few},
        _codes(session, activity, notes, reader, key),
        reader,
    )


def _codes(
    session: Session, activity: Activity, notes: Sequence[Note], reader: Reader, key: bytes
) -> dict[str, Counter[str]]:
    latest = coding.latest(session, activity.process_id)
    found: dict[str, Counter[str]] = {}
    if latest is not None:
        mine = {note.id for note in notes}
        for given in codings.given(session, key, activity.id, latest):
            for name in given.codes if given.item_id in mine else ():
                found.setdefault(latest.known[name].theme, Counter())[_label(latest, name, activity, reader)] += 1
    return found


def _label(latest: Latest, name: str, activity: Activity, reader: Reader) -> str:
    return reader.text(latest.known[name].label, activity.process.locales[0])


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
            yield Heading(3, _("How it went"), f"conduct-{occasion.number}", listed=False)
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
    _ = held.reader.words
    yield Heading(1, _("Who signed up and who came"), "attendance")
    if held.people is None:
        yield Text(_("Numbers are here once the last occasion is over."))
        return
    yield Text(
        _("Small numbers are hidden, and others with them, so that nobody can be told from what is shown."), "caveat"
    )
    for item in items(held.people, held.reader):
        if held.several or attendance.OCCASION not in {one.id for one in held.people.variables}:
            yield from _of_event(item, held)
        elif item.variable.id != attendance.OCCASION:
            yield from _of_occasion(item, held)


def _of_event(item: Item, held: Held) -> Iterator[Block]:
    """Everybody who signed up, and beside them those who came, as far as that is shown."""
    reader = held.reader
    _ = reader.words
    anchor = f"people-{item.variable.id.strip(':')}"
    yield Heading(2, item.label, anchor, listed=False)
    if item.one_way.table.withheld:
        yield Text(_("Too few signed up to say more."))
        return
    yield Grid(item.label, (_("Answer"), _("Sign-ups")), _rows(item.one_way, [0], reader))
    for shown in item.crossed:
        by = _("By: %(variable)s") % {"variable": shown.by}
        yield Heading(3, by, f"{anchor}-{shown.table.by.strip(':')}", listed=False)
        rows = _rows(shown, range(len(shown.groups)), reader)
        yield Grid(f"{item.label} {by}", (_("Answer"), *shown.groups), rows)


def _of_occasion(item: Item, held: Held) -> Iterator[Block]:
    """Those who signed up for one occasion of several, where it does not stand together with others."""
    reader, number = held.reader, str(held.occasions[0].number)
    _ = reader.words
    yield Heading(2, item.label, f"people-{item.variable.id.strip(':')}", listed=False)
    shown = next((one for one in item.crossed if one.table.by == attendance.OCCASION), None)
    if shown is None or number not in shown.table.groups:
        yield Text(_("Too few signed up to say more."))
        return
    rows = _rows(shown, [shown.table.groups.index(number)], reader)
    yield Grid(item.label, (_("Answer"), _("Sign-ups")), rows)


def _rows(shown: Shown, groups: Sequence[int], reader: Reader) -> tuple[tuple[str, ...], ...]:
    """The counts of some groups, without the answers that nobody gave."""
    return tuple(
        (line.label, *(count(line.counts[group], reader) for group in groups))
        for line in shown.lines
        if any(line.counts[group] != 0 for group in groups)
    )


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
        codes = held.codes.get(theme, Counter())
        if mine or found or codes:
            shown = True
            yield Heading(2, labels.get(theme, _("No theme")), f"said-{place}")
            for occasion, text in found:
                yield Text(f"{_named(held, occasion)}: {text}" if held.several else text, "finding")
            if mine:
                yield Bullets(tuple(_line(note, held) for note in mine))
            if codes:
                yield Heading(3, _("Codes of the notes"), f"codes-{place}", listed=False)
                rows = tuple((label, held.reader.number(many)) for label, many in codes.most_common())
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
