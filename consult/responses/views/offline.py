"""Answering without a network: the page that a device keeps, its worker, and what the device sends later."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

import msgspec
from flask import Response, abort, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from consult.core.envelope import open_envelope, public_key
from consult.core.errors import Problem
from consult.core.expressions import Expression, browser
from consult.core.questionnaire import offline
from consult.core.questionnaire.answers import encode, refill
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.routing import Context, Sheet, stand
from consult.core.questionnaire.steps import Compiled
from consult.core.sealing import UnsealError
from consult.core.text import LocalisedText
from consult.participation import codes
from consult.participation.service import Coming
from consult.responses import service
from consult.responses.reader import Author
from consult.responses.texts import Texts, data_block, decimal_mark, point, ways
from consult.responses.views import cookies, guarding, trying
from consult.responses.views import visit as at
from consult.responses.views.answering import asking, submitted
from consult.responses.views.blueprint import blueprint
from consult.responses.views.drafts import onwards
from consult.responses.views.visit import Visit, closed, go
from consult.web.assets import script
from consult.web.context import keys
from consult.web.holes import cut, hole
from consult.web.messages import sentence
from consult.web.security import same_origin_only
from consult.web.transaction import commit, rollback, session

_UNREADABLE: Final = {
    QuestionType.INTEGER: "answer.number.whole",
    QuestionType.DECIMAL: "answer.number.unreadable",
    QuestionType.DATE: "answer.date.incomplete",
}
"""What is said where the device cannot read an answer, by the type of the question."""


class Sent(msgspec.Struct, frozen=True):
    """What a device has sealed."""

    code: str
    answers: dict[str, list[str]]
    """Fields of the form, of all pages."""


_SENT: Final = msgspec.json.Decoder(Sent)


class Device(Author):
    """A device that asks everything by itself: what is put to whom, it decides as they answer."""

    def __init__(self, texts: Texts, seen: Visit) -> None:
        nobody = stand(
            texts.compiled, {}, Context(today=seen.today, time_zone=seen.door.time_zone, locale=texts.locale)
        )
        super().__init__(texts, nobody, Sheet(_everything(texts.compiled)), action="")
        self.logic = offline.logic(texts.compiled)
        self.decided = {step.id for step in self.logic.steps} if self.logic else set()

    @cached_property
    def form(self) -> Mapping[str, Sequence[str]]:
        """Defaults that are the same for everybody on every day."""
        mark = point(self.texts.locale)
        filled: dict[str, Sequence[str]] = {}
        for question in self.page.asked:
            default = self.texts.compiled.by_id[question.id].default
            if not isinstance(default, Expression):
                filled.update(refill(question, {question.id: default}, decimal_mark=mark))
        return filled

    def _locked(self, key: str) -> bool:
        step = self.texts.compiled.by_id[key]
        return step.computed is not None or step.read_only is True

    def _logic(self, _key: str, _part: str) -> str:
        document = offline.document(self.texts.compiled, self.texts.locale)
        context = browser.context(self.standing.at(self.texts.compiled.steps[0]))
        reader = {"zone": context["zone"], "offset": context["offset"], "values": {}, "kept": {}, "gone": []}
        return data_block({"edition": {**document, **ways(self.texts.locale)}, "reader": reader})

    def _wrong(self, key: str) -> dict[str, str]:
        """What the device can find wrong with an answer, in words; none where it decides nothing."""
        step = self.texts.compiled.by_id[key]
        question = step.question
        if question is None or key not in self.decided:
            return {}
        found: dict[str, str] = {}
        if step.required is not False:
            found["required"] = self._message(question.required_message) or sentence(Problem("answer.required"))
        if step.constraint is not None:
            found["constraint"] = self._message(question.constraint_message) or sentence(Problem("answer.constraint"))
        if question.type in _UNREADABLE:
            found[question.type] = sentence(Problem(_UNREADABLE[question.type]))
        return found

    def _message(self, own: LocalisedText) -> str:
        return self.read(cut(self.texts.words(own))).unescape()

    def _error(self, key: str, _part: str) -> str:
        """An empty place that the script fills; an answer is always described by it."""
        found = self._wrong(key)
        data = Markup("").join(Markup(' data-{}="{}"').format(*one) for one in found.items())
        place = Markup('<p class="error" id="{0}-error" data-of="{0}"{1} hidden></p>')
        return place.format(key, data) if found else ""

    def _described(self, key: str, hint: str) -> str:
        ids = " ".join(filter(None, (hint, f"{key}-error" if self._wrong(key) else "")))
        return f' aria-describedby="{ids}"' if ids else ""


def _everything(compiled: Compiled) -> Page:
    return Page(1, None, compiled.questionnaire.children)


@blueprint.get("/offline", endpoint="offline")
def kept(slug: str) -> Response:
    """The whole questionnaire in one page: the same bytes for everybody, without a cookie."""
    seen = at.visit(slug)
    if not seen.open:
        return closed(seen)
    compiled = at.edition(seen.door, seen.door.edition)
    if not seen.door.open_link or compiled is None or offline.logic(compiled) is None:
        abort(404)
    return at.alike(seen, "offline", lambda: _page(seen, compiled))


def _page(seen: Visit, compiled: Compiled) -> bytes:
    words = at.texts(seen, compiled)
    shared = {**asking(words, _everything(compiled), at.media(seen, words, seen.door.edition)), **at.common(seen)}
    html = render_template(
        "responses/offline.html",
        **shared,
        hole=hole,
        pages=compiled.pages,
        edition=seen.door.edition,
        context=_context(seen, seen.door.edition),
        scope=seen.url("first"),
        recipient=base64.b64encode(public_key([*keys().offline.values()][-1])).decode(),
        locales=[],
    )
    return Device(words, seen).encoded(cut(html))


@blueprint.get("/worker.js")
def worker(slug: str) -> Response:
    """The service worker, which may answer for the first page and everything below it."""
    seen = at.visit(slug)
    response = script("worker")
    response.headers["Service-Worker-Allowed"] = seen.url("first")
    return response


@blueprint.post("/offline")
def arrive(slug: str) -> Answer:
    """What a device has kept and now sends; sent again, it is there once, and the answer is the same.

    Whoever sends it and knows the code goes on here with it; for anybody else, who may share the device, the code is
    asked for.
    """
    same_origin_only()
    seen = at.arriving(slug)
    number, compiled = at.edition_sent(seen)
    if offline.logic(compiled) is None:
        abort(400)
    sent, code = _opened(seen, number)
    if any(page.turns_away(sent.answers) for page in compiled.pages):
        return go(seen, "away")
    if not all(page.lets_in(sent.answers) for page in compiled.pages):
        abort(400)  # devices do not send before that
    own = replace(seen, code=code)
    known = codes.read(request.form.get("code", "")) == code
    found = own.own()
    if found is None and seen.open and seen.door.open_link:
        found = _coming(own, number, compiled, sent)
        if service.arrive(session(), seen.door.activity_id, own.digest, found, now=seen.now, tray=seen.tray):
            commit()
            return _led(own, found, known)
        rollback()
        found = own.own()
    return closed(seen, 410) if found is None else _led(own, found, known)


def _opened(seen: Visit, edition: int) -> tuple[Sent, str]:
    """What was sealed, and the code in it; 400 where it cannot be read."""
    sealed = request.files.get("sealed") or abort(400)
    try:
        sent = _SENT.decode(open_envelope(keys().offline, sealed.read(), _context(seen, edition).encode()))
    except (UnsealError, msgspec.MsgspecError):
        # What was kept by a link that has ended cannot be read.
        abort(closed(seen, 410) if seen.trial else 400)
    return sent, codes.read(sent.code) or abort(400)


def _context(seen: Visit, edition: int) -> str:
    """Where sealed answers belong, and nowhere else."""
    return f"{seen.door.activity_id}/{edition}{trying.mark(seen.door) if seen.trial else ''}"


def _coming(own: Visit, edition: int, compiled: Compiled, sent: Sent) -> Coming:
    """What was sent as a submission, or as a draft where something is missing or wrong."""
    draft = Coming(edition, own.locale, own.today, at.new_context(own, own.code), "{}")
    context = at.context_of(own, draft.context)
    mark = decimal_mark(own.locale)
    answers, standing = offline.receive(compiled, sent.answers, context, decimal_mark=mark)
    draft = replace(draft, context={**draft.context, "once": context.once}, answers=encode(answers))
    return draft if standing.unfinished() else guarding.arrived(own, submitted(own, draft, standing))


def _led(own: Visit, found: Coming, known: bool) -> Answer:
    if known:
        return cookies.remember(onwards(own, found), own, own.code)
    return go(own, "resume", arrived="draft" if found.state == "draft" else "sent")
