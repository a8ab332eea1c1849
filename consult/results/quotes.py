"""Quotes beside a release: what people wrote, chosen by officers, under a theme.

They are no part of what is frozen and hashed, and no word is copied: a quote is read from its contribution whenever it
is shown. So what was taken back, refused or handed to the focal point is gone everywhere at once, and what was
blackened is blackened. Quoted is only what everybody may read in the consultation anyway: comments on the text, always
without a name, and written submissions whose authors let them be published, named or not. Answers to open questions
are not shown to everybody, so they are never quoted; nor are answers to questionnaires.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.coding import queries as coding
from consult.config import Settings
from consult.consultations import addresses, paging, submissions, translating
from consult.consultations.comments import TEXT
from consult.consultations.listing import Filter
from consult.consultations.models.contributed import (
    Comment,
    CommentTranslation,
    Permission,
    Stakeholder,
    State,
    Submission,
)
from consult.consultations.paging import Page
from consult.core import redaction
from consult.core.access import Actor
from consult.core.errors import Refused
from consult.core.exchange import csv
from consult.processes.models import Activity, Kind, Process
from consult.results import contributed, method, wording
from consult.results.content import Content, content_of
from consult.results.models import Release, ReleaseQuote
from consult.results.presentation import Reader
from consult.results.trail import note

MOST: Final = 5
"""Quotes under a theme."""
SIZE: Final = 20
"""Contributions on a page of those that can be chosen."""
LONGEST: Final = 1_200
"""Letters of a quote: of what is longer the beginning stands."""
COMMENTS: Final = "comment"
SUBMISSIONS: Final = "submission"
KINDS: Final = (COMMENTS, SUBMISSIONS)
_QUOTABLE: Final = (Comment.state == State.SHOWN, Comment.target == TEXT)


@dataclass(frozen=True, slots=True)
class Quote:
    """A contribution as everybody may read it."""

    kind: str
    id: uuid.UUID
    activity: Activity
    opens: uuid.UUID
    """Of the comment or submission on whose page it stands: answers stand on that of the comment they answer."""
    stakeholder: str
    name: str
    """Of the organisation that wants to be named; else empty."""
    locale: str
    title: str
    body: str
    redacted: Sequence[Sequence[int]]
    """What is blackened of the body."""
    suggestion: str
    """The paragraph as its author would word it."""
    translation: CommentTranslation | None
    """By a person, in the reader's locale."""


Quotes = Mapping[str, Sequence[Quote]]
"""By code of the theme, in their order."""


def shown(session: Session, release: Release, locale: str) -> Quotes:
    """The quotes beside a release that everybody may read by now; `locale`: of the reader."""
    rows = _chosen(session, release)
    found = _read(session, release.process_id, {row.contribution_id for row in rows}, locale)
    quotes: dict[str, list[Quote]] = defaultdict(list)
    for row in rows:
        if row.contribution_id in found and len(quotes[row.theme]) < MOST:
            quotes[row.theme].append(found[row.contribution_id])
    return {theme: some for theme, some in quotes.items() if some}


def any_shown(session: Session, release: Release) -> bool:
    """Whether there are any."""
    return bool(_read(session, release.process_id, {row.contribution_id for row in _chosen(session, release)}, ""))


def offered(session: Session, process: Process, theme: str, kind: str, which: Filter, locale: str) -> Page[Quote]:
    """A page of what can be quoted on a theme, by key: comments on parts of the text that have the theme or that were
    given a code of it, of near-duplicates one; or all submissions, which have no theme of their own."""
    if kind == SUBMISSIONS:
        written = _submissions(process.id)
        if which.locale:
            written = written.where(Submission.locale == which.locale)
        return _page(session, written, Submission.id, which, locale)
    said = _comments(process.id).where(
        or_(Comment.alike_id.is_(None), Comment.alike_id == Comment.id),
        or_(
            Comment.part.in_(_parts(session, process, theme)),
            coding.given(Comment.activity_id, Comment.id, _codes(session, process, theme)),
        ),
    )
    if which.locale:
        said = said.where(Comment.locale == which.locale)
    return _page(session, said, Comment.id, which, locale)


