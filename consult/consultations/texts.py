"""The draft text that people comment on: imported, edited block by block, published version by version."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy.orm import Session

from consult.consultations import queries, wordings
from consult.consultations.models.asked import Consultation, DraftText, TextVersion
from consult.consultations.trail import note
from consult.core.access import Actor
from consult.core.drafting import reading
from consult.core.drafting.document import Block, Draft, decode, digest, encode
from consult.core.drafting.landing import WHOLE, Landing, Row, compare, landings
from consult.core.drafting.matching import Found, carry
from consult.core.errors import Place, Problem, Refused
from consult.core.translation import fingerprint
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.processes.wordings import Stamp

opened = lru_cache(maxsize=64)(decode)
"""The text of a document; that of a version is read again and again and never changes."""


def draft_of(session: Session, activity_id: uuid.UUID) -> Draft | None:
    """The text as officers work on it."""
    kept = queries.draft_text(session, activity_id)
    return opened(kept.document) if kept else None


def bring(
    session: Session,
    activity: Activity,
    data: bytes,
    filename: str,
    *,
    locale: str = "",
    by: Actor | None,
    now: dt.datetime,
) -> Draft:
    """Import a file: in the source locale as the new draft, in a further one as its translation, block by block.

    Blocks are those of the latest version where they say nearly the same (`core.drafting.matching`). Refuses what
    cannot be read (`drafting.*`), `consultations.unset`, for a translation `consultations.text.none`,
    `drafting.translation.*` and `consultations.text.locale`.
    """
    found = reading.read(data, filename)
    lock(session, activity)
    if session.get(Consultation, activity.id) is None:
        raise Refused.because("consultations.unset")
    source = activity.locales[0]
    before = draft_of(session, activity.id)
    if locale in ("", source):
        after = _carried(session, activity, before, found)
    elif locale not in activity.process.locales:
        raise Refused(Problem("consultations.text.locale", place=Place(field="locale")))
    elif before is None:
        raise Refused.because("consultations.text.none")
    else:
        after = reading.translated(before, found, locale)
    _keep(session, activity, before, after, Stamp(by, now), origin=filename[-200:] if locale in ("", source) else None)
    note(session, activity, "import_text", {"blocks": len(after.blocks), "locale": locale or source}, by, now)
    return after


def _carried(session: Session, activity: Activity, draft: Draft | None, found: Sequence[Found]) -> Draft:
    """Ids are carried from what is published, so that a wrong file does no harm; themes and translations from the
    draft, where they were worked on since."""
    latest = queries.latest_version(session, activity.id)
    source = activity.locales[0]
    after = carry(opened(latest.document) if latest else draft, found, source)
    known = draft.by_id if draft and draft.source == source else {}
    since = {
        block.id: replace(
            block, theme=known[block.id].theme, words=known[block.id].words.with_text(source, after.text(block))
        )
        for block in after.blocks
        if block.id in known
    }
    return after.with_blocks(since)


def _keep(
    session: Session, activity: Activity, before: Draft | None, after: Draft, stamp: Stamp, origin: str | None = None
) -> None:
    kept = queries.draft_text(session, activity.id) or DraftText(activity_id=activity.id, origin="")
    kept.document = encode(after)
    kept.origin = kept.origin if origin is None else origin
    session.add(kept)
    session.flush()
    wordings.renew(session, activity, before, after, stamp)


def edit(
    session: Session,
    activity: Activity,
    block_id: str,
    *,
    text: str,
    theme: str,
    seen: str,
    by: Actor | None,
    now: dt.datetime,
) -> None:
    """Write a block anew in the source locale and tie it to a theme; without a text it is taken out.

    `seen`: `mark` of the block as it was looked at. Refuses `consultations.text.changed` where it is another by now,
    `drafting.text.long`, and `drafting.text.empty` for the only block.
    """
    lock(session, activity)
    before = draft_of(session, activity.id)
    block = before.by_id.get(block_id) if before else None
    if before is None or block is None or mark(before, block) != seen:
        raise Refused(Problem("consultations.text.changed", place=Place(field="text")))
    found = [
        Found(one.kind, reading.tidy(text) if one is block else before.text(one), one.level) for one in before.blocks
    ]
    reading.checked(found)
    written = replace(block, words=block.words.with_text(before.source, reading.tidy(text)), theme=theme)
    after = replace(
        before,
        blocks=tuple(
            written if one is block else one
            for one in before.blocks
            if one is not block or before.source in written.words
        ),
    )
    _keep(session, activity, before, after, Stamp(by, now))
    note(session, activity, "edit_text", {"block": block_id}, by, now)


def mark(draft: Draft, block: Block) -> str:
    """A short name of what officers can change of a block."""
    return fingerprint(f"{block.theme}\n{draft.text(block)}")


def proposed(session: Session, activity: Activity) -> Draft | None:
    """The draft as it would be published: with those translations alone that are reviewed."""
    draft = draft_of(session, activity.id)
    return wordings.reviewed(session, activity, draft) if draft else None


def publish(session: Session, activity: Activity, *, seen: str = "", by: Actor | None, now: dt.datetime) -> TextVersion:
    """Publish the draft as the next version, which nothing changes any more.

    `seen`: hash of what was looked at; empty: whatever there is. Refuses `consultations.text.none`,
    `consultations.text.same` and `consultations.text.changed`.
    """
    lock(session, activity)
    draft = proposed(session, activity)
    if draft is None:
        raise Refused.because("consultations.text.none")
    document, latest = encode(draft), queries.latest_version(session, activity.id)
    if latest and latest.document == document:
        raise Refused.because("consultations.text.same", number=latest.number)
    if seen and seen != digest(document):
        raise Refused.because("consultations.text.changed")
    version = TextVersion(
        activity_id=activity.id,
        number=latest.number + 1 if latest else 1,
        document=document,
        hash=digest(document),
        published_at=now,
        by_id=by.id if by else None,
    )
    session.add(version)
    note(session, activity, "publish_text", {"version": version.number, "hash": version.hash}, by, now)
    return version


@lru_cache(maxsize=32)
def difference(before: str, after: str, locale: str) -> tuple[Row, ...]:
    """What changed between two documents, for a reader of a locale."""
    return tuple(compare(opened(before), opened(after), locale))


@lru_cache(maxsize=64)
def landed(before: str, after: str) -> Mapping[str, Landing]:
    """Where comments on the parts of one document stand in another, by the part's id (`WHOLE`: the whole text)."""
    return landings(opened(before), opened(after))


def tally(session: Session, versions: Sequence[TextVersion]) -> Mapping[str, int]:
    """How many comments are shown on each part of the latest of a text's versions, those on earlier ones carried on."""
    latest, documents = versions[0].document, {version.number: version.document for version in versions}
    counts: Counter[str] = Counter()
    for number, part, count in queries.comments_by_part(session, versions[0].activity_id):
        if number in documents:
            known = landed(documents[number], latest)
            counts[known[part].part if part in known else WHOLE] += count
    return counts
