"""What the bot measures set apart counts or does not, as officers say, also what came before they said it."""

from __future__ import annotations

import ibis
import pytest
from sqlalchemy import event, select, update

from consult.core.aggregation.disclosure import Thresholds
from consult.core.aggregation.tables import Kind, Variable, key
from consult.core.aggregation.tabulate import tabulate
from consult.core.aggregation.variables import CHANNEL, LOCALE
from consult.participation import measures
from consult.participation.guard import Guard
from consult.participation.models import Channel
from consult.processes.models import Activity
from consult.responses.models import Response
from consult.results.columns import held
from consult.results.fieldwork import count, keep, told
from tests.results.fieldwork import Fieldwork


def decide(fieldwork, now, *, counted):
    with fieldwork.database.transaction() as session:
        activity = session.get_one(Activity, fieldwork.activity_id)
        measures.decide(session, activity, Guard(seconds=0, hourly=0, counted=counted), by=None, now=now)


def set_apart(fieldwork, ids):
    with fieldwork.database.transaction() as session:
        session.execute(update(Response).where(Response.id.in_(ids)).values(channel=Channel.SUSPECT))


def counts(fieldwork, threshold=10):
    with fieldwork.database.reading() as session:
        activity = session.get_one(Activity, fieldwork.activity_id)
        limits = Thresholds.of(threshold)
        return count(session, activity, limits, store=fieldwork.store, engine=ibis.duckdb.connect())


def test_results_follow_the_decision_back_and_forth(fieldwork, now):
    apart = set(fieldwork.add(15))
    set_apart(fieldwork, apart)
    fieldwork.refresh()
    assert sum(map(len, fieldwork.held())) == 55
    decide(fieldwork, now, counted=False)
    fieldwork.refresh()
    assert [len(keys) for keys in fieldwork.held()] == [40]
    assert fieldwork.tabulate().responses == 40
    with fieldwork.database.reading() as session:
        assert set(session.scalars(select(Response.id).where(~Response.stored))) == apart, "they stay, and wait"
    assert fieldwork.refresh() == 0
    decide(fieldwork, now, counted=True)
    assert fieldwork.refresh() == 15
    assert fieldwork.tabulate().responses == 55


def test_closing_leaves_them_out_too(fieldwork, now):
    set_apart(fieldwork, fieldwork.add(15))
    decide(fieldwork, now, counted=False)
    fieldwork.seal(now)
    fieldwork.refresh()
    assert fieldwork.tabulate().responses == 40


@pytest.mark.parametrize(("number", "shown"), [(9, 0), (10, 10), (27, 20)])
def test_officers_see_in_tens_how_many_are_left_out_from_the_threshold_on(fieldwork, now, number, shown):
    set_apart(fieldwork, fieldwork.add(number))
    decide(fieldwork, now, counted=False)
    fieldwork.refresh()
    found = counts(fieldwork)
    assert found["apart"] == shown
    assert found["total"] == 40
    assert "suspect" not in found["channel"]


def test_what_the_page_said_of_them_is_known_once_they_count(fieldwork, now):
    set_apart(fieldwork, fieldwork.add(27))
    decide(fieldwork, now, counted=False)
    fieldwork.refresh()
    with fieldwork.database.transaction() as session:
        keep(session, fieldwork.activity_id, counts(fieldwork), now.date())
    decide(fieldwork, now, counted=True)
    fieldwork.refresh()
    assert "apart" not in counts(fieldwork)
    circumstances = [Variable(id=name, name=name, kind=Kind.SINGLE) for name in (LOCALE, CHANNEL)]
    with (
        fieldwork.database.reading() as session,
        held(session, fieldwork.activity_id, store=fieldwork.store, engine=ibis.duckdb.connect()) as found,
    ):
        tables = tabulate(found.sources, circumstances, [], 50).tables
        activity = session.get_one(Activity, fieldwork.activity_id)
        known = told(session, activity, (), tables, Thresholds.of(50))
    assert known[key((CHANNEL, Channel.SUSPECT))].least == 20


def test_what_is_left_out_is_found_without_reading_the_others(sqlite, tmp_path, now):
    """On SQLite, because PostgreSQL reads small tables whole, whatever indexes they have."""
    fieldwork, plans = Fieldwork(sqlite, tmp_path, 40), []
    set_apart(fieldwork, fieldwork.add(15))
    decide(fieldwork, now, counted=False)
    fieldwork.refresh()

    def explain(connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT") and "responses" in statement:
            lines = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(line[3] for line in lines if "responses" in line[3])

    event.listen(sqlite.engine, "before_cursor_execute", explain)
    assert fieldwork.refresh() == 0
    assert any("ix_responses_apart" in plan for plan in plans), plans
    for plan in plans:
        assert "ix_responses_" in plan or "activity_id=? AND id=?" in plan, plan
