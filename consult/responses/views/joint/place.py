"""What every page of an institution's hands begins with: which response and edition, how it stands, the words."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from flask import abort, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as Answer

from consult.core.expressions.environment import Path
from consult.core.questionnaire.answers import Answer as Given
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled
from consult.core.text import LocalisedText
from consult.participation.service import day
from consult.processes.models import Activity
from consult.questionnaires import queries as questionnaires
from consult.responses.joint import queries
from consult.responses.joint.answering import Written
from consult.responses.joint.models import Joint
from consult.responses.joint.queries import Asked, Of, State
from consult.responses.reader import Reader
from consult.responses.texts import Texts
from consult.responses.views import visit as at
from consult.responses.views.drafts import instance
from consult.web.context import now
from consult.web.holes import cut
from consult.web.locale import current
from consult.web.permissions import scope
from consult.web.transaction import database

PREFIX: Final = "/<locale>/desk/answers/<slug>/<uuid:institution_id>"


@dataclass(frozen=True)
class Place:
    """A request of a hand at the response of their institution."""

    asked: Asked
    state: State
    number: int
    """Of the edition that is answered."""
    compiled: Compiled
    now: dt.datetime
    locale: str
    """In which the questionnaire is read."""

    @property
    def joint(self) -> Joint:
        """The response."""
        return self.asked.joint

    @property
    def activity(self) -> Activity:
        """What is answered."""
        return self.joint.activity

    @property
    def which(self) -> Of:
        """What everything that belongs to the response is found by."""
        return queries.of(self.joint)

    @property
    def standing(self) -> str:
        """See `queries.standing`."""
        return queries.standing(self.joint, self.asked.signature, self.now)

    @property
    def writable(self) -> bool:
        """Whether it seems that answers can be changed; writing asks the database again."""
        return self.state.state == "open" and self.activity.state(self.now) == "open"

    @cached_property
    def words(self) -> Texts:
        """The edition's words."""
        return at.texts_in(self.compiled, self.locale)

    @property
    def today(self) -> dt.date:
        """The activity's day."""
        return day(self.now, self.activity.time_zone)

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """What every evaluation sees, fixed when somebody begins."""
        if self.state.context:
            found: Mapping[str, Any] = self.state.context
            return found
        seed = hashlib.sha256(b"seed\0" + self.which.activity_id.bytes + self.which.institution_id.bytes).hexdigest()
        return {"today": self.today.isoformat(), "seed": seed[:16], "once": {}}

    def under(self, sent: str) -> Place:
        """The same under the edition that a form names: while nobody has begun, a newer one may have been published.
        400 where there is none such."""
        number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0
        return replace(self, number=number, compiled=at.compiled(self.which.activity_id, number) or abort(400))

    def evaluating(self, kept: Mapping[str, Any]) -> Context:
        """The same as evaluations want it."""
        today = dt.date.fromisoformat(kept["today"])
        return Context(today, self.activity.time_zone, kept["seed"], self.locale, dict(kept["once"]))

    def stand(self, answers: Mapping[str, Given], sheet: Sheet | None = None) -> Standing:
        """How somebody stands with these answers."""
        return stand(self.compiled, answers, self.evaluating(self.context), sheet)

    def complete(self, written: Written) -> bool:
        """Whether what a hand made of it could be signed."""
        return stand(self.compiled, written.answers, self.evaluating(written.context)).unfinished() is None

    def url(self, page: str = "joint", **values: object) -> str:
        """Address of a page about this response."""
        return address(self.joint, page, **values)

    def sheet_url(self, sheet: Sheet, page: str = "joint_page", **values: object) -> str:
        """Address of a page of questions."""
        place = {"instance": instance(sheet.path)} if sheet.path else {}
        return self.url(page, locale=self.locale, number=sheet.page.number, **place, **values)

    def go(self, sheet: Sheet | None, **values: object) -> Answer:
        """See other: a page of questions; where there is none, the overview."""
        to = self.url() if sheet is None else self.sheet_url(sheet, "joint_page", **values)
        return Answer(status=303, headers={"Location": to})

    def parsed(self, key: str) -> tuple[str, Path]:
        """The id of a question or repeat, and in which instance; 404 where the edition has none such."""
        if not self.knows(key):
            abort(404)
        name, *numbers = key.split("-")
        return name, tuple(map(int, numbers))

    def knows(self, key: str) -> bool:
        """Whether the edition has such a question or repeat; what was written on another one may have other keys."""
        name, *numbers = key.split("-")
        step = self.compiled.by_id.get(name)
        if step is None or (step.question is None and name not in self.compiled.blocks):
            return False
        return len(numbers) == len(step.chain) and all(
            number.isascii() and number.isdigit() and len(number) < 4 for number in numbers
        )

    def label(self, key: str, answers: Mapping[str, Given]) -> Markup:
        """What a question or repeat is called, with its instance and the answers that its label names."""
        if not self.knows(key):
            return escape(key)
        name, path = self.parsed(key)
        step = self.compiled.by_id[name]
        label = step.question.label if step.question else self.compiled.blocks[name].repeat.label
        return self.called(label, step.chain, path, answers)

    def called(
        self, label: LocalisedText | None, chain: tuple[str, ...], path: Path, answers: Mapping[str, Given]
    ) -> Markup:
        """A label with the answers that it names and the instance of its repeats; without one, the questionnaire's."""
        reader = Reader(self.words, answers, ())
        reader.chain, reader.path = chain, path
        words = reader.read(cut(self.words.words(label or self.compiled.questionnaire.title)))
        return Markup("{} ({})").format(words, ", ".join(map(str, path))) if path else words

    def lines(self, key: str, parts: Mapping[str, Given]) -> list[str]:
        """An answer in words."""
        if not self.knows(key):
            return [str(answer) for answer in parts.values() if answer is not None]
        name, path = self.parsed(key)
        return self.words.lines(name, parts, self.compiled.by_id[name].chain, path)

    def page_of(self, key: str) -> Sheet | None:
        """The page on which a question is answered; none for what is not put."""
        name, path = self.parsed(key)
        page = next((page for page in self.compiled.pages if any(one.id == name for one in page.asked)), None)
        return None if page is None or len(page.chain) != len(path) else Sheet(page, path)

    def given(self, template: str, answers: Mapping[str, Given], **context: object) -> Markup:
        """Answers to be read, as `responses/given.html` shows them."""
        standing = self.stand(answers)
        reader = Reader(self.words, standing.answers, standing.seen)
        return reader.read(cut(render_template(template, **context)))


