"""Pictures and files without JavaScript: given, kept through mistakes, replaced, taken back, deleted."""

from __future__ import annotations

import datetime as dt
import io
import random
import re

import pytest
from flask.testing import FlaskClient
from PIL import Image
from scipy.stats import spearmanr
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from consult import files as disk
from consult.config import Keys, Settings
from consult.core.questionnaire.answers import encode, uploads
from consult.core.questionnaire.uploads import Upload
from consult.db.installation import Installation
from consult.db.session import Database
from consult.files import GRACE, Folder
from consult.participation import uploads as taking
from consult.participation.models import Intake
from consult.processes.models import Activity
from consult.responses import tasks
from consult.responses import uploads as slice_uploads
from consult.responses.models import Response
from tests.factories.accounts import sign_in
from tests.factories.files import CANARY, pdf, photograph, text_document
from tests.factories.interviews import begin_interview, make_interviewer
from tests.factories.responses import make_submission
from tests.factories.visitor import Form
from tests.responses.journey import CLOSES, Clock, Opened, count, send, stored, to, visible

pytestmark = pytest.mark.usefixtures("clock")


def give(client: FlaskClient, path: str, locale: str = "en", **fields: str | bytes | tuple[bytes, str]) -> TestResponse:
    """A form with files, sent as browsers do: with a hidden field of each question."""
    data: dict[str, object] = {"photo": [""], "letter": [""], "age": ""} if "ticket" not in fields else {}
    for name, value in fields.items():
        if isinstance(value, str):
            data[name.replace("__", ".")] = value
            continue
        content, called = value if isinstance(value, tuple) else (value, f"{CANARY}.jpg")
        data[name] = ["", (io.BytesIO(content), called)]
    return client.post(f"/{locale}/q/survey{path}", data=data, content_type="multipart/form-data")


@pytest.fixture
def activity(opened: Opened) -> Activity:
    return opened("uploads", locales=("en", "ar"), threshold=2, closes_at=CLOSES)


@pytest.fixture
def folder(settings: Settings, activity: Activity) -> Folder:
    return slice_uploads.folder(settings.uploads, activity.id)


@pytest.fixture
def installation(settings: Settings, keys: Keys, database: Database) -> Installation:
    return Installation(settings, keys, database)


def names(folder: Folder) -> set[str]:
    return set(folder.names())


def given(database: Database) -> dict[str, Upload]:
    """The files in the only row of the intake."""
    with database.reading() as session:
        (answers,) = session.scalars(select(Intake.answers))
        return dict(uploads(answers))


def begun(client: FlaskClient, **more: str | bytes) -> None:
    """Somebody who has answered the first page, with a photograph."""
    to(give(client, "", edition="1", photo=photograph(size=(400, 300)), **more))


def finished(client: FlaskClient, **more: str | bytes) -> None:
    begun(client, **more)
    if "letter" in more:
        send(client, "/page/2", about="")
    send(client, "/page/4")
    assert to(send(client, "/submit")) == "/receipt"


def test_a_picture_is_given_on_the_cached_first_page_and_told_everywhere(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder
) -> None:
    page = re.sub(r"\s+", " ", client.get("/en/q/survey").text)
    assert 'enctype="multipart/form-data"' in page
    assert 'accept="image/jpeg,image/png,image/webp" id="photo" name="photo"' in page
    assert "of at most 8 MB" in page
    assert to(give(client, "", edition="1", photo=photograph(size=(400, 300)))) == "/page/4"
    upload = given(database)["photo"]
    content = folder.get(upload.file)
    assert content is not None
    assert (len(content), upload.type) == (upload.size, "image/jpeg")
    assert Image.open(io.BytesIO(content)).size == (100, 75), "shrunk to max-pixels"
    assert CANARY.encode() not in content
    send(client, "/page/4")
    assert re.search(r"Picture \(JPG\), \d kB", visible(client.get("/en/q/survey/check")))
    assert "صورة (JPG)" in visible(client.get("/ar/q/survey/check"))
    assert "We have: Picture (JPG)" in visible(client.get("/en/q/survey/page/1"))
    send(client, "/submit")
    assert "Picture (JPG)" in visible(client.get("/en/q/survey/answers"))


def test_a_file_survives_another_mistake_on_its_page(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder
) -> None:
    wrong = give(client, "", edition="1", photo=photograph(), age="200")
    assert wrong.status_code == 422
    assert "We have: Picture (JPG)" in visible(wrong)
    assert to(give(client, "/page/1", age="20")) == "/page/4"
    assert names(folder) == {given(database)["photo"].file}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "This file is empty."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not a picture that can be read."),
        (pdf(), "This is not a picture that can be read."),
        (bytes(8_000_001), "This file is larger than 8 MB."),
    ],
)
def test_what_is_wrong_with_a_file_is_told_at_its_question_and_nothing_else_is_lost(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, content: bytes, told: str
) -> None:
    page = give(client, "", edition="1", photo=content, letter=text_document(), age="33")
    assert page.status_code == 422
    assert visible(page).count(told) == 2
    assert '<a href="#photo">' in page.text
    assert stored(database)["age"] == 33
    assert set(given(database)) == {"letter"}
    assert len(names(folder)) == 1
    again = give(client, "/page/1", photo=photograph(), age="33")
    assert to(again) == "/page/2"
    broken = give(client, "/page/1", photo=content, age="33")
    assert broken.status_code == 422
    assert "We have: Picture" in visible(broken), "the one before stays"


