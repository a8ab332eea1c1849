"""kill −9 at every step of a refresh or a merge: the state is as before or as after, never between."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import delete, event, select

from consult.core.questionnaire.definition import QuestionType, Repeat
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from consult.responses.models import Response, Tombstone
from consult.results import columns, segments, stores
from consult.results.content import Plan
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.factories.results import choices, make_responses
from tests.results import killing
from tests.results.surveying import PLAN, Survey

FOLDER, DISTANT = ("sqlite", "folder"), ("postgresql", "s3")


def on(*places):
    """With which databases and stores."""
    return pytest.mark.parametrize(("database", "store"), places, indirect=True)


MOST = 100
SURVEY = make_questionnaire(
    make_question("sex", QuestionType.SELECT_ONE, choices="sexes"),
    make_question("topics", QuestionType.SELECT_MULTIPLE, choices="topics"),
    make_question("wish", QuestionType.TEXT),
    Repeat(id="qmember", name="member", children=(make_question("tie", QuestionType.SELECT_ONE, choices="topics"),)),
    lists=(choices("sexes", "f", "m"), choices("topics", "a", "b", "c")),
)


class Watched(Survey):
    """A survey whose column store is looked into after each kill."""

    def add(self, number):
        with self.database.transaction() as session:
            edition = session.get_one(Edition, (self.activity_id, 1))
            make_responses(session, edition, self.questionnaire, [self.draw() for _ in range(number)])

    def draw(self):
        own = {"sex": self.rng.choice("fm"), "topics": self.rng.sample("abc", 2), "wish": str(self.rng.random())}
        many = self.rng.randrange(4)
        return {**own, "member": many, **{f"tie-{one}": self.rng.choice("abc") for one in range(1, many + 1)}}

    def close(self):
        with self.database.transaction() as session:
            session.get_one(Activity, self.activity_id).sealed_at = self.now

    def withdraw(self, number):
        with self.database.transaction() as session:
            stored = select(Response.id).where(Response.activity_id == self.activity_id, Response.stored)
            gone = self.rng.sample(sorted(session.scalars(stored)), number)
            session.execute(delete(Response).where(Response.id.in_(gone)))
            session.add_all([Tombstone(activity_id=self.activity_id, id=name) for name in gone])
        return gone

    def forget_entries(self):
        """Segments as they were written before entries were kept."""
        store = self.settings.column_store
        with self.database.transaction() as session:
            for segment in columns.manifest(session, self.activity_id):
                coded, texts, _ = segments.read(store, self.activity_id, [segment.id])
                coded = coded.drop_columns([segments.how_many("qmember")])
                for file in (store / str(self.activity_id)).glob(f"{segment.id}.*"):
                    file.unlink()
                segment.hash = segments.write(store, self.activity_id, segment.id, segments.Columns(coded, texts, {}))

    def held(self):
        """Every response that the manifest stands for, and how many of its segments know entries."""
        store = self.settings.column_store
        with self.database.reading() as session:
            found = [
                segments.read(store, self.activity_id, [segment.id])
                for segment in columns.manifest(session, self.activity_id)
            ]
        return sorted(key for each in found for key in segments.keys(each)), sum(bool(each.entries) for each in found)

    def state(self):
        """Everything the manifest stands for; what does not fit together fails."""
        store, found = self.settings.column_store, {}
        with self.database.reading() as session:
            for segment in columns.manifest(session, self.activity_id):
                digest = hashlib.sha256()
                for apart in ({}, {"texts": True}, {"entries": "qmember"}):
                    system, path = stores.located(segments.path_of(store, self.activity_id, segment.id, **apart))
                    with system.open_input_stream(path) as file:
                        digest.update(file.read())
                assert digest.hexdigest() == segment.hash
                held = segments.read(store, self.activity_id, [segment.id])
                found[segment.id] = segments.keys(held)
                assert len(found[segment.id]) == segment.rows
                assert held.entries["qmember"].num_rows == sum(held.coded[segments.how_many("qmember")].to_pylist())
            keys = [key for each in found.values() for key in each]
            assert len(keys) == len(set(keys)), "nobody counts twice"
            mine = select(Response.id).where(Response.activity_id == self.activity_id)
            stored = set(session.scalars(mine.where(Response.stored)))
            waiting = set(session.scalars(mine.where(~Response.stored)))
            gone = set(session.scalars(select(Tombstone.id).where(Tombstone.activity_id == self.activity_id)))
        assert set(keys) == stored | (gone & set(keys))
        assert not waiting & set(keys)
        return frozenset(found), frozenset(waiting), frozenset(gone)

    def kill(self, work):
        """Kill it at its first step, its second, … until it goes through; how many steps there were."""
        url = self.database.url.render_as_string(hide_password=False)
        states = [self.state()]
        step, killed = 0, True
        while killed:
            step += 1
            killed = killing.killed(step, work, url, self.activity_id, self.settings.column_store, MOST, self.s3)
            states.append(self.state())
            assert self.verify().good, step
        assert len(set(states)) == 2, "before and after, and nothing between"
        assert states[-1] != states[0]
        return step - 1


@pytest.fixture
def watched(database, settings, keys, now, store, s3):
    settings = replace(settings, columns=str(store))
    found = Watched(database, settings, keys, now, questionnaire=SURVEY)
    found.s3 = s3
    found.add(60)
    killing.refresh(database, found.activity_id, settings.column_store, MOST)
    found.freeze(Plan(title=PLAN.title, crossings=("sex",)))
    return found


class Killed(BaseException):
    """Nobody is there to clean up."""


@contextlib.contextmanager
def ended(database, step):
    """Whatever works with a database ends before so many commits."""
    left = iter(range(1, step))

    def end(_):
        if next(left, None) is None:
            raise Killed

    event.listen(database.engine, "commit", end)
    try:
        yield
    finally:
        event.remove(database.engine, "commit", end)


def finished(watched):
    """Nothing is left to do, and nothing lies about."""
    killing.refresh(watched.database, watched.activity_id, watched.settings.column_store, MOST)
    held, waiting, gone = watched.state()
    files = stores.names(stores.within(watched.settings.column_store, str(watched.activity_id)))
    assert (len(files), waiting, gone) == (3 * len(held), frozenset(), frozenset())
    return held


@on(FOLDER, DISTANT)
def test_a_refresh_that_writes_rewrites_and_lets_go(watched):
    watched.add(30)
    watched.withdraw(3)
    assert watched.kill(killing.refresh) > 10
    assert len(finished(watched)) == 2


@on(FOLDER)
def test_a_refresh_that_mixes_a_closed_activity(watched):
    watched.add(90)
    watched.close()
    assert watched.kill(killing.refresh) > 10
    assert len(finished(watched)) == 2


@on(FOLDER, DISTANT)
def test_a_merge_of_small_segments(watched):
    for _ in range(9):
        watched.add(10)
        killing.refresh(watched.database, watched.activity_id, watched.settings.column_store, MOST)
    assert watched.kill(killing.compact) > 10
    assert len(finished(watched)) == 2


@on(FOLDER)
def test_segments_from_before_entries_are_written_anew_one_after_the_other(watched):
    """Ended abruptly before each commit: what is on the disk is the same as after a kill."""
    watched.add(30)
    killing.refresh(watched.database, watched.activity_id, watched.settings.column_store, MOST)
    everybody, new = watched.held()
    assert (len(everybody), new) == (90, 2)
    watched.forget_entries()
    (gone,) = watched.withdraw(1)
    seen = []

    for step in range(1, 9):
        with contextlib.suppress(Killed), ended(watched.database, step):
            killing.refresh(watched.database, watched.activity_id, watched.settings.column_store, MOST)
        found, new = watched.held()
        seen.append(new)
        assert set(everybody) - {gone} <= set(found) <= set(everybody)
        assert len(found) == len(set(found)), "nobody counts twice"
        killing.compact(watched.database, watched.activity_id, watched.settings.column_store, MOST)

    assert seen == sorted(seen)
    assert set(seen) == {0, 1, 2}
    assert len(finished(watched)) == 2
