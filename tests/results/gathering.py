"""A consultation with participants drawn by chance, and what releases are made with."""

from __future__ import annotations

import random
import uuid
from typing import Final

import ibis

from consult.coding import queries as coding
from consult.coding.models import Coding, Item
from consult.consultations import texts
from consult.consultations.models.contributed import Comment, Participant
from consult.consultations.models.opinions import Vote
from consult.processes.models import Activity, Process
from consult.results.content import Plan
from tests.factories.coding import make_codebook, make_coder
from tests.factories.consultations import OPENED, make_consultation, make_statement
from tests.factories.processes import make_process, make_theme
from tests.results.surveying import Survey

TEXT: Final = ("Fees are to fall.", "Votes count abroad.", "Schools teach two languages.")
STATEMENTS: Final = tuple(f"Statement {number}" for number in range(8))
COUNTRIES: Final = ("GB", "US", "DE", "")
SPEAK_FOR: Final = ("citizen", "ngo", "")
PLAN: Final = Plan(crossings=("country_of_residence",))


class Consultation(Survey):
    """A process with one consultation: a text of three paragraphs, eight statements."""

    def __init__(self, database, settings, keys, now):
        self.database, self.settings, self.keys, self.now = database, settings, keys, now
        self.engine, self.rng = ibis.duckdb.connect(), random.Random(5)
        with database.transaction() as session:
            process = make_process(session, locales=("en", "fr"), public=True)
            for theme in ("money", "rights"):
                make_theme(session, process, theme)
            session.refresh(process)
            activity = make_consultation(session, process, locales=("en", "fr"))
            self.parts = _written(session, activity)
            self.statements = [
                make_statement(session, activity, label, id=self.id(), theme="rights" if at < 2 else "").id
                for at, label in enumerate(STATEMENTS)
            ]
            self.process_id, self.activity_id, self.slug = process.id, activity.id, process.slug

    def id(self):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def take_part(self, many, **given):
        """So many people of two opinions, who say who they are and vote; their codes."""
        with self.database.transaction() as session:
            return [self._join(session, at % 2, given) for at in range(many)]

    def _join(self, session, side, given):
        rng, code = self.rng, self.rng.randbytes(32)
        row = {
            "channel": "open",
            "locale": rng.choices(("en", "fr"), (3, 1))[0],
            "stakeholder": rng.choices(SPEAK_FOR, (8, 2, 1))[0],
            "country": rng.choices(COUNTRIES, (5, 3, 1, 1))[0],
        }
        session.add(Participant(activity_id=self.activity_id, code=code, day=OPENED.date(), **{**row, **given}))
        for at, statement in enumerate(self.statements):
            value = rng.choices((1, 0, -1), (14, 3, 3) if (at + side) % 2 else (3, 3, 14))[0]
            session.add(Vote(activity_id=self.activity_id, code=code, statement_id=statement, value=value))
        return code

    def comment(self, codes, part=0, **given):
        """A comment of each of these people on a paragraph; their ids."""
        row = {
            "target": "text",
            "part": self.parts[part],
            "version": 1,
            "stance": "support",
            "body": "Yes.",
            "locale": "en",
            "day": OPENED.date(),
            "channel": "open",
            "state": "shown",
        }
        made = [self.id() for _ in codes]
        with self.database.transaction() as session:
            for name, code in zip(made, codes, strict=True):
                session.add(Comment(activity_id=self.activity_id, id=name, code=code, **{**row, **given}))
        return made

    def code(self, comments, *codes):
        """Have a coder give all of these comments the same codes: `vote`, `cost`, `school`."""
        code(self, "comment", comments, codes)

    def datasets(self, plan=PLAN):
        """What a release would say, by what it counts."""
        return {one.contributions.of: one for one in self.draft(plan).content.datasets if one.contributions}

    def activity(self, session):
        return session.get_one(Activity, self.activity_id)

    def process(self, session):
        return session.get_one(Process, self.process_id)


def code(survey, kind, texts, codes):
    """Have a coder give all of these texts of an activity the same codes."""
    with survey.database.transaction() as session:
        process = session.get_one(Process, survey.process_id)
        if coding.latest(session, process.id) is None:
            make_codebook(session, process)
        coder = make_coder(session, process, email=f"{uuid.uuid4()}@example.org")
        for name in texts:
            session.add(Item(activity_id=survey.activity_id, id=name, kind=kind, locale="en"))
            said = {"version": 1, "codes": sorted(codes), "state": "coded"}
            session.add(Coding(activity_id=survey.activity_id, item_id=name, coder_id=coder.id, **said))
            session.flush()


def _written(session, activity):
    """A text whose first paragraph is about money and whose others are about rights; the ids of its paragraphs."""
    draft = texts.bring(session, activity, "\n\n".join(TEXT).encode(), "policy.md", by=None, now=OPENED)
    for block, theme in zip(draft.blocks, ("money", "rights", "rights"), strict=True):
        seen = texts.mark(draft, block)
        texts.edit(session, activity, block.id, text=draft.text(block), theme=theme, seen=seen, by=None, now=OPENED)
    texts.publish(session, activity, by=None, now=OPENED)
    return [block.id for block in draft.blocks]


def one_way(dataset, variable):
    """The counts of a table that is broken down by nothing; none is hidden."""
    table = next(table for table in dataset.one_way() if table.variable == variable)
    return {row.code: row.counts[0] for row in table.rows}


def crossed(dataset, variable, by):
    """The counts of a crossed table by row and group."""
    table = next(table for table in dataset.crossed(variable) if table.by == by)
    return {
        (row.code, group): count for row in table.rows for group, count in zip(table.groups, row.counts, strict=True)
    }
