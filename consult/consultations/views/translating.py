"""Where translators put comments into other languages."""

from __future__ import annotations

import uuid

import msgspec
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.consultations import translating, words
from consult.consultations.forms import TranslateForm
from consult.consultations.translating import PER_PAGE
from consult.consultations.views.blueprint import DESK, blueprint
from consult.consultations.views.describing import found, render
from consult.core.errors import Refused
from consult.processes import desk
from consult.web.context import now
from consult.web.locale import locale_of
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.get(f"{DESK}/translations")
def untranslated(slug: str) -> str:
    """Shown comments that nobody has put into a language yet."""
    activity = found(slug)
    into = request.args.get("into", "")
    into = into if into in activity.locales else activity.locales[0]
    try:
        after = uuid.UUID(request.args.get("after", ""))
    except ValueError:
        after = None
    rows = translating.untranslated(session(), activity.id, into, after, PER_PAGE + 1)
    shown = rows[:PER_PAGE]
    return render(
        "consultations/untranslated.html",
        activity,
        comments=shown,
        into=into,
        first=url_for("consultations.untranslated", slug=slug, into=into) if after else "",
        further=url_for("consultations.untranslated", slug=slug, into=into, after=shown[-1].id)
        if len(rows) > PER_PAGE
        else "",
    )


@blueprint.route(f"{DESK}/translations/<uuid:comment_id>/<into>", methods=["GET", "POST"])
def translate(slug: str, comment_id: uuid.UUID, into: str) -> ResponseReturnValue:
    """One comment beside its translation."""
    activity = found(slug)
    comment = translating.shown(session(), activity.id, comment_id)
    if comment is None or into not in activity.locales or into == comment.locale:
        abort(404)
    made = translating.translation(session(), activity.id, comment_id, into)
    form = TranslateForm(
        data={
            "body": made.body if made else "",
            "suggestion": made.suggestion if made else "",
            "seen": msgspec.json.encode(comment.redacted).decode(),
        }
    )
    for name in ("body", "suggestion"):
        if not getattr(comment, name):
            del form[name]
    if form.validate_on_submit():
        try:
            seen = msgspec.json.decode(form.seen.data or "[]", type=list[list[int]])
            texts = form.data.get("body", ""), form.data.get("suggestion", "")
            translating.translate(session(), activity, comment, into, texts, seen=seen, by=actor(), now=now())
        except msgspec.DecodeError:
            abort(400)
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
            comment = translating.shown(session(), activity.id, comment_id) or abort(404)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.untranslated", slug=slug, into=into))
    return render(
        "consultations/translate.html", activity, form=form, comment=comment, into=locale_of(into), words=words
    )
