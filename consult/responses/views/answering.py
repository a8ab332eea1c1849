"""Answering: the first page, the pages after it, the check, the submission."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from flask import Response, request
from markupsafe import escape
from werkzeug.wrappers import Response as Answer

from consult.core.errors import Problem
from consult.core.questionnaire import inplace, offline
from consult.core.questionnaire.accepting import Accepted, accept
from consult.core.questionnaire.answers import Form, decode, encode
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.routing import Context, Sheet, Standing, opening, stand
from consult.core.questionnaire.steps import Compiled
from consult.participation import service as participation
from consult.participation.guard import FIELD, WAIT
from consult.participation.models import Channel
from consult.participation.service import Coming
from consult.responses import looks
from consult.responses.media import MediaOf
from consult.responses.reader import PageReader, Reader
from consult.responses.texts import Texts, decimal_mark
from consult.responses.views import arriving, cookies, guarding, inviting, listing
from consult.responses.views import visit as at
from consult.responses.views.away import turn_away
from consult.responses.views.blueprint import blueprint
from consult.responses.views.drafts import (
    TRIES,
    Accept,
    action,
    draft_of,
    go_to,
    in_locale,
    no_draft,
    onwards,
    sheet_of,
    still_open,
    stored,
    take,
)
from consult.responses.views.visit import Visit, closed, full, go
from consult.web.holes import Part, cut
from consult.web.locale import current, url_for_locale
from consult.web.messages import sentence
from consult.web.security import same_origin_only
from consult.web.templating import marked
from consult.web.transaction import database

OWN_FIELDS = frozenset({"edition", "then", "followed", FIELD})
"""Fields of a page's form that are not a question's. The script adds `followed`."""


@blueprint.get("")
def first(slug: str) -> Response:
    """The first page: the same bytes for everybody, without a cookie, from the memory of this process."""
    seen = at.visit(slug)
    if not seen.open:
        return closed(seen)
    if not seen.door.open_link:
        return inviting.entering(seen)
    if Channel.OPEN in seen.door.full:
        return at.alike(seen, "full", lambda: full(seen).data)
    return at.alike(seen, "first", lambda: _first_page(seen))


def _first_page(seen: Visit) -> bytes:
    compiled = at.edition(seen.door, seen.door.edition)
    assert compiled is not None, "a door has an edition"
    words = at.texts(seen, compiled)
    page = opening(compiled)
    if page is None:
        return Reader(words, {}, ()).encoded(_start(seen, words))
    nobody = stand(
        compiled, {}, Context(today=seen.today, time_zone=seen.door.time_zone, locale=seen.locale), Sheet(page)
    )
    pieces = _questions(seen, words, Sheet(page), seen.door.edition, begin=True)
    return PageReader(words, nobody, Sheet(page), action=seen.url("begin")).encoded(pieces)


def _start(seen: Visit, words: Texts) -> tuple[Part, ...]:
    return at.parts(
        seen,
        "responses/start.html",
        seen.door.edition,
        context=lambda: {
            "title": words.compiled.questionnaire.title,
            "text": words.text,
            "words": words.words,
            "total": len(words.compiled.pages),
            "action": seen.url("begin"),
            "edition": seen.door.edition,
            "resume_url": seen.url("resume"),
            "invited_url": seen.url("invited") if seen.door.invited else "",
            "offline": offline.logic(words.compiled) is not None,
        },
    )


def asking(words: Texts, page: Page, media: MediaOf) -> dict[str, object]:
    """What the templates of questions need to render a page of an edition in a locale."""
    logic = inplace.logic(words.compiled, page.number)
    return {**looks.asking(words), "page": page, "media_of": media, "logic": logic is not None}


def _questions(seen: Visit, words: Texts, sheet: Sheet, edition: int, *, begin: bool = False) -> tuple[Part, ...]:
    page = sheet.page

    return at.parts(
        seen,
        "responses/page.html",
        edition,
        page.number,
        begin,
        context=lambda: {
            **asking(words, page, at.media(seen, words, edition)),
            "edition": edition,
            "resume_url": seen.url("resume") if begin else "",
            "invited_url": seen.url("invited") if begin and seen.door.invited else "",
            "offline": begin and offline.logic(words.compiled) is not None,
            "url_for_locale": url_for_locale if begin else partial(in_locale, seen, page),
        },
    )


@blueprint.post("")
def begin(slug: str) -> Answer:
    """The first page, or the introduction, sent: a draft is made, and the browser gets its code."""
    same_origin_only()
    seen = at.visit(slug)
    if not seen.open:
        return closed(seen, 410)
    arriving.allow(arriving.first_pages(seen))
    number, compiled = at.edition_sent(seen)
    page, known, form = opening(compiled), seen.own(), _form()
    if page is not None and page.turns_away(form):
        return turn_away(seen)
    if known is not None and (known.state != "draft" or page is None):
        return onwards(seen, known)
    if known is not None and page is not None and known.edition == number:
        return _take(seen, known, compiled, Sheet(page), form)
    if not seen.door.open_link:
        return go(seen, "invited")
    if Channel.OPEN in seen.door.full:
        return full(seen, 409) if still_open(seen) else closed(seen, 410)
    code, draft = at.new_draft(seen, number)
    draft = guarding.begun(draft)
    came: arriving.Came = {}
    if page is not None:
        came = arriving.taken(seen, page)
        draft, answer = _accepting(seen, compiled, Sheet(page), form, came)(draft)
        if not page.lets_in(form):
            return answer()
    digest = at.digest_of(seen.door, code)
    with database().single(write=True) as connection:
        begun = participation.begin(connection, seen.door.activity_id, digest, draft, now=seen.now, tray=seen.tray)
    arriving.discard(seen, digest, arriving.names(came))
    if not begun:
        return closed(seen, 410)
    return cookies.remember(onwards(seen, draft) if page is None else answer(), seen, code)


@blueprint.get("/page/<int:number>", defaults={"instance": ""})
@blueprint.get("/page/<int:number>/<instance>")
@blueprint.get("/interview/page/<int:number>", defaults={"instance": ""}, endpoint="interview_page")
@blueprint.get("/interview/page/<int:number>/<instance>", endpoint="interview_page")
def page(slug: str, number: int, instance: str) -> Answer:
    """A page of the draft at hand."""
    seen = at.visit(slug)
    draft = draft_of(seen)
    compiled = at.edition_of(seen.door, draft)
    sheet = sheet_of(compiled, number, instance)
    standing = at.standing_of(seen, compiled, draft, sheet)
    if not standing.shows(sheet):
        return onwards(seen, draft)
    if sheet.page.listing is not None:
        return listing.show(seen, compiled, sheet, standing, draft)
    return Response(_page_html(seen, compiled, sheet, standing, draft.edition, standing.problems(sheet)))


@blueprint.post("/page/<int:number>", defaults={"instance": ""})
@blueprint.post("/page/<int:number>/<instance>")
@blueprint.post("/interview/page/<int:number>", defaults={"instance": ""}, endpoint="interview_answer")
@blueprint.post("/interview/page/<int:number>/<instance>", endpoint="interview_answer")
def answer(slug: str, number: int, instance: str) -> Answer:
    """A page of the draft at hand, sent."""
    same_origin_only()
    seen = at.visit(slug)
    draft = draft_of(seen, 410)
    compiled = at.edition_of(seen.door, draft)
    sheet = sheet_of(compiled, number, instance)
    if sheet.page.listing is not None:
        return listing.change(seen, compiled, sheet, draft)
    arriving.allow([sheet.page])
    form = _form()
    if sheet.page.turns_away(form):
        return turn_away(seen)
    return _take(seen, draft, compiled, sheet, form)


@blueprint.get("/check")
@blueprint.get("/interview/check", endpoint="interview_check")
def check(slug: str) -> Answer:
    """Everything that was answered, before it is sent."""
    seen = at.visit(slug)
    draft = draft_of(seen)
    compiled = at.edition_of(seen.door, draft)
    standing = at.standing_of(seen, compiled, draft)
    unfinished = standing.unfinished()
    if unfinished is not None:
        return go_to(seen, unfinished)
    return Response(_check_html(seen, compiled, standing, draft))


def _check_html(seen: Visit, compiled: Compiled, standing: Standing, draft: Coming, *when: str) -> bytes:
    words = at.texts(seen, compiled)
    pieces = at.parts(
        seen,
        "responses/check.html",
        draft.edition,
        context=lambda: {
            **looks.reading(words),
            "page_url": lambda number: seen.url("page", number=number),
            "saved_url": "" if seen.assisted else seen.url("saved"),
            "url_for_locale": lambda locale: seen.url("check", locale=locale),
            "wait": WAIT if seen.door.guard.work and not seen.assisted else 0,
        },
    )
    challenge = guarding.challenge(seen, draft)
    reader = Reader(
        words,
        standing.answers,
        standing.seen,
        when={"correcting" if draft.corrects else "new", "working" if challenge else "", *when},
        action=seen.marked(seen.url("submit")),
        challenge=challenge,
    )
    return reader.encoded(pieces)


@blueprint.post("/submit")
@blueprint.post("/interview/submit", endpoint="interview_submit")
def submit(slug: str) -> Answer:
    """Send the answers. Sent twice, they are there once, and the receipt is the same."""
    same_origin_only()
    seen = at.visit(slug)
    for _attempt in range(TRIES):
        draft = seen.own()
        if draft is None:
            return closed(seen, 410) if not seen.open else no_draft(seen)
        if draft.state != "draft":
            return go(seen, "receipt")
        compiled = at.edition_of(seen.door, draft)
        standing = at.standing_of(seen, compiled, draft)
        unfinished = standing.unfinished()
        if unfinished is not None:
            return closed(seen, 410) if not seen.open else go_to(seen, unfinished)
        passed = guarding.sent(seen, submitted(seen, draft, standing))
        if passed is None:
            return Response(_check_html(seen, compiled, standing, draft, "early"), 422)
        if stored(seen, draft, passed.coming, spends=passed.spends):
            return go(seen, "receipt")
        if not still_open(seen):
            break
    return closed(seen, 410)


def submitted(seen: Visit, draft: Coming, standing: Standing) -> Coming:
    """A draft as it is sent."""
    return replace(
        draft,
        state="submitted",
        locale=seen.locale,
        day=seen.day(draft.channel),
        context=at.kept_context(draft),
        answers=encode(standing.document()),
    )


def _take(seen: Visit, draft: Coming, compiled: Compiled, sheet: Sheet, form: Form) -> Answer:
    came = arriving.taken(seen, sheet.page)
    accepting = _accepting(seen, compiled, sheet, form, came)
    answer = take(seen, draft, accepting) if sheet.page.lets_in(form) else accepting(draft)[1]()
    arriving.discard(seen, seen.digest, arriving.names(came))
    return answer


def _accepting(seen: Visit, compiled: Compiled, sheet: Sheet, form: Form, came: arriving.Came) -> Accept:
    def accepting(draft: Coming) -> tuple[Coming, Callable[[], Answer]]:
        context = at.context_of(seen, draft.context)
        known = decode(draft.answers)
        logic = inplace.logic(compiled, sheet.page.number) if "followed" in request.form else None
        accepted = accept(
            compiled,
            sheet,
            form,
            known,
            context,
            files=came,
            decimal_mark=decimal_mark(seen.locale),
            followed=logic.moving if logic is not None else (),
        )
        new = replace(
            draft,
            locale=seen.locale,
            day=seen.day(draft.channel),
            context={**draft.context, "once": context.once},
            answers=encode(accepted.stored),
        )
        return new, partial(_answered, seen, compiled, sheet, accepted, new)

    return accepting


def _form() -> Form:
    """What was sent of the questionnaire."""
    return {name: values for name, values in request.form.lists() if name not in OWN_FIELDS}


def _answered(seen: Visit, compiled: Compiled, sheet: Sheet, accepted: Accepted, draft: Coming) -> Answer:
    """Where a sent page leads: to itself with what is wrong, to what is new on it, or onwards."""
    later = request.form.get("then") == "later" and not seen.assisted
    gates = {gate.id for gate in sheet.page.gates}
    problems = [
        problem
        for problem in accepted.problems
        if not (later and problem.code == "answer.required" and problem.place.field not in gates)
    ]
    if problems:
        typed = {name: values for name, values in request.form.lists() if name in sheet.page.fields}
        html = _page_html(seen, compiled, sheet, accepted.standing, draft.edition, problems, typed)
        return Response(html, 422)
    if later:
        return go(seen, "saved")
    if accepted.more:
        return go_to(seen, sheet, more="")
    return go(seen, "check") if "check" in request.args else go_to(seen, accepted.standing.after(sheet))


def _page_html(
    seen: Visit,
    compiled: Compiled,
    sheet: Sheet,
    standing: Standing,
    edition: int,
    problems: Sequence[Problem],
    typed: dict[str, list[str]] | None = None,
) -> bytes:
    words = at.texts(seen, compiled)
    values = {"check": ""} if "check" in request.args else {}
    reader = PageReader(
        words,
        standing,
        sheet,
        action=action(seen, sheet, **values),
        typed=typed,
        when={"more"} if "more" in request.args else set(),
    )
    reader.errors = {problem.place.field: sentence_of(words, reader, problem) for problem in problems}
    return reader.encoded(_questions(seen, words, sheet, edition))


def sentence_of(words: Texts, reader: Reader, problem: Problem) -> str:
    """What is wrong, in the author's words where there are any."""
    question = words.compiled.by_id[problem.place.field].question
    assert question is not None
    own = {
        "answer.required": question.required_message,
        "answer.constraint": question.constraint_message,
    }.get(problem.code)
    if own:
        return marked(reader.read(cut(words.words(own))), own.resolve(words.locale, words.source).locale)
    params = {
        name: words.number(value) if isinstance(value, int | float) else value for name, value in problem.params.items()
    }
    return marked(escape(sentence(replace(problem, params=params))), current().interface)
