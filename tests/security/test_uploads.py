"""Hostile files and curious readers: what is sent leaves no trace, does nothing, and is for stewards only."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from consult.accounts.models import Institution, Role, User
from consult.audit.models import Entry
from consult.config import Settings
from consult.core.questionnaire.answers import uploads
from consult.core.questionnaire.uploads import Upload
from consult.db.session import Database
from consult.processes.models import Activity, Process, Seat
from consult.responses import mixing
from consult.responses import uploads as slice_uploads
from consult.responses.models import Response
from tests.factories import accounts as make
from tests.factories.accounts import sign_in
from tests.factories.files import CANARY, pdf, photograph, spreadsheet, text_document, zipped
from tests.factories.processes import make_member
from tests.factories.responses import make_open, make_submission

DESK = "/en/desk/activities/survey/files"
HOSTILE_NAMES = [
    "../../keys.json",
    "/etc/passwd",
    "..\\..\\x.exe",
    f"{CANARY}\x00.jpg",
    f"<script>{CANARY}</script>.png",
    "a" * 5000,
]


@pytest.fixture
def activity(database: Database) -> Activity:
    with database.transaction() as session:
        return make_open(session, "uploads", slug="survey", threshold=10)


def give(client: FlaskClient, content: bytes, name: str = "photo.jpg", field: str = "photo", **more: object) -> int:
    data = {"edition": "1", "photo": "", "letter": "", "age": "", **more}
    sent = (io.BytesIO(content), name)
    return client.post("/en/q/survey", data={**data, field: ["", sent]}, content_type="multipart/form-data").status_code


def everything(folder: Path) -> bytes:
    """All bytes on the disk, those inside documents too."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            found.append(path.read_bytes())
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    found += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(found)


# What is sent


def test_what_a_phone_or_an_office_program_knows_of_its_owner_is_nowhere_on_disk(
    app: Flask, activity: Activity, settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "TemporaryFile", None)  # bodies are not spooled: whoever tries fails
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", None)
    for form in ("JPEG", "PNG", "WEBP"):
        client = app.test_client()
        assert give(client, photograph(form, size=(900, 900)), f"{CANARY}.jpg") == 303
        for letter in (pdf(), text_document(), spreadsheet(), photograph(form)):
            sent = {"photo": "", "letter": ["", (io.BytesIO(letter), f"{CANARY}.docx")], "age": ""}
            answer = client.post("/en/q/survey/page/1", data=sent, content_type="multipart/form-data")
            assert answer.status_code == 303
        client.get("/en/q/survey/check")
        client.get("/en/q/survey/answers")
    assert len(list(settings.uploads.rglob("*"))) == 1 + 2 * 3
    assert CANARY.encode() not in everything(tmp_path)
    assert CANARY not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_what_a_file_is_called_leads_nowhere_and_is_not_kept(
    client: FlaskClient, activity: Activity, settings: Settings, tmp_path: Path, name: str
) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file() and "consult.db" not in path.name}
    assert give(client, photograph(), name) == 303
    new = {path for path in tmp_path.rglob("*") if path.is_file() and "consult.db" not in path.name} - before
    (path,) = new
    assert path.parent == settings.uploads / str(activity.id)
    assert re.fullmatch("[0-9a-f]{32}", path.name)
    assert CANARY.encode() not in everything(tmp_path)


def polyglot() -> bytes:
    """A picture that is a page, a script and an archive as well."""
    return photograph() + b"<html><script>alert(1)</script>" + zipped({"x.js": b"alert(1)"})


def test_of_a_picture_that_is_something_else_too_only_the_picture_is_kept(
    client: FlaskClient, activity: Activity, settings: Settings
) -> None:
    assert give(client, polyglot()) == 303
    kept = everything(settings.uploads)
    assert b"script" not in kept and b"PK\x03\x04" not in kept


