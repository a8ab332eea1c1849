"""What was answered in a trial is gone from the disk at the opening; the code of its link never was on it."""

from __future__ import annotations

import datetime as dt
import io
import logging
from pathlib import Path

import pytest

from consult.app import create_app
from consult.config import Keys, Settings
from consult.db.installation import Installation
from consult.db.session import Database
from consult.processes.models import Activity
from consult.questionnaires import fieldwork
from consult.responses import tasks, uploads
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity
from tests.factories.questionnaires import make_edition
from tests.factories.trials import come_in, make_trial
from tests.factories.visitor import Form
from tests.questionnaires import questionnaire

CANARY = "Zephyrine-canary-0815"
FORM = questionnaire(
    {
        "survey": [
            {"type": "text", "name": "words", "label": "Words"},
            {"type": "file", "name": "letter", "label": "Letter"},
        ]
    }
)


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_of_a_trial_is_left_on_the_disk(
    sqlite: Database, settings: Settings, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    now, client = dt.datetime.now(dt.UTC), create_app(settings, keys, sqlite).test_client()
    with sqlite.transaction() as session:
        activity = make_activity(session, slug="survey")
        make_edition(session, activity, FORM)
        make_notice(session, activity)
        code = make_trial(session, activity)
    with caplog.at_level(logging.DEBUG):
        come_in(client, code)
        form = Form(client.get("/en/q/survey/trial").text)
        sent = {"words": CANARY, "letter": ["", (io.BytesIO(CANARY.encode()), "note.txt")]}
        client.post(form.action, data={**form.fields, **sent}, content_type="multipart/form-data")
    folder = uploads.trial_folder(settings.uploads, activity.id)
    assert CANARY.encode() in on_disk(settings.data)
    assert len(list(folder.names())) == 1
    assert code not in caplog.text
    assert code.encode() not in on_disk(settings.data)
    with sqlite.transaction() as session:
        fieldwork.open_now(session, session.get_one(Activity, activity.id), by=None, now=now)
    tasks.end_trials(Installation(settings, keys, sqlite), {"deleted": True}, now)
    assert CANARY.encode() not in on_disk(settings.data)
    assert list(folder.names()) == []
