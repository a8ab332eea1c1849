"""Where officers choose quotes from consultations to stand beside a release."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations.views.commenting import which
from consult.consultations.words import KINDS
from consult.core.errors import Refused
from consult.processes import desk
from consult.processes.models import Kind
from consult.results import quotes as quoting
from consult.results.content import content_of
from consult.results.views.blueprint import DESK, blueprint, quote_context, reader
from consult.results.views.desk import crumbs, found_release
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.locale import current
from consult.web.messages import sentences
from consult.web.permissions import actor
from consult.web.transaction import rollback, session


@blueprint.get(f"{DESK}/<int:number>/quotes")
def quotes(slug: str, number: int) -> str:
    """What is quoted on a theme, and what can be: a page of contributions, by kind and language."""
    process = desk.found_process(slug)
    release, who, wanted = found_release(process, number), reader(), which()
    content = content_of(release.content)
    themes = {theme.code: who.text(theme.label, content.source) for theme in content.themes}
    theme = request.args.get("theme", next(iter(themes), ""))
    if theme not in themes:
        abort(404)
    kind = request.args.get("kind", "")
    kind = kind if kind in quoting.KINDS else quoting.COMMENTS
    locale = current().interface
    found = quoting.shown(session(), release, locale)
    kept: dict[str, Any] = {
        "slug": slug,
        "number": number,
        "theme": theme,
        "kind": kind,
        "language": wanted.locale or None,
    }
    asked = [activity for activity in process.activities if activity.kind == Kind.CONSULTATION]
    return desk.render(
        "results/quotes.html",
        process,
        crumbs=crumbs(process, number),
        release=release,
        themes=themes,
        theme=theme,
        kind=kind,
        kinds={code: _(KINDS[code]) for code in quoting.KINDS},
        language=wanted.locale,
        written_in=sorted({code for activity in asked for code in activity.locales}),
        quotes=found.get(theme, ()),
        counts={code: len(some) for code, some in found.items()},
        most=quoting.MOST,
        page=quoting.offered(session(), process, theme, kind, wanted, locale),
        paging=lambda name, key: "" if key is None else url_for("results.quotes", **{**kept, name: str(key)}),
        act=lambda name: url_for(f"results.{name}", **kept),
        **quote_context(),
    )


@blueprint.post(f"{DESK}/<int:number>/quotes/choose")
def choose_quote(slug: str, number: int) -> ResponseReturnValue:
    """Quote a contribution."""
    return _changed(slug, number, quoting.choose)


@blueprint.post(f"{DESK}/<int:number>/quotes/remove")
def remove_quote(slug: str, number: int) -> ResponseReturnValue:
    """Quote it no more."""
    return _changed(slug, number, quoting.remove)


@blueprint.post(f"{DESK}/<int:number>/quotes/up")
def raise_quote(slug: str, number: int) -> ResponseReturnValue:
    """Put it before the one before it."""
    return _changed(slug, number, quoting.raise_up)


def _changed(slug: str, number: int, change: Callable[..., None]) -> ResponseReturnValue:
    ConfirmForm().validate_on_submit()
    process, theme = desk.found_process(slug), request.args.get("theme", "")
    try:
        contribution_id = uuid.UUID(request.form.get("contribution", ""))
    except ValueError:
        abort(404)
    try:
        change(session(), process, found_release(process, number), theme, contribution_id, by=actor(), now=now())
    except Refused as refused:
        rollback()
        for sentence in sentences(refused.problems):
            flash(sentence, "danger")
    here: dict[str, Any] = {name: request.args.get(name) for name in ("theme", "kind", "language")}
    return redirect(url_for("results.quotes", slug=slug, number=number, **here))
