"""The languages of participants' pages: listed for those who translate, added and changed by operators."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.core.text import Direction
from consult.languages import queries, service
from consult.languages.forms import LanguageForm, NewLanguageForm
from consult.languages.service import Particulars
from consult.web.context import now
from consult.web.locale import forget_added, plural_rule
from consult.web.permissions import actor, scope
from consult.web.transaction import rollback, session

blueprint = Blueprint("languages", __name__, url_prefix="/<locale>/desk/languages")


@blueprint.get("")
def index() -> str:
    """Every language that was added, and how far its words are."""
    found = [(language, *service.reviewed(language)) for language in queries.languages(session())]
    return render_template("languages/index.html", added=found, translates=queries.reachable(session(), scope()))


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Add a language; then its words are translated."""
    form = NewLanguageForm()
    if form.validate_on_submit():
        code = form.code.data
        try:
            service.add(session(), code, _particulars(form, code), by=actor(), now=now())
        except Refused as refused:
            rollback()
            form.refuse(refused.problems)
        else:
            forget_added()
            flash(_("The language is added. Translate its words now."), "success")
            return redirect(url_for("questionnaires.translate_words", target=code))
    return render_template("languages/language.html", form=form, language=None)


@blueprint.route("/<code>", methods=["GET", "POST"])
def describe(code: str) -> ResponseReturnValue:
    """Change what was said of a language."""
    language = queries.language(session(), code) or abort(404)
    form = LanguageForm(obj=language)
    if form.validate_on_submit():
        try:
            service.describe(session(), language, _particulars(form, code), by=actor(), now=now())
        except Refused as refused:
            rollback()
            form.refuse(refused.problems)
        else:
            forget_added()
            flash(_("Saved."), "success")
            return redirect(url_for("languages.index"))
    return render_template("languages/language.html", form=form, language=language)


def _particulars(form: LanguageForm, code: str) -> Particulars:
    return Particulars(
        name=form.name.data,
        english=form.english.data,
        direction=cast(Direction, form.direction.data),
        digits=form.digits.data,
        plural=form.plural.data.replace("\r\n", "\n") or plural_rule(code),
        fallback=form.fallback.data,
    )
