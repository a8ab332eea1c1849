"""Coding: what coders and those who decide say of texts, and what of it counts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.audit.service import record
from consult.coding import queries, texts
from consult.coding.models import Adjudication, Coding, Item
from consult.coding.queries import Latest
from consult.core.access import Actor
from consult.core.coding.agreement import Agreement, agreement, pooled
from consult.core.coding.codebook import counted
from consult.core.coding.neighbours import Coded, Neighbours, Proposal
from consult.core.errors import Refused
from consult.db.insert import insert
from consult.processes.models import Activity, Process

COMPARED: Final = 400
"""Coded texts that a text is compared with."""
_PAGE: Final = 500


def code(
    session: Session,
    item: Item,
    codes: Collection[str],
    latest: Latest,
    *,
    proposed: Collection[str] = (),
    by: Actor,
) -> None:
    """Give a text codes, or none of them; what somebody said of it before is replaced.

    Refuses `coding.code` for a code that the codebook has not, and `coding.gone` where the text was flagged or
    withdrawn meanwhile.
    """
    _refuse(item, codes, latest)
    taken = {one: one in codes for one in proposed if one in latest.known}
    _say(session, item, by, version=latest.number, codes=sorted(set(codes)), proposed=taken, state="coded")


def skip(session: Session, item: Item, latest: Latest, *, by: Actor) -> None:
    """Leave a text to others."""
    _say(session, item, by, version=latest.number, codes=[], proposed={}, state="skipped")


def take_back(session: Session, item: Item, *, by: Actor) -> None:
    """Forget what somebody said of a text: they meet it again."""
    mine = (Coding.activity_id == item.activity_id, Coding.item_id == item.id, Coding.coder_id == by.id)
    session.execute(delete(Coding).where(*mine))


def _say(session: Session, item: Item, by: Actor, **said: object) -> None:
    row = {"activity_id": item.activity_id, "item_id": item.id, "coder_id": by.id, **said}
    keys = ["activity_id", "item_id", "coder_id"]
    session.execute(insert(session, Coding).values(**row).on_conflict_do_update(index_elements=keys, set_=said))


def _refuse(item: Item, codes: Collection[str], latest: Latest) -> None:
    if item.state != "open":
        raise Refused.because("coding.gone")
    unknown = sorted(set(codes) - set(latest.known))
    if unknown:
        raise Refused.because("coding.code", code=unknown[0])


def decide(session: Session, item: Item, codes: Collection[str], latest: Latest, *, by: Actor) -> None:
    """Decide the codes of a text on which coders differ; the first who does so decides.

    Refuses as `code` does, and `coding.own` where they coded it themselves.
    """
    _refuse(item, codes, latest)
    if queries.coding(session, item, by.id) is not None:
        raise Refused.because("coding.own")
    row = {
        "activity_id": item.activity_id,
        "item_id": item.id,
        "version": latest.number,
        "codes": sorted(set(codes)),
        "by_id": by.id,
    }
    session.execute(insert(session, Adjudication).values(**row).on_conflict_do_nothing())


def proposals(session: Session, key: bytes, item: Item, words: texts.Words, latest: Latest) -> list[Proposal]:
    """The codes of the coded texts of the process that are most like a text, in its own language.

    Compared are those of the same question first, then others, `COMPARED` at most.
    """
    process_id = session.get_one(Activity, item.activity_id).process_id
    wanted = (
        select(Item, Coding.codes, Coding.version)
        .join(Coding, (Coding.activity_id == Item.activity_id) & (Coding.item_id == Item.id))
        .where(
            queries.of_process(process_id),
            Item.locale == item.locale,
            Item.state == "open",
            Coding.state == "coded",
            Item.id != item.id,
        )
        .order_by(Item.part != item.part, Item.id, Coding.coder_id)
    )
    rows = session.execute(wanted.limit(COMPARED)).all()
    found = texts.read(session, key, {row.Item.id: row.Item for row in rows}.values())
    coded = [
        Coded(f"{row.Item.id}", here.whole, counted(row.codes, row.version, latest.number, latest.maps, latest.known))
        for row in rows
        if (here := found.get((row.Item.activity_id, row.Item.id)))
    ]
    return Neighbours(coded).proposals(words.whole, latest.known)


@dataclass(frozen=True, slots=True)
class Line:
    """How far coders agree on a code: with one another, and with what was decided where they did not."""

    code: str
    between: Agreement
    decided: Agreement


@dataclass(frozen=True, slots=True)
class Report:
    """How far coders agree."""

    texts: int
    """Texts that two have coded."""
    kappa: float | None
    lines: Sequence[Line]


def report(session: Session, process: Process, latest: Latest) -> Report | None:
    """How far coders agree, in the codes of the latest version; none while they share fewer texts than the threshold of
    the process: with the few it could be told which code each text has."""
    said: dict[uuid.UUID, list[tuple[str, ...]]] = {}
    for item_id, _coder, codes, version in queries.twice_coded(session, process.id):
        said.setdefault(item_id, []).append(counted(codes, version, latest.number, latest.maps, latest.known))
    if len(said) < process.threshold:
        return None
    decided = {
        item_id: counted(codes, version, latest.number, latest.maps, latest.known)
        for item_id, (codes, version) in queries.adjudicated(session, process.id).items()
    }
    pairs = [(first, second) for first, second, *_ in said.values()]
    judged = [(codes, decided[item_id]) for item_id, many in said.items() if item_id in decided for codes in many]
    lines = [Line(code, agreement(pairs, code), agreement(judged, code)) for code in latest.known]
    return Report(len(said), pooled([line.between for line in lines]), lines)


@dataclass(frozen=True, slots=True)
class Given:
    """The codes of one text that count, with their themes."""

    kind: str
    activity_id: uuid.UUID
    part: str
    """Key of the question that was answered; empty for contributions to consultations."""
    item_id: uuid.UUID
    """Of the comment, submission or note; of an answer the name that `core.coding.unlinking.responses` reads."""
    locale: str
    codes: tuple[str, ...]
    themes: tuple[str, ...]


def codes_of(session: Session, key: bytes, process_id: uuid.UUID) -> Iterator[Given]:
    """The codes of every text of a process, as the latest version of the codebook has them.

    What was decided counts; else what its coders agree on. A text on which they differ and nobody has decided is left
    out, and so is one that was flagged, refused, withdrawn or erased, even if it is not yet forgotten here. `key`: the
    installation's key of codes.
    """
    latest = queries.latest(session, process_id)
    if latest is not None:
        for activity in queries.activities(session, process_id):
            yield from given(session, key, activity.id, latest)


def given(session: Session, key: bytes, activity_id: uuid.UUID, latest: Latest) -> Iterator[Given]:
    """The same of one activity."""
    for page in _coded(session, activity_id, latest):
        there = texts.read(session, key, [item for item, _ in page])
        for item, codes in page:
            if (activity_id, item.id) in there:
                themes = latest.codebook.themes(codes)
                yield Given(item.kind, activity_id, item.part, item.id, item.locale, codes, themes)


def contributed(session: Session, activity_id: uuid.UUID, latest: Latest) -> dict[uuid.UUID, tuple[str, ...]]:
    """The codes of every contribution to a consultation, by its id; whether it counts is for the caller to say."""
    return {item.id: codes for page in _coded(session, activity_id, latest) for item, codes in page}


def _coded(session: Session, activity_id: uuid.UUID, latest: Latest) -> Iterator[list[tuple[Item, tuple[str, ...]]]]:
    """The texts of an activity with the codes that count, page by page."""
    after = uuid.UUID(int=0)
    while some := _page(session, activity_id, after):
        after = some[-1].id
        said, decided = queries.said_of(session, activity_id, [item.id for item in some])
        each = ((item, _counting(said.get(item.id, []), decided.get(item.id), latest)) for item in some)
        yield [(item, codes) for item, codes in each if codes is not None]


def _page(session: Session, activity_id: uuid.UUID, after: uuid.UUID) -> Sequence[Item]:
    wanted = select(Item).where(Item.activity_id == activity_id, Item.state == "open", Item.id > after)
    return session.scalars(wanted.order_by(Item.id).limit(_PAGE)).all()


def _counting(said: Sequence[Coding], decided: Adjudication | None, latest: Latest) -> tuple[str, ...] | None:
    found = {
        counted(one.codes, one.version, latest.number, latest.maps, latest.known)
        for one in ([decided] if decided else said)
    }
    return found.pop() if len(found) == 1 else None


def note(
    session: Session, process: Process, verb: str, details: dict[str, object], *, by: Actor | None, now: dt.datetime
) -> None:
    """Write down what was done with texts, never what they say."""
    session.flush()
    record(
        session,
        actor=by,
        action=f"coding.{verb}",
        subject=process.slug,
        now=now,
        process_id=process.id,
        details=details,
    )
