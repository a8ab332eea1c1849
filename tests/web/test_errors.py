"""Faults of the database end in a 503 that says to wait, never in a half-stored answer."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from consult.web.roles import PUBLIC
from consult.web.rules import PERMISSIONS


@pytest.mark.parametrize(
    "error",
    [OperationalError("SELECT 1", {}, Exception("database is locked")), NoConnectionError()],
    ids=["locked", "no connection"],
)
def test_a_database_that_is_away_or_busy_is_a_503(
    app: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setitem(PERMISSIONS, "broken", PUBLIC)
    app.add_url_rule("/<locale>/broken", "broken", fail)
    answer = app.test_client().get("/en/broken")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Nothing was stored" in answer.text
    assert "SELECT" not in answer.text