def _page(
    session: Session, wanted: Select[Any], key: InstrumentedAttribute[uuid.UUID], which: Filter, locale: str
) -> Page[Quote]:
    page = paging.paged(session, wanted, key, size=SIZE, after=which.after, before=which.before)
    quotes = _quotes(session, page.rows, locale)
    return Page([quotes[row.id] for row in page.rows], page.before, page.after)


def choose(
    session: Session,
    process: Process,
    release: Release,
    theme: str,
    contribution_id: uuid.UUID,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Quote a contribution under a theme, after the others; nothing where it is there already.

    Refuses `results.quote.gone` where it may not be quoted or the release has no such theme, `results.quote.many`.
    """
    _lock(session, process)
    there = [row for row in _chosen(session, release) if row.theme == theme]
    found = _read(session, process.id, {contribution_id, *(row.contribution_id for row in there)}, "")
    if contribution_id not in found or theme not in {one.code for one in content_of(release.content).themes}:
        raise Refused.because("results.quote.gone")
    if any(row.contribution_id == contribution_id for row in there):
        return
    if sum(row.contribution_id in found for row in there) >= MOST:
        raise Refused.because("results.quote.many", most=MOST)
    session.add(
        ReleaseQuote(
            process_id=process.id,
            number=release.number,
            theme=theme,
            contribution_id=contribution_id,
            activity_id=found[contribution_id].activity.id,
            position=max((row.position for row in there), default=0) + 1,
        )
    )
    _note(session, process, release, theme, "quote", by, now)


def remove(
    session: Session,
    process: Process,
    release: Release,
    theme: str,
    contribution_id: uuid.UUID,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Quote it no more under that theme."""
    named = ReleaseQuote.theme == theme, ReleaseQuote.contribution_id == contribution_id
    gone = delete(ReleaseQuote).where(*_of(release), *named)
    if session.execute(gone.returning(ReleaseQuote.position)).first():
        _note(session, process, release, theme, "unquote", by, now)


def raise_up(
    session: Session,
    process: Process,
    release: Release,
    theme: str,
    contribution_id: uuid.UUID,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Put a quote before the one that is shown before it."""
    _lock(session, process)
    rows = [row for row in _chosen(session, release) if row.theme == theme]
    seen = _read(session, process.id, {row.contribution_id for row in rows}, "")
    order = [row for row in rows if row.contribution_id in seen]
    place = next((at for at, row in enumerate(order) if row.contribution_id == contribution_id), 0)
    if place:
        first, second = order[place - 1], order[place]
        first.position, second.position = second.position, first.position
        _note(session, process, release, theme, "order_quotes", by, now)


def as_file(session: Session, release: Release, reader: Reader, settings: Settings) -> bytes:
    """The same as CSV, a row for each quote, with the address where it stands; empty where there is none."""
    found = shown(session, release, reader.locale)
    return b"".join(_lines(content_of(release.content), found, reader, settings)) if found else b""


def _lines(content: Content, found: Quotes, reader: Reader, settings: Settings) -> Iterator[bytes]:
    _ = reader.words
    yield csv.MARK
    mark = [method.synthetic_mark(reader)] if content.synthetic else []
    yield csv.line(
        [
            _("Theme"),
            _("Kind"),
            _("For whom participants speak"),
            _("Name"),
            _("Language"),
            _("Quote"),
            _("Language of the translation"),
            _("Translation"),
            _("Address"),
        ]
    )
    kinds = {COMMENTS: _("Comment"), SUBMISSIONS: _("Written submission")}
    who = {**wording.speak_for(reader.words), Stakeholder.CITIZEN: ""}  # as the consultation shows it
    for theme in content.themes:
        label = reader.text(theme.label, content.source)
        for quote in found.get(theme.code, ()):
            body = "\n\n".join(
                filter(None, (quote.title, redaction.public(quote.body, quote.redacted), quote.suggestion))
            )
            made = quote.translation
            other = "\n\n".join(filter(None, (made.body, made.suggestion))) if made else ""
            about = (label, kinds[quote.kind], who.get(quote.stakeholder, ""), quote.name, quote.locale)
            yield csv.line(
                [*about, body, made.locale if made else "", other, address(settings, quote, reader.locale), *mark]
            )


def address(settings: Settings, quote: Quote, locale: str) -> str:
    """Where a quote stands in its consultation; in the reader's locale where that is offered there."""
    offered = quote.activity.locales
    wanted = locale if locale in offered else offered[0]
    return addresses.contribution(settings, wanted, quote.activity.slug, quote.kind, quote.opens)


# --- what may be quoted ---


def _comments(process_id: uuid.UUID) -> Select[Comment]:
    return select(Comment).where(Comment.activity_id.in_(_consultations(process_id)), *_QUOTABLE)


def _submissions(process_id: uuid.UUID) -> Select[Submission]:
    return select(Submission).where(Submission.activity_id.in_(_consultations(process_id)), *submissions.PUBLIC)


def _consultations(process_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(Activity.id).where(Activity.process_id == process_id, Activity.kind == Kind.CONSULTATION)


def _read(
    session: Session, process_id: uuid.UUID, names: Collection[uuid.UUID], locale: str
) -> Mapping[uuid.UUID, Quote]:
    """Those of some contributions that may be quoted."""
    if not names:
        return {}
    said = session.scalars(_comments(process_id).where(Comment.id.in_(names))).all()
    written = session.scalars(_submissions(process_id).where(Submission.id.in_(names))).all()
    return _quotes(session, [*said, *written], locale)


def _quotes(session: Session, rows: Sequence[Comment | Submission], locale: str) -> Mapping[uuid.UUID, Quote]:
    comments: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Comment) and row.locale != locale:
            comments[row.activity_id].append(row.id)
    translations = {
        name: made
        for activity_id, some in comments.items()
        for name, made in (translating.translations(session, activity_id, some, locale) if locale else {}).items()
    }
    held = {name: session.get_one(Activity, name) for name in {row.activity_id for row in rows}}
    return {
        row.id: _of_comment(row, held[row.activity_id], translations.get(row.id))
        if isinstance(row, Comment)
        else _of_submission(row, held[row.activity_id])
        for row in rows
    }


def _of_comment(row: Comment, activity: Activity, made: CommentTranslation | None) -> Quote:
    return Quote(
        COMMENTS, row.id, activity, row.parent_id or row.id, row.stakeholder, "", row.locale, "",
        _beginning(row.body), row.redacted, _beginning(row.suggestion), made,
    )  # fmt: skip


def _of_submission(row: Submission, activity: Activity) -> Quote:
    name = row.name if row.permission == Permission.NAMED else ""
    return Quote(
        SUBMISSIONS, row.id, activity, row.id, row.stakeholder, name, row.locale, row.title,
        _beginning(row.body), row.redacted, "", None,
    )  # fmt: skip


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " […]"


# --- what belongs to a theme ---


def _parts(session: Session, process: Process, theme: str) -> list[str]:
    asked = (one for one in process.activities if one.kind == Kind.CONSULTATION)
    return [part.code for one in asked for part in contributed.parts(session, one) if part.theme == theme]


def _codes(session: Session, process: Process, theme: str) -> set[str]:
    """The codes of a theme, and those of earlier versions of the codebook that count as them."""
    latest = coding.latest(session, process.id)
    if latest is None:
        return set()
    found = {code for code in latest.known if theme in latest.codebook.themes([code])}
    for number in range(latest.number, 1, -1):
        found |= {before for before, after in latest.maps.get(number, {}).items() if after in found}
    return found


# --- what was chosen ---


def _of(release: Release) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ReleaseQuote.process_id == release.process_id, ReleaseQuote.number == release.number


def _chosen(session: Session, release: Release) -> Sequence[ReleaseQuote]:
    wanted = select(ReleaseQuote).where(*_of(release))
    order = (ReleaseQuote.theme, ReleaseQuote.position, ReleaseQuote.contribution_id)
    return session.scalars(wanted.order_by(*order)).all()


def _lock(session: Session, process: Process) -> None:
    session.scalar(select(Process.id).where(Process.id == process.id).with_for_update())


def _note(
    session: Session, process: Process, release: Release, theme: str, verb: str, by: Actor | None, now: dt.datetime
) -> None:
    """That quotes were chosen, never which or what they say."""
    session.flush()
    note(session, process, verb, str(release.number), by=by, now=now, details={"theme": theme})
