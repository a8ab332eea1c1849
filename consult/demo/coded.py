"""The demo's codebook, and codes of its open answers, given as its coder would give them."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.accounts.models import Grant, Role, User
from consult.coding import codebooks, gathering, queries, service, texts
from consult.coding.models import Item
from consult.core.access import Actor
from consult.core.coding.codebook import Code
from consult.db.installation import Installation
from consult.demo import content
from consult.demo.filling import questionnaire_of
from consult.processes.models import Process
from consult.processes.queries import process_by_slug

LEFT: Final = 4
"""One of so many answers is left to be coded."""


def code(opened: Installation, slug: str, *, now: dt.datetime) -> None:
    """Publish the codebook, and code most answers in the order of their random names."""
    demo, key = content.codebook(), opened.keys.codes
    with opened.database.transaction() as session:
        process = _process(session, slug)
        activity_id = questionnaire_of(process).id
        for one in demo.codes:
            written = Code(code=one.code, label=one.label, theme=one.theme)
            codebooks.write(session, process, written, by=None, now=now)
        codebooks.publish(session, process, {}, by=None, now=now)
    gathering.gather(opened.database, key, activity_id)
    given = {
        words: codes
        for locale, opinions in content.opinions().items()
        for words, codes in zip(opinions, demo.given[locale], strict=True)
    }
    with opened.database.transaction() as session:
        latest, coder = queries.latest(session, _process(session, slug).id), _coder(session)
        assert latest is not None, "published just before"
        items = session.scalars(select(Item).where(Item.activity_id == activity_id).order_by(Item.id)).all()
        found = texts.read(session, key, items)
        for item in items[: len(items) - len(items) // LEFT]:
            service.code(session, item, given[found[activity_id, item.id].body], latest, by=coder)


def _coder(session: Session) -> Actor:
    person = session.scalars(select(User).join(Grant).where(Grant.role == Role.CODER)).one()
    return Actor(person.id, person.name)


def _process(session: Session, slug: str) -> Process:
    found = process_by_slug(session, slug)
    assert found is not None, "the demo's process was made just before"
    return found
