"""The files of participants, for data stewards: by question, apart from all other answers, to be downloaded only."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Response, abort

from consult.audit.service import record
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import UPLOADS, Question
from consult.core.questionnaire.uploads import Upload
from consult.files import Folder
from consult.privacy import queries as privacy
from consult.processes import desk
from consult.processes.models import Activity
from consult.questionnaires.queries import documents
from consult.responses import queries, uploads
from consult.responses.erasing import FILES
from consult.responses.texts import told
from consult.responses.views.blueprint import elsewhere
from consult.web.context import now, settings
from consult.web.downloads import attached
from consult.web.locale import current
from consult.web.permissions import actor
from consult.web.transaction import database, session

SHOWN: Final = 200
"""Files of a question that the page lists; the archive has all."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A file under the name that stewards get it by."""

    name: str
    upload: Upload


@elsewhere("/<locale>/desk/activities/<slug>/files", "files")
def files(slug: str) -> str:
    """The questions that ask for files, each with its files."""
    activity = desk.found_activity(slug)
    found = _found(activity)
    return desk.render(
        "responses/files.html",
        activity.process,
        crumbs=[desk.activity_crumb(activity)],
        activity=activity,
        questions=list(_questions(activity).values()),
        files=found,
        threshold=_threshold(activity),
        gone=_gone(activity),
        shown=SHOWN,
        told=lambda upload: told(upload, current().interface),
    )


@elsewhere("/<locale>/desk/activities/<slug>/files/download.<name>", "file")
def file(slug: str, name: str) -> Response:
    """One file, always as an attachment."""
    activity = desk.found_activity(slug)
    everything = [shown for some in (_found(activity) or {}).values() for shown in some]
    wanted = next((shown for shown in everything if shown.upload.file == name), None) or abort(404)
    content = _folder(activity).get(name)
    if content is None:
        abort(404)
    note_download(activity, {"file": wanted.name})
    return attached(content, wanted.upload.type, wanted.name)


@elsewhere("/<locale>/desk/activities/<slug>/files/download.zip", "all_files")
def all_files(slug: str) -> Response:
    """All files in one archive, streamed."""
    activity = desk.found_activity(slug)
    found = _found(activity) or abort(404)
    everything = [shown for some in found.values() for shown in some]
    note_download(activity, {"files": len(everything)})
    return attached(_archive(_folder(activity), everything), "application/zip", f"{slug}.zip")


def _found(activity: Activity) -> Mapping[str, list[Shown]] | None:
    """By id of the question, what was mixed, in the order of the random names on the disk; none while responses are
    fewer than the threshold, and once they were erased."""
    if _gone(activity) or queries.count(session(), activity.id) < _threshold(activity):
        return None
    questions = _questions(activity)
    given: dict[str, list[Upload]] = {name: [] for name in questions}
    for key, upload in queries.given(session(), activity.id):
        given[key.partition("-")[0]].append(upload)
    return {
        name: [
            Shown(f"{questions[name].name}-{number}.{upload.extension}", upload)
            for number, upload in enumerate(sorted(some, key=lambda upload: upload.file), start=1)
        ]
        for name, some in given.items()
    }


def _gone(activity: Activity) -> dt.date | None:
    """The day on which the files of an activity were erased."""
    return privacy.erased_on(session(), activity.id, FILES) or privacy.erased_on(session(), activity.id)


def _threshold(activity: Activity) -> int:
    return max(settings().threshold, activity.process.threshold)


def _questions(activity: Activity) -> dict[str, Question]:
    """The questions of all editions that ask for files, by id, as the newest one has them."""
    return {
        question.id: question
        for edition in documents(session(), activity.id)
        for question in document.decode(edition.document).questions()
        if question.type in UPLOADS
    }


def _folder(activity: Activity) -> Folder:
    return uploads.folder(settings().uploads, activity.id)


def note_download(activity: Activity, details: Mapping[str, object]) -> None:
    """Write the download down before it begins."""
    with database().transaction() as opened:
        record(
            opened,
            actor=actor(),
            action="responses.download",
            subject=activity.slug,
            now=now(),
            process_id=activity.process_id,
            details=details,
        )


class _Pipe:
    """What an archive is written into, and read out of as it grows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take in a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self) -> bytes:
        """What has come in since the last time."""
        found, self._pieces = b"".join(self._pieces), []
        return found


def _archive(folder: Folder, everything: list[Shown]) -> Iterator[bytes]:
    """A zip, one file after the other; those that are withdrawn meanwhile are left out."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]  # it wants no more than `write` and `flush`
        for shown in everything:
            content = folder.get(shown.upload.file)
            if content is not None:
                archive.writestr(zipfile.ZipInfo(shown.name, _EPOCH), content)
                yield pipe.taken()
    yield pipe.taken()
