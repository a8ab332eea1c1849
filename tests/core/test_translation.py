"""States of translations follow from what is stored and from its history; nothing is lost when a source changes."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.text import LocalisedText
from consult.core.translation import (
    Gate,
    State,
    Text,
    Version,
    check,
    current,
    odd_length,
    remembered,
    renewed,
    stored,
)


def text(en: str, fr: str = "", path: str = "q1/label") -> Text:
    """A text in English, translated or not."""
    return Text(path, "label", LocalisedText({"en": en, "fr": fr}))


def version(source: str, words: str, *, reviewed: bool = True, translated: bool = True) -> Version:
    """A translation as it was written."""
    return Version(source, words, reviewed, translated)


@pytest.mark.parametrize(
    ("now", "history", "state"),
    [
        (text("Age"), [], State.MISSING),
        (text("Age", "Âge"), [], State.REVIEWED),
        (text("Age", "Âge"), [version("Age", "Âge")], State.REVIEWED),
        (text("Age", "Âge"), [version("Age", "Âge", reviewed=False)], State.DRAFT),
        (text("Your age", "Âge"), [version("Age", "Âge")], State.STALE),
        (text("Your age", "Âge"), [version("Age", "Âge"), version("Your age", "Âge")], State.REVIEWED),
        (text("Age", "Votre âge"), [version("Age", "Âge")], State.REVIEWED),
    ],
)
def test_a_state_follows_from_the_source_that_a_translation_was_made_from(
    now: Text, history: list[Version], state: State
) -> None:
    assert stored(now, "fr", "en", history).state is state


def test_a_draft_goes_before_what_is_stored_for_translators_alone() -> None:
    history = [version("Age", "Âge"), version("Age", "Votre âge", reviewed=False)]
    assert current(text("Age", "Âge"), "fr", "en", history).text == "Votre âge"
    assert stored(text("Age", "Âge"), "fr", "en", history).text == "Âge"


@pytest.mark.parametrize(
    ("source", "words", "codes"),
    [
        ("Dear ${name}", "Cher ${name}", []),
        ("Dear ${name}", "Cher ami", ["translation.placeholder.missing"]),
        ("Dear ${name}", "Cher ${nom}", ["translation.placeholder.missing", "translation.placeholder.unknown"]),
        ("${a} and ${b}", "${ b } et ${a} et ${a}", []),
        ("Short", "x" * 60, ["translation.long"]),
    ],
)
def test_placeholders_and_lengths_are_checked(source: str, words: str, codes: list[str]) -> None:
    text = Text("label", "label", LocalisedText(), longest=50)
    assert [problem.code for problem in check(source, words, text)] == codes


def test_lengths_that_somebody_should_look_at() -> None:
    assert not odd_length("Age", "Votre âge en années")
    assert odd_length("Age", "Votre âge en années révolues au premier janvier")
    assert odd_length("A sentence that explains at length what is meant by all of this here", "Âge")
    assert not odd_length("A sentence that explains at length what is meant by all of this here", "")


@pytest.mark.parametrize(
    ("gate", "states", "open_"),
    [
        (Gate.REVIEWED, [State.REVIEWED], True),
        (Gate.REVIEWED, [State.REVIEWED, State.DRAFT], False),
        (Gate.REVIEWED, [State.REVIEWED, State.STALE], False),
        (Gate.COMPLETE, [State.REVIEWED, State.DRAFT, State.STALE], True),
        (Gate.COMPLETE, [State.REVIEWED, State.MISSING], False),
        (Gate.BEGUN, [State.MISSING], True),
    ],
)
def test_a_gate_lets_through(gate: Gate, states: list[State], open_: bool) -> None:
    assert gate.lets_through(states) is open_


def written(before: dict[str, Text], file: dict[str, Text], history: dict[str, list[Version]]) -> dict[str, Text]:
    """What an import leaves: the object, with the history brought up to it."""
    recalled = remembered(before, file, "fr", "en", history)
    after = {
        path: Text(path, "label", one.words.with_text("fr", recalled.get(path, one.words.get("fr", ""))))
        for path, one in file.items()
    }
    for path, added in list(renewed(before, after, "fr", "en", history, recalled)):
        history.setdefault(path, []).append(added)
    return after


def states(texts: dict[str, Text], history: dict[str, list[Version]]) -> dict[str, tuple[str, State]]:
    """Translations with their states."""
    found = {path: stored(one, "fr", "en", history.get(path, [])) for path, one in texts.items()}
    return {path: (one.text, one.state) for path, one in found.items()}


def by_path(*texts: Text) -> dict[str, Text]:
    """Texts by their paths."""
    return {one.path: one for one in texts}


def test_a_file_without_translations_takes_none_away() -> None:
    history: dict[str, list[Version]] = {}
    after = written(by_path(text("Age", "Âge")), by_path(text("Age")), history)
    assert states(after, history) == {"q1/label": ("Âge", State.REVIEWED)}
    after = written(after, by_path(text("Your age")), history)
    assert states(after, history) == {"q1/label": ("Âge", State.STALE)}


def test_a_question_that_comes_back_has_its_translation_back() -> None:
    history: dict[str, list[Version]] = {}
    gone = written(by_path(text("Age", "Âge")), {}, history)
    assert gone == {}
    assert states(written(gone, by_path(text("Age")), history), history) == {"q1/label": ("Âge", State.REVIEWED)}


def test_a_draft_that_moved_is_still_one() -> None:
    history = {"q1/label": [version("Age", "Âge", reviewed=False)]}
    after = written(by_path(text("Age", "Âge")), by_path(text("Age", path="q2/label")), history)
    assert states(after, history) == {"q2/label": ("Âge", State.DRAFT)}


def test_an_old_file_does_not_undo_a_translator_and_a_new_one_does() -> None:
    history = {"q1/label": [version("Age", "Âge", translated=False), version("Age", "Votre âge", reviewed=False)]}
    now = by_path(text("Age", "Votre âge"))
    after = written(now, by_path(text("Age", "Âge")), history)
    assert states(after, history) == {"q1/label": ("Votre âge", State.DRAFT)}
    after = written(now, by_path(text("Age", "L’âge")), history)
    assert states(after, history) == {"q1/label": ("L’âge", State.REVIEWED)}
    assert "Votre âge" in {one.text for one in history["q1/label"]}


def test_what_names_an_answer_that_is_asked_no_longer_stays_in_the_history() -> None:
    history: dict[str, list[Version]] = {}
    after = written(by_path(text("${a}?", "${a} ?")), by_path(text("${b}?")), history)
    assert states(after, history) == {"q1/label": ("", State.MISSING)}
    assert [one.text for one in history["q1/label"]] == ["${a} ?"]


def test_what_a_translator_took_away_stays_away() -> None:
    history = {"q1/label": [version("Age", "Âge"), version("Age", "")]}
    after = written(by_path(text("Age")), by_path(text("Age")), history)
    assert states(after, history) == {"q1/label": ("", State.MISSING)}


WORDS = st.sampled_from(["", "a", "b", "c ${x}", "d"])
FORMS = st.dictionaries(st.sampled_from(["1", "2", "3"]), st.tuples(WORDS.filter(bool), WORDS), max_size=3)


@settings(deadline=None)
@given(st.lists(FORMS, min_size=1, max_size=6))
def test_whatever_files_come_no_translation_is_ever_lost(
    forms: list[dict[str, tuple[str, str]]],
) -> None:
    history: dict[str, list[Version]] = defaultdict(list)
    now: dict[str, Text] = {}
    seen: set[tuple[str, str]] = set()
    for form in forms:
        file = by_path(*(text(en, fr, path) for path, (en, fr) in form.items()))
        now = written(now, file, history)
        seen |= {(path, fr) for path, (_en, fr) in form.items() if fr}
        kept = {(path, one.text) for path, versions in history.items() for one in versions}
        kept |= {(path, one.words.get("fr", "")) for path, one in now.items()}
        assert seen <= kept
        for path, one in now.items():
            made_from = {version.source for version in history.get(path, []) if version.text == one.words.get("fr")}
            if made_from and one.words["en"] not in made_from:
                assert stored(one, "fr", "en", history[path]).state is State.STALE