def address(joint: Joint, page: str = "joint", **values: object) -> str:
    """Address of a page about a response."""
    found: dict[str, Any] = {"slug": joint.activity.slug, "institution_id": joint.institution_id, **values}
    if "locale" not in found:
        found["locale"] = current().shipped
    return url_for(f"responses.{page}", **found)


def crumbs(joint: Joint, *, inside: bool = False) -> list[tuple[str, str]]:
    """The way back: to the list, from inside a response to that."""
    title = joint.activity.title.resolve(current().code, joint.activity.locales[0]).text
    listed = (_("Answers of my institution"), url_for("responses.asked", locale=current().shipped))
    return [listed, (title, address(joint))] if inside else [listed]


def place_of(slug: str, institution_id: uuid.UUID) -> Place:
    """The response of an address, for its hands; 404 for everybody else, and while nothing is published."""
    with database().reading() as session:
        asked = queries.asked_of(session, scope(), slug, institution_id)
        if asked is None or asked.hand is None:
            abort(404)
        return place_in(asked, queries.state(session, queries.of(asked.joint)), _newest(asked.joint))


def place_in(asked: Asked, state: State, newest: int) -> Place:
    """The same for a response at hand."""
    number = state.edition or newest
    compiled = at.compiled(asked.joint.activity_id, number) or abort(404)
    offered = compiled.questionnaire.locales
    locale = current().code if current().code in offered else compiled.questionnaire.source
    return Place(asked, state, number, compiled, now(), locale)


def _newest(joint: Joint) -> int:
    with database().reading() as session:
        found = questionnaires.latest_edition(session, joint.activity_id)
        return found.number if found else 0
