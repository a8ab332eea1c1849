"""What every page of this slice begins with: the door, the code in the cookie, what lies under it.

An interviewer answers for somebody on the same pages at addresses of their own (`…/interview/…`), with a cookie of
their own, so that an interview never meets what the interviewer answers for themselves.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from flask import Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from consult.core.questionnaire import document
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.routing import Context, Sheet, Standing, stand
from consult.core.questionnaire.steps import Compiled
from consult.participation import codes
from consult.participation import queries as participation
from consult.participation.models import Channel
from consult.participation.queries import Door
from consult.participation.service import INTAKE, Coming, Tray, day
from consult.participation.service import TRIAL as TRIAL_TRAY
from consult.processes.models import Kind
from consult.questionnaires import queries as questionnaires
from consult.responses import queries
from consult.responses.media import MediaOf, media_of
from consult.responses.shelf import Entry
from consult.responses.texts import Texts
from consult.responses.views import trying
from consult.responses.views.blueprint import shelf
from consult.responses.views.cookies import cookie_name
from consult.web.context import keys, now
from consult.web.holes import Part, cut, hole
from consult.web.locale import current, in_whole, offer, stamp
from consult.web.ready import Ready
from consult.web.transaction import database

INTERVIEW: Final = "interview_"
"""What the names of an interview's pages begin with, before the name that the page has for participants."""
TRIAL: Final = "trial_"
"""The same of a trial's pages."""


@dataclass(frozen=True)
class Visit:
    """A request at an activity's door."""

    entry: Entry
    now: dt.datetime
    code: str
    """From the cookie; empty where there is none."""
    locale: str
    assisted: bool = False
    """Whether an interviewer answers for somebody."""
    trial: bool = False
    """Whether the activity is tried before it opens."""

    @property
    def door(self) -> Door:
        """The activity."""
        return self.entry.door

    @property
    def open(self) -> bool:
        """Whether it seems to take answers; writing asks the database again."""
        if self.trial:
            return self.door.trial is not None and self.door.state(self.now) == "scheduled"
        return self.door.state(self.now) == "open"

    @property
    def manner(self) -> str:
        """What the names of its pages begin with."""
        return INTERVIEW if self.assisted else TRIAL if self.trial else ""

    @property
    def tray(self) -> Tray:
        """Where what is answered lies."""
        return TRIAL_TRAY if self.trial else INTAKE

    @property
    def today(self) -> dt.date:
        """The activity's day."""
        return day(self.now, self.door.time_zone)

    def day(self, channel: str) -> dt.date:
        """The day that is kept with what is answered.

        Of an interview, and of its corrections, that is the day on which the activity opened: the audit trail says on
        which days each interviewer signed in.
        """
        opened = self.door.opens_at
        return day(opened, self.door.time_zone) if channel == Channel.ASSISTED and opened else self.today

    @cached_property
    def digest(self) -> bytes:
        """What the database keeps of the code."""
        return digest_of(self.door, self.code)

    def own(self) -> Coming | None:
        """What lies under the code."""
        if not self.code:
            return None
        with database().single() as connection:
            return queries.own(connection, self.door.activity_id, self.digest, self.tray)

    @property
    def mark(self) -> str:
        """What tells an interview from the next one in the same browser, and tells nothing of the code."""
        return hashlib.sha256(b"interview\0" + self.code.encode()).hexdigest()[:16]

    def marked(self, address: str) -> str:
        """Where a form is sent to: in an interview with its mark, so that a page left open changes no later one."""
        if not self.assisted:
            return address
        return f"{address}{'&' if '?' in address else '?'}of={self.mark}"

    def url(self, page: str, **values: Any) -> str:
        """Address of a page of this activity in the reader's locale, unless `values` name another."""
        wanted = (page, self.locale, self.assisted, *values.items())
        found = self.entry.addresses.get(wanted)
        if found is None:
            name = f"responses.{self.manner}{page}"
            found = url_for(name, slug=self.door.slug, **{"locale": self.locale, **values})
            if "instance" not in values:  # there are too many of those to remember them
                self.entry.addresses[wanted] = found
        return found


def visit(slug: str) -> Visit:
    """The activity of an address; 404 where it does not exist, is a draft or is not offered in the address's locale.

    What is sent from a page of an interview that is over is refused (409).
    """
    endpoint = (request.endpoint or "").removeprefix("responses.")
    if endpoint.startswith(TRIAL):
        return trial(slug) or abort(
            Response(status=303, headers={"Location": url_for("responses.trial_first", slug=slug)})
        )
    assisted = endpoint.startswith(INTERVIEW)
    seen = visit_in(slug, current().code, assisted=assisted) or abort(404)
    if assisted and request.method == "POST" and request.args.get("of") != seen.mark:
        abort(over(seen, 409))
    return seen


