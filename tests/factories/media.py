"""A questionnaire that names sounds and pictures, and an activity whose edition has them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection

from PIL import Image
from sqlalchemy.orm import Session

from consult.core.questionnaire import media as files
from consult.core.questionnaire.definition import (
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    node_id,
)
from consult.core.text import LocalisedText
from consult.files import Folder
from consult.processes.models import Activity
from consult.questionnaires import media
from consult.questionnaires.models import Edition
from tests.core.sounds import mp3, opus, wav
from tests.factories.questionnaires import make_draft, make_edition, make_question, text

LOCALES = ("en", "fr", "ar")
CAME = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)


def picture(form: str = "PNG", size: tuple[int, int] = (400, 300), colour: str = "teal") -> bytes:
    """A picture in one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


FILES = {
    "welcome_en.wav": wav(0.3),
    "welcome_ar.ogg": opus(),
    "job_en.mp3": mp3(),
    "farm_en.wav": wav(0.2),
    "town_en.wav": wav(0.25),
    "house.png": picture(),
    "house_big.png": picture(size=(2_000, 1_500)),
    "farm.png": picture(size=(300, 300), colour="seagreen"),
    "town.jpg": picture("JPEG", (320, 200), "peru"),
}
"""Contents by the names that the questionnaire uses; the French welcome is missing."""


def named(**names: str) -> LocalisedText:
    """Names of files by locale."""
    return LocalisedText(names)


def sounding_questionnaire() -> Questionnaire:
    """One page with a sound or picture wherever one can stand."""
    places = ChoiceList(
        name="places",
        choices=(
            Choice(
                name="farm",
                label=text("A farm"),
                media={"audio": named(en="farm_en.wav"), "image": named(en="farm.png")},
            ),
            Choice(
                name="town",
                label=text("A town"),
                media={"audio": named(en="town_en.wav"), "image": named(en="town.jpg")},
            ),
            Choice(name="prefer_not", label=text("Prefer not to say"), media={"audio": named(en="town_en.wav")}),
        ),
    )
    welcome = {"audio": named(en="welcome_en.wav", fr="welcome_fr.wav", ar="welcome_ar.ogg")}

    def asked(name: str, kind: QuestionType, **rest: object) -> Question:
        return make_question(name, kind, locales=LOCALES, **rest)

    shown = (
        asked("welcome", QuestionType.NOTE, media=welcome),
        asked(
            "home",
            QuestionType.SELECT_ONE,
            choices="places",
            media={"image": named(en="house.png"), "big-image": named(en="house_big.png"), **welcome},
        ),
        asked("work", QuestionType.TEXT, media={"audio": named(en="job_en.mp3")}),
        asked("visits", QuestionType.SELECT_MULTIPLE, choices="places", appearance=("columns",)),
        asked("from_list", QuestionType.SELECT_ONE, choices="places", appearance=("minimal",)),
        asked("order", QuestionType.RANK, choices="places"),
        asked("agree", QuestionType.ACKNOWLEDGE, media=welcome),
        Group(
            id=node_id("matrix"),
            name="matrix",
            label=text("Where"),
            appearance=("table-list",),
            media=welcome,
            children=(
                asked("born", QuestionType.SELECT_ONE, choices="places", media=welcome),
                asked("lives", QuestionType.SELECT_ONE, choices="places"),
            ),
        ),
    )
    page = Group(id=node_id("page"), name="page", label=text("Your home"), media=welcome, children=shown)
    return Questionnaire(title=text("Survey"), locales=LOCALES, children=(page,), choice_lists=(places,))


def attach(
    session: Session, folder: Folder, activity: Activity, questionnaire: Questionnaire, only: Collection[str] = ()
) -> None:
    """Give the activity's draft all files that are there, or only some."""
    chosen = {name: data for name, data in FILES.items() if not only or name in only}
    media.attach(session, activity, media.keep(folder, files.accept(questionnaire, chosen)), by=None, now=CAME)


def make_sounding(session: Session, folder: Folder, activity: Activity) -> Edition:
    """Draft and first edition of an activity, with their files."""
    questionnaire = sounding_questionnaire()
    make_draft(session, activity, questionnaire)
    attach(session, folder, activity, questionnaire)
    edition = make_edition(session, activity, questionnaire)
    media.freeze(session, edition, media.manifest(session, activity, questionnaire))
    return edition
