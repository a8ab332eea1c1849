"""Which sounds and pictures a questionnaire wants, and what becomes of the files that come."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from consult.core.errors import Refused
from consult.core.questionnaire import media
from consult.core.questionnaire.definition import Choice, ChoiceList, Questionnaire, QuestionType
from consult.core.questionnaire.lint import lint
from consult.core.questionnaire.media import Kind, Wanted
from consult.core.text import LocalisedText
from tests.core.sounds import CANARY, named_wav, wav
from tests.factories.media import named, picture, sounding_questionnaire
from tests.factories.questionnaires import make_question, make_questionnaire

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"


def asking(**names: LocalisedText) -> Questionnaire:
    """One question with these beside it."""
    beside = {name.replace("_", "-"): files for name, files in names.items()}
    return make_questionnaire(make_question("a", QuestionType.TEXT, media=beside), locales=("fr", "en"))


def test_files_are_wanted_by_name_whatever_names_them() -> None:
    found = media.wanted(sounding_questionnaire())
    assert found["welcome_fr.wav"] == Wanted(Kind.SOUND, ("fr",))
    assert found["house_big.png"] == Wanted(Kind.PICTURE, ("en",))
    assert list(found)[-1] == "town.jpg", "choices after questions"


def test_one_file_for_several_languages_is_wanted_once_and_a_video_is_not() -> None:
    questionnaire = asking(audio=named(en="a.mp3", fr="sounds/a.mp3", sw="C:\\a.mp3"), video=named(en="a.mp4"))
    assert media.wanted(questionnaire) == {"a.mp3": Wanted(Kind.SOUND, ("fr", "en", "sw"))}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a.mp3", "a.mp3"),
        ("jr://audio/a.mp3", "a.mp3"),
        ("../../a.mp3", "a.mp3"),
        ("..", ""),
        (".hidden.mp3", "hidden.mp3"),
        ("a\u202e3pm.mp3", "a3pm.mp3"),
        ("", ""),
    ],
)
def test_a_name_leads_into_no_folder(written: str, name: str) -> None:
    assert media.file_name(written) == name


def test_what_is_missing_is_told_by_language() -> None:
    questionnaire = asking(audio=named(en="a_en.mp3", fr="a_fr.mp3"), image=named(en="a.png"))
    assert media.missing(questionnaire, {"a_en.mp3": "audio/mpeg"}) == {"fr": ("a_fr.mp3",), "en": ("a.png",)}
    assert media.missing(questionnaire, {"a_fr.mp3": "image/png", "a_en.mp3": "audio/wav", "a.png": "image/png"}) == {
        "fr": ("a_fr.mp3",)
    }, "a picture is no sound"


def test_what_comes_is_bared_measured_and_hashed() -> None:
    questionnaire = asking(audio=named(en="a.wav"), image=named(en="a.png"), big_image=named(en="big.png"))
    chosen = {"folder/a.wav": named_wav(), "a.png": picture(), "big.png": picture(size=(4_000, 100))}
    sound, small, big = media.accept(questionnaire, chosen)
    assert (sound.name, sound.media_type, CANARY in sound.data) == ("a.wav", "audio/wav", False)
    assert (small.media_type, small.width, small.height) == ("image/png", 400, 300)
    assert (big.width, big.height) == (1_600, 40)
    with Image.open(io.BytesIO(big.data)) as image:
        assert image.size == (1_600, 40)
    assert len(sound.digest) == 64
    assert media.accept(questionnaire, chosen)[0].digest == sound.digest


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("b.mp3", wav(), "media.unused"),
        ("A.MP3", wav(), "media.unused"),
        ("a.mp3", HTML, "file.sound"),
        ("a.mp3", SVG, "file.sound"),
        ("a.mp3", picture(), "file.sound"),
        ("a.mp3", b"", "file.sound"),
        ("a.mp3", bytes(5_000_001), "media.size"),
        ("a.png", SVG, "file.image"),
        ("a.png", HTML, "file.image"),
        ("a.png", wav(), "file.image"),
        ("a.png", picture()[:100], "file.image"),
    ],
)
def test_what_is_not_what_its_name_stands_for_is_refused_with_its_name(name: str, data: bytes, code: str) -> None:
    questionnaire = asking(audio=named(en="a.mp3"), image=named(en="a.png"))
    with pytest.raises(Refused) as told:
        media.accept(questionnaire, {name: data})
    assert [(problem.code, problem.place.sheet) for problem in told.value.problems] == [(code, name)]


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(Refused) as told:
        media.accept(asking(audio=named(en="a.mp3")), {"a.mp3": HTML, "b.mp3": wav()})
    assert len(told.value.problems) == 2


def test_contents_are_compared_by_name() -> None:
    found = media.exchanged({"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "4", "d": "5"})
    assert found == media.Exchanged(added=("d",), removed=("a",), replaced=("c",))
    assert not media.exchanged({"a": "1"}, {"a": "1"})
    assert media.digest({"a": "1", "b": "2"}) == media.digest({"b": "2", "a": "1"})


def test_a_picture_without_words_is_worth_a_look() -> None:
    beside = {"image": named(en="a.png")}
    lists = (ChoiceList(name="l", choices=(Choice(name="x", media=beside), Choice(name="y", label=named(en="Y")))),)
    question = make_question("a", QuestionType.SELECT_ONE, choices="l", media=beside)
    found = lint(make_questionnaire(question, locales=("en",), lists=lists))
    assert [(problem.code, problem.params["name"]) for problem in found.warnings] == [("questionnaire.picture", "x")]
