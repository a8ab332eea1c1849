"""Approval by a second person: of exactly one state of a questionnaire, by somebody else than who wrote or asked."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.audit.models import Entry
from consult.core.access import Actor
from consult.core.errors import Place, Problem, Refused
from consult.core.questionnaire import document
from consult.core.questionnaire import media as files
from consult.core.text import clean
from consult.processes.models import Activity
from consult.processes.service import lock
from consult.questionnaires import media, queries
from consult.questionnaires.models import Approval, Edition, Revision
from consult.questionnaires.trail import note


def fingerprint(encoded: bytes, manifest: Mapping[str, str]) -> str:
    """What an approval is about: SHA-256 of the document, and of what its sounds and pictures are."""
    digest = document.digest(encoded)
    return hashlib.sha256(f"{digest} {files.digest(manifest)}".encode()).hexdigest() if manifest else digest


def of_edition(session: Session, edition: Edition) -> str:
    """The fingerprint of an edition."""
    return fingerprint(edition.document, media.manifest_of(session, edition))


def of_draft(session: Session, activity: Activity, draft: Revision) -> str:
    """The fingerprint of a draft; that of the edition which it becomes."""
    return fingerprint(draft.document, media.manifest(session, activity, document.decode(draft.document)))


def lacking(session: Session, activity: Activity, found: str) -> list[Problem]:
    """`questionnaires.approval.missing`, where somebody has to approve of this state and nobody has."""
    if not activity.process.approval:
        return []
    known = session.get(Approval, (activity.id, found))
    return [] if known is not None and known.state == "approved" else [Problem("questionnaires.approval.missing")]


def carry(session: Session, activity: Activity, draft: Revision, edition: Edition) -> None:
    """Let what was said of a draft hold for its edition, in which questions have the ids of those they were before."""
    before, after = of_draft(session, activity, draft), of_edition(session, edition)
    known = session.get(Approval, (activity.id, before))
    if known is not None and known.state == "approved" and session.get(Approval, (activity.id, after)) is None:
        names = ("state", "asked_at", "asked_by", "decided_at", "decided_by", "reason")
        values = {name: getattr(known, name) for name in names}
        session.add(Approval(activity_id=activity.id, hash=after, **values))


def approvals(session: Session, activity: Activity) -> Sequence[Approval]:
    """Everything that was asked for and said, the latest first."""
    wanted = select(Approval).where(Approval.activity_id == activity.id)
    return session.scalars(wanted.order_by(Approval.asked_at.desc(), Approval.hash)).all()


def may_decide(session: Session, activity: Activity, asked: Approval, person: uuid.UUID) -> bool:
    """Whether somebody is a second person: they neither asked nor changed anything since the last approval."""
    return person != asked.asked_by and person not in _authors(session, activity)


def _authors(session: Session, activity: Activity) -> set[uuid.UUID | None]:
    """Who wrote the draft, or any state since one was approved of, or exchanged a sound or picture since then."""
    approved = [one for one in approvals(session, activity) if one.state == "approved"]
    latest = queries.latest_edition(session, activity.id)
    moments = [one.decided_at for one in approved if one.decided_at is not None]
    if latest is not None and of_edition(session, latest) in {one.hash for one in approved}:
        # Who publishes makes a state too, where questions get the ids of those they were before: nothing is written.
        moments.append(latest.published_at)
    since = max(moments, default=dt.datetime.min.replace(tzinfo=dt.UTC))
    draft, *before = queries.revisions(session, activity.id)
    exchanged = select(Entry.actor_id).where(
        Entry.process_id == activity.process_id,
        Entry.subject == activity.slug,
        Entry.action.in_(("questionnaires.attach_media", "questionnaires.remove_media")),
        Entry.at > since,
    )
    written = {one.created_by for one in before if one.created_at > since}
    return {draft.created_by, *written, *session.scalars(exchanged)}


def ask(session: Session, activity: Activity, *, seen: str, by: Actor, now: dt.datetime) -> Approval:
    """Ask for approval of the draft, anew where it was refused. Refuses `questionnaires.state`: it is another by now,
    or was approved."""
    _unless_seen(session, activity, seen)
    found = session.get(Approval, (activity.id, seen)) or Approval(activity_id=activity.id, hash=seen)
    if found.state == "approved":
        raise Refused.because("questionnaires.state")
    found.state, found.reason, found.decided_at, found.decided_by = "asked", "", None, None
    found.asked_at, found.asked_by = now, by.id
    session.add(found)
    note(session, activity, "ask_approval", {"hash": seen}, by, now)
    return found


def decide(
    session: Session, activity: Activity, *, seen: str, approves: bool, reason: str, by: Actor, now: dt.datetime
) -> None:
    """Approve of the draft as it was seen, or refuse that and say why.

    Refuses `questionnaires.state` (it is another by now, or was decided), `questionnaires.approval.own` and
    `questionnaires.approval.reason`.
    """
    _unless_seen(session, activity, seen)
    found = session.get(Approval, (activity.id, seen))
    if found is None or found.state != "asked":
        raise Refused.because("questionnaires.state")
    if not may_decide(session, activity, found, by.id):
        raise Refused.because("questionnaires.approval.own")
    words = "" if approves else clean(reason).strip()[:1000]
    if not approves and not words:
        raise Refused(Problem("questionnaires.approval.reason", place=Place(field="reason")))
    found.state, found.reason = "approved" if approves else "refused", words
    found.decided_at, found.decided_by = now, by.id
    note(session, activity, "approve" if approves else "refuse_approval", {"hash": seen}, by, now)


def _unless_seen(session: Session, activity: Activity, seen: str) -> None:
    lock(session, activity)
    draft = queries.draft(session, activity.id)
    if draft is None or of_draft(session, activity, draft) != seen:
        raise Refused.because("questionnaires.state")
