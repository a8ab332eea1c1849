"""The questions of the screening on the page on which people sign up: shown, and read when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256

from flask import render_template, request
from markupsafe import Markup

from consult.core.errors import Place, Problem
from consult.core.questionnaire import inplace
from consult.core.questionnaire.accepting import Accepted, accept
from consult.core.questionnaire.answers import Answer, Form
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled
from consult.events import queries, screening
from consult.events.views.visit import Visit
from consult.participation.views.carrying import number
from consult.responses.reader import PageReader
from consult.responses.texts import decimal_mark
from consult.responses.views.answering import asking, sentence_of
from consult.responses.views.visit import compiled, media_in, texts_in
from consult.web.holes import cut, hole
from consult.web.transaction import session


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions as they stand on the page."""

    html: Markup = field(default_factory=Markup)
    errors: list[tuple[str, str]] = field(default_factory=list)
    """What is wrong: address of the question, sentence."""
    more: bool = False
    """Whether there are further questions than before."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the answers that were sent; of nothing where nothing is asked."""

    turned_away: bool = False
    """Whether an answer was chosen with which nobody can take part."""
    profile: Mapping[str, str] = field(default_factory=dict)
    """What is counted of them,"""
    answers: Mapping[str, object] = field(default_factory=dict)
    """and the rest."""
    unfinished: bool = False
    """Whether something is wrong or missing, or there are further questions."""
    again: Callable[[], Asked] = Asked
    """The questions once more, with what was typed and what is wrong."""


def asked(seen: Visit, seed: bytes, answers: Mapping[str, Answer]) -> Asked:
    """The questions of an event's screening, with what was answered. `seed`: of what is drawn for somebody, like the
    order of choices."""
    found = _screening(seen, seed)
    return Asked() if found is None else found.asked(answers)


def sent(seen: Visit, seed: bytes) -> Sent:
    """The answers that came with a form, in the edition that it asks."""
    found = _screening(seen, seed)
    return Sent() if found is None else found.sent()


@dataclass(frozen=True, slots=True)
class _Screening:
    """An edition of an event's screening as somebody meets it."""

    seen: Visit
    number: int
    compiled: Compiled
    seed: bytes

    @property
    def sheet(self) -> Sheet:
        """Its one page."""
        return Sheet(self.compiled.pages[0])

    def asked(self, answers: Mapping[str, Answer]) -> Asked:
        """The questions, with what was answered."""
        return self._shown(stand(self.compiled, answers, self._context(), self.sheet))

    def sent(self) -> Sent:
        """What became of the answers that came with the form."""
        accepted = self._accepted()
        cells = queries.counted(session(), self.seen.door.activity_id)
        counted = screening.counts(self.compiled, cells)
        profile, answers = screening.divided(accepted.standing.document(), counted)
        return Sent(
            self.sheet.page.turns_away(self._form()),
            profile,
            answers,
            unfinished=bool(accepted.problems) or accepted.more,
            again=partial(self._shown, accepted.standing, accepted),
        )

    def _accepted(self) -> Accepted:
        logic = inplace.logic(self.compiled, self.sheet.page.number) if "followed" in request.form else None
        form, page = self._form(), self.sheet.page
        accepted = accept(
            self.compiled,
            self.sheet,
            form,
            {},
            self._context(),
            decimal_mark=decimal_mark(self.seen.locale),
            followed=logic.moving if logic is not None else (),
        )
        if accepted.problems or page.lets_in(form):
            return accepted
        # Here everything is stored at once: so all are answered before which nothing may be.
        left_open = [gate for gate in page.gates if not gate.relevant and not any(form.get(gate.id, ()))]
        return replace(
            accepted, problems=tuple(Problem("answer.required", place=Place(field=gate.id)) for gate in left_open)
        )

    def _shown(self, standing: Standing, accepted: Accepted | None = None) -> Asked:
        door, words = self.seen.door, texts_in(self.compiled, self.seen.locale)
        reader = PageReader(words, standing, self.sheet, action="", typed=self._form() if accepted else None)
        if accepted is not None:
            reader.errors = {one.place.field: sentence_of(words, reader, one) for one in accepted.problems}
        html = render_template(
            "events/screening.html",
            hole=hole,
            edition=self.number,
            **asking(words, self.sheet.page, media_in(door.activity_id, door.slug, words, self.number)),
        )
        return Asked(reader.read(cut(html)), reader.told(), more=accepted is not None and accepted.more)

    def _form(self) -> Form:
        fields = self.sheet.page.fields
        return {name: values for name, values in request.form.lists() if name in fields}

    def _context(self) -> Context:
        return Context(
            today=self.seen.today,
            time_zone=self.seen.door.time_zone,
            seed=sha256(b"seed\0" + self.seed).hexdigest()[:16],
            locale=self.seen.locale,
        )


def _screening(seen: Visit, seed: bytes) -> _Screening | None:
    """In the edition that the form sent, else the newest; none where nothing is asked."""
    for wanted in (number("edition"), seen.door.edition):
        found = compiled(seen.door.activity_id, wanted) if wanted > 0 else None
        if found is not None:
            return _Screening(seen, wanted, found, seed)
    return None
