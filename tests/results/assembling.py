"""An event with people drawn by chance who sign up, and what releases are made with."""

from __future__ import annotations

import random
import uuid
from typing import Final

import ibis

from consult.core.questionnaire.definition import QuestionType
from consult.events.models.held import Note
from consult.events.models.planned import Event as Planned
from consult.events.models.planned import Selection
from consult.events.models.signed import SignUp, Standing
from consult.processes.models import Activity, Process
from consult.results import columns
from consult.results.content import SUPPRESSION, Plan
from tests.factories.events import OPENED, make_event, make_occasion
from tests.factories.processes import make_process, make_theme
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire
from tests.factories.results import choices, make_responses
from tests.results.surveying import Survey

PLAN: Final = Plan(crossings=("sex",), method=SUPPRESSION)
ASKED: Final = (
    make_question("sex", QuestionType.SELECT_ONE, choices="sexes", concept="sex"),
    make_question("abroad", QuestionType.SELECT_ONE, choices="yes_no"),
    make_question("years", QuestionType.SELECT_ONE, choices="years", relevant="${abroad} = 'yes'"),
    make_question("remarks", QuestionType.TEXT),
)
FEEDBACK: Final = make_questionnaire(
    make_question("content", QuestionType.SELECT_ONE, choices="scale", appearance=("likert",)),
    make_question("hours", QuestionType.INTEGER),
    make_question("heard", QuestionType.SELECT_ONE, choices="scale", appearance=("likert",)),
    lists=(choices("scale", "1", "2", "3", "4", "5", "dont_know"),),
)
LISTS: Final = (choices("sexes", "f", "m"), choices("yes_no", "yes", "no"), choices("years", "few", "many"))


class Event(Survey):
    """A process with an event of two occasions, whose screening asks for sex, living abroad and, of some, how long."""

    def __init__(self, database, settings, keys, now, *, selection=Selection.DRAW, lead=None):
        self.database, self.settings, self.keys, self.now = database, settings, keys, now
        self.engine, self.rng = ibis.duckdb.connect(), random.Random(7)
        self.ids = {one.name: one.id for one in ASKED}
        with database.transaction() as session:
            process = make_process(session, lead=session.merge(lead) if lead else None, locales=("en", "fr"))
            for theme in ("money", "rights"):
                make_theme(session, process, theme)
            session.refresh(process)
            activity = make_event(session, process, locales=("en", "fr"), selection=selection)
            make_edition(session, activity, make_questionnaire(*ASKED, locales=("en", "fr"), lists=LISTS))
            self.occasions = [make_occasion(session, activity, town, capacity=1000).id for town in ("Milan", "Accra")]
            self.process_id, self.activity_id, self.slug = process.id, activity.id, process.slug

    def sign_up(self, many, *, occasion=0, profile=None, **given):
        """So many people who sign up, of profiles drawn by chance but for what is given."""
        with self.database.transaction() as session:
            for _ in range(many):
                said = {self.ids[name]: code for name, code in {**self._drawn(), **(profile or {})}.items() if code}
                row = {"standing": Standing.ASKED, "locale": "en", "day": OPENED.date(), **given}
                session.add(
                    SignUp(
                        activity_id=self.activity_id,
                        occasion_id=self.occasions[occasion],
                        code=self.rng.randbytes(32),
                        ticket=self.rng.randbytes(6).hex(),
                        profile=said,
                        **row,
                    )
                )

    def _drawn(self):
        abroad = self.rng.choice(("yes", "no"))
        return {
            "sex": self.rng.choice("fm"),
            "abroad": abroad,
            "years": self.rng.choice(("few", "many")) if abroad == "yes" else "",
        }

    def place(self, many, there=None, **given):
        """So many who got a place; `there`: whether they came."""
        self.sign_up(many, standing=Standing.PLACED, attended=there, **given)

    def note(self, theme="money", *, occasion=0, many=1, **given):
        """So many notes of an occasion on a theme; their ids."""
        made = [uuid.UUID(int=self.rng.getrandbits(128), version=4) for _ in range(many)]
        with self.database.transaction() as session:
            for name in made:
                row = {"body": "Fees are high.", "locale": "en", "day": OPENED.date(), **given}
                session.add(
                    Note(
                        id=name,
                        activity_id=self.activity_id,
                        occasion_id=self.occasions[occasion],
                        theme=theme,
                        **row,
                    )
                )
        return made

    def state(self, institution, view, theme="money", **given):
        """What an institution stands for on a theme."""
        self.note(theme, said="position", institution=institution, view=view, **given)

    def hear(self, answers, expected):
        """Have participants say afterwards what they thought of it; `expected`: the mean by name of the question."""
        with self.database.transaction() as session:
            edition = make_edition(session, questionnaire=FEEDBACK)
            activity = session.get_one(Activity, edition.activity_id)
            activity.process_id, activity.sealed_at = self.process_id, self.now
            kept = session.get_one(Planned, self.activity_id)
            kept.feedback_id, kept.expected = activity.id, expected
            session.flush()
            make_responses(session, edition, FEEDBACK, answers)
        columns.refresh(self.database, activity.id, store=self.settings.column_store, least=10, rng=self.rng)

    def datasets(self, plan=PLAN):
        """What a release would say, by what it counts."""
        return {one.contributions.of: one for one in self.draft(plan).content.datasets if one.contributions}

    def process(self, session):
        return session.get_one(Process, self.process_id)