def visit_in(slug: str, locale: str, *, assisted: bool) -> Visit | None:
    """An activity in one of its locales; none where `visit` finds none."""
    moment = now()
    entry = _entry(slug, moment)
    if entry is None or locale not in entry.door.locales:
        return None
    code = codes.read(request.cookies.get(cookie_name(slug, INTERVIEW if assisted else ""), ""))
    return Visit(entry, moment, code or "", locale, assisted)


def trial(slug: str, *, passed: bool = False) -> Visit | None:
    """An activity that is tried in this browser, which has the link; none for anybody else.

    `passed`: what was sent proves it. Where the activity has opened since, that is said (410), to everybody.
    """
    moment = now()
    entry = shelf().entry(f"{slug} trial", moment, lambda: trying.door(slug), stamp())
    if entry is None or current().code not in entry.door.locales:
        return None
    code = codes.read(request.cookies.get(cookie_name(slug, TRIAL), "")) or ""
    seen = Visit(entry, moment, code, current().code, trial=True)
    if entry.door.state(moment) != "scheduled" and _entry(slug, moment) is not None:
        abort(closed(seen, 410))
    return seen if entry.door.trial is not None and (passed or trying.passes(entry.door)) else None


def arriving(slug: str) -> Visit:
    """The same for what a device kept: where that is of a trial, it proves by itself that it came by the link."""
    if request.endpoint != f"responses.{TRIAL}arrive":
        return visit(slug)
    return trial(slug, passed=True) or abort(trying.over(410))


def door_of(slug: str) -> Door:
    """The door of an activity that asks questions, in whatever locale, at an event's sign-up too; 404 where there is
    none."""
    found = _entry(slug, now())
    if found is not None:
        return found.door
    with database().reading() as session:
        return participation.door(session, slug, Kind.EVENT) or abort(404)


def _entry(slug: str, moment: dt.datetime) -> Entry | None:
    return shelf().entry(slug, moment, lambda: _door(slug), stamp())


def _door(slug: str) -> Door | None:
    with database().reading() as session:
        return participation.door(session, slug)


def digest_of(door: Door, code: str) -> bytes:
    """What the database keeps of a code at this door."""
    return codes.digest(keys().codes, door.activity_id, code)


def edition(door: Door, number: int) -> Compiled | None:
    """An edition of the activity, compiled."""
    return compiled(door.activity_id, number)


def compiled(activity_id: uuid.UUID, number: int) -> Compiled | None:
    """An edition of an activity, compiled, from the memory of this process."""

    def load() -> Compiled | None:
        with database().reading() as session:
            found = questionnaires.edition(session, activity_id, number)
            return None if found is None else Compiled(document.decode(found.document))

    return shelf().edition(activity_id, number, load)


def edition_of(door: Door, coming: Coming) -> Compiled:
    """The edition that somebody answers."""
    found = edition(door, coming.edition)
    assert found is not None, "responses are on editions that exist"
    return found


def edition_sent(seen: Visit) -> tuple[int, Compiled]:
    """The edition that a form says it asks, by its number; 400 where there is none."""
    number = request.form.get("edition", "")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        abort(400)
    return int(number), edition(seen.door, int(number)) or abort(400)


def new_context(seen: Visit, code: str) -> dict[str, Any]:
    """What every evaluation of a new draft will see. The seed follows from the code: a correction draws the same."""
    seed = hashlib.sha256(b"seed\0" + digest_of(seen.door, code)).hexdigest()[:16]
    return {"today": seen.today.isoformat(), "seed": seed, "once": {}}


def new_draft(seen: Visit, edition: int) -> tuple[str, Coming]:
    """A draft of an edition on which nothing is answered yet, and the code that it will lie under."""
    code = codes.spell(secrets.token_bytes(16))
    channel = Channel.ASSISTED if seen.assisted else Channel.OPEN
    return code, Coming(edition, seen.locale, seen.day(channel), new_context(seen, code), "{}", channel=channel)


def kept_context(draft: Coming) -> dict[str, Any]:
    """What of a draft's context stays when it is sent: what a correction needs, but of an interview nothing (`day`)."""
    kept = () if draft.channel == Channel.ASSISTED else ("today", "seed", "once")
    return {name: draft.context[name] for name in kept}


def context_of(seen: Visit, kept: Mapping[str, Any]) -> Context:
    """The same as evaluations want it."""
    return Context(
        today=dt.date.fromisoformat(kept["today"]),
        time_zone=seen.door.time_zone,
        seed=kept["seed"],
        locale=seen.locale,
        once=dict(kept["once"]),
    )


def standing_of(seen: Visit, compiled: Compiled, coming: Coming, sheet: Sheet | None = None) -> Standing:
    """Where somebody stands with a draft; before a page, only what that shows is decided at once."""
    return stand(compiled, decode(coming.answers), context_of(seen, coming.context), sheet)


