"""The languages that were added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consult.accounts.models import Institution
from consult.core.access import Scope
from consult.core.plurals import parse
from consult.core.text import Direction
from consult.core.vocabulary import Vocabulary
from consult.languages.catalogue import pseudo
from consult.languages.models import Language


def languages(session: Session) -> Sequence[Language]:
    """All of them, by their English names."""
    return session.scalars(select(Language).order_by(Language.english, Language.code)).all()


def language(session: Session, code: str) -> Language | None:
    """One by its code."""
    return session.scalar(select(Language).where(Language.code == code))


def reachable(session: Session, scope: Scope) -> bool:
    """Whether an actor works for the institution that operates the installation: its words are everybody's."""
    if scope.actor.operator:
        return True
    operates = exists().where(Institution.operates, Institution.id.in_(scope.institutions))
    return bool(session.scalar(select(operates)))


def vocabularies(session: Session, known: Mapping[str, Vocabulary]) -> dict[str, Vocabulary]:
    """The languages as pages take them, the pseudo-locales among them; what is known and has not changed stays."""
    found = pseudo().copy()
    changed = []
    for code, version in session.execute(select(Language.code, Language.version)):
        if code in known and known[code].version == version:
            found[code] = known[code]
        else:
            changed.append(code)
    if changed:
        for one in session.scalars(select(Language).where(Language.code.in_(changed))):
            found[one.code] = _vocabulary(one)
    return found


def _vocabulary(one: Language) -> Vocabulary:
    return Vocabulary(
        code=one.code,
        name=one.name,
        direction=cast(Direction, one.direction),
        digits=one.digits,
        fallback=one.fallback,
        rule=parse(one.plural),
        words=one.words,
        version=one.version,
    )
