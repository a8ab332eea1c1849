"""What happens on an occasion of the demo: people sign up, are chosen or drawn, come, and say what they think."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Keys
from consult.core.questionnaire.definition import Questionnaire
from consult.core.sampling.waiting import next_in_line
from consult.demo import event_content
from consult.demo.attendees import Comer, comers
from consult.demo.event_content import DemoEvent, DemoNames, DemoNote, DemoOccasion, DemoReasons, DemoReport
from consult.events import attending, choosing, drawing, filling, messages, noting, offering, signing, summing
from consult.events.choosing import Act
from consult.events.models.held import GuideBlock, Said, View
from consult.events.models.planned import Need, Occasion
from consult.events.models.signed import SignUp, Standing, Way
from consult.events.vault import Person
from consult.events.wanted import Wanted
from consult.participation import codes
from consult.participation.service import day
from consult.processes.models import Activity

DECIDED: Final = dt.timedelta(days=3)
"""How long before an occasion it is decided who comes."""
CANCELLED: Final = dt.timedelta(days=2)
TAKEN: Final = dt.timedelta(days=1)
"""How long before it somebody takes the place of who cancelled."""
LISTED: Final = 2
"""How many of those who are not chosen come onto the waiting list."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An occasion, with what is known of it."""

    session: Session
    keys: Keys
    activity: Activity
    occasion: Occasion
    event: DemoEvent
    facts: DemoOccasion
    screening: Questionnaire
    rng: random.Random
    opened: dt.datetime
    now: dt.datetime

    def sign_up(self, names: DemoNames, seed: int) -> None:
        """Let people sign up from the opening on, until they no longer can, or until now."""
        ids = event_content.ids(self.screening)
        until = min(self.occasion.sign_up_until or self.occasion.starts_at, self.now)
        drawn = comers(names, self.event, self.facts, seed=f"{seed} {self.event.slug} {self.occasion.number}")
        for one in drawn:
            at = self.opened + one.when * (until - self.opened)
            wanted = self._wanted(one, {ids[name]: code for name, code in one.profile.items() if name in ids})
            today = day(at, self.activity.time_zone)
            signing.sign_up(self.session, self.keys, self.occasion.event, self.occasion.id, wanted, today=today, now=at)

    def _wanted(self, one: Comer, profile: dict[str, str]) -> Wanted:
        code = codes.spell(self.rng.randbytes(codes.BITS // 8))
        person = Person(
            name=one.name,
            address=one.address,
            phone=one.phone,
            companions=one.companions,
            code=code,
        )
        return Wanted(
            person=person,
            locale=one.locale,
            agreed=True,
            of_age=True,
            way=Way.NOMINATED if one.institution else Way.SELF,
            institution=one.institution,
            profile=profile,
            needs=[Need(need) for need in one.needs],
            speaks=one.speaks,
        )

    def draw(self) -> None:
        """Draw the places."""
        decided = self.occasion.starts_at - DECIDED
        drawing.draw(self.session, self.activity, self.occasion, self.facts.seed, by=None, now=decided)

    def choose(self, reasons: DemoReasons) -> None:
        """Choose who leaves the profile grid filled best; the next come onto the waiting list."""
        waiting = {row.ticket: row for row in self.rows(Standing.ASKED)}
        order = [waiting.pop(ticket) for ticket in self._fitting(waiting)]
        places = order[: self.occasion.capacity - self.occasion.taken]
        listed = order[len(places) : len(places) + LISTED]
        others = [*order[len(places) + LISTED :], *waiting.values()]
        for at, row in enumerate(places):
            self._decide([row], Act.PLACE, reasons.placed[at % len(reasons.placed)])
        for row in listed:
            self._decide([row], Act.LIST, "")
        for at, row in enumerate(others):
            self._decide([row], Act.REFUSE, reasons.refused[at % len(reasons.refused)])

    def _fitting(self, waiting: dict[str, SignUp]) -> Iterator[str]:
        """Tickets in the order in which they fill the grid, and some more for the waiting list."""
        targets = filling.targets(self.session, self.occasion)
        left = {ticket: filling.one(row.profile, row.seats) for ticket, row in waiting.items()}
        held = [*filling.held(self.session, self.occasion)]
        for _ in range(min(self.occasion.capacity + LISTED, len(left))):
            found = next_in_line(iter(left.items()), targets, held, self.occasion.capacity)
            if found is None:
                return
            held.append((left.pop(found), 1))
            yield found

    def _decide(self, rows: Sequence[SignUp], act: Act, reason: str) -> None:
        seen = {row.code: row.revision for row in rows}
        decided = self.occasion.starts_at - DECIDED
        choosing.choose(self.session, self.activity, self.occasion, seen, act, reason, by=None, now=decided)

    def make_room(self) -> None:
        """Have one of those who have a place cancel, and the next on the waiting list take it."""
        if not self.rows(Standing.LISTED):
            return
        begins, first = self.occasion.starts_at, self.rows(Standing.PLACED)[0]
        signing.cancel(self.session, self.activity.id, first.code, now=begins - CANCELLED)
        offering.offer(self.session, self.occasion.id, now=begins - CANCELLED)
        for row in self.rows(Standing.OFFERED):
            signing.take_offer(self.session, self.activity.id, row.code, now=begins - TAKEN)

    def come(self) -> None:
        """Check most of those in who have a place, and close the list."""
        placed, at = self.rows(Standing.PLACED), self.occasion.ends_at
        marks = [(row.ticket, "here") for row in placed[: round(self.facts.there * len(placed))]]
        attending.mark(self.session, self.activity, self.occasion, marks, by=None, now=at)
        attending.close(self.session, self.activity, self.occasion, by=None, now=at)

    def note(self, report: DemoReport, guide: Sequence[GuideBlock]) -> None:
        """Write down what was said. No word of it is part of the name of anybody who signed up: else it is refused."""
        desk = noting.Desk(self.session, self.keys, self.activity, self.occasion, None, self.occasion.ends_at)
        for one in report.notes:
            noting.add(desk, uuid.UUID(bytes=self.rng.randbytes(16), version=4), self._words(one, guide), sure=False)

    def _words(self, one: DemoNote, guide: Sequence[GuideBlock]) -> noting.Words:
        block = guide[one.block]
        question, _, choice = one.speaker.partition("=")
        speaker = f"{event_content.ids(self.screening)[question]}={choice}" if choice else one.speaker
        return noting.Words(
            body=one.body,
            said=Said(one.said),
            locale=one.locale,
            theme=block.theme,
            block_id=block.id,
            speaker=speaker,
            people=one.people,
            consent=one.said == Said.QUOTE,
            institution=one.institution,
            view=View(one.view) if one.view else "",
            confidential=one.confidential,
        )

    def sum_up(self, report: DemoReport) -> None:
        """Sum up what was said."""
        wanted = summing.Summary(report.summary, report.conduct, report.themes)
        summing.sum_up(self.session, self.activity, self.occasion, wanted, seen=0, by=None, now=self.occasion.ends_at)

    def tell(self) -> None:
        """Have everybody told how things are: nobody is written to, for their addresses lead nowhere."""
        over = self.occasion.ends_at <= self.now
        for row in self.rows():
            row.told, row.thanked = messages.mark(row, self.occasion), over
        self.session.flush()

    def rows(self, *standings: Standing) -> list[SignUp]:
        """Those who signed up and stand so, as they are now; by their random keys."""
        wanted = select(SignUp).where(SignUp.activity_id == self.activity.id, SignUp.occasion_id == self.occasion.id)
        if standings:
            wanted = wanted.where(SignUp.standing.in_(standings))
        found = self.session.scalars(wanted.order_by(SignUp.code).execution_options(populate_existing=True))
        return list(found)
