"""An activity with responses, and what is asked of its column store again and again."""

from __future__ import annotations

import random

import ibis
from sqlalchemy import delete

from consult.core.aggregation.tabulate import tabulate
from consult.processes.models import Activity
from consult.questionnaires.models import Edition
from consult.responses.models import Response, Tombstone
from consult.results import columns, segments, stores
from tests.factories.questionnaires import make_edition
from tests.factories.results import draw_answers, make_responses, make_survey


class Fieldwork:
    """An activity with responses, refreshed, compacted, sealed."""

    def __init__(self, database, store, count):
        self.database, self.store, self.rng = database, store, random.Random(7)
        self.survey = make_survey()
        with database.transaction() as session:
            edition = make_edition(session, questionnaire=self.survey)
            self.activity_id = edition.activity_id
        self.answers = []
        self.add(count)

    def add(self, count):
        answers = [draw_answers(self.rng) for _ in range(count)]
        self.answers += answers
        with self.database.transaction() as session:
            edition = session.get_one(Edition, (self.activity_id, 1))
            return [row.id for row in make_responses(session, edition, self.survey, answers)]

    def refresh(self, **rest):
        return columns.refresh(self.database, self.activity_id, store=self.store, least=10, rng=self.rng, **rest)

    def compact(self, most):
        return columns.compact(self.database, self.activity_id, store=self.store, rng=self.rng, most=most)

    def seal(self, now):
        with self.database.transaction() as session:
            session.get_one(Activity, self.activity_id).sealed_at = now

    def withdraw(self, ids):
        with self.database.transaction() as session:
            session.execute(delete(Response).where(Response.id.in_(ids)))
            session.add_all([Tombstone(activity_id=self.activity_id, id=name) for name in ids])

    def held(self):
        with self.database.reading() as session:
            rows = columns.manifest(session, self.activity_id)
            found = [segments.read(self.store, self.activity_id, [row.id]) for row in rows]
        return [set(segments.keys(one)) for one in found]

    def files(self):
        return sorted(stores.names(stores.within(self.store, str(self.activity_id))))

    def read(self, name):
        system, folder = stores.located(stores.within(self.store, str(self.activity_id)))
        with system.open_input_stream(f"{folder}/{name}") as file:
            return file.read()

    def tabulate(self, crossings=()):
        with (
            self.database.reading() as session,
            columns.held(session, self.activity_id, store=self.store, engine=ibis.duckdb.connect()) as held,
        ):
            return tabulate(held.sources, held.terms.variables(), crossings, 10)
