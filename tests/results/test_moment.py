"""Releases are computed and verified of one moment, whatever is voted, refused or withdrawn meanwhile."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner
from sqlalchemy import event, update

from consult.cli import main
from consult.consultations.models.contributed import Participant, State
from consult.consultations.models.opinions import Statement, Vote
from consult.core.aggregation import contributions
from consult.db.installation import Installation
from consult.results import drafts
from tests.results.gathering import PLAN, Consultation


@pytest.fixture
def consultation(database, settings, keys, now):
    made = Consultation(database, settings, keys, now)
    made.take_part(100)
    return made


def meanwhile(database, change):
    """Make a change as soon as votes have been read for the first time."""
    done = []

    def listen(_connection, _cursor, statement, *_more):
        if not done and statement.startswith("SELECT") and Vote.__tablename__ in statement and "LIMIT" in statement:
            done.append(statement)
            with database.transaction() as session:
                change(session)

    event.listen(database.engine, "after_cursor_execute", listen)
    return done


def test_a_draft_is_of_one_moment(consultation):
    def refuse(session):
        refused = Statement.id == consultation.statements[0]
        session.execute(update(Statement).where(refused).values(state=State.REFUSED))
        session.execute(update(Participant).values(country="FR"))

    with consultation.database.transaction() as session:
        drafts.plan(session, consultation.process(session), PLAN, by=None, now=dt.datetime.now(dt.UTC))
    done = meanwhile(consultation.database, refuse)

    assert consultation.work()

    assert done
    now = dt.datetime.now(dt.UTC)
    with consultation.database.reading() as session:
        (kept,) = drafts.waiting(session, consultation.process_id, now)
        made = drafts.opened(drafts.found(session, consultation.process_id, kept.id, now), consultation.keys)
    people = made.content.datasets[0]
    assert sum(contributions.is_statement(one.id) for one in people.variables) == 8
    assert set(people.variable("country").codes()) == {"DE", "GB", "US"}


def test_a_vote_while_a_release_is_verified_speaks_not_against_it(consultation, settings, keys, monkeypatch):
    consultation.freeze()
    monkeypatch.setattr("consult.cli.open_installation", lambda _: Installation(settings, keys, consultation.database))
    done = meanwhile(consultation.database, lambda session: session.execute(update(Vote).values(value=1)))

    verified = CliRunner().invoke(main, ["releases", "verify", consultation.slug])

    assert done
    assert (verified.exit_code, verified.output) == (0, "1: intact, safe, recomputed\n")