def bomb(width: int, height: int) -> bytes:
    """A picture of one colour: a few kilobytes, unpacked some gigabytes."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("photo", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("photo", b"GIF89a<script>alert(1)</script>"),
        ("photo", b"\xff\xd8\xff<html><script>alert(1)</script>"),
        ("photo", bomb(30_000, 30_000)),
        ("photo", pdf()),
        ("letter", b"<html><script>alert(1)</script>"),
        ("letter", b"MZ\x90\x00" + bytes(100)),
        ("letter", b"\x7fELF" + bytes(100)),
        ("letter", zipped({"a.html": b"<script>"})),
        ("letter", zipped({"[Content_Types].xml": b" " * 60_000_000})),
        ("letter", bomb(30_000, 30_000)),
    ],
    ids=["svg", "gif", "html", "bomb", "pdf", "html file", "exe", "elf", "zip", "zip bomb", "bomb file"],
)
def test_what_is_refused_leaves_nothing(
    client: FlaskClient, activity: Activity, settings: Settings, field: str, content: bytes
) -> None:
    more = {} if field == "photo" else {"photo": ["", (io.BytesIO(photograph()), "x")]}
    assert give(client, content, "holiday.jpg", field, **more) == 422
    assert len([path for path in settings.uploads.rglob("*") if path.is_file()]) == len(more)


@pytest.mark.parametrize(
    ("body", "kind", "statuses"),
    [
        (b"nonsense", "multipart/form-data; boundary=x", {400}),
        (b"nonsense", "multipart/form-data", {400}),
        (b"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\nnever ends",
         "multipart/form-data; boundary=x", {400}),
        (b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(6000)) + b"--x--\r\n",
         "multipart/form-data; boundary=x", {400, 413}),
        (b'--x\r\nContent-Disposition: form-data; name="edition"\r\n\r\n1\r\n'
         b'--x\r\nContent-Disposition: form-data; name="nobody"; filename="a"\r\n\r\n1\r\n--x--\r\n',
         "multipart/form-data; boundary=x", {400}),
    ],
    ids=["nonsense", "no boundary", "no end", "many parts", "field of no question"],
)  # fmt: skip
def test_odd_bodies_are_told_apart_from_faults(
    client: FlaskClient, activity: Activity, settings: Settings, body: bytes, kind: str, statuses: set[int]
) -> None:
    assert client.post("/en/q/survey", data=body, content_type=kind).status_code in statuses
    assert not [path for path in settings.uploads.rglob("*") if path.is_file()]


def test_a_file_in_a_text_that_names_somebody_elses_is_no_file(
    app: Flask, activity: Activity, settings: Settings, database: Database
) -> None:
    owner, stranger = app.test_client(), app.test_client()
    assert give(owner, photograph()) == 303
    (path,) = (path for path in settings.uploads.rglob("*") if path.is_file())
    forged = f'{{"file":"{path.name}","type":"image/jpeg","size":1}}'
    assert give(stranger, b"Dear office", "a", "letter", photo=["", (io.BytesIO(photograph()), "b")]) == 303
    stranger.post("/en/q/survey/page/2", data={"about": forged})
    stranger.post("/en/q/survey/page/2", data={"about": ""})
    stranger.post("/en/q/survey/withdraw")
    assert path.exists()


# Who may have them


@pytest.fixture
def mixed(database: Database, activity: Activity, settings: Settings) -> SimpleNamespace:
    """Twelve responses with a picture each, mixed."""
    import random

    folder = slice_uploads.folder(settings.uploads, activity.id)
    with database.transaction() as session:
        opened = session.get_one(Activity, activity.id)
        for number in range(12):
            upload = Upload(folder.put(b"picture %d" % number), "image/jpeg", 9)
            make_submission(session, opened, {"photo": upload, "ticket-1": upload}, now=opened.opens_at)
        mixing.mix(session, activity.id, least=10, chance=random.Random(1))
        process = session.get_one(Process, opened.process_id)
        lead = session.get_one(Institution, process.lead_institution_id)
    return SimpleNamespace(folder=folder, process=process, lead=lead)


def steward(database: Database, place: Institution, *roles: Role) -> User:
    with database.transaction() as session:
        return make.user(session, session.get_one(Institution, place.id), *(roles or (Role.STEWARD,)))


def test_a_steward_gets_files_as_attachments_without_names_or_other_answers(
    client: FlaskClient, database: Database, mixed: SimpleNamespace
) -> None:
    sign_in(client, steward(database, mixed.lead))
    page = client.get(DESK)
    assert page.status_code == 200
    links = re.findall(rf'href="({DESK}/download\.[0-9a-f]{{32}})"', page.text)
    assert len(links) == 24
    assert page.text.index("photo-1.jpg") < page.text.index("photo-12.jpg")
    one = client.get(links[0])
    assert one.headers["Content-Disposition"] == 'attachment; filename="photo-1.jpg"'
    assert one.headers["X-Content-Type-Options"] == "nosniff"
    assert one.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert one.headers["Cache-Control"] == "no-store"
    assert one.data.startswith(b"picture ")
    everything = client.get(f"{DESK}/download.zip")
    assert everything.headers["Content-Disposition"] == 'attachment; filename="survey.zip"'
    with zipfile.ZipFile(io.BytesIO(everything.data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 24
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    with database.reading() as session:
        noted = session.execute(select(Entry.action, Entry.subject, Entry.details).order_by(Entry.at)).all()
    assert [tuple(entry) for entry in noted][-2:] == [
        ("responses.download", "survey", {"file": "photo-1.jpg"}),
        ("responses.download", "survey", {"files": 24}),
    ]


@pytest.mark.parametrize("who", ["participant", "officer", "administrator", "coder", "lead", "stranger"])
def test_nobody_else_gets_them(client: FlaskClient, database: Database, mixed: SimpleNamespace, who: str) -> None:
    name = next(mixed.folder.names())
    if who == "stranger":
        with database.transaction() as session:
            other = make.institution(session, "Other ministry")
        sign_in(client, steward(database, other))
    elif who == "lead":
        with database.transaction() as session:
            person = make.user(session)
            make_member(session, session.get_one(Process, mixed.process.id), person, seat=Seat.LEAD)
        sign_in(client, person)
    elif who != "participant":
        sign_in(client, steward(database, mixed.lead, Role(who)))
    for path in ("", "/download.zip", f"/download.{name}"):
        assert client.get(DESK + path).status_code == (302 if who == "participant" else 404)
    for path in (f"/en/q/survey/{name}", f"/uploads/{name}", f"/static/../uploads/{name}"):
        assert client.get(path).status_code == 404


def test_before_enough_responses_are_mixed_a_steward_sees_none(
    client: FlaskClient, database: Database, activity: Activity, settings: Settings
) -> None:
    folder = slice_uploads.folder(settings.uploads, activity.id)
    upload = Upload(folder.put(b"x"), "image/jpeg", 1)
    with database.transaction() as session:
        opened = session.get_one(Activity, activity.id)
        process = session.get_one(Process, opened.process_id)
        lead = session.get_one(Institution, process.lead_institution_id)
        for _ in range(30):
            make_submission(session, opened, {"photo": upload}, now=opened.opens_at)
    sign_in(client, steward(database, lead))
    assert "There are too few responses" in client.get(DESK).text
    assert client.get(f"{DESK}/download.zip").status_code == 404
    assert client.get(f"{DESK}/download.{upload.file}").status_code == 404


def test_ids_that_lead_elsewhere_are_404(client: FlaskClient, database: Database, mixed: SimpleNamespace) -> None:
    sign_in(client, steward(database, mixed.lead))
    mixed.folder.put(b"nobody's")
    for name in ("..", "%2e%2e%2fconsult.db", "a" * 32, *mixed.folder.names()):
        expected = 200 if name in {upload.file for upload in _given(database)} else 404
        assert client.get(f"{DESK}/download.{name}").status_code == expected


def _given(database: Database) -> list[Upload]:
    with database.reading() as session:
        return [upload for answers in session.scalars(select(Response.answers)) for upload in uploads(answers).values()]


def test_a_document_that_never_ends_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    from consult.core.documents import cleaning
    from consult.core.errors import Refused

    def slow(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("x", 1)

    monkeypatch.setattr(cleaning.subprocess, "run", slow)
    with pytest.raises(Refused):
        cleaning.clean(pdf(), megabytes=8)
