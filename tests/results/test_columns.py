"""The column store holds what was mixed, lets go of what was withdrawn, and forgets the order."""

from __future__ import annotations

import random
import uuid
from itertools import pairwise

import pyarrow
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, func, select

from consult.core.progress import Cancelled
from consult.responses.models import Response, Tombstone
from consult.results import columns, segments, stored, stores
from tests.results.fieldwork import Fieldwork


def test_too_few_responses_wait(database, store):
    fieldwork = Fieldwork(database, store, 9)

    assert fieldwork.refresh() == 0
    assert fieldwork.held() == []
    fieldwork.add(1)
    assert fieldwork.refresh() == 10


def test_a_refresh_writes_only_what_is_new(fieldwork):
    assert fieldwork.refresh() == 40
    fieldwork.add(15)
    assert fieldwork.refresh() == 15
    assert fieldwork.refresh() == 0
    assert sorted(map(len, fieldwork.held())) == [15, 40]


def test_closing_makes_one_segment_of_everything(fieldwork, now):
    fieldwork.refresh()
    fieldwork.add(3)
    fieldwork.seal(now)

    assert fieldwork.refresh() == 43
    assert [len(keys) for keys in fieldwork.held()] == [43]
    assert len(fieldwork.files()) == 2
    assert fieldwork.refresh() == 0


def test_closing_mixes_everything_into_segments_of_bounded_size(fieldwork, now):
    fieldwork.refresh()
    for _ in range(3):
        fieldwork.add(40)
        fieldwork.refresh()
    before = {key for keys in fieldwork.held() for key in keys}
    fieldwork.seal(now)

    assert fieldwork.refresh(most=50) == 160
    held = sorted(fieldwork.held(), key=min)
    assert set().union(*held) == before
    assert sum(map(len, held)) == 160
    assert len(held) == 4
    assert all(max(one) < min(other) for one, other in pairwise(held)), "by their random keys, and by nothing else"
    assert fieldwork.refresh(most=50) == 0


def test_a_withdrawal_after_closing_rewrites_one_segment(fieldwork, now):
    fieldwork.add(120)
    fieldwork.seal(now)
    fieldwork.refresh(most=50)
    files = set(fieldwork.files())
    (gone,) = random.Random(1).sample(sorted(fieldwork.held()[0]), 1)
    fieldwork.withdraw([gone])

    fieldwork.refresh(most=50)

    assert len(files & set(fieldwork.files())) == len(files) - 2
    assert sum(map(len, fieldwork.held())) == 159


def test_progress_is_told_and_who_cancels_leaves_everything_as_it_was(fieldwork):
    told = []
    fieldwork.refresh(progress=lambda *step: told.append(step))
    assert told == [(0, 40)]
    fieldwork.add(20)

    def cancel(*_):
        raise Cancelled

    with pytest.raises(Cancelled):
        fieldwork.refresh(progress=cancel)
    assert [len(keys) for keys in fieldwork.held()] == [40]


def test_a_refresh_asks_the_database_only_for_what_waits(sqlite, tmp_path):
    """On SQLite, because PostgreSQL reads small tables whole, whatever indexes they have."""
    fieldwork, plans = Fieldwork(sqlite, tmp_path, 40), []
    fieldwork.refresh()
    fieldwork.add(20)

    def explain(connection, _cursor, statement, parameters, *_):
        if statement.startswith(("SELECT", "UPDATE")) and "responses" in statement:
            lines = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(line[3] for line in lines if "responses" in line[3])

    event.listen(sqlite.engine, "before_cursor_execute", explain)
    assert fieldwork.refresh() == 20
    assert len(plans) == 3
    for plan in plans:
        assert "ix_responses_fresh" in plan or "activity_id=? AND id=?" in plan, plan


def test_a_response_is_found_without_reading_others(store):
    rng, activity, name = random.Random(2), uuid.UUID(int=1), uuid.UUID(int=2)
    keys = [uuid.UUID(int=rng.getrandbits(128), version=4) for _ in range(200_000)]
    table = pyarrow.table({"key": pyarrow.array([key.bytes for key in keys], pyarrow.binary(16))})
    segments.write(store, activity, name, segments.Columns(table, table, {}))

    for key in (min(keys), max(keys), *rng.sample(keys, 5)):
        assert segments.holds_any(store, activity, name, [key, uuid.UUID(int=rng.getrandbits(128))])
    for stranger in (uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), uuid.UUID(int=rng.getrandbits(128))):
        assert not segments.holds_any(store, activity, name, [stranger])
    spans = [segments.read(store, activity, [name], span) for span in segments.spans(7)]
    assert [key for each in spans for key in segments.keys(each)] == sorted(keys)


# --- few files ---


def test_many_small_segments_become_few(fieldwork):
    fieldwork.refresh()
    for _ in range(9):
        fieldwork.add(10)
        fieldwork.refresh()
    before, tables = {key for keys in fieldwork.held() for key in keys}, fieldwork.tabulate().tables

    assert fieldwork.compact(most=1000) == 130

    assert [len(keys) for keys in fieldwork.held()] == [130]
    assert {key for keys in fieldwork.held() for key in keys} == before
    assert len(fieldwork.files()) == 2
    assert fieldwork.tabulate().tables == tables
    assert fieldwork.compact(most=1000) == 0


