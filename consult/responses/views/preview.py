"""The draft as participants will see it, page by page, for those who prepare it. Nothing can be answered here."""

from __future__ import annotations

from flask import abort, render_template, request, url_for

from consult.core.questionnaire import document
from consult.core.questionnaire.routing import Context, Sheet, stand
from consult.core.questionnaire.steps import Compiled
from consult.core.vocabulary import PSEUDO
from consult.participation.service import day
from consult.processes import desk
from consult.questionnaires import queries
from consult.responses.media import media_of
from consult.responses.reader import Author
from consult.responses.texts import Texts
from consult.responses.views.answering import asking
from consult.responses.views.blueprint import elsewhere
from consult.web.context import now
from consult.web.holes import cut, hole
from consult.web.locale import current, offer
from consult.web.permissions import may
from consult.web.transaction import session


@elsewhere("/<locale>/desk/activities/<slug>/preview", "preview")
def preview(slug: str) -> bytes:
    """One page of the draft in one of its locales."""
    activity = desk.found_activity(slug)
    draft = queries.draft(session(), activity.id) or abort(404)
    compiled = Compiled(document.decode(draft.document))
    offer([*compiled.questionnaire.locales, *(PSEUDO if may("languages.add") else ())])
    number = request.args.get("page", 1, int)
    pages = [page for page in compiled.pages if page.listing is None]
    page = next((found for found in pages if found.number == number), None)
    if page is None:
        abort(404)
    words = Texts(compiled, current().code)

    def url(address: str) -> str:
        return url_for("questionnaires.medium", slug=slug, address=address)

    html = render_template(
        "responses/preview.html",
        **asking(words, page, media_of(words, queries.media(session(), activity.id), url)),
        hole=hole,
        process=activity.process,
        activity=activity,
        numbers=[page.number for page in pages],
        url_for_locale=lambda code: url_for("responses.preview", slug=slug, locale=code, page=number),
    )
    sheet = Sheet(page, (1,) * len(page.chain))
    context = Context(today=day(now(), activity.time_zone), time_zone=activity.time_zone, locale=current().code)
    return Author(words, stand(compiled, {}, context), sheet, action="").encoded(cut(html))
