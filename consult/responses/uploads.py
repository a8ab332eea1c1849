"""Files of participants: cleaned, put aside before the answer that names them is stored, taken away after it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from consult.core.errors import Problem, Refused
from consult.core.questionnaire.definition import Question, QuestionType
from consult.core.questionnaire.uploads import Upload, cleaned
from consult.files import Folder

_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""A large picture takes some hundred megabytes of memory while it is cleaned: so many at once in a process."""


def folder(store: Path, activity_id: uuid.UUID) -> Folder:
    """The folder of an activity's files."""
    return Folder(store / str(activity_id))


def put(
    into: Folder, came: Mapping[str, bytes], questions: Mapping[str, Question], *, megabytes: int
) -> dict[str, Upload | Problem]:
    """Put files aside that came for questions, or say what is wrong with them: `file.empty`, `file.large` (limit) and
    what `uploads.cleaned` refuses.

    Raises `NoRoom` where the disk refuses; what was put before stays for the sweeper.
    """
    return {name: _put(into, data, questions[name], megabytes) for name, data in came.items()}


def _put(into: Folder, data: bytes, question: Question, megabytes: int) -> Upload | Problem:
    if not data:
        return Problem("file.empty")
    if len(data) > megabytes * 1_000_000:
        return Problem("file.large", {"limit": megabytes})
    try:
        with _AT_ONCE:
            content, kind = cleaned(data, question.parameters, picture_only=question.type is QuestionType.IMAGE)
    except Refused as refused:
        return refused.problems[0]
    return Upload(into.put(content), kind, len(content))
