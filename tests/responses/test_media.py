"""Sounds and pictures as participants get them: the same bytes for everybody, in parts, for good."""

from __future__ import annotations

import datetime as dt
import gzip
import re

import pytest
from flask.testing import FlaskClient

from consult.config import Settings
from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType
from consult.core.questionnaire.media import accept
from consult.db.session import Database
from consult.files import Folder
from consult.processes.models import Activity
from consult.questionnaires import media, queries
from tests.core.sounds import wav
from tests.factories.media import CAME, FILES, LOCALES, make_sounding, named, sounding_questionnaire
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_edition, make_question, make_questionnaire, text
from tests.factories.responses import OPENED

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def activity(database: Database, settings: Settings) -> Activity:
    """An open activity with sounds and pictures."""
    with database.transaction() as session:
        found = make_activity(session, make_process(session), slug="survey", locales=LOCALES, opens_at=OPENED)
        make_sounding(session, Folder(settings.media), found)
        return found


def address(database: Database, activity: Activity, name: str) -> str:
    with database.reading() as session:
        return f"/media/survey/{queries.media(session, activity.id)[name].address}"


def make_published(
    database: Database, settings: Settings, questionnaire: Questionnaire, files: dict[str, bytes]
) -> None:
    """An open activity at `/…/q/survey` with a questionnaire and its files."""
    with database.transaction() as session:
        found = make_activity(session, slug="survey", opens_at=OPENED)
        make_draft(session, found, questionnaire)
        media.attach(
            session, found, media.keep(Folder(settings.media), accept(questionnaire, files)), by=None, now=CAME
        )
        edition = make_edition(session, found, questionnaire)
        media.freeze(session, edition, media.manifest(session, found, questionnaire))


def test_a_sound_is_the_same_for_everybody_and_kept_for_good(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    answer = client.get(address(database, activity, "farm_en.wav"))
    assert answer.data == FILES["farm_en.wav"]
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not {"Set-Cookie", "Vary", "Last-Modified", "Content-Disposition"} & set(answer.headers.keys())
    again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        ("bytes=0-1", 206, 0, 1),
        ("bytes=100-", 206, 100, -1),
        ("bytes=-10", 206, -10, -1),
        ("bytes=9999999-", 416, 0, 0),
    ],
)
def test_a_part_can_be_asked_for(
    client: FlaskClient, database: Database, activity: Activity, wanted: str, status: int, first: int, last: int
) -> None:
    answer = client.get(address(database, activity, "farm_en.wav"), headers={"Range": wanted})
    assert answer.status_code == status
    if status == 206:
        whole = FILES["farm_en.wav"]
        assert answer.data == whole[first:][: None if last == -1 else last - first + 1]
        assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")
        assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("unknown", ["0" * 20, "%", "_" * 20, "0" * 64, "x", "..%2F..%2Fkeys.json"])
def test_unknown_addresses_lead_nowhere(client: FlaskClient, activity: Activity, unknown: str) -> None:
    assert client.get(f"/media/survey/{unknown}").status_code == 404
    assert client.get(f"/media/nothing/{unknown}").status_code == 404


def test_what_only_the_draft_has_or_another_activity_is_not_public(
    client: FlaskClient, database: Database, settings: Settings, activity: Activity
) -> None:
    with database.transaction() as session:
        found = session.get_one(Activity, activity.id)
        kept = media.keep(Folder(settings.media), accept(sounding_questionnaire(), {"farm_en.wav": wav(1)}))
        media.attach(session, found, kept, by=None, now=CAME)
        make_edition(session, make_activity(session, slug="other", opens_at=OPENED))
    drafted = address(database, activity, "farm_en.wav")
    assert client.get(drafted).status_code == 404
    public = address(database, activity, "town_en.wav")
    assert client.get(public).status_code == 200
    assert client.get(public.replace("survey", "other")).status_code == 404


def test_before_the_opening_there_is_nothing_after_the_closing_it_stays(
    client: FlaskClient, database: Database, activity: Activity, now: dt.datetime, clock
) -> None:
    found = address(database, activity, "house.png")
    for opens, closes, status in (
        (None, None, 404),
        (now + dt.timedelta(days=1), None, 404),
        (now - dt.timedelta(days=2), now - dt.timedelta(days=1), 200),
    ):
        with database.transaction() as session:
            at = session.get_one(Activity, activity.id)
            at.opens_at, at.closes_at = opens, closes
        clock(dt.timedelta(seconds=2))
        assert client.get(found).status_code == status


