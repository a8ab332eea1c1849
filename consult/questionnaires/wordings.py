"""Translations of questionnaires: taken over by imports, written into drafts, let through the gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Problem, Refused, refuse_if_any
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.texts import texts, with_texts, without
from consult.core.translation import Gate, State, Text, remembered, stored
from consult.core.vocabulary import PSEUDO
from consult.privacy import helping
from consult.privacy import queries as privacy
from consult.privacy import service as notices
from consult.processes import wordings as processes
from consult.processes.models import Activity, Kind
from consult.processes.service import lock
from consult.processes.wordings import Owner, Stamp, Texts, Written
from consult.questionnaires import queries
from consult.questionnaires.models import Revision
from consult.questionnaires.trail import note

KIND: Final = "questionnaire"
TRANSLATED: Final = ""
"""Origin of a state of the draft that no file brought: translations alone make it another than the one before."""

Change = Callable[[Questionnaire], Questionnaire]
Recalled = Mapping[str, Collection[str]]
"""By locale, the paths whose translations a file did not bring."""


def recall(session: Session, activity: Activity, questionnaire: Questionnaire) -> tuple[Questionnaire, Recalled]:
    """An imported questionnaire with the languages and translations that its file lacks and that there are here."""
    draft = queries.draft(session, activity.id)
    if draft is None:
        return questionnaire, {}
    past = document.decode(draft.document)
    if past.source != questionnaire.source:
        return questionnaire, {}
    before, after = by_path(past), by_path(questionnaire)
    versions = processes.history(session, KIND, activity.id)
    locales = tuple(dict.fromkeys((*questionnaire.locales, *past.locales)))
    found = {
        locale: remembered(before, after, locale, past.source, versions[locale])
        for locale in locales
        if locale != past.source
    }
    words = {path: text.words for path, text in after.items()}
    for locale, filled in found.items():
        for path, text in filled.items():
            words[path] = words[path].with_text(locale, text)
    changed = {path: text for path, text in words.items() if text != after[path].words}
    return msgspec.structs.replace(with_texts(questionnaire, changed), locales=locales), found


def by_path(questionnaire: Questionnaire) -> dict[str, Text]:
    """Its texts by their paths."""
    return {text.path: text for text in texts(questionnaire)}


def _read(session: Session, owner: Owner) -> Sequence[Text]:
    draft = queries.draft(session, owner.id)
    return list(texts(document.decode(draft.document))) if draft else []


def _write(session: Session, owner: Owner, words: Written, by: Actor | None, now: dt.datetime) -> None:
    assert isinstance(owner, Activity)
    _put(session, owner, lambda questionnaire: with_texts(questionnaire, words), by, now)


def _put(session: Session, activity: Activity, change: Change, by: Actor | None, now: dt.datetime) -> None:
    """Change the draft's words: the same state as long as nothing but words change and nobody else changes them.

    Every state has one author, as who wrote any of it cannot approve of it.
    """
    draft = queries.draft(session, activity.id)
    if draft is None:
        raise Refused.because("questionnaires.draft.missing")
    encoded = document.encode(change(document.decode(draft.document)))
    if encoded == draft.document:
        return
    author = by.id if by else None
    if draft.origin == TRANSLATED and draft.created_by == author:
        draft.document, draft.created_at = encoded, now
    else:
        session.add(
            Revision(
                activity_id=activity.id,
                number=draft.number + 1,
                document=encoded,
                origin=TRANSLATED,
                warnings=draft.warnings,
                created_at=now,
                created_by=author,
            )
        )
    session.flush()


KINDS: Final[list[Texts]] = [
    *processes.KINDS,
    Texts(KIND, Activity, _read, _write, live=False),
    *notices.KINDS,
    *helping.KINDS,
]
"""Every kind of authored texts. `consult/app.py` adds those of slices that stand above questionnaires."""


def states(session: Session, activity: Activity, questionnaire: Questionnaire) -> dict[str, list[State]]:
    """The states of a questionnaire's texts, draft or edition, by further locale."""
    source = questionnaire.source
    versions = processes.history(session, KIND, activity.id)
    wanted = [text for text in texts(questionnaire) if text.words.get(source)]
    return {
        locale: [stored(text, locale, source, versions[locale].get(text.path, ())).state for text in wanted]
        for locale in questionnaire.locales[1:]
    }


def offered(session: Session, activity: Activity, questionnaire: Questionnaire) -> list[str]:
    """The locales that pass the gate, the source first. Pseudo-locales never do: they are there for testing."""
    gate = Gate(activity.process.gate)
    found = states(session, activity, questionnaire)
    passed = (locale for locale in found if locale not in PSEUDO and gate.lets_through(found[locale]))
    return [questionnaire.source, *passed]


def still_offered(activity: Activity, offered: Collection[str], questionnaire: Questionnaire) -> list[Problem]:
    """A problem for each locale in which people are answering and that would be closed by the gate."""
    return [
        Problem("questionnaires.gate.open", {"locale": locale})
        for locale in activity.locales
        if locale in questionnaire.locales and locale not in offered
    ]


def waiting(session: Session, activity: Activity) -> list[str]:
    """The locales of the newest edition that pass the gate by now and are not offered yet."""
    edition = queries.latest_edition(session, activity.id)
    if edition is None or activity.kind != Kind.QUESTIONNAIRE:
        return []  # of others it is decided elsewhere in which languages they are offered
    found = offered(session, activity, document.decode(edition.document))
    return [locale for locale in found if locale not in activity.locales]


def offer(session: Session, activity: Activity, *, by: Actor | None, now: dt.datetime) -> list[str]:
    """Offer the newest edition in every locale that passes the gate by now; those that are new.

    Refuses `questionnaires.gate.nothing` (there is none), and for an activity that people can take part in
    `questionnaires.notice.missing` for each without a data-protection notice.
    """
    lock(session, activity)
    found = waiting(session, activity)
    if not found:
        raise Refused.because("questionnaires.gate.nothing")
    if activity.state(now) in ("scheduled", "open"):
        missing = privacy.missing(session, activity.id, found, taking_part=True)
        refuse_if_any(Problem("questionnaires.notice.missing", {"locale": locale}) for locale in missing)
    activity.locales = [*activity.locales, *found]
    session.flush()
    note(session, activity, "offer", {"locales": activity.locales}, by, now)
    return found


def leave_out(session: Session, activity: Activity, locale: str, *, by: Actor | None, now: dt.datetime) -> None:
    """Take a further language out of the draft; its translations are kept for when it comes back.

    Refuses `questionnaires.draft.missing` and `questionnaires.gate.source` (the draft is not translated into it).
    """
    lock(session, activity)
    draft = queries.draft(session, activity.id)
    if draft is None:
        raise Refused.because("questionnaires.draft.missing")
    before = document.decode(draft.document)
    if locale not in before.locales[1:]:
        raise Refused.because("questionnaires.gate.source")
    after = without(before, locale)
    processes.renew(session, activity, KIND, (texts(before), texts(after)), before.source, Stamp(by, now))
    _put(session, activity, lambda _questionnaire: after, by, now)
    note(session, activity, "leave_out", {"locale": locale}, by, now)
