"""What of codebooks and codings can be seen, within processes whose reachability the caller has established."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, case, exists, false, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, defer

from consult.coding.models import Adjudication, Batch, Coding, Draft, Item, Version
from consult.core.coding.codebook import Codebook, Maps, decode
from consult.processes.models import Activity


@dataclass(frozen=True, slots=True)
class Latest:
    """The codebook that coders use, and how what was coded with earlier versions counts in it."""

    number: int
    codebook: Codebook
    maps: Maps

    @property
    def known(self) -> Mapping[str, Any]:
        """Its codes."""
        return self.codebook.named()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts a coder wants to see; empty: all."""

    activity_id: uuid.UUID | None = None
    locale: str = ""


def draft(session: Session, process_id: uuid.UUID) -> Draft | None:
    """The codebook as it is being written."""
    return session.get(Draft, process_id)


def latest(session: Session, process_id: uuid.UUID) -> Latest | None:
    """The version of the codebook that was published last; none before the first."""
    found = session.execute(
        select(Version.number, Version.maps).where(Version.process_id == process_id).order_by(Version.number)
    ).all()
    if not found:
        return None
    version = session.get_one(Version, (process_id, found[-1].number))
    return Latest(version.number, decode(version.document.encode()), {row.number: row.maps for row in found})


def versions(session: Session, process_id: uuid.UUID) -> Sequence[Version]:
    """The published versions, the latest first, without their documents."""
    wanted = select(Version).where(Version.process_id == process_id).order_by(Version.number.desc())
    return session.scalars(wanted.options(defer(Version.document, raiseload=True))).all()


def activities(session: Session, process_id: uuid.UUID) -> Sequence[Activity]:
    """The activities of a process that have texts to be coded."""
    has = exists().where(Item.activity_id == Activity.id)
    return session.scalars(select(Activity).where(Activity.process_id == process_id, has).order_by(Activity.slug)).all()


def given(
    activity_id: InstrumentedAttribute[uuid.UUID], item_id: InstrumentedAttribute[uuid.UUID], codes: Collection[str]
) -> ColumnElement[bool]:
    """Whether a text was given one of some codes: as was decided about it, else by a coder."""

    def among(model: type[Coding | Adjudication]) -> ColumnElement[bool]:
        named = (type_coerce(model.codes, Text).contains(f'"{code}"', autoescape=True) for code in sorted(codes))
        return or_(false(), *named)

    of = (Coding.activity_id == activity_id, Coding.item_id == item_id)
    decided = (Adjudication.activity_id == activity_id, Adjudication.item_id == item_id)
    coded = exists().where(*of, Coding.state == "coded", among(Coding)) & ~exists().where(*decided)
    return or_(exists().where(*decided, among(Adjudication)), coded)


def item(session: Session, activity_id: uuid.UUID, item_id: uuid.UUID) -> Item | None:
    """A text to be coded."""
    return session.get(Item, (activity_id, item_id))


def of_process(process_id: uuid.UUID) -> ColumnElement[bool]:
    """Whether a text is in an activity of a process."""
    return Item.activity_id.in_(select(Activity.id).where(Activity.process_id == process_id))


def next_item(
    session: Session, process_id: uuid.UUID, coder_id: uuid.UUID, wanted: Wanted, after: uuid.UUID
) -> Item | None:
    """The text that somebody codes next: after another in the order of their random names, from the first again then.

    None that they coded or skipped, and none that enough others coded.
    """
    mine = exists().where(_codes(Coding), Coding.coder_id == coder_id)
    others = select(func.count()).where(_codes(Coding), Coding.state == "coded").scalar_subquery()
    open_ = [of_process(process_id), Item.state == "open", ~mine, others < Item.wanted]
    if wanted.activity_id:
        open_.append(Item.activity_id == wanted.activity_id)
    if wanted.locale:
        open_.append(Item.locale == wanted.locale)
    for where in (Item.id > after, Item.id <= after):
        found = session.scalar(select(Item).where(*open_, where).order_by(Item.id).limit(1))
        if found is not None:
            return found
    return None


def _codes(of: type[Coding | Adjudication]) -> ColumnElement[bool]:
    """Whether something is said of the text that a query is about."""
    return (of.activity_id == Item.activity_id) & (of.item_id == Item.id)


def coding(session: Session, item: Item, coder_id: uuid.UUID) -> Coding | None:
    """What a coder said of a text."""
    return session.get(Coding, (item.activity_id, item.id, coder_id))


def codings(session: Session, item: Item) -> Sequence[Coding]:
    """What all coders said of a text, in an order that does not tell who was first."""
    wanted = select(Coding).where(
        Coding.activity_id == item.activity_id, Coding.item_id == item.id, Coding.state == "coded"
    )
    return session.scalars(wanted.order_by(Coding.coder_id)).all()