def test_a_text_is_heard_in_the_language_of_the_page_or_the_one_it_falls_back_to(
    client: FlaskClient, database: Database, activity: Activity
) -> None:
    english, arabic = (address(database, activity, f"welcome_{file}") for file in ("en.wav", "ar.ogg"))
    assert english in client.get("/en/q/survey").text
    page = client.get("/ar/q/survey").text
    assert arabic in page
    assert english not in page
    page = client.get("/fr/q/survey").text
    assert english in page, "there is no French one"
    assert re.search(rf'src="{english}"[^<]*></audio><button[^>]*></button><span lang="en">English</span>', page)


def test_a_choice_is_not_chosen_by_listening(client: FlaskClient, activity: Activity) -> None:
    page = client.get("/en/q/survey").text
    for label in re.findall(r"<label.*?</label>", page, re.DOTALL):
        assert "<audio" not in label
        assert "<button" not in label
        assert "<a " not in label
    assert 'aria-label="Listen to: A farm in English"' in page


def test_beside_a_list_to_open_its_choices_are_heard_in_its_own_order(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    codes = [f"c{number}" for number in range(12)]
    files = {f"{code}.wav": wav(0.01 + number / 1_000) for number, code in enumerate(codes)}
    choices = tuple(
        Choice(name=code, label=text(code), media={"audio": named(en=f"{code}.wav")}, attributes={"half": code[-1]})
        for code in codes
    )
    asked = make_question(
        "place",
        QuestionType.SELECT_ONE,
        choices="places",
        choice_filter="half != '1'",
        appearance=("minimal",),
        parameters={"randomize": "true", "seed": "42"},
    )
    questionnaire = make_questionnaire(asked, lists=(ChoiceList(name="places", choices=choices),))
    make_published(database, settings, questionnaire, files)
    page = client.post("/en/q/survey", data={"edition": "1"}, follow_redirects=True).text
    listed = re.findall(r'<option value="(c\d+)"', page)
    assert listed == re.findall(r'data-choice="(c\d+)"', page)
    assert len(listed) == 10
    assert listed != sorted(listed, key=codes.index)


def test_a_larger_picture_leaves_the_form_as_it_stands(client: FlaskClient, activity: Activity) -> None:
    page = client.get("/en/q/survey").text
    larger = re.findall(r"<a [^>]*>Larger picture<span[^>]*>[^<]*</span>", page)
    assert larger
    for link in larger:
        assert re.search(r'target="_blank"\s+rel="noopener"', link)
        assert "(opens in a new tab)" in link


def test_pictures_come_late_and_push_nothing_away(client: FlaskClient, activity: Activity) -> None:
    pictures = re.findall(r"<img[^>]*>", client.get("/en/q/survey").text)
    assert pictures
    for picture in pictures:
        assert 'loading="lazy"' in picture
        assert re.search(r'width="\d+"\s+height="\d+"\s+alt=""', picture)
    sizes = {tuple(map(int, re.findall(r'(?:width|height)="(\d+)"', picture))) for picture in pictures}
    assert sizes == {(400, 300), (80, 80), (128, 80)}


def test_a_page_with_a_sound_for_every_question_and_choice_stays_light(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    """Thirty questions, ten of them with five choices of their own: eighty sounds."""
    files: dict[str, bytes] = {}

    def beside(name: str) -> dict[str, object]:
        files[f"{name}.wav"] = wav(0.01 + len(files) / 1_000)
        return {"audio": named(en=f"{name}.wav")}

    lists, questions = [], []
    for number in range(30):
        name = f"question_{number}"
        kind = (QuestionType.SELECT_ONE, QuestionType.INTEGER, QuestionType.TEXT)[number % 3]
        if kind is QuestionType.SELECT_ONE:
            choices = [
                Choice(name=code, label=text(f"{name} {code}"), media=beside(f"{name}_{code}")) for code in "abcde"
            ]
            lists.append(ChoiceList(name=name, choices=tuple(choices)))
        asked = make_question(name, kind, choices=name if kind is QuestionType.SELECT_ONE else "", media=beside(name))
        questions.append(asked)
    questionnaire = make_questionnaire(*questions, locales=("en",), lists=tuple(lists))
    make_published(database, settings, questionnaire, files)
    page = client.get("/en/q/survey").text
    assert page.count("<audio") == 80
    html = re.sub("<style>.*?</style>", "", page, flags=re.DOTALL)
    assert len(gzip.compress(html.encode(), 9)) <= 8 * 1024
