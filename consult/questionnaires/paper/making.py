"""A questionnaire of an activity as a paper: front page, what people are told beforehand, then everything asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Questionnaire
from consult.core.text import LocalisedText, Rendered
from consult.privacy.models import Notice
from consult.privacy.told import RIGHTS
from consult.privacy.words import BASES, PARTS, SPECIAL
from consult.processes.models import Activity
from consult.questionnaires.models import Edition, Revision
from consult.questionnaires.paper import docx, pdf
from consult.questionnaires.paper.asking import Asking, numbered
from consult.questionnaires.paper.content import Block, Heading, Line, Paper, Tone, Words
from consult.questionnaires.paper.reader import Reader
from consult.web import markdown


class Format(NamedTuple):
    """A format of papers."""

    media_type: str
    write: Callable[[Paper], bytes]


FORMATS: Final[Mapping[str, Format]] = {
    "pdf": Format("application/pdf", pdf.write),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write),
}
"""By the ending of a file's name."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What is put on paper: a draft or an edition of an activity, with its notice."""

    activity: Activity
    version: Revision | Edition
    notice: Notice | None
    backup_days: int
    """After so many days what was deleted is gone from backups too."""


def paper(printed: Printed, locale: str) -> Paper:
    """The paper of a questionnaire in one of its locales."""
    questionnaire = document.decode(printed.version.document)
    reader = Reader(locale, questionnaire.source, numbered(questionnaire))
    _ = reader.words
    return Paper(
        locale=reader.interface,
        written=locale,
        direction=reader.direction,
        title=_title(printed.activity, questionnaire, reader),
        subtitle=_plain(reader, printed.activity.process.title, printed.activity.process.locales[0]),
        mark=_mark(printed, reader),
        day=_day(printed.version).date(),
        facts=tuple(_facts(printed, questionnaire, reader)),
        contents=_("Contents"),
        other=_("Other:"),
        blocks=tuple(_blocks(printed, questionnaire, reader)),
    )


def _title(activity: Activity, questionnaire: Questionnaire, reader: Reader) -> Rendered:
    return reader.text(LocalisedText({**activity.title, **questionnaire.title}))


def _plain(reader: Reader, text: LocalisedText, source: str) -> str:
    return text.resolve(reader.locale, source).text


def _mark(printed: Printed, reader: Reader) -> str:
    _ = reader.words
    marks = []
    if isinstance(printed.version, Revision):
        marks.append(_("Draft: not published yet, and it can still change."))
    if printed.activity.process.synthetic:
        marks.append(_("Demonstration: all answers here are synthetic. They do not come from real people."))
    return " ".join(marks)


def _day(version: Revision | Edition) -> dt.datetime:
    return version.created_at if isinstance(version, Revision) else version.published_at


def _facts(printed: Printed, questionnaire: Questionnaire, reader: Reader) -> Iterator[tuple[str, Words]]:
    _, activity, version = reader.words, printed.activity, printed.version
    lead = activity.process.lead_institution
    yield _("Lead institution"), _plain(reader, lead.name, activity.process.locales[0])
    published = isinstance(version, Edition)
    yield _("Edition") if published else _("Version of the draft"), reader.number(version.number)
    yield _("Published on") if published else _("Saved on"), reader.moment(_day(version), activity.time_zone)
    yield "SHA-256", document.digest(version.document)
    yield _("Languages"), ", ".join(map(reader.language, questionnaire.locales))
    yield _("Questions"), reader.number(len(reader.numbers))
    if activity.process.contact:
        yield _("Contact"), activity.process.contact


def _blocks(printed: Printed, questionnaire: Questionnaire, reader: Reader) -> Iterator[Block]:
    _, process = reader.words, printed.activity.process
    yield Heading(_("Introduction"), 1, "introduction")
    mandate = process.mandate.resolve(reader.locale, process.locales[0])
    for words in markdown.paragraphs(mandate.text):
        yield Line(Rendered(words, mandate.locale))
    yield Line(_("Tick one circle where one answer is asked for, and as many squares as apply elsewhere."), Tone.RULE)
    words = _("Where it says “Only if …”, leave the question out unless that is so. You may leave out what you wish.")
    yield Line(words, Tone.RULE)
    yield Heading(_("Data-protection notice"), 1, "notice")
    yield from _told(printed, reader)
    yield Heading(_("Questionnaire"), 1, "questionnaire")
    yield from Asking(questionnaire, reader).blocks()


def _told(printed: Printed, reader: Reader) -> Iterator[Block]:
    _, notice, source = reader.words, printed.notice, printed.activity.locales[0]
    if notice is None:
        yield Line(_("It is not written yet."))
        return
    for name, text in (("controller", notice.controller), ("purpose", notice.purpose)):
        yield Heading(_(PARTS[name]), 3, f"notice-{name}")
        yield Line(text.resolve(reader.locale, source))
    if notice.basis:
        heading, grounds = PARTS["basis"], (BASES[notice.basis], SPECIAL.get(notice.special or "none"))
        yield Heading(_(heading), 3, "notice-basis")
        yield from (Line(_(ground.told)) for ground in grounds if ground and ground.told)
        yield from _written("law", notice.law, reader, source)
    for name in ("source", "recipients", "transfers", "automated"):
        yield from _written(name, getattr(notice, name), reader, source)
    kept = reader.counted(
        "All this is deleted %(num)s month after the questionnaire closes.",
        "All this is deleted %(num)s months after the questionnaire closes.",
        notice.months,
    )
    yield Heading(_("What we keep"), 3, "notice-kept")
    yield Line(" · ".join((_("Your answers"), kept)))
    gone = reader.counted(
        "From backups, which are encrypted, it is gone %(num)s day after that.",
        "From backups, which are encrypted, it is gone %(num)s days after that.",
        printed.backup_days,
    )
    yield Line(gone)
    yield from _rights(notice, reader, source)
    yield Heading(_("Questions about data protection"), 3, "notice-contact")
    yield Line(notice.contact)


def _rights(notice: Notice, reader: Reader, source: str) -> Iterator[Block]:
    _ = reader.words
    yield Heading(_("Your rights"), 3, "notice-rights")
    if notice.rights:
        yield Line(" ".join((_("You have the right:"), " · ".join(_(RIGHTS[code]) for code in notice.rights))))
    yield Line(_("You can complain to the data-protection authority of your country."))
    yield from _written("authority", notice.authority, reader, source)


def _written(name: str, text: LocalisedText, reader: Reader, source: str) -> Iterator[Block]:
    """What officers wrote themselves, under the heading of its part; nothing where they wrote nothing."""
    if text:
        if name in PARTS:
            yield Heading(reader.words(PARTS[name]), 3, f"notice-{name}")
        yield Line(text.resolve(reader.locale, source))
