"""A definition as a document: the same questionnaire, the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.core.errors import Refused
from consult.core.questionnaire import document
from consult.core.questionnaire.definition import (
    SCHEMA_VERSION,
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    QuestionType,
    Repeat,
)
from consult.core.questionnaire.document import decode, digest, encode
from consult.core.text import LocalisedText

TEXTS = st.dictionaries(st.sampled_from(["en", "fr", "ar", "pt-BR"]), st.text(max_size=20), max_size=3).map(
    LocalisedText
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=10)
QUESTIONS = st.builds(
    Question,
    id=WORDS,
    name=WORDS,
    type=st.sampled_from(QuestionType),
    label=TEXTS,
    hint=TEXTS,
    required=WORDS,
    default=WORDS,
    appearance=st.lists(WORDS, max_size=2).map(tuple),
    parameters=st.dictionaries(WORDS, WORDS, max_size=2),
    sensitive=st.booleans(),
)
NODES = st.recursive(
    QUESTIONS,
    lambda nodes: st.one_of(
        st.builds(kind, id=WORDS, name=WORDS, label=TEXTS, children=st.lists(nodes, max_size=3).map(tuple))
        for kind in (Group, Repeat)
    ),
    max_leaves=6,
)
CHOICES = st.builds(Choice, name=WORDS, label=TEXTS, attributes=st.dictionaries(WORDS, WORDS, max_size=2))
QUESTIONNAIRES = st.builds(
    Questionnaire,
    title=TEXTS,
    locales=st.just(("en", "fr")),
    children=st.lists(NODES, max_size=4).map(tuple),
    choice_lists=st.lists(st.builds(ChoiceList, name=WORDS, choices=st.lists(CHOICES, max_size=3).map(tuple))).map(
        tuple
    ),
    settings=st.dictionaries(WORDS, WORDS, max_size=2),
)


@given(QUESTIONNAIRES)
def test_what_is_written_is_read_again(questionnaire: Questionnaire) -> None:
    written = encode(questionnaire)
    assert decode(written) == questionnaire
    assert encode(decode(written)) == written


def test_the_bytes_are_canonical() -> None:
    texts = [LocalisedText({"fr": "Âge", "en": "Age"}), LocalisedText({"en": "Age", "fr": "Âge"})]
    written = {
        encode(
            Questionnaire(
                title=text,
                locales=("en", "fr"),
                children=(Question(id="q1", name="age", type=QuestionType.INTEGER, label=text),),
            )
        )
        for text in texts
    }
    assert written == {
        '{"children":[{"id":"q1","kind":"question","label":{"en":"Age","fr":"Âge"},"name":"age","type":"integer"}],'
        '"locales":["en","fr"],"schema_version":1,"title":{"en":"Age","fr":"Âge"}}'.encode()
    }


def test_the_digest_is_that_of_the_bytes() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"", "document.malformed"),
        (b"\xff", "document.malformed"),
        (b"[]", "document.malformed"),
        (b'{"title":{},"locales":[],"children":[]}', "document.malformed"),
        (b'{"schema_version":1,"locales":[],"children":[]}', "document.malformed"),
        (b'{"schema_version":1,"title":{"en":1},"locales":[],"children":[]}', "document.malformed"),
        (b'{"schema_version":1,"title":"T","locales":[],"children":[]}', "document.malformed"),
        (b'{"schema_version":1,"title":{},"locales":[],"children":[{"kind":"page"}]}', "document.malformed"),
        (b'{"schema_version":99,"title":{},"locales":[],"children":[]}', "document.version"),
        (b'{"schema_version":0,"title":{},"locales":[],"children":[]}', "document.version"),
        (b"[" * 100_000, "document.malformed"),
    ],
)
def test_what_is_no_document_is_refused(written: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        decode(written)
    assert [problem.code for problem in refused.value.problems] == [code]


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(written: bytes) -> None:
    with pytest.raises(Refused):
        decode(written)


def test_older_documents_are_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def give_a_title(found: document.Document) -> document.Document:
        return found | {"title": {"en": found.pop("name")}}

    monkeypatch.setattr(document, "UPGRADES", {SCHEMA_VERSION - 1: give_a_title})
    old = {"schema_version": SCHEMA_VERSION - 1, "name": "Old", "locales": ["en"], "children": []}
    assert decode(json.dumps(old).encode()).title == LocalisedText({"en": "Old"})


def test_the_first_readers_may_come_at_once() -> None:
    """Threads of a new server process: msgspec must know the types before they meet, or the process ends."""
    program = """
import sys, threading
from consult.core.questionnaire import document
sys.setswitchinterval(1e-6)
kept, together = sys.stdin.buffer.read(), threading.Barrier(8)
def read():
    together.wait()
    document.decode(kept)
threads = [threading.Thread(target=read) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
"""
    asked = Question(id="q1", name="age", type=QuestionType.INTEGER, label=LocalisedText({"en": "Age"}))
    kept = encode(Questionnaire(title=LocalisedText({}), locales=("en",), children=(asked,) * 30))
    for _attempt in range(8):
        subprocess.run([sys.executable, "-c", program], input=kept, check=True)
