"""A process with one answered questionnaire, and what releases are made with."""

from __future__ import annotations

import datetime as dt
import random

import ibis

from consult.app import LONG
from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.jobs import long
from consult.processes.models import Activity, Process, Unit
from consult.questionnaires.models import Edition
from consult.results import columns, fieldwork, queries, reports, service
from consult.results.content import Plan
from consult.results.models import Release
from tests.factories.processes import make_process, make_theme
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, draw_answers, make_responses, make_survey

WITHDRAWN = {
    "en": "A country was counted twice.",
    "fr": "Un pays était compté deux fois.",
    "ar": "حُسب بلد مرتين.",
}
PLAN = Plan(title=LocalisedText({"en": "First results"}))


class Survey:
    """A process with one answered questionnaire, and what releases are made with."""

    def __init__(self, database, settings, keys, now, *, unit=Unit.PERSON, lead=None, questionnaire=None):
        self.database, self.settings, self.keys, self.now = database, settings, keys, now
        self.engine, self.rng = ibis.duckdb.connect(), random.Random(3)
        self.questionnaire = questionnaire or make_survey()
        self.ids = {question.name: question.id for question in self.questionnaire.questions()}
        with database.transaction() as session:
            process = make_process(session, lead=session.merge(lead) if lead else None)
            make_theme(session, process, "remittances")
            edition = make_edition(session, questionnaire=self.questionnaire)
            activity = session.get_one(Activity, edition.activity_id)
            activity.process, activity.unit = process, unit
            self.process_id, self.activity_id = process.id, activity.id
            self.slug = process.slug

    def answer(self, answers, channels=("open", "invited")):
        with self.database.transaction() as session:
            edition = session.get_one(Edition, (self.activity_id, 1))
            make_responses(session, edition, self.questionnaire, answers, channels)
            session.get_one(Activity, self.activity_id).sealed_at = self.now
        columns.refresh(self.database, self.activity_id, store=self.settings.column_store, least=10, rng=self.rng)

    def answer_at_random(self, count):
        self.answer([draw_answers(self.rng) for _ in range(count)])

    def count(self, counts):
        """Have the fieldwork page say so."""
        with self.database.transaction() as session:
            fieldwork.keep(session, self.activity_id, counts, self.now.date())

    def draft(self, plan=PLAN):
        with self.database.snapshot() as session:
            process = session.get_one(Process, self.process_id)
            return service.draft(
                session, process, plan, now=self.now, settings=self.settings, engine=self.engine, keys=self.keys
            )

    def freeze(self, plan=PLAN):
        return self.keep(self.draft(plan))

    def keep(self, made):
        """Freeze what was computed."""
        with self.database.transaction() as session:
            process = session.get_one(Process, self.process_id)
            return service.freeze(session, process, made, by=None, now=self.now, keys=self.keys).number

    def examine(self, session, number):
        process = session.get_one(Process, self.process_id)
        return service.examine(session, process, queries.release(session, process.id, number), keys=self.keys)

    def publish(self, number, held=()):
        with self.database.transaction() as session:
            process = session.get_one(Process, self.process_id)
            release = queries.release(session, self.process_id, number)
            service.publish(session, process, release, by=None, now=self.now, keys=self.keys, held=held)

    def release(self, number=1):
        with self.database.reading() as session:
            return session.get_one(Release, (self.process_id, number))

    def keep_reports(self, number=1):
        """Have every report of a release lie there as if it were made, where only that it is there matters."""
        folder, release = self.settings.reports, self.release(number)
        folder.mkdir(exist_ok=True)
        for wanted in reports.EVERY:
            reports.place(folder, release, wanted).write_bytes(b"kept")

    def work(self):
        """Have a worker do the long jobs that wait; how many those were."""
        installation = Installation(self.settings, self.keys, self.database)
        return long.run_due(installation, LONG, clock=lambda: dt.datetime.now(dt.UTC))

    def withdraw(self, number=1, *, note=WITHDRAWN):
        with self.database.transaction() as session:
            process = session.get_one(Process, self.process_id)
            release = queries.release(session, self.process_id, number)
            service.withdraw(session, process, release, LocalisedText(note), by=None, now=self.now)

    def verify(self, number=1):
        with self.database.snapshot() as session:
            return service.verify(
                session,
                session.get_one(Process, self.process_id),
                session.get_one(Release, (self.process_id, number)),
                keys=self.keys,
                store=self.settings.column_store,
                engine=self.engine,
            )


def _colours(*colours, name="colour", **sends):
    return make_questionnaire(
        make_question(name, QuestionType.SELECT_ONE, choices="colours", concept="colour"),
        make_question("sex", QuestionType.SELECT_ONE, choices="sexes"),
        make_question("age", QuestionType.INTEGER),
        make_question("sends", QuestionType.SELECT_ONE, choices="often"),
        lists=(
            choices("colours", *colours),
            choices("sexes", "f", "m"),
            ChoiceList(
                name="often",
                choices=tuple(Choice(name=code, label=LocalisedText({"en": words})) for code, words in sends.items()),
            ),
        ),
    )


def _chosen(**often):
    return [
        {"colour": colour or None, "sex": "f", "age": 30 + number % 20, "sends": "12"[number % 2]}
        for colour, count in often.items()
        for number in range(count)
    ]


def two_rounds(database, settings, keys, now):
    """Last year's activity and this year's, in one release."""
    survey = Survey(
        database, settings, keys, now, questionnaire=_colours("red", "blue", "grey", **{"1": "Yes", "2": "No"})
    )
    survey.answer(_chosen(red=60, blue=36, grey=4))
    this_year = _colours("red", "blue", "green", name="hue", **{"1": "Never", "2": " no"})
    with database.transaction() as session:
        last = session.get_one(Activity, survey.activity_id)
        edition = make_edition(session, questionnaire=this_year)
        second = session.get_one(Activity, edition.activity_id)
        second.process, second.previous_id, second.round, second.sealed_at = last.process, last.id, 2, now
        renamed = [{**one, "hue": one["colour"]} for one in _chosen(red=30, blue=40, green=30)]
        for one in renamed:
            del one["colour"]
        make_responses(session, session.get_one(Edition, (second.id, 1)), this_year, renamed)
    columns.refresh(database, second.id, store=settings.column_store, least=10, rng=random.Random(1))
    survey.freeze()
    return survey
