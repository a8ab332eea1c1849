"""Summing an occasion up."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Refused
from consult.events import summing
from consult.events.held_forms import themes_of, with_themes
from consult.events.models.held import Summing
from consult.events.summing import Summary
from consult.events.views import planning
from consult.events.views.blueprint import OCCASION, blueprint
from consult.events.views.describing import render
from consult.processes import desk
from consult.web.context import now
from consult.web.permissions import actor
from consult.web.transaction import session


@blueprint.route(f"{OCCASION}/sum-up", methods=["GET", "POST"])
def sum_up(slug: str, number: int) -> ResponseReturnValue:
    """What came out of an occasion, how it went, what was concluded on each theme."""
    activity, occasion = planning.found(slug, number)
    themes, kept = themes_of(activity), summing.summed(session(), occasion.id)
    form = with_themes(activity)(locales=activity.locales, data=_stored(kept))
    if form.validate_on_submit():
        said = {code: form[f"theme-{code}"].data for code in themes if form[f"theme-{code}"].data}
        # What was said on a theme that is gone by now stays
        gone = {code: text for code, text in kept.themes.items() if code not in themes}
        wanted = Summary(form.summary.data, form.conduct.data, {**gone, **said})
        try:
            summing.sum_up(session(), activity, occasion, wanted, seen=form.revision, by=actor(), now=now())
        except Refused as refused:
            desk.refuse(form, refused)
            activity, occasion = planning.found(slug, number)
            form.seen.data = str(summing.summed(session(), occasion.id).revision)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("events.show", slug=slug))
    return render("events/sum_up.html", activity, form=form, occasion=occasion, themes=themes)


def _stored(kept: Summing) -> dict[str, object]:
    themes = {f"theme-{code}": text for code, text in kept.themes.items()}
    return {"summary": kept.summary, "conduct": kept.conduct, "seen": str(kept.revision), **themes}
