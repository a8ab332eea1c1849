"""The desk of the draft text: import it, edit a block, see what would change, publish a version."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.consultations import queries, texts
from consult.consultations.forms import BlockForm, PublishForm, TextForm
from consult.consultations.views.blueprint import DESK, blueprint
from consult.consultations.views.describing import found, render
from consult.consultations.words import CHANGES
from consult.core.drafting.document import digest, encode
from consult.core.errors import Problem, Refused
from consult.processes import desk
from consult.processes.models import Activity
from consult.questionnaires.views.activity import lines
from consult.questionnaires.words import FIELDS
from consult.web.context import now
from consult.web.locale import current
from consult.web.messages import sentence
from consult.web.permissions import actor
from consult.web.security import takes_files
from consult.web.transaction import rollback, session


@blueprint.get(f"{DESK}/text")
def draft_text(slug: str) -> str:
    """The draft block by block, and the versions that are published."""
    activity = found(slug)
    kept = queries.draft_text(session(), activity.id)
    return render(
        "consultations/text.html",
        activity,
        draft=texts.draft_of(session(), activity.id),
        origin=kept.origin if kept else "",
        kinds=FIELDS,
        themes={theme.code: theme.label for theme in activity.process.themes},
        versions=queries.versions(session(), activity.id),
    )


@blueprint.route(f"{DESK}/text/import", methods=["GET", "POST"])
@takes_files
def import_text(slug: str) -> ResponseReturnValue:
    """Read a file: the text itself, or its translation into a further language."""
    activity = found(slug)
    form, problems = TextForm(), list[Problem]()
    form.offer(activity)
    if form.validate_on_submit():
        upload = form.file.data
        try:
            draft = texts.bring(
                session(),
                activity,
                upload.read(),
                upload.filename or "",
                locale=form.locale.data,
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            rollback()
            activity = found(slug)
            problems = list(refused.problems)
        else:
            count = len(draft.blocks)
            flash(ngettext("%(num)s paragraph is read.", "%(num)s paragraphs are read.", count), "success")
            return redirect(url_for("consultations.draft_text", slug=slug))
    return render("consultations/text_import.html", activity, form=form, problems=lines(problems))


@blueprint.route(f"{DESK}/text/<block_id>", methods=["GET", "POST"])
def edit_block(slug: str, block_id: str) -> ResponseReturnValue:
    """Write a block anew, tie it to a theme, or take it out."""
    activity = found(slug)
    draft = texts.draft_of(session(), activity.id)
    block = draft.by_id.get(block_id) if draft else None
    if draft is None or block is None:
        abort(404)
    form = BlockForm(data={"text": draft.text(block), "theme": block.theme, "seen": texts.mark(draft, block)})
    form.offer(_themes(activity), block.theme)
    if form.validate_on_submit():
        try:
            texts.edit(
                session(),
                activity,
                block_id,
                text=form.text.data or "",
                theme=form.theme.data,
                seen=form.seen.data or "",
                by=actor(),
                now=now(),
            )
        except Refused as refused:
            desk.refuse(form, refused)
            activity = found(slug)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("consultations.draft_text", slug=slug, _anchor=block_id))
    return render("consultations/text_block.html", activity, form=form, kind=FIELDS[str(block.kind)])


def _themes(activity: Activity) -> dict[str, str]:
    source = activity.process.locales[0]
    return {theme.code: theme.label.resolve(current().code, source).text for theme in activity.process.themes}


@blueprint.route(f"{DESK}/text/publish", methods=["GET", "POST"])
def publish_text(slug: str) -> ResponseReturnValue:
    """Show what changes against the latest version, then publish the next one."""
    activity = found(slug)
    form = PublishForm()
    if form.validate_on_submit():
        try:
            version = texts.publish(session(), activity, seen=form.seen.data or "", by=actor(), now=now())
        except Refused as refused:
            rollback()
            activity = found(slug)
            flash(sentence(refused.problems[0]), "danger")
        else:
            flash(_("Version %(number)s is published.", number=version.number), "success")
            return redirect(url_for("consultations.draft_text", slug=slug))
    draft, latest = texts.proposed(session(), activity), queries.latest_version(session(), activity.id)
    if draft is None:
        flash(_("There is no draft text yet. Import one first."), "danger")
        return redirect(url_for("consultations.draft_text", slug=slug))
    document = encode(draft)
    form.seen.data = digest(document)
    return render(
        "consultations/text_publish.html",
        activity,
        form=form,
        number=latest.number + 1 if latest else 1,
        same=latest is not None and latest.document == document,
        rows=texts.difference(latest.document, document, current().code) if latest else (),
        changes=CHANGES,
    )
