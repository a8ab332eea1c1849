"""Sounds and pictures at the desk and on the command line: files of the draft, and of the editions made from it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import files as disk
from consult.accounts.models import Role
from consult.audit.models import Entry
from consult.config import Keys, Settings
from consult.core.errors import Refused
from consult.core.exchange.xlsform import read, write
from consult.core.questionnaire import document
from consult.core.questionnaire.changes import Decisions
from consult.core.questionnaire.media import Medium, accept
from consult.db.installation import Installation
from consult.db.session import Database
from consult.files import Folder
from consult.processes.models import Activity
from consult.questionnaires import media, queries, rounds, service, tasks
from consult.questionnaires.commands import xlsform
from consult.questionnaires.models import Media
from tests.core.exchange.making import form
from tests.core.sounds import wav
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.media import FILES, attach, picture, sounding_questionnaire
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft

DESK = "/en/desk/activities/survey"
SURVEY = form(
    "type|name|label::English (en)|label::Français (fr)|media::audio::English (en)|media::audio::Français (fr)\n"
    "text|job|Your job|Votre métier|job_en.wav|job_fr.wav"
)


@pytest.fixture
def folder(settings: Settings) -> Folder:
    return Folder(settings.media)


@pytest.fixture
def activity(database: Database) -> Activity:
    """An activity whose draft names sounds and pictures; none is there."""
    with database.transaction() as session:
        found = make_activity(session, make_process(session, slug="labour"), slug="survey", locales=("en", "fr", "ar"))
        make_draft(session, found, sounding_questionnaire())
        return found


@pytest.fixture
def officer(database: Database, activity: Activity, client: FlaskClient) -> FlaskClient:
    with database.transaction() as session:
        place = session.get_one(Activity, activity.id).process.lead_institution
        person = make.user(session, place, Role.OFFICER)
    sign_in(client, person)
    return client


def at(session: Session, activity: Activity) -> Activity:
    return session.get_one(Activity, activity.id)


def send(client: FlaskClient, files: dict[str, bytes], path: str = "/media"):
    """Choose files and send them."""
    chosen = [(io.BytesIO(data), name) for name, data in files.items()]
    return client.post(f"{DESK}{path}", data={"csrf_token": token(client), "files": chosen})


def names(session: Session, activity: Activity, number: int | None = None) -> dict[str, str]:
    return {name: medium.hash for name, medium in queries.media(session, activity.id, number).items()}


def publish(session: Session, activity: Activity, now: dt.datetime):
    return service.publish(session, at(session, activity), decisions=Decisions(), by=None, now=now)


def test_an_edition_keeps_its_files_whatever_becomes_of_the_draft(
    session: Session, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    attach(session, folder, at(session, activity), sounding_questionnaire())
    first = publish(session, activity, now)
    before = names(session, activity, 1)
    assert set(before) == set(FILES)
    assert before == names(session, activity)
    media.remove(session, at(session, activity), "house.png", by=None, now=now)
    kept = media.keep(folder, _accepted({"farm_en.wav": wav(1)}))
    media.attach(session, at(session, activity), kept, by=None, now=now)
    found = service.impact(session, at(session, activity), queries.draft(session, activity.id))
    assert (found.exchanged.replaced, found.exchanged.removed, found.exchanged.added) == (
        ("farm_en.wav",), ("house.png",), (),
    )  # fmt: skip
    assert not service.is_published(session, activity, queries.draft(session, activity.id), first)
    second = publish(session, activity, now)
    assert (second.number, second.hash == first.hash) == (2, True), "the document is the same, the sounds are not"
    assert names(session, activity, 1) == before
    assert "house.png" not in names(session, activity, 2)
    trail = session.scalars(select(Entry).where(Entry.action == "questionnaires.publish").order_by(Entry.at)).all()
    assert len({entry.details["media"] for entry in trail}) == 2


def _accepted(files: dict[str, bytes]) -> list[Medium]:
    return accept(sounding_questionnaire(), files)


def test_the_same_document_with_the_same_files_is_no_new_edition(
    session: Session, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    attach(session, folder, at(session, activity), sounding_questionnaire())
    publish(session, activity, now)
    attach(session, folder, at(session, activity), sounding_questionnaire())
    with pytest.raises(Refused) as told:
        publish(session, activity, now)
    assert [problem.code for problem in told.value.problems] == ["questionnaires.edition.same"]


def test_files_that_the_form_does_not_name_are_part_of_no_edition(
    session: Session, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    attach(session, folder, at(session, activity), sounding_questionnaire())
    make_draft(session, activity, read(SURVEY).questionnaire, number=2)
    publish(session, activity, now)
    assert names(session, activity, 1) == {}


def test_one_content_is_kept_once(session: Session, activity: Activity, folder: Folder, now: dt.datetime) -> None:
    same = {"farm_en.wav": wav(), "town_en.wav": wav(), "welcome_en.wav": wav()}
    media.attach(session, at(session, activity), media.keep(folder, _accepted(same)), by=None, now=now)
    assert len(session.scalars(select(Media)).all()) == 1
    assert len(set(names(session, activity).values())) == 1


def test_a_content_whose_file_was_lost_is_there_again_when_it_is_uploaded_again(
    database: Database, settings: Settings, keys: Keys, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    def upload() -> str:
        with database.transaction() as session:
            kept = media.keep(folder, _accepted({"farm_en.wav": wav()}))
            media.attach(session, at(session, activity), kept, by=None, now=now)
        with database.reading() as session:
            return session.scalars(select(Media.file)).one()

    folder.remove([upload()])
    found = upload()
    assert folder.get(found) == wav()
    upload()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    tasks.sweep(Installation(settings, keys, database), {}, later)
    with database.reading() as session:
        assert list(folder.names()) == [session.scalars(select(Media.file)).one()]


def test_the_next_round_begins_with_the_files_of_the_newest_edition(
    session: Session, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    attach(session, folder, at(session, activity), sounding_questionnaire())
    publish(session, activity, now)
    media.remove(session, at(session, activity), "house.png", by=None, now=now)
    made = rounds.next_round(session, at(session, activity), title="2027", by=None, now=now)
    assert names(session, made) == names(session, activity, 1)


def test_what_nobody_uses_is_deleted_after_a_day(
    database: Database, settings: Settings, keys: Keys, activity: Activity, folder: Folder, now: dt.datetime
) -> None:
    with database.transaction() as session:
        attach(session, folder, at(session, activity), sounding_questionnaire())
        publish(session, activity, now)
        (medium,) = _accepted({"job_en.mp3": wav(2)})
        media.attach(session, at(session, activity), media.keep(folder, [medium]), by=None, now=now)
        media.remove(session, at(session, activity), "job_en.mp3", by=None, now=now)
        unused = session.scalars(select(Media.file).where(Media.hash == medium.digest)).one()
    orphan = folder.put(b"a file without a row")
    installation = Installation(settings, keys, database)
    tasks.sweep(installation, {}, now)
    assert {unused, orphan} <= set(folder.names()), "it may be used in a moment"
    later = dt.datetime.fromtimestamp((folder.path / orphan).stat().st_ctime, dt.UTC) + dt.timedelta(days=2)
    tasks.sweep(installation, {}, max(later, now + dt.timedelta(days=2)))
    with database.reading() as session:
        assert set(folder.names()) == set(session.scalars(select(Media.file)))
        assert set(names(session, activity, 1)) == set(FILES)


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_the_day_begins_when_it_goes_out_of_use(
    session: Session, activity: Activity, folder: Folder, now: dt.datetime, how: str
) -> None:
    def upload(seconds: float) -> None:
        kept = media.keep(folder, _accepted({"farm_en.wav": wav(seconds)}))
        media.attach(session, at(session, activity), kept, by=None, now=now)

    upload(1)
    was = session.scalars(select(Media.file)).one()
    now += dt.timedelta(days=30)
    if how == "removed":
        media.remove(session, at(session, activity), "farm_en.wav", by=None, now=now)
    else:
        upload(2)
    assert was in media.forget(session, now + dt.timedelta(hours=23)), "a page or a backup may still name it"
    assert was not in media.forget(session, now + dt.timedelta(hours=25))


def test_the_officer_sees_what_is_missing_adds_listens_and_removes(
    officer: FlaskClient, database: Database, activity: Activity
) -> None:
    assert "Files that the form names: 10. Of these are there: 0." in officer.get(DESK).text
    page = officer.get(f"{DESK}/media").text
    assert page.count("<h1") == 1
    assert page.count("<bdi>welcome_fr.wav</bdi>") == 2
    sent = send(officer, FILES)
    assert sent.status_code == 302
    page = officer.get(sent.location).text
    assert "9 files are there now." in page
    assert "Missing files" in page
    assert page.count("<audio") == 5
    assert page.count('loading="lazy"') == 4
    with database.reading() as session:
        found = queries.media(session, activity.id)["house.png"]
    heard = officer.get(f"{DESK}/media/{found.address}")
    assert (heard.status_code, heard.mimetype) == (200, "image/png")
    assert heard.headers["Cache-Control"].startswith("private")
    gone = officer.post(f"{DESK}/media/remove", data={"csrf_token": token(officer), "name": "house.png"})
    assert "“house.png” is removed" in officer.get(gone.location).text
    assert officer.get(f"{DESK}/media/{found.address}").status_code == 404


def test_files_that_cannot_be_taken_are_named_and_nothing_changes(
    officer: FlaskClient, database: Database, activity: Activity
) -> None:
    sent = send(officer, {"job_en.mp3": b"<html></html>", "other.mp3": wav(), "house.png": picture()})
    assert sent.status_code == 422
    assert "<bdi>job_en.mp3</bdi>: This is not a sound" in sent.text
    assert "<bdi>other.mp3</bdi>: The form names no such" in sent.text
    with database.reading() as session:
        assert names(session, activity) == {}
    assert 'href="#files"' in send(officer, {}).text


def test_publishing_says_what_is_missing_and_what_is_other(officer: FlaskClient, activity: Activity) -> None:
    page = officer.get(f"{DESK}/publish").text
    assert "Sounds and pictures are missing" in page
    assert "welcome_fr.wav" in page
    fields = {"csrf_token": token(officer)}
    assert officer.post(f"{DESK}/publish", data=fields).status_code == 302
    assert "published already" in officer.get(f"{DESK}/publish").text
    send(officer, {"farm.png": picture()})
    assert "The draft differs from the latest edition." in officer.get(DESK).text
    page = officer.get(f"{DESK}/publish").text
    assert "New sounds and pictures" in page
    shown = page.split('name="media" value="')[1][:64]
    send(officer, {"farm.png": picture(colour="red")})
    late = officer.post(f"{DESK}/publish", data={**fields, "draft": "1", "media": shown})
    assert "has changed in the meantime" in late.text, "somebody changed a picture after this was looked at"
    assert officer.post(f"{DESK}/publish", data=fields).status_code == 302
    assert "editions/2/media.zip" in officer.get(DESK).text


def test_files_come_back_as_an_archive(officer: FlaskClient, database: Database, activity: Activity) -> None:
    assert officer.get(f"{DESK}/media.zip").status_code == 404
    send(officer, FILES)
    archive = officer.get(f"{DESK}/media.zip")
    assert archive.headers["Content-Disposition"] == "attachment; filename=survey-media.zip"
    with zipfile.ZipFile(io.BytesIO(archive.data)) as packed:
        assert set(packed.namelist()) == set(FILES)
        assert packed.read("farm_en.wav") == FILES["farm_en.wav"]
        back = {name: packed.read(name) for name in packed.namelist()}
    with database.reading() as session:
        before = names(session, activity)
    assert send(officer, back).status_code == 302
    with database.reading() as session:
        sounds = {name for name in FILES if not name.startswith(("house", "farm.png", "town.jpg"))}
        assert {name: before[name] for name in sounds} == {
            name: found for name, found in names(session, activity).items() if name in sounds
        }
    assert officer.get(f"{DESK}/editions/1/media.zip").status_code == 404


def test_sounds_come_in_beside_the_form(officer: FlaskClient, database: Database, activity: Activity) -> None:
    def sent(**files: bytes):
        attached = [(io.BytesIO(data), f"{name}.wav") for name, data in files.items()]
        return officer.post(
            f"{DESK}/import",
            data={
                "csrf_token": token(officer),
                "source": "",
                "file": (io.BytesIO(SURVEY), "survey.xlsx"),
                "attached": attached,
            },
        )

    refused = sent(job_en=wav(), nobody=wav())
    assert "<bdi>nobody.wav</bdi>" in refused.text
    assert sent(job_en=wav()).status_code == 302
    page = officer.get(DESK).text
    assert "Files that the form names: 2. Of these are there: 1." in page
    assert "must be sent along" not in page, "what is missing is listed"
    with database.reading() as session:
        assert set(names(session, activity)) == {"job_en.wav"}


@pytest.mark.parametrize("path", ["/media", "/import"])
def test_where_the_disk_is_full_nothing_is_said_to_be_stored(
    officer: FlaskClient, database: Database, activity: Activity, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(disk, "RESERVE", 10**18)
    sound = (io.BytesIO(wav()), "job_en.wav")
    chosen = (
        {"files": [(io.BytesIO(picture()), "house.png")]}
        if path == "/media"
        else {"source": "", "file": (io.BytesIO(SURVEY), "survey.xlsx"), "attached": [sound]}
    )
    sent = officer.post(f"{DESK}{path}", data={"csrf_token": token(officer), **chosen})
    assert sent.status_code == 503
    assert "Nothing was stored this time." in sent.text
    with database.reading() as session:
        draft = queries.draft(session, activity.id)
        assert draft is not None
        assert (names(session, activity), draft.number) == ({}, 1)


@pytest.mark.parametrize("path", ["/media", "/media.zip", "/media/0123456789abcdef0123", "/media/remove"])
def test_it_is_nobody_elses_business(
    client: FlaskClient, database: Database, activity: Activity, folder: Folder, path: str
) -> None:
    method = client.post if path.endswith("remove") else client.get
    assert method(f"{DESK}{path}").status_code == 302, "the door"
    with database.transaction() as session:
        attach(session, folder, at(session, activity), sounding_questionnaire())
        address = queries.media(session, activity.id)["house.png"].address
        other = make.user(session, make.institution(session, "Another ministry"), Role.OFFICER)
        viewer = make.user(session, at(session, activity).process.lead_institution, Role.TRANSLATOR)
    path = path.replace("0123456789abcdef0123", address)
    sign_in(client, other)
    assert method(f"{DESK}{path}", data={"csrf_token": token(client)}).status_code == 404
    sign_in(client, viewer)
    may_listen = path.endswith(address)
    assert method(f"{DESK}{path}", data={"csrf_token": token(client)}).status_code == (200 if may_listen else 404)


def run(database: Database, settings: Settings, keys: Keys, *arguments: object) -> Result:
    installation = Installation(settings, keys, database)
    return CliRunner().invoke(xlsform, list(map(str, arguments)), obj=lambda: installation)


def test_on_the_command_line_they_are_attached_and_exported(
    database: Database, settings: Settings, keys: Keys, activity: Activity, tmp_path: Path
) -> None:
    file, sound, other = tmp_path / "form.xlsx", tmp_path / "job_en.wav", tmp_path / "other.wav"
    file.write_bytes(SURVEY)
    sound.write_bytes(wav())
    other.write_bytes(wav())
    bad = run(database, settings, keys, "check", file, "--attach", other)
    assert (bad.exit_code, "other.wav: The form names no such" in bad.output) == (1, True)
    assert run(database, settings, keys, "check", file, "--attach", sound).exit_code == 0
    where = ("--process", "labour", "--activity", "survey")
    done = run(database, settings, keys, "import", file, *where, "--attach", sound, "--publish")
    assert done.exit_code == 0, done.output
    assert "missing files, fr: job_fr.wav" in done.output
    out, into = tmp_path / "out.xlsx", tmp_path / "sounds"
    shipped = run(
        database, settings, keys, "export", "--activity", "survey", "--edition", 1, "--out", out, "--media", into
    )
    assert shipped.exit_code == 0, shipped.output
    assert {path.name: path.read_bytes() for path in into.iterdir()} == {"job_en.wav": wav()}
    with database.reading() as session:
        edition = queries.latest_edition(session, activity.id)
        assert edition is not None
        assert document.encode(read(out.read_bytes()).questionnaire) == edition.document
        assert write(read(out.read_bytes()).questionnaire)


def test_on_the_command_line_a_full_disk_is_said(
    database: Database,
    settings: Settings,
    keys: Keys,
    activity: Activity,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disk, "RESERVE", 10**18)
    file, sound = tmp_path / "form.xlsx", tmp_path / "job_en.wav"
    file.write_bytes(SURVEY)
    sound.write_bytes(wav())
    where = ("--process", "labour", "--activity", "survey")
    done = run(database, settings, keys, "import", file, *where, "--attach", sound)
    assert (done.exit_code, done.output) == (1, "Error: The data folder takes no file: No space left on device.\n")
