"""Files that come with a page: how large it may be, where they go, and that none stays which no answer names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from flask import request

from consult.core.errors import Problem, refuse_if_any
from consult.core.questionnaire.pages import Page
from consult.core.questionnaire.routing import opening
from consult.core.questionnaire.uploads import MOST, Upload
from consult.files import Folder
from consult.responses import queries, uploads
from consult.responses.views import visit as at
from consult.responses.views.visit import Visit
from consult.web.context import settings
from consult.web.security import BODY_LIMIT
from consult.web.transaction import database

Came = Mapping[str, Upload | Problem]
"""By id of the question: the file that came for it, or what is wrong with that."""


def allow(pages: Iterable[Page | None]) -> None:
    """Let the request be larger where one of these pages may be what it sends. Call it before the form is read.

    The limit is the same for all of them, so that one file that is too large still gets an answer at its question.
    """
    if any(page is not None and page.uploads for page in pages):
        request.max_content_length = MOST * settings().upload_megabytes * 1_000_000 + BODY_LIMIT


def first_pages(seen: Visit) -> Iterable[Page | None]:
    """The first pages of all editions: which one is sent, only the form says."""
    editions = (at.edition(seen.door, number) for number in range(1, seen.door.edition + 1))
    return (opening(compiled) for compiled in editions if compiled is not None)


def taken(seen: Visit, page: Page) -> Came:
    """The files of a page, put aside. As `taken_into`."""
    return taken_into(folder(seen), page)


def taken_into(folder: Folder, page: Page) -> Came:
    """The files of a page, put aside. Refuses `answer.field.unknown`; raises `NoRoom` where the disk refuses or too
    many files come at once."""
    questions = {question.id: question for question in page.uploads}
    refuse_if_any(
        Problem("answer.field.unknown", {"name": name[:80]}) for name in request.files if name not in questions
    )
    came = {
        name: sent.read()
        for name, sent in request.files.items()
        # A field without a file is sent too, as a part without a name.
        if sent.filename or sent.stream.seek(0, 2) > sent.stream.seek(0)
    }
    return uploads.put(folder, came, questions, megabytes=settings().upload_megabytes)


def names(came: Came) -> set[str]:
    """The files that were put aside."""
    return {upload.file for upload in came.values() if isinstance(upload, Upload)}


def discard(seen: Visit, digest: bytes, files: set[str]) -> None:
    """Delete those of some files that nothing under a code names any more."""
    if files:
        with database().single() as connection:
            held = queries.held(connection, seen.door.activity_id, digest, seen.tray)
        folder(seen).remove(files - held)


@contextmanager
def clearing(seen: Visit) -> Iterator[None]:
    """Delete, with what is deleted and committed inside, the files that it had under the code."""
    with database().single() as connection:
        files = queries.held(connection, seen.door.activity_id, seen.digest, seen.tray)
    yield
    discard(seen, seen.digest, files)


def folder(seen: Visit) -> Folder:
    """Where the files of the activity lie."""
    where = uploads.trial_folder if seen.trial else uploads.folder
    return where(settings().uploads, seen.door.activity_id)