def test_a_file_is_replaced_and_taken_back_and_nothing_of_it_stays(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder
) -> None:
    begun(client, letter=pdf())
    first = given(database)
    to(give(client, "/page/1", photo=photograph("PNG"), age=""))
    second = given(database)
    assert second["photo"].type == "image/png"
    assert second["letter"] == first["letter"], "what was not sent again stays"
    assert names(folder) == {second["photo"].file, second["letter"].file}
    to(give(client, "/page/1", letter__remove="yes"))
    assert names(folder) == {second["photo"].file}
    assert stored(database)["letter"] is None
    assert give(client, "/page/1", photo__remove="yes").status_code == 422, "this one is required"
    assert names(folder) == {second["photo"].file}


def test_expressions_see_that_there_is_a_file(client: FlaskClient, database: Database, activity: Activity) -> None:
    assert to(give(client, "", edition="1", photo=photograph(), letter=b"Dear office")) == "/page/2"
    assert "What does Plain text (TXT), 1 kB say?" in visible(client.get("/en/q/survey/page/2"))


def test_instances_of_a_repeat_have_files_of_their_own(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder
) -> None:
    begun(client)
    for number in (1, 2):
        assert to(send(client, "/page/4", then="add")) == f"/page/3/{number}"
        to(give(client, f"/page/3/{number}", ticket=photograph(size=(50 * number, 50))))
    before = given(database)
    assert set(before) == {"photo", "ticket-1", "ticket-2"}
    send(client, "/page/4", remove="1", sure="yes", of="2")
    left = given(database)
    assert left["ticket-1"] == before["ticket-2"]
    assert names(folder) == {left["photo"].file, left["ticket-1"].file}


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("sent", [False, True])
def test_a_correction_keeps_what_it_does_not_change_and_deletes_the_rest_when_it_is_sent(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, installation: Installation,
    now: dt.datetime, mixed: bool, sent: bool,
) -> None:  # fmt: skip
    finished(client, letter=pdf())
    before = given(database)
    if mixed:
        with database.transaction() as session:
            make_submission(session, activity, {"photo": None, "letter": None, "age": None, "trip": 0}, now=now)
        tasks.mix(installation, {}, now)
    send(client, "/correct")
    to(give(client, "/page/1?check=", photo=photograph("PNG")))
    after = given(database)
    assert after["letter"] == before["letter"]
    assert names(folder) == {upload.file for upload in (*before.values(), *after.values())}
    if sent:
        assert to(send(client, "/submit")) == "/receipt"
    tasks.seal(installation, {}, CLOSES)
    valid = after if sent else before
    assert names(folder) == {upload.file for upload in valid.values()}
    with database.reading() as session:
        held = [dict(uploads(answers)) for answers in session.scalars(select(Response.answers)) if uploads(answers)]
    assert held == [valid]


@pytest.mark.parametrize("mixed", [False, True])
def test_withdrawing_deletes_the_files(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, installation: Installation,
    now: dt.datetime, mixed: bool,
) -> None:  # fmt: skip
    finished(client)
    if mixed:
        with database.transaction() as session:
            make_submission(session, activity, {"photo": None}, now=now)
        tasks.mix(installation, {}, now)
        send(client, "/correct")
        to(give(client, "/page/1?check=", photo=photograph("PNG")))
        assert len(names(folder)) == 2
    send(client, "/withdraw")
    assert names(folder) == set()


