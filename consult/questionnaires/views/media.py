"""Sounds and pictures of a questionnaire: what the form names, what is there, what is missing."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.errors import Refused
from consult.core.questionnaire import document
from consult.core.questionnaire import media as files
from consult.core.questionnaire.definition import Questionnaire
from consult.files import Folder
from consult.processes import desk
from consult.processes import queries as processes
from consult.questionnaires import media, queries
from consult.questionnaires.forms import MediaForm
from consult.questionnaires.models import Media
from consult.questionnaires.views.activity import Line, lines, media_counts, render
from consult.questionnaires.views.blueprint import PREFIX, blueprint
from consult.web.context import now, settings
from consult.web.fields import ConfirmForm
from consult.web.media import content
from consult.web.permissions import actor, scope
from consult.web.security import UPLOAD_LIMIT, takes_files
from consult.web.transaction import database, session


@dataclass(frozen=True, slots=True)
class Row:
    """A file that the draft names, or that is there though it does not."""

    name: str
    wanted: files.Wanted | None
    medium: Media | None

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing of its kind under the name."""
        return self.wanted is not None and not (self.medium and self.wanted.kind.takes(self.medium.media_type))


def folder() -> Folder:
    """Where the contents lie."""
    return Folder(settings().media)


@blueprint.route(f"{PREFIX}/media", endpoint="media", methods=["GET", "POST"])
@takes_files
def page(slug: str) -> ResponseReturnValue:
    """Show which sounds and pictures the draft names, and take in those that are chosen."""
    with database().reading() as opened:
        # Pictures are written anew and contents stored before anything is locked.
        found = processes.activity(opened, scope(), slug) or abort(404)
        draft = queries.draft(opened, found.id)
    questionnaire = document.decode(draft.document) if draft else None
    form, problems = MediaForm(), list[Line]()
    if questionnaire is not None and form.validate_on_submit():
        chosen = {file.filename: file.read() for file in form.files.data}
        try:
            kept = media.keep(folder(), files.accept(questionnaire, chosen))
        except Refused as refused:
            problems = lines(refused.problems)
        else:
            media.attach(session(), desk.found_activity(slug), kept, by=actor(), now=now())
            flash(ngettext("%(num)s file is there now.", "%(num)s files are there now.", len(kept)), "success")
            return redirect(url_for("questionnaires.media", slug=slug))
    activity = desk.found_activity(slug)
    html = render(
        "questionnaires/media.html",
        activity,
        form=form,
        rows=_rows(questionnaire, queries.media(session(), activity.id)) if questionnaire else [],
        media=media_counts(activity, draft),
        problems=problems,
        most=files.MEGABYTES,
        limit=UPLOAD_LIMIT // 1024 // 1024,
    )
    return html, 422 if problems or form.errors else 200


def _rows(questionnaire: Questionnaire, there: dict[str, Media]) -> list[Row]:
    wants = files.wanted(questionnaire)
    return [Row(name, wants.get(name), there.get(name)) for name in (*wants, *(there.keys() - wants.keys()))]


@blueprint.post(f"{PREFIX}/media/remove", endpoint="remove_media")
def remove(slug: str) -> ResponseReturnValue:
    """Take a file away from the draft."""
    activity, name = desk.found_activity(slug), request.form.get("name", "")
    if ConfirmForm().validate_on_submit() and media.remove(session(), activity, name, by=actor(), now=now()):
        flash(_("“%(name)s” is removed. Editions that have it keep it.", name=name), "success")
    return redirect(url_for("questionnaires.media", slug=slug))


@blueprint.get(f"{PREFIX}/media/<address>")
def medium(slug: str, address: str) -> Response:
    """A sound or picture, for those who prepare the questionnaire."""
    activity = desk.found_activity(slug)
    found = queries.medium(session(), activity.id, address) or abort(404)
    data = folder().get(found.file)
    if data is None:
        abort(404)
    return content(data, found.media_type, found.hash, public=False)


@blueprint.get(f"{PREFIX}/media.zip", endpoint="download_media")
@blueprint.get(f"{PREFIX}/editions/<int:number>/media.zip", endpoint="download_media")
def download(slug: str, number: int | None = None) -> Response:
    """All sounds and pictures of the draft, or of an edition, under the names that the form uses."""
    activity = desk.found_activity(slug)
    found = queries.media(session(), activity.id, number)
    if not found:
        abort(404)
    archive = tempfile.TemporaryFile()  # noqa: SIM115  # it is closed when it has been sent
    with zipfile.ZipFile(archive, "w") as packed:
        for name, each in found.items():
            if (data := folder().get(each.file)) is not None:
                packed.writestr(zipfile.ZipInfo(name), data)
    archive.seek(0)
    name = f"{slug}-media.zip" if number is None else f"{slug}-{number}-media.zip"
    return send_file(archive, mimetype="application/zip", as_attachment=True, download_name=name)
