"""The document being written, and its publication as an immutable edition."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused, refuse_if_any
from consult.core.questionnaire import document, lint, maps, standing
from consult.core.questionnaire import media as files
from consult.core.questionnaire.changes import Changes, Decisions, answer_map, compare
from consult.core.questionnaire.definition import Questionnaire
from consult.core.questionnaire.identity import keep_ids, with_ids
from consult.core.questionnaire.media import Exchanged, exchanged
from consult.core.questionnaire.texts import texts
from consult.core.text import LocalisedText, clean
from consult.privacy import queries as privacy
from consult.processes import wordings as processes
from consult.processes.models import Activity, Kind
from consult.processes.service import lock
from consult.processes.wordings import Stamp
from consult.questionnaires import approving, media, overview, queries, wordings
from consult.questionnaires.models import Edition, Revision
from consult.questionnaires.trail import note
from consult.questionnaires.wordings import Recalled

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NOTHING_RECALLED: Final[Recalled] = MappingProxyType({})
_UNDECIDED: Final = Decisions()


def save_draft(
    session: Session,
    activity: Activity,
    questionnaire: Questionnaire,
    *,
    origin: str,
    warnings: Iterable[Problem] = (),
    decided: bool = False,
    by: Actor | None,
    now: dt.datetime,
) -> Revision:
    """Make a questionnaire the activity's draft; the states before it stay. The same one again changes nothing.

    Its questions keep the ids that they have in the newest edition, of this round or of the one before. Unless it was
    `decided` which standing questions it asks, it keeps those of the draft before where it has none.
    """
    lock(session, activity)
    before = queries.draft(session, activity.id)
    if before is not None and not decided:
        questionnaire = standing.carried_over(questionnaire, document.decode(before.document))
    identified = _identified(session, activity, questionnaire)
    complete, recalled = wordings.recall(session, activity, identified)
    return _save(session, activity, complete, origin, warnings, Stamp(by, now), recalled)


def _save(
    session: Session,
    activity: Activity,
    questionnaire: Questionnaire,
    origin: str,
    warnings: Iterable[Problem],
    stamp: Stamp,
    recalled: Recalled = _NOTHING_RECALLED,
) -> Revision:
    by, now = stamp.by, stamp.now
    encoded = document.encode(questionnaire)
    before = queries.draft(session, activity.id)
    if before is not None and before.document == encoded:
        return before
    if before is not None:
        both = texts(document.decode(before.document)), texts(questionnaire)
        processes.renew(session, activity, wordings.KIND, both, questionnaire.source, stamp, recalled)
    revision = Revision(
        activity_id=activity.id,
        number=before.number + 1 if before else 1,
        document=encoded,
        origin=clean(origin)[-200:],
        warnings=[_stored(problem) for problem in warnings],
        created_at=now,
        created_by=by.id if by else None,
    )
    session.add(revision)
    session.flush()
    note(session, activity, "save_draft", {"revision": revision.number}, by, now)
    return revision


def _identified(session: Session, activity: Activity, questionnaire: Questionnaire) -> Questionnaire:
    known = queries.documents(session, activity.id)
    if not known and activity.previous_id is not None:
        known = queries.documents(session, activity.previous_id)
    if not known:
        return questionnaire
    past = [document.decode(edition.document) for edition in known]
    taken = {node.id for edition in past for node, _ in edition.walk()}
    return keep_ids(questionnaire, past[-1], taken)


def _stored(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code,
        "params": dict(problem.params),
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
    }


def is_published(session: Session, activity: Activity, draft: Revision, latest: Edition | None) -> bool:
    """Whether a draft is the latest edition, with the same sounds and pictures."""
    if latest is None or latest.document != draft.document:
        return False
    contents = media.manifest(session, activity, document.decode(draft.document))
    return contents == media.manifest_of(session, latest)


class Impact(NamedTuple):
    """What the draft would change, were it published."""

    questionnaire: Questionnaire
    changes: Changes
    answered: bool
    """Whether there are, or may be, answers to the editions before."""
    manifest: dict[str, str]
    """The sounds and pictures that the edition will have: hashes of contents by names."""
    exchanged: Exchanged
    """What is other among those than in the newest edition."""


def impact(session: Session, activity: Activity, draft: Revision, same: Mapping[str, str] = _NOTHING) -> Impact:
    """What a draft changes. `same`: ids of its questions that are others renamed, with the ids of those.

    Refuses `questionnaires.map.question` for what cannot be the same.
    """
    questionnaire = document.decode(draft.document)
    past = [document.decode(edition.document) for edition in queries.documents(session, activity.id)]
    changes = compare(past, questionnaire)
    if same:
        refuse_if_any(_unknown(changes, same))
        questionnaire = with_ids(questionnaire, same)
        changes = compare(past, questionnaire)
    latest = queries.latest_edition(session, activity.id)
    manifest = media.manifest(session, activity, questionnaire)
    return Impact(
        questionnaire,
        changes,
        bool(past) and activity.opens_at is not None,
        manifest,
        exchanged(media.manifest_of(session, latest) if latest else {}, manifest),
    )


def _unknown(changes: Changes, same: Mapping[str, str]) -> Iterator[Problem]:
    """What cannot be the same question: only one that is new and one that has gone can, and each once."""
    added = {asked.question.id: asked.question.name for asked in changes.added}
    removed = {asked.question.id for asked in changes.removed}
    taken = Counter(same.values())
    for new, old in same.items():
        if new not in added or old not in removed or taken[old] > 1:
            yield Problem("questionnaires.map.question", {"question": added.get(new, new)}, Place(field=f"same:{new}"))


def publish(
    session: Session,
    activity: Activity,
    *,
    decisions: Decisions = _UNDECIDED,
    same: Mapping[str, str] = _NOTHING,
    by: Actor | None,
    now: dt.datetime,
) -> Edition:
    """Publish the draft as the next edition: never changed again, answered by everybody who begins from now on.

    `decisions`: how answers to earlier editions count; `same`: as in `impact`. Refuses `questionnaires.draft.missing`,
    `questionnaires.edition.same` (the draft is the latest edition, with the same sounds and pictures), whatever `lint`
    finds wrong, for an activity that people can take part in `questionnaires.notice.missing` for each new locale
    without a data-protection notice, `questionnaires.gate.open` for each that would no longer be offered,
    `questionnaires.consent.missing` and `questionnaires.approval.missing`, and what `impact` and
    `core.questionnaire.changes.answer_map` refuse.
    """
    lock(session, activity)
    draft = queries.draft(session, activity.id)
    if draft is None:
        raise Refused.because("questionnaires.draft.missing")
    found = impact(session, activity, draft, same)
    questionnaire = found.questionnaire
    refuse_if_any(lint.lint(questionnaire).errors)
    latest = queries.latest_edition(session, activity.id)
    encoded = document.encode(questionnaire)
    if latest is not None and latest.document == encoded and not found.exchanged:
        raise Refused.because("questionnaires.edition.same", number=latest.number)
    locales = _let_through(session, activity, draft, questionnaire, now)
    answers = maps.encode(answer_map(found.changes, decisions, all_decided=found.answered))
    if encoded != draft.document:
        _save(session, activity, questionnaire, draft.origin, overview.problems(draft), Stamp(by, now))
    edition = Edition(
        activity_id=activity.id,
        number=latest.number + 1 if latest else 1,
        hash=document.digest(encoded),
        document=encoded,
        answer_map=answers,
        published_at=now,
        published_by=by.id if by else None,
    )
    session.add(edition)
    session.flush()
    media.freeze(session, edition, found.manifest)
    approving.carry(session, activity, draft, edition)
    if activity.kind == Kind.QUESTIONNAIRE:  # others have a title and languages of their own
        activity.locales, activity.title = locales, LocalisedText({**questionnaire.title, **activity.title})
    _note(session, activity, edition, found.manifest, by, now)
    return edition


def _let_through(
    session: Session, activity: Activity, draft: Revision, questionnaire: Questionnaire, now: dt.datetime
) -> list[str]:
    """The locales in which an edition is offered. Nobody who answers is cut off, not told what becomes of it, or asked
    what nobody approved of."""
    locales = wordings.offered(session, activity, questionnaire)
    if activity.state(now) in ("scheduled", "open"):
        refuse_if_any(wordings.still_offered(activity, locales, questionnaire))
        if activity.kind == Kind.QUESTIONNAIRE:
            refuse_if_any(without_notice(session, activity, locales, now=now))
            refuse_if_any(without_consent(session, activity, questionnaire))
        refuse_if_any(approving.lacking(session, activity, approving.of_draft(session, activity, draft)))
    return locales


def _note(
    session: Session,
    activity: Activity,
    edition: Edition,
    manifest: Mapping[str, str],
    by: Actor | None,
    now: dt.datetime,
) -> None:
    details: dict[str, object] = {
        "edition": edition.number,
        "hash": edition.hash,
        "answer_map": maps.digest(edition.answer_map),
        "locales": activity.locales,
    }
    if manifest:
        details["media"] = files.digest(manifest)
    note(session, activity, "publish", details, by, now)


def without_notice(session: Session, activity: Activity, locales: Iterable[str], *, now: dt.datetime) -> list[Problem]:
    """A problem for each locale in which participants would not be told what happens to their data."""
    taking_part = activity.state(now) in ("scheduled", "open")
    return [
        Problem("questionnaires.notice.missing", {"locale": locale})
        for locale in privacy.missing(session, activity.id, locales, taking_part=taking_part)
    ]


def without_consent(session: Session, activity: Activity, questionnaire: Questionnaire) -> list[Problem]:
    """`questionnaires.consent.missing`, where by the notice people expressly agree and this does not ask them."""
    notice = privacy.notice(session, activity.id)
    if notice is None or notice.special != "consent" or standing.wanted(questionnaire).consent:
        return []
    return [Problem("questionnaires.consent.missing")]