@given(st.lists(st.integers(1, 400), min_size=1, max_size=300), st.integers(400, 4000))
def test_segments_stay_few_and_each_response_is_rewritten_a_few_times(added, most):
    """What refreshes leave, merged after each of them."""
    sizes, rewritten = [], 0
    for size in added:
        sizes.append(size)
        if chosen := columns.mergeable(sizes, most):
            merged = [sizes[place] for place in chosen]
            assert len(set(chosen)) == len(merged) >= 2
            assert sum(merged) <= most
            rewritten += sum(merged)
            sizes = [size for place, size in enumerate(sizes) if place not in chosen] + [sum(merged)]
        assert sum(sizes) <= sum(added)
    levels = most.bit_length() // 3 + 1
    while chosen := columns.mergeable(sizes, most):
        sizes = [size for place, size in enumerate(sizes) if place not in chosen] + [sum(sizes[one] for one in chosen)]
    assert sum(sizes) == sum(added)
    assert len(sizes) <= 7 * levels + 2 * sum(added) / most + 1
    assert rewritten <= (levels + 3) * sum(added)


def test_what_was_withdrawn_leaves_the_files(fieldwork):
    fieldwork.refresh()
    first = fieldwork.files()
    gone = list(fieldwork.held()[0])[:2]
    fieldwork.withdraw(gone)

    fieldwork.refresh()

    assert [len(keys) for keys in fieldwork.held()] == [38]
    assert not set(fieldwork.files()) & set(first)
    assert not any(key.bytes in fieldwork.read(name) for key in gone for name in fieldwork.files())
    with fieldwork.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Tombstone)) == 0


def test_a_segment_left_with_too_few_goes_back_to_wait(fieldwork):
    fieldwork.refresh()
    fieldwork.withdraw(list(fieldwork.held()[0])[:35])

    fieldwork.refresh()

    assert fieldwork.held() == []
    assert fieldwork.files() == []
    fieldwork.add(6)
    assert fieldwork.refresh() == 11


def test_a_response_withdrawn_while_its_segment_is_written_is_not_entered(fieldwork, monkeypatch):
    ids = fieldwork.add(5)
    write = segments.write

    def slow(*arguments):
        fieldwork.withdraw(ids)
        return write(*arguments)

    monkeypatch.setattr(segments, "write", slow)
    with pytest.raises(stored.Overtaken):
        fieldwork.refresh()
    monkeypatch.undo()

    assert fieldwork.refresh() == 40
    assert len(fieldwork.files()) == 2  # the orphans of the first attempt were swept


def test_files_tell_no_time_and_no_order(database, tmp_path):
    """In a folder: an S3 store says when it got an object, and takes no other time."""
    fieldwork = Fieldwork(database, tmp_path / "columns", 40)
    with fieldwork.database.reading() as session:
        arrived = [name.bytes for name in session.scalars(select(Response.id))]
    fieldwork.refresh()
    stored = [key.bytes for keys in fieldwork.held() for key in keys]

    assert {path.stat().st_mtime for path in fieldwork.store.rglob("*.parquet")} == {946684800.0}
    assert sorted(stored) == sorted(arrived)
    with fieldwork.database.reading() as session:
        coded, texts, _ = segments.read(
            fieldwork.store, fieldwork.activity_id, [session.scalar(select(columns.Segment.id))]
        )
    assert coded["key"].to_pylist() == texts["key"].to_pylist() == sorted(arrived)  # that is: in random order


def test_a_segment_from_before_record_keys_is_read_with_them(fieldwork):
    fieldwork.refresh()
    with fieldwork.database.reading() as session:
        name = session.scalar(select(columns.Segment.id))
    path = segments.path_of(fieldwork.store, fieldwork.activity_id, name)
    now = segments.read(fieldwork.store, fieldwork.activity_id, [name]).coded
    with stores.parquet(path) as file:
        old = file.read().drop_columns([segments.RECORD_KEY])
    system, place = stores.located(path)
    pq.write_table(old, place, filesystem=system, store_schema=False)

    then = segments.read(fieldwork.store, fieldwork.activity_id, [name]).coded

    assert then.column_names == now.column_names
    assert then[segments.RECORD_KEY].to_pylist() == now[segments.RECORD_KEY].to_pylist()


def test_contact_data_never_enters(fieldwork):
    fieldwork.refresh()
    ids = {question.name: question.id for question in fieldwork.survey.questions()}
    with fieldwork.database.reading() as session:
        names = [segment.id for segment in columns.manifest(session, fieldwork.activity_id)]
    coded, texts, _ = segments.read(fieldwork.store, fieldwork.activity_id, names)

    assert ids["email"] not in coded.column_names + texts.column_names
    assert set(texts.column_names) == {"key", ids["wishes"], ids["adult"]}


def test_segment_names_come_from_the_given_source_of_chance(fieldwork):
    expected = random.Random()
    expected.setstate(fieldwork.rng.getstate())

    fieldwork.refresh()

    assert fieldwork.files()[0].startswith(str(uuid.UUID(int=expected.getrandbits(128), version=4)))
