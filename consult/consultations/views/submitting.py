"""Written submissions: the form, and those that may be published."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence

from flask import Response, abort, request
from werkzeug.wrappers import Response as Answer

from consult.consultations import submissions
from consult.consultations.models.asked import Phase
from consult.consultations.submissions import Sent
from consult.consultations.views import sending
from consult.consultations.views import visit as at
from consult.consultations.views.blueprint import PUBLIC, blueprint
from consult.consultations.views.commenting import form_context, which
from consult.consultations.views.visit import Visit
from consult.consultations.words import PERMISSIONS, STAKEHOLDERS
from consult.core.errors import Place, Problem, Refused
from consult.core.questionnaire.uploads import Upload
from consult.files import NoRoom
from consult.participation.uploads import put_aside
from consult.participation.views import carrying
from consult.participation.views.carrying import Form
from consult.web.context import settings
from consult.web.downloads import attached
from consult.web.security import BODY_LIMIT, same_origin_only
from consult.web.transaction import rollback, session

_FIELDS = ("stakeholder", "name", "permission", "title", "body")


@blueprint.route(f"{PUBLIC}/submit", methods=["GET", "POST"])
def submit(slug: str) -> Answer:
    """Write a submission, with files."""
    seen = at.visit(slug)
    if Phase.SUBMIT not in seen.consultation.phases:
        abort(404)
    if request.method == "GET":
        return _shown(seen, carrying.fresh(seen.door))
    same_origin_only()
    if not seen.open:
        return at.closed(seen, 410)
    request.max_content_length = submissions.FILES * settings().upload_megabytes * 1_000_000 + BODY_LIMIT
    form, came = carrying.sent(seen.door), _came()
    sent = Sent(**{name: carrying.typed(name) for name in _FIELDS})
    problems = list(submissions.problems(sent, files=len(came)))
    if problems:
        return _shown(seen, form, problems)
    files = (hashlib.sha256(data).hexdigest() for data in came)
    key = sending.key_of(seen, form, *(getattr(sent, name) for name in _FIELDS), *files)
    try:
        rollback()  # files take their time, and nobody waits for the lock meanwhile
        uploads, wrong = _put_aside(seen, came)
    except NoRoom:
        return _shown(seen, form, [Problem("consultations.submission.room", place=Place(field="files"))], 503)
    if wrong:
        return _shown(seen, form, wrong)
    try:
        who = sending.contributing(seen, form, key, "submission")
    except Refused as refused:
        rollback()
        return _shown(seen, form, refused.problems)
    # Where it is there already, its files are the same: the sweeper takes those that came again.
    submissions.send(session(), who.author, sent, uploads, key=key, before=seen.consultation.before)
    return at.thanked(who.mine, "submit", first=who.first)


def _came() -> list[bytes]:
    """The files that came."""
    # A field without a file is sent too, as a part without a name.
    return [data for file in request.files.getlist("files") if (data := file.read()) or file.filename]


def _put_aside(seen: Visit, came: Sequence[bytes]) -> tuple[list[Upload], list[Problem]]:
    """The files as they are kept, or what is wrong with them."""
    folder = submissions.folder(settings().uploads, seen.door.activity_id)
    uploads, wrong = [], []
    for data in came:
        if not data:
            wrong.append(Problem("file.empty", place=Place(field="files")))
            continue
        try:
            uploads.append(put_aside(folder, data, {}, picture_only=False, megabytes=settings().upload_megabytes))
        except Refused as refused:
            wrong += [Problem(problem.code, problem.params, Place(field="files")) for problem in refused.problems]
    return uploads, wrong


def _shown(seen: Visit, form: Form, problems: Sequence[Problem] = (), status: int = 422) -> Answer:
    context = form_context(seen, form, problems)
    context["typed"] |= {name: request.form.get(name, "") for name in _FIELDS}
    context["typed"]["stakeholder"] = request.form.get("stakeholder", "")
    return at.page(
        seen,
        "consultations/submit.html",
        status if problems else 200,
        permissions=PERMISSIONS,
        megabytes=settings().upload_megabytes,
        most=submissions.FILES,
        **context,
    )


@blueprint.get(f"{PUBLIC}/submissions")
def submissions_published(slug: str) -> Answer:
    """The submissions that may be published."""
    seen = at.begun(slug)
    wanted = which()
    page = submissions.published(session(), seen.door.activity_id, after=wanted.after, before=wanted.before)
    return at.page(
        seen,
        "consultations/submissions.html",
        page=page,
        stakeholders=STAKEHOLDERS,
        paging=lambda name, key: "" if key is None else seen.url("submissions_published", **{name: str(key)}),
    )


@blueprint.get(f"{PUBLIC}/submissions/<uuid:submission_id>")
def submission(slug: str, submission_id: uuid.UUID) -> Answer:
    """One of them."""
    seen = at.begun(slug)
    found = submissions.public(session(), seen.door.activity_id, submission_id) or abort(404)
    return at.page(
        seen,
        "consultations/submission.html",
        submission=found,
        stakeholders=STAKEHOLDERS,
        files=submissions.published_files(found),
    )


@blueprint.get(f"{PUBLIC}/submissions/<uuid:submission_id>/files/<name>")
def submission_file(slug: str, submission_id: uuid.UUID, name: str) -> Response:
    """A published file of one of them, to be saved."""
    seen = at.begun(slug)
    found = submissions.public(session(), seen.door.activity_id, submission_id)
    file = found and submissions.file_of(submissions.published_files(found), name)
    if not file:
        abort(404)
    content = submissions.folder(settings().uploads, seen.door.activity_id).get(file["file"])
    if content is None:
        abort(404)
    return attached(content, file["type"], name)