def next_difference(session: Session, process_id: uuid.UUID, coder_id: uuid.UUID, after: uuid.UUID) -> Item | None:
    """The text that somebody decides next: coders differ on it, they are none of them, and nobody has decided."""
    said = type_coerce(Coding.codes, Text)
    mine = exists().where(_codes(Coding), Coding.coder_id == coder_id)
    differ = exists(
        select(func.count())
        .where(_codes(Coding), Coding.state == "coded")
        .group_by(Coding.item_id)
        .having(func.min(said) != func.max(said))
    )
    open_ = [of_process(process_id), Item.state == "open", differ, ~mine]
    open_.append(~exists().where(_codes(Adjudication)))
    for where in (Item.id > after, Item.id <= after):
        found = session.scalar(select(Item).where(*open_, where).order_by(Item.id).limit(1))
        if found is not None:
            return found
    return None


def twice_coded(session: Session, process_id: uuid.UUID) -> Sequence[Row[uuid.UUID, uuid.UUID, list[str], int]]:
    """What was said of texts that were coded twice or more: text, coder, codes, version; text by text."""
    other = aliased(Coding)
    again = exists().where(
        other.activity_id == Coding.activity_id,
        other.item_id == Coding.item_id,
        other.coder_id != Coding.coder_id,
        other.state == "coded",
    )
    wanted = (
        select(Coding.item_id, Coding.coder_id, Coding.codes, Coding.version)
        .join(Item, _codes(Coding))
        .where(of_process(process_id), Item.state == "open", Coding.state == "coded", again)
    )
    return session.execute(wanted.order_by(Coding.item_id, Coding.coder_id)).all()


def adjudicated(session: Session, process_id: uuid.UUID) -> dict[uuid.UUID, tuple[list[str], int]]:
    """What was decided of texts on which coders differed, by text: codes, version."""
    wanted = select(Adjudication.item_id, Adjudication.codes, Adjudication.version).join(Item, _codes(Adjudication))
    rows = session.execute(wanted.where(of_process(process_id), Item.state == "open"))
    return {item_id: (codes, version) for item_id, codes, version in rows}


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the texts of an activity in one language are coded."""

    activity_id: uuid.UUID
    locale: str
    texts: int
    done: int
    """Coded by as many as they want."""


def tallies(session: Session, process_id: uuid.UUID) -> list[Tally]:
    """How far coding is, by activity and language."""
    coded = select(func.count()).where(_codes(Coding), Coding.state == "coded").scalar_subquery()
    done = func.sum(case((coded >= Item.wanted, 1), else_=0))
    wanted = select(Item.activity_id, Item.locale, func.count(), done).where(of_process(process_id))
    rows = session.execute(wanted.where(Item.state == "open").group_by(Item.activity_id, Item.locale))
    return sorted((Tally(*row) for row in rows), key=lambda one: (str(one.activity_id), one.locale))


def concerns(session: Session, process_id: uuid.UUID) -> Sequence[Item]:
    """The answers and notes that coders flagged."""
    return session.scalars(select(Item).where(of_process(process_id), Item.state == "concern").order_by(Item.id)).all()


def batches(session: Session, process_id: uuid.UUID) -> Sequence[Batch]:
    """The batches of answers for translators."""
    mine = select(Activity.id).where(Activity.process_id == process_id)
    wanted = select(Batch).where(Batch.activity_id.in_(mine)).order_by(Batch.activity_id, Batch.number)
    return session.scalars(wanted).all()


def batch(session: Session, process_id: uuid.UUID, batch_id: uuid.UUID) -> Batch | None:
    """One batch of a process."""
    mine = select(Activity.id).where(Activity.process_id == process_id)
    return session.scalar(select(Batch).where(Batch.activity_id.in_(mine), Batch.id == batch_id))


def said_of(
    session: Session, activity_id: uuid.UUID, items: Collection[uuid.UUID]
) -> tuple[dict[uuid.UUID, list[Coding]], dict[uuid.UUID, Adjudication]]:
    """What coders and those who decided said of some texts of an activity, by text."""
    by_item: dict[uuid.UUID, list[Coding]] = {}
    wanted = select(Coding).where(Coding.activity_id == activity_id, Coding.item_id.in_(items), Coding.state == "coded")
    for one in session.scalars(wanted):
        by_item.setdefault(one.item_id, []).append(one)
    decided = select(Adjudication).where(Adjudication.activity_id == activity_id, Adjudication.item_id.in_(items))
    return by_item, {one.item_id: one for one in session.scalars(decided)}


def version(session: Session, process_id: uuid.UUID, number: int) -> Version | None:
    """A published version with its document."""
    return session.get(Version, (process_id, number))
