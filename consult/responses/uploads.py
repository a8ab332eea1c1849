"""Files of participants: cleaned, put aside before the answer that names them is stored, taken away after it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from consult.core.errors import Problem, Refused
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.uploads import Upload
from consult.files import Folder
from consult.participation.uploads import put_aside

_TRIAL: Final = "-trial"


def folder(store: Path, activity_id: uuid.UUID) -> Folder:
    """The folder of an activity's files."""
    return Folder(store / str(activity_id))


def trial_folder(store: Path, activity_id: uuid.UUID) -> Folder:
    """The folder of files that came in a trial of it."""
    return Folder(store / f"{activity_id}{_TRIAL}")


def trial_folders(store: Path) -> Iterator[tuple[uuid.UUID, Folder]]:
    """Those that there are, each with its activity."""
    for path in store.glob(f"*{_TRIAL}"):
        yield uuid.UUID(path.name.removesuffix(_TRIAL)), Folder(path)


def put(
    into: Folder, came: Mapping[str, bytes], questions: Mapping[str, Question], *, megabytes: int
) -> dict[str, Upload | Problem]:
    """Put files aside that came for questions, or say what is wrong with them: `file.empty` and what
    `uploads.cleaned` refuses.

    Raises `NoRoom` where the disk refuses or too many files are cleaned already; what was put before stays for the
    sweeper.
    """
    return {name: _put(into, data, questions[name], megabytes) for name, data in came.items()}


def _put(into: Folder, data: bytes, question: Question, megabytes: int) -> Upload | Problem:
    if not data:
        return Problem("file.empty")
    try:
        picture_only = question.type is QuestionType.IMAGE
        return put_aside(into, data, question.parameters, picture_only=picture_only, megabytes=megabytes)
    except Refused as refused:
        return refused.problems[0]
