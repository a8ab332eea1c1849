"""A browser without JavaScript at an activity with the address `/en/q/survey`."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consult.core.questionnaire.answers import decode
from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity
from consult.responses.models import Response

CLOSES = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
Clock = Callable[[dt.timedelta], None]
Opened = Callable[..., Activity]


def send(client: FlaskClient, path: str, **form: str | list[str]) -> TestResponse:
    """A form, sent to a page; `__` in a field's name stands for a dot."""
    fields = {name.replace("__", "."): value for name, value in form.items()}
    return client.post(f"/en/q/survey{path}", data=fields)


def first(client: FlaskClient, **form: str | list[str]) -> TestResponse:
    """The first page, sent."""
    return send(client, "", edition="1", **form)


def to(response: TestResponse) -> str:
    """Where a page leads."""
    assert response.status_code == 303, response.text
    return response.location.removeprefix("/en/q/survey")


def stored(database: Database) -> dict[str, object]:
    """The answers of the only row in the intake."""
    with database.reading() as session:
        (answers,) = session.scalars(select(Intake.answers))
        return dict(decode(answers))


def visible(response: TestResponse) -> str:
    """The words of a page's main part, as they are read without JavaScript."""
    main = re.sub(r"<script.*?</script>", "", response.text.partition("<main")[2].partition("</main")[0], flags=re.S)
    while (without := re.sub(r"<template>((?!<template>).)*?</template>", "", main, flags=re.S)) != main:
        main = without
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def code_in(client: FlaskClient, slug: str = "survey") -> str:
    """The code in the cookie."""
    cookie = client.get_cookie(f"draft-{slug}")
    assert cookie is not None
    return cookie.value


def count(database: Database, model: type[Intake | Response]) -> int:
    """How many rows there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def channels(database: Database) -> Counter[str]:
    """How many submissions wait on each channel."""
    with database.reading() as session:
        return Counter(session.scalars(select(Intake.channel).where(Intake.state == "submitted")))