def test_an_interview_that_is_discarded_leaves_no_file(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    with database.transaction() as session:
        interviewer = make_interviewer(session, session.get_one(Activity, activity.id))
    sign_in(client, interviewer, now=now)
    place = f"/en/q/survey{to(begin_interview(client))}"
    form = Form(client.get(place).text)
    data = {**form.fields, "photo": ["", (io.BytesIO(photograph()), "a")]}
    to(client.post(form.action, data=data, content_type="multipart/form-data"))
    assert len(names(folder)) == 1
    form = Form(client.get("/en/q/survey/interview/discard").text)
    assert client.post(form.action, data=form.fields).status_code == 200
    assert count(database, Intake) == 0
    assert names(folder) == set()


def test_drafts_that_are_never_sent_leave_no_file(
    client: FlaskClient, activity: Activity, folder: Folder, installation: Installation
) -> None:
    begun(client)
    tasks.seal(installation, {}, CLOSES)
    assert names(folder) == set()


def test_answers_that_are_not_relevant_any_more_lose_their_file(
    client: FlaskClient, database: Database, opened: Opened, settings: Settings
) -> None:
    activity = opened("uploads_relevant")
    folder = slice_uploads.folder(settings.uploads, activity.id)
    data = {"edition": "1", "has": "yes", "paper": ["", (io.BytesIO(pdf()), "a")]}
    to(client.post("/en/q/survey", data=data))
    assert len(names(folder)) == 1
    to(client.post("/en/q/survey/page/1", data={"has": "no", "paper": ""}))
    assert names(folder) == set()
    assert "paper" not in stored(database)


def test_a_file_whose_row_never_came_is_swept_and_no_other(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, installation: Installation,
) -> None:  # fmt: skip
    begun(client)
    orphan = folder.path / folder.put(b"written, then the power went")
    written = dt.datetime.fromtimestamp(orphan.stat().st_ctime, dt.UTC)  # the disk has a clock of its own
    later = written + dt.timedelta(seconds=GRACE + 60)
    tasks.tidy(installation, {}, written)
    assert len(names(folder)) == 2
    tasks.tidy(installation, {}, later)
    assert names(folder) == {given(database)["photo"].file}


def test_where_the_disk_is_full_nothing_is_said_to_be_stored_and_what_was_typed_stays(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "RESERVE", 10**18)
    page = give(client, "", edition="1", photo=photograph(), age="33")
    assert page.status_code == 503
    assert 'name="age" value="33"' in page.text
    assert re.search(r'<label[^>]*for="file-1">Choose file 1 again</label>\s*<input[^>]*name="photo"', page.text)
    assert count(database, Intake) == 0
    assert names(folder) == set()


def test_where_too_many_are_cleaned_at_once_nobody_waits_long_and_what_was_typed_stays(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_PATIENCE", 0.01)
    with taking.turn(), taking.turn():
        page = give(client, "", edition="1", photo=photograph(), letter=pdf(), age="33")
    assert page.status_code == 503
    assert 'name="age" value="33"' in page.text
    assert [label in page.text for label in ("Choose file 1 again", "Choose file 2 again")] == [True, True]
    assert count(database, Intake) == 0
    assert names(folder) == set()
    begun(client)
    assert len(names(folder)) == 1, "they have their turn again"


def test_a_file_outlives_no_response_that_was_deleted_by_hand_after_sealing(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, installation: Installation
) -> None:
    finished(client)
    tasks.seal(installation, {}, CLOSES)
    written = dt.datetime.fromtimestamp(folder.path.stat().st_ctime, dt.UTC)  # the disk has a clock of its own
    later = max(written, CLOSES) + dt.timedelta(days=2)
    tasks.tidy(installation, {}, later)
    assert len(names(folder)) == 1
    with database.transaction() as session:
        session.execute(delete(Response))
    tasks.tidy(installation, {}, later)
    assert names(folder) == set()


def test_after_closing_a_file_is_not_kept(
    client: FlaskClient, activity: Activity, folder: Folder, clock: Clock, now: dt.datetime
) -> None:
    begun(client)
    before = names(folder)
    clock(CLOSES - now)
    assert give(client, "/page/1", photo=photograph("PNG")).status_code == 410
    assert names(folder) == before


def test_a_page_can_bring_more_than_one_file_may_have_and_not_without_end(
    client: FlaskClient, activity: Activity, settings: Settings
) -> None:
    too_large = bytes(41_100_000)
    page = give(client, "", edition="1", photo=too_large)
    assert page.status_code == 413
    assert "What was sent is too large" in visible(page)
    assert "ما أُرسل كبير جدًا" in give(client, "", "ar", edition="1", photo=too_large).text
    begun(client)
    assert give(client, "/page/4", ticket=bytes(2_000_000)).status_code == 413, "this page asks for no file"


def test_after_sealing_the_disk_tells_nothing_of_the_order_of_arrival(
    database: Database, activity: Activity, folder: Folder, installation: Installation, now: dt.datetime
) -> None:
    arrived = []
    for _ in range(120):
        name = folder.put(random.randbytes(8))
        arrived.append(name)
        with database.transaction() as session:
            answers = {"photo": Upload(name, "image/jpeg", 8)}
            make_submission(session, activity, answers, now=now)
    contents = {name: folder.get(name) for name in arrived}
    tasks.mix(installation, {}, now)
    tasks.seal(installation, {}, CLOSES)
    assert {name: folder.get(name) for name in arrived} == contents
    status = {name: (folder.path / name).stat() for name in arrived}
    for told in (
        [sorted(arrived).index(name) for name in arrived],
        [list(folder.names()).index(name) for name in arrived],
        [status[name].st_ctime_ns for name in arrived],
        [status[name].st_ino for name in arrived],
    ):
        assert abs(float(spearmanr(range(len(arrived)), told).statistic)) < 0.4, "one in a hundred thousand by chance"
    assert {value.st_mtime for value in status.values()} == {0}


def test_a_file_in_the_document_is_no_text_that_somebody_typed() -> None:
    upload = Upload("a" * 32, "image/png", 3)
    typed = '{"file":"' + "b" * 32 + '","type":"image/png","size":1}'
    assert dict(uploads(encode({"photo": upload, "words": typed, "list": (typed,)}))) == {"photo": upload}
