"""Publishing an edition: what it changes, and what becomes of the answers given before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import Problem, Refused
from consult.core.questionnaire import document
from consult.core.questionnaire.changes import Asked, Changes, Decisions, Gone, retyped
from consult.core.questionnaire.media import digest
from consult.processes import desk
from consult.processes.models import Activity
from consult.questionnaires import media, queries, service, wordings
from consult.questionnaires.models import Revision
from consult.questionnaires.overview import overview
from consult.questionnaires.service import Impact
from consult.questionnaires.views.activity import Line, lines, media_counts, render
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now
from consult.web.fields import ConfirmForm
from consult.web.permissions import actor
from consult.web.transaction import rollback, session

_APART = "apart"
"""Value of a choice that is kept apart; values of codes begin with `=`."""


class Said:
    """What the form says: fields `code:<question>:<code>`, `meaning:<question>` and `same:<question>`."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form

    @property
    def decisions(self) -> Decisions:
        """What becomes of earlier answers."""
        codes = {}
        for name, value in self._form.items():
            kind, _colon, place = name.partition(":")
            if kind == "code" and value:
                question, _colon, code = place.partition(":")
                codes[question, code] = (value[1:],) if value.startswith("=") else ()
        meaning = (name.partition(":")[2] for name in self._form if name.startswith("meaning:"))
        return Decisions(codes, frozenset(meaning))

    @property
    def same(self) -> dict[str, str]:
        """Ids of questions that are others renamed, with the ids of those."""
        return {
            name.partition(":")[2]: value for name, value in self._form.items() if name.startswith("same:") if value
        }

    def chosen(self, question: str, gone: Gone) -> str:
        """The value at a choice: what was sent, else what is most likely."""
        if (name := f"code:{question}:{gone.code}") in self._form:
            return self._form[name]
        return f"={gone.suggested[0]}" if gone.suggested else ""

    def has(self, name: str) -> bool:
        """Whether a box was ticked."""
        return name in self._form


@blueprint.route(f"{PREFIX}/publish", methods=["GET", "POST"])
def publish(slug: str) -> ResponseReturnValue:
    """Show what the draft changes and ask what becomes of earlier answers, then publish it as an edition."""
    activity = desk.found_activity(slug)
    said, problems = Said(request.form), list[Problem]()
    if ConfirmForm().validate_on_submit():
        try:
            _expect(activity)
            edition = service.publish(
                session(), activity, decisions=said.decisions, same=said.same, by=actor(), now=now()
            )
        except Refused as refused:
            rollback()
            activity = desk.found_activity(slug)
            problems = list(refused.problems)
        else:
            flash(_("Edition %(number)s is published.", number=edition.number), "success")
            return redirect(url_for("questionnaires.show", slug=slug, _anchor="editions"))
    draft = queries.draft(session(), activity.id)
    latest = queries.latest_edition(session(), activity.id)
    if draft and latest and not problems and service.is_published(session(), activity, draft, latest):
        problems = [Problem("questionnaires.edition.same", {"number": latest.number})]
    found = _impact(activity, draft, said) if draft and latest else None
    return render(
        "questionnaires/publish.html",
        activity,
        draft=draft,
        overview=overview(draft) if draft else None,
        number=latest.number + 1 if latest else 1,
        refusals=lines(problem for problem in problems if not problem.place.field),
        wrong=_at_fields(problems),
        impact=found,
        said=said,
        offered=wordings.offered(session(), activity, document.decode(draft.document)) if draft else [],
        media=media_counts(activity, draft),
        shown=_shown(activity, draft),
        renamable=_renamable(service.impact(session(), activity, draft).changes) if draft and latest else [],
    )


def _expect(activity: Activity) -> None:
    """Refuse `questionnaires.state` where the draft, or a sound of it, is no longer what was shown."""
    here = _shown(activity, queries.draft(session(), activity.id))
    if any(value != request.form.get(name, value) for name, value in here.items()):
        raise Refused.because("questionnaires.state")


def _shown(activity: Activity, draft: Revision | None) -> dict[str, str]:
    """What the form says was looked at: which draft, with which sounds and pictures."""
    if draft is None:
        return {}
    contents = media.manifest(session(), activity, document.decode(draft.document))
    return {"draft": document.digest(draft.document), "media": digest(contents)}


def _impact(activity: Activity, draft: Revision, said: Said) -> Impact:
    """What is changed if what the form says of renamed questions is so; else if there are none."""
    try:
        return service.impact(session(), activity, draft, said.same)
    except Refused:
        return service.impact(session(), activity, draft)


def _at_fields(problems: Sequence[Problem]) -> dict[str, Line]:
    """By name of the field: what is wrong there."""
    named = [problem for problem in problems if problem.place.field]
    prefixed = (field if field.startswith("same:") else f"code:{field}" for field in (one.place.field for one in named))
    return dict(zip(prefixed, lines(named), strict=True))


def _renamable(changes: Changes) -> list[tuple[Asked, list[Asked]]]:
    """New questions, each with those that have gone and that it could be under another name."""
    found = [
        (asked, [gone for gone in changes.removed if not retyped(gone.question, asked.question)])
        for asked in changes.added
    ]
    return [(asked, gone) for asked, gone in found if gone]
