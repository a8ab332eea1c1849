"""Attacks on the plan of an event: from outside the ministry, by addresses of others, before it opens, with scripts."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient

from consult.accounts.models import Role
from consult.config import Settings
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.events import handouts
from consult.events.models.planned import Handout
from consult.processes.models import Process
from tests.factories import accounts as make
from tests.factories.events import make_event, make_occasion

SCRIPT = "<script>alert(1)</script>"
DESK = "/en/desk/events"


@pytest.fixture
def planned(database: Database, settings: Settings) -> uuid.UUID:
    """An open event, and one that is a draft, each with an occasion and a document; the process of the open one."""
    with database.transaction() as session:
        for slug, given in (("abroad", {}), ("secret", {"opens_at": None})):
            activity = make_event(session, slug=slug, **given)  # type: ignore[arg-type]  # its fields
            make_occasion(session, activity, SCRIPT, place=LocalisedText({"en": SCRIPT}))
            file = handouts.folder(settings.uploads, activity.id).put(b"What it is about.")
            title = LocalisedText({"en": SCRIPT})
            session.add(
                Handout(id=_document(slug), activity_id=activity.id, title=title, file=file, filename="1.txt", size=17)
            )
            if slug == "abroad":
                found = activity.process_id
        return found


def _document(slug: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_DNS, slug)


def test_the_public_reads_what_is_open_and_nothing_of_drafts(client: FlaskClient, planned: uuid.UUID) -> None:
    for page in ("", "/1"):
        assert SCRIPT not in client.get(f"/en/e/abroad{page}").text
    assert client.get(f"/en/e/abroad/documents/{_document('abroad')}").status_code == 200
    for page in (
        "secret",
        "secret/1",
        "secret/1.ics",
        f"secret/documents/{_document('secret')}",
        f"abroad/documents/{_document('secret')}",
        "abroad/2",
        "abroad/2.ics",
        "abroad/99999999999999999999",
    ):
        assert client.get(f"/en/e/{page}").status_code == 404, page


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.TRANSLATOR, None])
def test_only_who_runs_the_process_plans(
    client: FlaskClient, database: Database, planned: uuid.UUID, role: Role | None
) -> None:
    with database.transaction() as session:
        lead = session.get_one(Process, planned).lead_institution
        user = make.user(session, lead, role) if role else make.user(session, make.institution(session), Role.OFFICER)
    make.sign_in(client, user)
    for page in ("occasions/new", "occasions/1", "occasions/1/cancel", "occasions/1/series", "documents", "grid"):
        asked = client.post(f"{DESK}/abroad/{page}", data={"csrf_token": make.token(client)})
        assert asked.status_code in (403, 404), page
    with database.transaction() as session:
        officer = make.user(session, session.get_one(Process, planned).lead_institution, Role.OFFICER)
    make.sign_in(client, officer)
    other = client.post(
        f"{DESK}/abroad/documents/{_document('secret')}/remove", data={"csrf_token": make.token(client)}
    )
    assert other.status_code == 404
    assert client.post(f"{DESK}/abroad/occasions/1/cancel").status_code == 400, "nobody is made to cancel by a link"
