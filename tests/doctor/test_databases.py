"""Settings of either database that lose or tell something are noticed."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event

from consult.db.session import Database
from consult.doctor import databases


@pytest.mark.parametrize(
    ("pragma", "value", "kind"),
    [
        ("journal_mode", "DELETE", "fault"),
        ("synchronous", "OFF", "fault"),
        ("synchronous", "NORMAL", "fault"),
        ("foreign_keys", "OFF", "fault"),
        ("secure_delete", "OFF", "leak"),
    ],
)
def test_a_weak_pragma_is_noticed(sqlite: Database, now: dt.datetime, pragma: str, value: str, kind: str) -> None:
    @event.listens_for(sqlite.engine, "connect")
    def weaken(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}={value}")

    sqlite.close()
    with sqlite.reading() as session:
        (problem,) = databases.found(session, now)
    assert (problem.code, problem.params["setting"]) == (f"doctor.{kind}.database", pragma)


@pytest.mark.parametrize(
    ("setting", "value", "kind"),
    [
        ("log_statement", "all", "leak"),
        ("log_statement", "mod", "leak"),
        ("log_min_duration_statement", "0", "leak"),
        ("log_min_duration_sample", "100", "leak"),
        ("log_transaction_sample_rate", "0.5", "leak"),
        ("log_parameter_max_length_on_error", "-1", "leak"),
        ("auto_explain.log_min_duration", "0", "leak"),
        ("track_commit_timestamp", "on", "leak"),
        ("fsync", "off", "fault"),
        ("full_page_writes", "off", "fault"),
        ("synchronous_commit", "off", "fault"),
    ],
)
def test_a_weak_setting_of_postgresql_is_noticed(setting: str, value: str, kind: str) -> None:
    (problem,) = databases.postgresql_found({"log_statement": "none", setting: value})

    assert (problem.code, problem.params["setting"], problem.params["value"]) == (
        f"doctor.{kind}.database",
        setting,
        value,
    )
