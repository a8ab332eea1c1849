"""A draft text is imported, edited, translated, published version by version; comments are carried on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from consult.consultations import queries, service, texts
from consult.consultations.models.asked import Phase
from consult.core.drafting.document import digest, encode
from consult.core.errors import Refused
from consult.core.translation import State
from consult.processes.models import Activity, Kind
from consult.questionnaires import translating
from consult.questionnaires.translating import Typed
from tests.factories.consultations import make_comment, make_consultation, make_version
from tests.factories.processes import make_activity, make_process, make_theme

CARDS = "Residence cards are renewed by consulates within sixty days of the request."
FEES = "Fees for documents are published in every language that citizens abroad speak."
FIXTURES = Path(__file__).parents[2] / "docs" / "fixtures"


@pytest.fixture
def activity(session: Session) -> Activity:
    """An open consultation of a process in English and French."""
    return make_consultation(session, make_process(session, locales=("en", "fr"), public=True), phases=(Phase.READ,))


def bring(session: Session, activity: Activity, now: dt.datetime, *said: str, locale: str = "") -> None:
    texts.bring(session, activity, "\n\n".join(said).encode(), "policy.md", locale=locale, by=None, now=now)


def edit(session: Session, activity: Activity, now: dt.datetime, at: int, text: str, theme: str = "") -> None:
    draft = texts.draft_of(session, activity.id)
    assert draft is not None
    block = draft.blocks[at]
    seen = texts.mark(draft, block)
    texts.edit(session, activity, block.id, text=text, theme=theme, seen=seen, by=None, now=now)


def states(session: Session, activity: Activity) -> list[State]:
    found = translating.items(session, activity, "fr")
    return [item.here.state for item in found if item.kind.kind == "text"]


def test_versions_are_numbered_hashed_and_stay(session: Session, activity: Activity, now: dt.datetime) -> None:
    assert [problem.code for problem in service.lacking(session, activity, now)] == ["consultations.text.missing"]
    first = make_version(session, activity, CARDS, FEES)
    second = make_version(session, activity, CARDS.replace("sixty", "thirty"), FEES)
    assert [version.number for version in queries.versions(session, activity.id)] == [2, 1]
    assert first.hash == digest(first.document) != second.hash
    assert texts.opened(first.document).blocks[0].id == texts.opened(second.document).blocks[0].id
    assert service.lacking(session, activity, now) == []
    with pytest.raises(Refused, match=r"consultations\.text\.same"):
        texts.publish(session, activity, by=None, now=now)


def test_what_was_looked_at_is_what_is_published(session: Session, activity: Activity, now: dt.datetime) -> None:
    bring(session, activity, now, CARDS)
    shown = texts.proposed(session, activity)
    assert shown is not None
    edit(session, activity, now, 0, FEES)
    with pytest.raises(Refused, match=r"consultations\.text\.changed"):
        texts.publish(session, activity, seen=digest(encode(shown)), by=None, now=now)


def test_a_wrong_file_does_no_harm(session: Session, activity: Activity, now: dt.datetime) -> None:
    make_theme(session, activity.process, "cards")
    version = make_version(session, activity, CARDS, FEES)
    edit(session, activity, now, 0, CARDS, theme="cards")
    with pytest.raises(Refused, match=r"drafting\.text\.empty"):
        bring(session, activity, now, " ")
    bring(session, activity, now, "Something else entirely was uploaded.")
    bring(session, activity, now, FEES, CARDS)
    draft = texts.draft_of(session, activity.id)
    assert draft is not None
    assert [block.id for block in draft.blocks] == [
        block.id for block in reversed(texts.opened(version.document).blocks)
    ]


def test_a_block_is_edited_and_taken_out(session: Session, activity: Activity, now: dt.datetime) -> None:
    bring(session, activity, now, CARDS, FEES)
    edit(session, activity, now, 0, "Cards are free.", theme="cards")
    edit(session, activity, now, 1, "")
    draft = texts.draft_of(session, activity.id)
    assert draft is not None
    (block,) = draft.blocks
    assert (draft.text(block), block.theme) == ("Cards are free.", "cards")
    with pytest.raises(Refused, match=r"drafting\.text\.empty"):
        edit(session, activity, now, 0, " ")
    with pytest.raises(Refused, match=r"consultations\.text\.changed"):
        texts.edit(session, activity, block.id, text="Mine", theme="", seen="older", by=None, now=now)


def test_blocks_are_translated_and_become_stale(session: Session, activity: Activity, now: dt.datetime) -> None:
    bring(session, activity, now, CARDS, FEES)
    bring(session, activity, now, "Les cartes sont renouvelées.", "Les tarifs sont publiés.", locale="fr")
    assert states(session, activity) == [State.REVIEWED, State.REVIEWED]
    first = texts.publish(session, activity, by=None, now=now)
    edit(session, activity, now, 0, CARDS.replace("sixty", "thirty"))
    assert states(session, activity) == [State.STALE, State.REVIEWED]
    item = next(item for item in translating.items(session, activity, "fr") if item.key.endswith("/text"))
    translating.save(session, activity, "fr", [Typed(item.key, "Cartes", reviewed=False)], by=None, now=now)
    assert states(session, activity) == [State.DRAFT, State.REVIEWED]
    second = texts.publish(session, activity, by=None, now=now)
    assert ["fr" in block.words for block in texts.opened(second.document).blocks] == [False, True]
    translating.save(session, activity, "fr", [Typed(item.key, "Cartes", reviewed=True)], by=None, now=now)
    third = texts.publish(session, activity, by=None, now=now)
    assert texts.opened(third.document).blocks[0].words["fr"] == "Cartes"
    assert texts.opened(first.document).blocks[0].words["fr"].startswith("Les cartes"), "a version never changes"


def test_a_translation_needs_a_text_and_a_language_of_the_process(
    session: Session, activity: Activity, now: dt.datetime
) -> None:
    with pytest.raises(Refused, match=r"consultations\.text\.none"):
        bring(session, activity, now, "Cartes", locale="fr")
    with pytest.raises(Refused, match=r"consultations\.text\.locale"):
        bring(session, activity, now, "Karten", locale="de")
    with pytest.raises(Refused, match=r"consultations\.text\.none"):
        texts.publish(session, activity, by=None, now=now)
    bare = make_activity(session, activity.process, kind=Kind.CONSULTATION)
    with pytest.raises(Refused, match=r"consultations\.unset"):
        bring(session, bare, now, CARDS)


def test_comments_on_a_real_policy_are_counted_where_they_land(session: Session, activity: Activity) -> None:
    files = [(FIXTURES / f"migration-policy-{number}.md").read_text(encoding="utf-8") for number in (1, 2)]
    first = texts.opened(make_version(session, activity, markdown=files[0]).document)
    for block in first.blocks:
        make_comment(session, activity, part=block.id, version=1)
    make_comment(session, activity, part="", version=1)
    make_comment(session, activity, part=first.blocks[0].id, version=1, state="waiting")
    make_version(session, activity, markdown=files[1])
    versions = queries.versions(session, activity.id)
    second = texts.opened(versions[0].document)
    said = {
        second.text(second.by_id[part])[:20] if part else "": count
        for part, count in texts.tally(session, versions).items()
    }
    assert sum(said.values()) == len(first.blocks) + 1
    assert said[""] == 3, "on the whole text, and on two paragraphs that were left out"
    assert said["(a) The Assistant to"] == 3 and said["(a) The Secretary of"] == 2 and said["(A) combating corrup"] == 2
