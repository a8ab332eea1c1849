"""The demo's consultation: what it asks, what came, and the opinion groups that were planted in its votes."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.config import Keys, Settings
from consult.consultations import queries, texts
from consult.consultations.models.contributed import Comment, Endorsement, Participant, State, Submission
from consult.consultations.models.moderated import Decision
from consult.consultations.models.opinions import Statement, Vote
from consult.core.drafting.document import Kind
from consult.core.drafting.landing import Change
from consult.core.opinion.analysis import NOBODY, analyse
from consult.core.opinion.stability import adjusted_rand
from consult.core.opinion.votes import Vote as Cast
from consult.core.opinion.votes import collect
from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.db.session import Database
from consult.demo import content, voices
from consult.demo.consultation import DAYS, VOTERS
from consult.demo.filling import SEED
from consult.processes.models import Activity
from consult.processes.models import Kind as ActivityKind
from tests import applications
from tests.conftest import NOW

LOCALES = ("en", "fr", "ar")


@pytest.fixture
def activity(session: Session) -> Activity:
    return session.scalars(select(Activity).where(Activity.kind == ActivityKind.CONSULTATION)).one()


def _count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _texts() -> Iterator[LocalisedText]:
    yield from (block.words for block in content.draft_policy().blocks.values())
    yield from (statement.words for statement in content.statements())


def test_what_is_read_and_voted_on_is_there_in_three_locales_and_the_rest_in_six() -> None:
    asked, locales = content.consultation(), content.load().locales
    assert [words for words in _texts() if words.missing(LOCALES)] == []
    assert [words for words in (asked.title, asked.purpose, asked.policy, asked.uses) if words.missing(locales)] == []
    for words in _texts():
        figures = [re.findall(r"\d+", words[locale]) for locale in LOCALES]
        assert figures[1:] == figures[:-1], words["en"]


def test_it_has_been_open_since_forty_days_with_what_it_asks(session: Session, activity: Activity) -> None:
    assert activity.state(NOW) == "open"
    assert activity.opens_at == NOW - dt.timedelta(days=DAYS)
    assert queries.consultation(session, activity.id).phases == ["read", "vote", "submit"]
    assert tuple(activity.locales) == content.load().locales
    themes = {theme.code for top in content.load().process.themes for _, theme in top.walk()}
    assert {statement.theme for statement in session.scalars(select(Statement))} <= themes


def test_the_text_has_twelve_paragraphs_then_one_more_one_changed_and_one_moved(
    session: Session, activity: Activity
) -> None:
    second, first = queries.versions(session, activity.id)
    paragraphs = [block for block in texts.opened(first.document).blocks if block.kind is Kind.PARAGRAPH]
    assert len(paragraphs) == 12
    assert all(block.theme and set(block.words) == set(LOCALES) for block in paragraphs)
    for locale in LOCALES:
        rows = texts.difference(first.document, second.document, locale)
        changes = Counter(row.change for row in rows)
        assert (changes[Change.INSERTED], changes[Change.CHANGED], changes[Change.DELETED]) == (1, 1, 0)
        assert sum(row.moved for row in rows) == 1


def test_so_much_came(session: Session) -> None:
    assert _count(session, Statement) == 60
    assert session.scalar(select(func.count(Vote.code.distinct()))) == VOTERS == 1_500
    assert _count(session, Vote) / (60 * VOTERS) == pytest.approx(0.6, abs=0.01)
    assert _count(session, Submission) == 12
    assert _count(session, Participant) == VOTERS + 12


def test_three_hundred_comments_in_five_languages(session: Session, activity: Activity) -> None:
    comments = {comment.id: comment for comment in session.scalars(select(Comment))}
    assert len(comments) == 300
    assert set(Counter(comment.locale for comment in comments.values())) == {"en", "fr", "ar", "es", "pt"}
    states = Counter(comment.state for comment in comments.values())
    assert states == {State.SHOWN: 283, State.WAITING: 8, State.REFUSED: 5, State.SET_APART: 4}
    parts = {
        version.number: set(texts.opened(version.document).by_id) for version in queries.versions(session, activity.id)
    }
    assert all(comment.part in parts[comment.version] for comment in comments.values())
    assert len({comment.day for comment in comments.values()}) > 30
    for comment in comments.values():
        above = comments.get(comment.parent_id) if comment.parent_id else None
        assert above is None or (above.parent_id is None and above.part == comment.part and above.day <= comment.day)
    alike = Counter(comment.alike_id for comment in comments.values() if comment.alike_id)
    assert {6, 14} <= set(alike.values())


def test_comments_carry_the_endorsements_and_decisions_that_are_there(session: Session) -> None:
    shared = Counter(session.scalars(select(Endorsement.comment_id)))
    decided = dict(session.execute(select(Decision.object_id, Decision.act)).all())
    acts = {State.SHOWN: "show", State.REFUSED: "refuse"}
    for comment in session.scalars(select(Comment)):
        assert shared[comment.id] == comment.endorsed
        assert decided.get(comment.id) == acts.get(State(comment.state))
    own = select(Endorsement).join(Comment, (Comment.id == Endorsement.comment_id) & (Comment.code == Endorsement.code))
    assert session.scalars(own).all() == []


def test_the_planted_groups_are_found(session: Session, activity: Activity) -> None:
    statements = content.statements()
    places = {statement.words["en"]: at for at, statement in enumerate(statements)}
    place = {one.id: places[one.label["en"]] for one in session.scalars(select(Statement))}
    ballots: dict[str, dict[int, int]] = defaultdict(dict)
    for vote in session.scalars(select(Vote)):
        ballots[vote.code.hex()][place[vote.statement_id]] = vote.value
    cast = (Cast(code, str(at), value, 0) for code, ballot in ballots.items() for at, value in ballot.items())
    found = analyse(collect(cast), threshold=activity.process.threshold, runs=8)

    # Nothing stored joins a person to a planted group: whoever was drawn is known by a ballot that nobody else has.
    drawn = voices.voters(statements, content.population(), count=VOTERS, seed=SEED)
    planted = {frozenset(voter.votes.items()): voter.group for voter in drawn}
    assert len(planted) == VOTERS
    groups = np.asarray([planted[frozenset(ballots[code].items())] for code in found.participants])
    assert len(found.groups) == len(voices.SHARES) == 3
    assert NOBODY not in found.labels
    assert adjusted_rand(found.labels, groups) >= 0.9
    assert found.stability is not None
    assert found.stability.low >= 0.9


@pytest.mark.parametrize("locale", LOCALES)
def test_its_pages_are_there(filled: Database, keys: Keys, settings: Settings, locale: str) -> None:
    client = applications.begun(settings, keys, filled).test_client()
    slug = content.consultation().slug
    for page in ("", "/policy", "/text", "/text/versions", "/text/versions/1-2"):
        answer = client.get(f"/{locale}/c/{slug}{page}")
        assert answer.status_code == 200, page
    title = content.draft_policy().blocks["title"].words[locale].removeprefix("# ")
    assert title in client.get(f"/{locale}/c/{slug}/text").text
