"""A browser without JavaScript that contributes to the consultation `/en/c/draft`."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from consult.consultations.models.contributed import Comment
from consult.db.session import Database

ROOT = "/en/c/draft"


def token(client: FlaskClient, page: str) -> str:
    """What the form of a page carries."""
    found = re.search(r'name="form" value="([^"]+)"', client.get(page).text)
    assert found is not None, page
    return found[1]


def give(client: FlaskClient, page: str = "/text/p1", **typed: object) -> TestResponse:
    """Fill in the form of a page, and send it."""
    return client.post(ROOT + page, data={"form": token(client, ROOT + page), **typed})


def show(database: Database) -> None:
    """A moderator lets everything stand that waits."""
    with database.transaction() as session:
        session.execute(update(Comment).where(Comment.state == "waiting").values(state="shown"))


def kept(database: Database) -> list[Comment]:
    """All comments."""
    with database.reading() as session:
        return list(session.scalars(select(Comment).order_by(Comment.body)))
