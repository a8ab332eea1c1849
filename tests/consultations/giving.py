"""A browser without JavaScript that contributes to the consultation `/en/c/draft`."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from consult.consultations.models.contributed import Comment
from consult.db.session import Database

ROOT = "/en/c/draft"


def hidden(page: TestResponse, name: str) -> str:
    """What a field of a page's form holds that nobody sees; empty where there is none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return found[1] if found else ""


def token(client: FlaskClient, page: str) -> str:
    """What the form of a page carries."""
    return hidden(client.get(page), "form")


def give(client: FlaskClient, page: str = "/text/p1", **typed: object) -> TestResponse:
    """Fill in the form of a page, and send it."""
    shown = client.get(ROOT + page)
    carried = {name: hidden(shown, name) for name in ("form", "version")}
    return client.post(ROOT + page, data={**carried, **typed})


def show(database: Database) -> None:
    """A moderator lets everything stand that waits."""
    with database.transaction() as session:
        session.execute(update(Comment).where(Comment.state == "waiting").values(state="shown"))


def kept(database: Database) -> list[Comment]:
    """All comments."""
    with database.reading() as session:
        return list(session.scalars(select(Comment).order_by(Comment.body)))
