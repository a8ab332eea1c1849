"""The draft under the cookie: found, stored in a new state, and where its owner goes from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from flask import Response, abort
from werkzeug.wrappers import Response as Answer

from consult.core.altcha import Solved
from consult.core.expressions.environment import Path
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.routing import Sheet
from consult.core.questionnaire.steps import Compiled
from consult.db.prepared import Executor
from consult.participation import inviting, measures
from consult.participation import service as participation
from consult.participation.service import Coming
from consult.responses.queries import files_of
from consult.responses.views import visit as at
from consult.responses.views.arriving import discard
from consult.responses.views.visit import Visit, closed, go
from consult.web.context import keys
from consult.web.holes import hole
from consult.web.transaction import database

TRIES: Final = 5
"""How often a draft is saved anew on top of what another device has just saved."""
_INSTANCE: Final = re.compile(r"[1-9][0-9]{0,2}(-[1-9][0-9]{0,2})*")

Accept = Callable[[Coming], tuple[Coming, Callable[[], Answer]]]
"""What was sent, put on top of a draft: its new state, and the answer once that is stored."""


def draft_of(seen: Visit, status: int = 200) -> Coming:
    """The draft under the cookie; where there is none, or all is closed, the request is answered here."""
    draft = seen.own()
    if not seen.open:
        abort(closed(seen, status))
    if draft is None:
        abort(no_draft(seen))
    if draft.state != "draft":
        abort(go(seen, "receipt"))
    return draft


def sent_of(seen: Visit) -> Coming:
    """What was sent under the cookie; where there is nothing, or a draft, the request is answered here."""
    sent = seen.own()
    if sent is None:
        abort(no_draft(seen))
    if sent.state == "draft":
        abort(go(seen, "check") if seen.open else closed(seen))
    return sent


def no_draft(seen: Visit) -> Answer:
    """There is nothing under the cookie, or no cookie: offer to type the code in; interviewers have none to type."""
    if seen.assisted:
        return at.over(seen, 404)
    return at.page(
        seen, "responses/resume.html", 404, action=seen.url("resume"), first_url=seen.url("first"), missing=True
    )


def sheet_of(compiled: Compiled, number: int, instance: str) -> Sheet:
    """The page at an address; 404 where there is none."""
    if not 1 <= number <= len(compiled.pages) or not (instance == "" or _INSTANCE.fullmatch(instance)):
        abort(404)
    page = compiled.pages[number - 1]
    path: Path = tuple(int(place) for place in instance.split("-")) if instance else ()
    if len(path) != len(page.chain):
        abort(404)
    return Sheet(page, path)


def instance(path: Path) -> str:
    """How an instance is named in addresses."""
    return "-".join(map(str, path))


def url(seen: Visit, page: str, sheet: Sheet, **values: object) -> str:
    """Address of a page of questions."""
    place = {"instance": instance(sheet.path)} if sheet.path else {}
    return seen.url(page, number=sheet.page.number, **place, **values)


def action(seen: Visit, sheet: Sheet, **values: object) -> str:
    """Where a page of questions is sent to."""
    return seen.marked(url(seen, "answer", sheet, **values))


def in_locale(seen: Visit, page: Page, locale: str) -> str:
    """Address of a page in another locale, with a hole for the instance: pages are rendered once for all of them."""
    here = seen.url("page", number=page.number, locale=locale)
    return f"{here}/{hole('place')}" if page.chain else here


def go_to(seen: Visit, sheet: Sheet | None, **values: object) -> Answer:
    """See other: a page of questions; where there is none, the check."""
    if sheet is None:
        return go(seen, "check")
    return Response(status=303, headers={"Location": url(seen, "page", sheet, **values)})


def stored(seen: Visit, draft: Coming, new: Coming, *, spends: Solved | None = None) -> bool:
    """Store a new state of a draft at once, and use up a challenge with it; False where the draft changed or the
    challenge was spent meanwhile, or the activity is closed."""
    counts = new.state == "submitted" and not draft.corrects and inviting.LINK in draft.context
    if counts or spends is not None:
        done = _sent(seen, draft, new, spends, counts=counts)
    else:
        with database().single(write=True) as connection:
            done = participation.replace(
                connection, seen.door.activity_id, seen.digest, draft, new, now=seen.now, tray=seen.tray
            )
    if done:
        discard(seen, seen.digest, files_of(draft) - files_of(new))
    return done


def _sent(seen: Visit, draft: Coming, new: Coming, spends: Solved | None, *, counts: bool) -> bool:
    """The same where what is sent uses up a challenge or an invitation: all or none."""
    activity_id = seen.door.activity_id

    def send(connection: Executor) -> bool:
        if spends is not None and not measures.spend(connection, activity_id, spends):
            return False
        if counts:
            return inviting.send(connection, keys().codes, activity_id, seen.code, draft, new, now=seen.now)
        return participation.replace(connection, activity_id, seen.digest, draft, new, now=seen.now, tray=seen.tray)

    return database().together(send)


def still_open(seen: Visit) -> bool:
    """Whether the activity takes answers, as the database knows it."""
    with database().single() as connection:
        return participation.is_open(connection, seen.door.activity_id, seen.now, seen.tray)


def take(seen: Visit, draft: Coming | None, accept: Accept) -> Answer:
    """Put what was sent on top of the draft, again if another device has saved meanwhile."""
    for _attempt in range(TRIES):
        if draft is None or draft.state != "draft":
            break
        new, answer = accept(draft)
        if stored(seen, draft, new):
            return answer()
        if not still_open(seen):
            return closed(seen, 410)
        draft = seen.own()
    return go(seen, "receipt")


def onwards(seen: Visit, own: Coming) -> Answer:
    """To where somebody left off: the first page that is not finished, else the check; once sent, the receipt."""
    if own.state != "draft":
        return go(seen, "receipt")
    return go_to(seen, at.standing_of(seen, at.edition_of(seen.door, own), own).unfinished())
