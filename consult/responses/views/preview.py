"""The draft as participants will see it, page by page, for those who prepare it. Nothing can be answered here."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for

from consult.core.questionnaire import document
from consult.core.questionnaire.routing import Context, Sheet, stand
from consult.core.questionnaire.steps import Compiled
from consult.participation.service import day
from consult.processes import desk
from consult.questionnaires import queries
from consult.responses.reader import PageReader
from consult.responses.texts import Texts
from consult.responses.views.answering import asking
from consult.responses.views.visit import blueprint
from consult.web.context import now
from consult.web.holes import cut, hole
from consult.web.locale import current, offer
from consult.web.transaction import session


class Author(PageReader):
    """Somebody who sees every question and choice, whatever has been answered."""

    def sees(self, kind: str, key: str, part: str) -> bool:
        return kind not in ("when", "kept")

    def order(self, key: str) -> list[str]:
        return [choice.name for choice in self.texts.compiled.by_id[key].choices]

    def _step(self, _key: str, _part: str) -> str:
        return ""


def preview(slug: str) -> str:
    """One page of the draft in one of its locales."""
    activity = desk.found_activity(slug)
    draft = queries.draft(session(), activity.id) or abort(404)
    compiled = Compiled(document.decode(draft.document))
    offer(list(compiled.questionnaire.locales))
    number = request.args.get("page", 1, int)
    pages = [page for page in compiled.pages if page.listing is None]
    page = next((found for found in pages if found.number == number), None)
    if page is None:
        abort(404)
    words = Texts(compiled, current().code)
    html = render_template(
        "responses/preview.html",
        **asking(words, page),
        hole=hole,
        process=activity.process,
        activity=activity,
        numbers=[page.number for page in pages],
        url_for_locale=lambda code: url_for("responses.preview", slug=slug, locale=code, page=number),
    )
    sheet = Sheet(page, (1,) * len(page.chain))
    context = Context(today=day(now(), activity.time_zone), time_zone=activity.time_zone, locale=current().code)
    return Author(words, stand(compiled, {}, context), sheet, action="").read(cut(html))


def _add(state: Any) -> None:
    # The preview stands among the pages of the desk, outside this blueprint's addresses.
    state.app.add_url_rule("/<locale>/desk/activities/<slug>/preview", "responses.preview", preview, methods=["GET"])


blueprint.record_once(_add)