def parts(seen: Visit, template: str, *key: object, context: Callable[[], dict[str, object]]) -> tuple[Part, ...]:
    """A page with holes, rendered when it is first wanted behind this door. `key` tells apart what the context does."""
    wanted = (template, seen.locale, seen.assisted, *key)
    found = seen.entry.parts.get(wanted)
    if found is None:
        found = cut(render_template(template, hole=hole, **{**common(seen), **context()}))
        seen.entry.parts[wanted] = found
    return found


def media(seen: Visit, words: Texts, number: int) -> MediaOf:
    """The sounds and pictures of an edition for who reads it: asked for when a page is rendered for everybody."""
    return media_in(seen.door.activity_id, seen.door.slug, words, number, trial=seen.trial)


def media_in(activity_id: uuid.UUID, slug: str, words: Texts, number: int, *, trial: bool = False) -> MediaOf:
    """The same for an edition of an activity."""
    with database().reading() as session:
        files = questionnaires.media(session, activity_id, number)

    def url(address: str) -> str:
        return url_for(f"responses.{TRIAL if trial else ''}medium", slug=slug, address=address)

    return media_of(words, files, url)


def page(seen: Visit, template: str, status: int = 200, **context: object) -> Response:
    """A page that is rarely wanted, rendered for this request."""
    switch = {"url_for_locale": lambda code: seen.url("first", locale=code)} if request.method == "POST" else {}
    return make_response(render_template(template, **{**common(seen), **switch, **context}), status)


def alike(seen: Visit, kind: str, render: Callable[[], bytes]) -> Response:
    """A page that is the same bytes for everybody, without a cookie, from the memory of this process."""
    wanted = (kind, seen.locale)
    ready = seen.entry.ready.get(wanted)
    if ready is None:
        ready = seen.entry.ready[wanted] = Ready.of(in_whole(render()))
    return ready.response("text/html; charset=utf-8", "no-store" if seen.trial else "public, max-age=60")


def common(seen: Visit) -> dict[str, object]:
    """What the layout of every page needs."""
    door = seen.door
    offer(list(door.locales))
    own: dict[str, object]
    if seen.assisted:
        own = {"interview": door.title, "discard_url": seen.url("discard")}
    else:
        own = {"exit_url": seen.url("leave")}
    if seen.trial:  # the process need not be public yet
        own |= {"trial": True, "process_url": lambda _process: seen.url("first")}
    told = seen.url if seen.trial else lambda page: url_for(f"privacy.{page}", slug=door.slug)
    return {
        **own,
        "process": door.process,
        "privacy_url": told("notice"),
        "help_url": told("help"),
        "closes_at": door.closes_at,
        "opens_at": door.opens_at,
        "zone": door.time_zone,
    }


def closed(seen: Visit, status: int = 200) -> Response:
    """The page of an activity that takes no answers now, or is no longer tried."""
    if seen.trial:
        opened = seen.door.state(seen.now) == "open"
        return trying.over(
            status, url_for("responses.first", slug=seen.door.slug, locale=seen.locale) if opened else ""
        )
    state = "closed" if seen.door.state(seen.now) != "scheduled" else "scheduled"
    further = {"discard_url": ""} if seen.assisted else {"resume_url": seen.url("resume")}
    return page(seen, "responses/closed.html", status, title=seen.door.title, state=state, **further)


def full(seen: Visit, status: int = 200) -> Response:
    """The page of a channel by which as many have taken part as could. Who has begun may finish."""
    further = {"discard_url": ""} if seen.assisted else {"resume_url": seen.url("resume")}
    invited_url = seen.url("invited") if seen.door.invited and not seen.assisted else ""
    return page(seen, "responses/full.html", status, title=seen.door.title, invited_url=invited_url, **further)


def over(seen: Visit, status: int) -> Response:
    """The page where there was an interview in this browser, and is none any more."""
    return page(
        seen,
        "responses/interview_over.html",
        status,
        discard_url="",
        interviews_url=interviews_url(seen.door),
        sent=request.method == "POST",
    )


def interviews_url(door: Door) -> str:
    """Where the next interview is begun, in a locale in which the desk is shipped."""
    return url_for("responses.interviews", locale=current().shipped, _anchor=door.slug)


def go(seen: Visit, to: str, **values: object) -> Answer:
    """See other: another page of this activity."""
    return Response(status=303, headers={"Location": seen.url(to, **values)})


def texts(seen: Visit, compiled: Compiled) -> Texts:
    """The edition's words in the reader's locale."""
    return texts_in(compiled, seen.locale)


@lru_cache(maxsize=500)
def texts_in(compiled: Compiled, locale: str) -> Texts:
    """The words of an edition in a locale."""
    return Texts(compiled, locale)
