"""Consent, age, and who fills the questionnaire in."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.core.questionnaire import document
from consult.core.questionnaire.standing import AGE, CONSENT, FILLED_IN_BY, NAMES, WORDS
from consult.core.text import LocalisedText
from consult.processes import desk
from consult.questionnaires import queries
from consult.questionnaires.forms import StandingForm
from consult.questionnaires.standing import asked, decide
from consult.questionnaires.views.activity import render
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{PREFIX}/standing", methods=["GET", "POST"])
def standing(slug: str) -> ResponseReturnValue:
    """Say which standing questions the draft asks, and in which words."""
    activity = desk.found_activity(slug)
    draft = queries.draft(session(), activity.id) or abort(404)
    questionnaire = document.decode(draft.document)
    found = asked(questionnaire)
    labels = {
        name: LocalisedText({**_usual(name, questionnaire.locales), **found.words.get(name, {})}) for name in NAMES
    }
    form = StandingForm(
        locales=questionnaire.locales,
        data={
            "consent": found.consent,
            "least_age": found.least_age or None,
            "guardians": found.guardians,
            "filled_in_by": found.filled_in_by,
            "consent_words": labels[CONSENT],
            "age_words": labels[AGE],
            "filled_in_by_words": labels[FILLED_IN_BY],
        },
    )
    if form.validate_on_submit():
        try:
            decide(session(), activity, form.wanted(), by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity = desk.found_activity(slug)
        else:
            flash(_("Saved in the draft. Publish it, and people are asked."), "success")
            return redirect(url_for("questionnaires.show", slug=slug, _anchor="draft"))
    sensitive = [question for question in questionnaire.questions() if question.sensitive]
    return render("questionnaires/standing.html", activity, form=form, sensitive=sensitive)


def _usual(name: str, locales: tuple[str, ...]) -> dict[str, str]:
    return {locale: text for locale, text in WORDS[name].items() if locale in locales}
