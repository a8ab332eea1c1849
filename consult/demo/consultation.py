"""Fills the demo's consultation: a draft text in two versions, statements with votes, comments, submissions."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.consultations import alike, service, texts
from consult.consultations.models.asked import Phase
from consult.consultations.models.contributed import Comment, Endorsement, Participant, State, Submission
from consult.consultations.models.moderated import Decision
from consult.consultations.models.opinions import Statement, Vote
from consult.db.base import Base
from consult.demo import content, voices
from consult.demo.notices import notice
from consult.demo.voices import Voter, Written
from consult.participation import codes
from consult.participation import service as participation
from consult.participation.models import Channel
from consult.privacy import service as privacy
from consult.processes import service as processes
from consult.processes.models import Activity, Kind, Process, Unit
from consult.questionnaires import fieldwork

VOTERS: Final = 1_500
COMMENTS: Final = 300
OPENED: Final = (0, 24)
"""Days after the opening on which the versions of the text are published."""
DAYS: Final = 40
"""For how long people have taken part."""
OPEN_FOR: Final = dt.timedelta(days=90)
PHASES: Final = (Phase.READ, Phase.VOTE, Phase.SUBMIT)

Parts = Mapping[str, str]
"""Ids of the blocks of a published version by their keys in `draft_policy.json`."""


def hold(session: Session, keys: Keys, process: Process, *, seed: int, rng: random.Random, now: dt.datetime) -> None:
    """The demo's consultation with all that came in its first `DAYS` days.

    What people contribute is drawn from the seed; ids and codes, which nobody may guess, are drawn by `rng`.
    """
    began = now - dt.timedelta(days=DAYS)
    activity = _activity(session, process, began)
    filling = _Filling(session, keys, activity, rng, began)
    text, statements = content.draft_policy(), content.statements()
    ids = filling.state(statements)
    parts = []
    for day, names in zip(OPENED, text.versions, strict=True):
        at = began + dt.timedelta(days=day)
        parts.append(_publish(session, activity, text, names, at))
        if day == 0:
            fieldwork.open_now(session, activity, by=None, now=at)
    closes_at = now.replace(minute=0, second=0, microsecond=0) + OPEN_FOR
    fieldwork.schedule(session, activity, opens_at=activity.opens_at, closes_at=closes_at, by=None, now=now)
    voters = voices.voters(statements, content.population(), count=VOTERS, seed=seed)
    written = voices.comments(content.comments(), text, voters, count=COMMENTS, opened=OPENED, days=DAYS, seed=seed)
    digests = filling.join(voters)
    filling.vote(ids, voters, digests)
    filling.comment(written, voters, digests, parts)
    filling.submit(content.submissions())


def _activity(session: Session, process: Process, now: dt.datetime) -> Activity:
    facts = content.consultation()
    activity = processes.plan(
        session,
        process,
        kind=Kind.CONSULTATION,
        title=facts.title["en"],
        unit=Unit(facts.unit),
        time_zone="Africa/Accra",
        by=None,
        now=now,
    )
    activity.slug, activity.title = facts.slug, facts.title
    wanted = service.Particulars(purpose=facts.purpose, policy=facts.policy, phases=PHASES, locales=process.locales)
    service.describe(session, activity, wanted, by=None, now=now)
    usual = content.load().activity.notice
    privacy.write(
        session, activity, notice(msgspec.structs.replace(usual, purpose=facts.uses), activity), by=None, now=now
    )
    return activity


def _publish(
    session: Session, activity: Activity, text: content.DemoText, names: tuple[str, ...], now: dt.datetime
) -> Parts:
    """Import a version as officers would, in the locales that it is written in, and publish it."""
    source, *further = activity.locales
    draft = texts.bring(session, activity, text.markdown(names, source), "draft-policy.md", by=None, now=now)
    parts = {name: block.id for name, block in zip(names, draft.blocks, strict=True)}
    for name, block in zip(names, draft.blocks, strict=True):
        theme = text.blocks[name].theme
        if block.theme != theme:
            texts.edit(
                session,
                activity,
                block.id,
                text=draft.text(block),
                theme=theme,
                seen=texts.mark(draft, block),
                by=None,
                now=now,
            )
    for locale in further:
        if all(locale in text.blocks[name].words for name in names):
            data = text.markdown(names, locale)
            texts.bring(session, activity, data, f"draft-policy-{locale}.md", locale=locale, by=None, now=now)
    texts.publish(session, activity, by=None, now=now)
    return parts


@dataclass(frozen=True, slots=True)
class _Filling:
    """Puts what came into the tables, many rows at once."""

    session: Session
    keys: Keys
    activity: Activity
    rng: random.Random
    began: dt.datetime

    def put(self, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of this activity."""
        self.session.execute(insert(table), [{"activity_id": self.activity.id, **row} for row in rows])

    def new_id(self) -> uuid.UUID:
        """An id that says nothing."""
        return uuid.UUID(bytes=self.rng.randbytes(16), version=4)

    def new_digest(self) -> bytes:
        """What is kept of somebody's code."""
        return codes.digest(self.keys.codes, self.activity.id, codes.spell(self.rng.randbytes(16)))

    def day(self, since: int) -> dt.date:
        """A day of the consultation."""
        return participation.day(self.began + dt.timedelta(days=since), self.activity.time_zone)

    def person(self, locale: str, stakeholder: str, country: str = "") -> dict[str, Any]:
        """A row of somebody who takes part, from some day on."""
        return {
            "code": self.new_digest(),
            "channel": str(Channel.OPEN),
            "locale": locale,
            "day": self.day(self.rng.randint(0, DAYS)),
            "stakeholder": stakeholder,
            "country": country,
        }

    def state(self, statements: Sequence[content.DemoStatement]) -> list[uuid.UUID]:
        """Statements of officers; their ids, in their order."""
        ids = [self.new_id() for _ in statements]
        common = {"code": None, "locale": "en", "day": self.day(0), "channel": str(Channel.OPEN)}
        self.put(
            Statement,
            (
                {"id": key, "label": one.words, "theme": one.theme, "state": str(State.SHOWN), **common}
                for key, one in zip(ids, statements, strict=True)
            ),
        )
        return ids

    def join(self, voters: Sequence[Voter]) -> list[bytes]:
        """Let people in; what is kept of their codes, in their order."""
        rows = [self.person(voter.locale, voter.stakeholder, voter.country) for voter in voters]
        self.put(Participant, rows)
        return [row["code"] for row in rows]

    def vote(self, ids: Sequence[uuid.UUID], voters: Sequence[Voter], digests: Sequence[bytes]) -> None:
        """Votes on the statements with these ids."""
        self.put(
            Vote,
            (
                {"code": digest, "statement_id": ids[at], "value": value}
                for digest, voter in zip(digests, voters, strict=True)
                for at, value in voter.votes.items()
            ),
        )

    def comment(
        self, written: Sequence[Written], voters: Sequence[Voter], digests: Sequence[bytes], parts: Sequence[Parts]
    ) -> None:
        """Comments with who shares them, and what moderators decided."""
        ids = [self.new_id() for _ in written]
        rows: list[dict[str, Any]] = [
            {
                "id": key,
                "code": digests[one.author],
                "target": "text",
                "part": parts[one.version - 1][one.on],
                "version": one.version,
                "parent_id": None if one.parent is None else ids[one.parent],
                "stance": one.stance,
                "body": one.body,
                "suggestion": one.suggestion,
                "redacted": [],
                "locale": one.locale,
                "day": self.day(one.day),
                "channel": str(Channel.OPEN),
                "stakeholder": voters[one.author].stakeholder,
                "state": str(one.state),
                "endorsed": len(one.endorsers),
            }
            for key, one in zip(ids, written, strict=True)
        ]
        self.put(Comment, rows)
        for comment in self.session.scalars(select(Comment).where(Comment.id.in_(ids)).order_by(Comment.id)):
            alike.join(self.session, comment)
        self.put(
            Endorsement,
            (
                {"comment_id": key, "code": digests[endorser], "channel": str(Channel.OPEN)}
                for key, one in zip(ids, written, strict=True)
                for endorser in one.endorsers
            ),
        )
        self.decide(ids, written)

    def decide(self, ids: Sequence[uuid.UUID], written: Sequence[Written]) -> None:
        """What moderators showed and refused; what looks automated was set apart by nobody."""
        acts = {State.SHOWN: "show", State.REFUSED: "refuse"}
        self.put(
            Decision,
            (
                {
                    "object": "comment",
                    "object_id": key,
                    "act": acts[one.state],
                    "reason": one.reason,
                    "locale": one.locale,
                    "day": self.day(one.day),
                }
                for key, one in zip(ids, written, strict=True)
                if one.state in acts
            ),
        )

    def submit(self, submissions: Sequence[content.DemoSubmission]) -> None:
        """Written submissions, each of somebody who did nothing else."""
        senders = [self.person(one.locale, one.stakeholder) for one in submissions]
        self.put(Participant, senders)
        self.put(
            Submission,
            (
                {
                    "id": self.new_id(),
                    "code": sender["code"],
                    **msgspec.structs.asdict(one),
                    "files": [],
                    "redacted": [],
                    "day": sender["day"],
                    "channel": str(Channel.OPEN),
                    "state": str(State.SHOWN),
                }
                for sender, one in zip(senders, submissions, strict=True)
            ),
        )
