"""A second edition while people are answering the first: no answer is lost, and tables over both equal a recount."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import msgspec
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from consult.config import Keys, Settings
from consult.core.aggregation.tables import ANSWERED
from consult.core.errors import Refused
from consult.core.questionnaire import maps
from consult.core.questionnaire.answers import decode
from consult.core.questionnaire.changes import Decisions
from consult.core.questionnaire.definition import Questionnaire, QuestionType
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.db.session import Database
from consult.participation.models import Intake
from consult.processes.models import Activity
from consult.processes.queries import process_by_slug
from consult.questionnaires import service as questionnaires
from consult.responses import tasks
from consult.responses.models import Response
from consult.results import columns, queries, service
from consult.results.content import Plan, content_of
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_draft, make_edition
from tests.questionnaires import questionnaire
from tests.responses.journey import send, to

OPENED = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
MAIN = ("visit", "study", "work", "family")
TOPICS = ("money", "skills", "vote")
SKIPPED, NOT_ASKED = ":skipped", ":not-relevant"


def form(survey: list[tuple[str, str]], **lists: Sequence[str]) -> Questionnaire:
    """A questionnaire of two pages; the second begins where a name ends in an asterisk."""
    rows: list[dict[str, str]] = [{"type": "begin_group", "name": "one"}]
    for kind, name in survey:
        if name.endswith("*"):
            rows += [{"type": "end_group"}, {"type": "begin_group", "name": "two"}]
        rows.append({"type": kind, "name": name.rstrip("*"), "label": name.rstrip("*").title()})
    choices = {name: [{"name": code} for code in codes] for name, codes in lists.items()}
    return questionnaire({"survey": [*rows, {"type": "end_group"}], "choices": choices})


FIRST = form(
    [("select_one main", "why"), ("select_multiple topics", "topics"), ("integer", "age*"), ("text", "wish")],
    main=MAIN,
    topics=TOPICS,
)
SECOND = form(
    [
        ("select_one main", "why"),
        ("select_multiple topics", "topics"),
        ("select_one yes_no", "returns"),
        ("integer", "age*"),
        ("text", "wish"),
    ],
    main=("visit", "studies", "work"),
    topics=("transfers", "skills", "vote"),
    yes_no=("yes", "no"),
)
OFFERED = {1: (MAIN, TOPICS), 2: (("visit", "studies", "work"), ("transfers", "skills", "vote"))}
SAID = Decisions(
    {("why", "study"): ("studies",), ("why", "family"): (), ("topics", "money"): ("transfers",)},
)
"""Study is renamed, family dropped, money renamed."""


def typed(said: dict[str, Any]) -> dict[str, str | list[str]]:
    """Answers as a form sends them; where nothing is ticked, its hidden field is sent alone."""
    return {name: list(one) if one and isinstance(one, tuple) else str(one or "") for name, one in said.items()}


@dataclass
class Person:
    """A participant's browser, and what was answered in it."""

    client: FlaskClient
    edition: int
    said: dict[str, Any] = field(default_factory=dict)

    def answer(self, page: str, **said: Any) -> str:
        self.said |= {name: value or None for name, value in said.items()}
        return to(send(self.client, page, **typed(said)))


class Consultation:
    """An activity that is open, and its participants."""

    def __init__(self, app: Flask, settings: Settings, keys: Keys, database: Database, now: dt.datetime) -> None:
        self.app, self.settings, self.keys, self.database, self.now = app, settings, keys, database, now
        self.rng, self.people = random.Random(11), list[Person]()
        with database.transaction() as session:
            process = make_process(session, slug="labour")
            activity = make_activity(session, process, slug="survey", opens_at=OPENED)
            make_edition(session, activity, FIRST)
            make_draft(session, activity, FIRST)
            make_notice(session, activity)
            self.process_id, self.activity_id = process.id, activity.id

    def begin(self, edition: int, **said: Any) -> Person:
        """A draft, whose second page is still to be answered."""
        person = Person(self.app.test_client(), edition)
        self.people.append(person)
        person.said |= {name: value or None for name, value in said.items()}
        assert to(send(person.client, "", edition=str(edition), **typed(said))) == "/page/2"
        return person

    def begin_at_random(self, edition: int) -> Person:
        main, topics = OFFERED[edition]
        said: dict[str, Any] = {
            "why": self.rng.choice([*main, ""]),
            "topics": tuple(one for one in topics if self.rng.random() < 0.5),
        }
        if edition == 2:
            said["returns"] = self.rng.choice(["yes", "no", ""])
        return self.begin(edition, **said)

    def finish(self, person: Person) -> None:
        assert person.answer("/page/2", age=self.rng.choice([None, *range(18, 80)]), wish="Peace") == "/check"
        assert to(send(person.client, "/submit")) == "/receipt"

    def publish(self, wanted: Questionnaire = SECOND, said: Decisions = SAID, **rest: Any) -> int:
        with self.database.transaction() as session:
            activity = session.get_one(Activity, self.activity_id)
            questionnaires.save_draft(session, activity, wanted, origin="b.xlsx", by=None, now=self.now)
            edition = questionnaires.publish(session, activity, decisions=said, by=None, now=self.now, **rest)
            return edition.number

    def mix_and_store(self) -> None:
        tasks.mix(Installation(self.settings, self.keys, self.database), {}, self.now)
        columns.refresh(self.database, self.activity_id, store=self.settings.column_store, least=10, rng=self.rng)

    def draft(self):
        with self.database.reading() as session:
            process = process_by_slug(session, "labour")
            plan = Plan(title=LocalisedText({"en": "Results"}), crossings=("why", "edition"), method="suppression")
            engine = ibis.duckdb.connect()
            return service.draft(
                session, process, plan, now=self.now, settings=self.settings, engine=engine, keys=self.keys
            )

    def tables(self) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
        """The full tables, by names of variables: counts by row and group."""
        (sealed,) = self.draft().restricted.datasets
        return {
            (table.variable, table.by): {
                (row.code, group): count
                for row in table.rows
                for group, count in zip(table.groups, row.counts, strict=True)
                if count
            }
            for table in sealed.tables
        }


@pytest.fixture
def consultation(
    app: Flask, settings: Settings, keys: Keys, database: Database, now: dt.datetime
) -> Iterator[Consultation]:
    with time_machine.travel(now, tick=False):
        yield Consultation(app, settings, keys, database, now)


BECAME = {"study": "studies", "family": "family@1", "money": "transfers"}
"""By hand, what answers to the first edition count as."""


def outcomes(person: Person, question: str) -> list[str]:
    """The rows in which somebody stands, counted by hand."""
    if question not in person.said:
        return [NOT_ASKED]
    found = person.said[question]
    values = list(found) if isinstance(found, tuple) else [found]
    if values in ([None], []):
        return [SKIPPED]
    return [BECAME.get(str(value), str(value)) if person.edition == 1 else str(value) for value in values]


def recount(people: Sequence[Person], question: str, by: str = "") -> dict[tuple[str, str], int]:
    found = (
        (row, group)
        for one in people
        for row in outcomes(one, question)
        for group in (outcomes(one, by) if by else [""])
    )
    return dict(Counter(found))


def test_fifty_drafts_of_the_first_edition_lose_nothing_when_the_second_comes(consultation: Consultation) -> None:
    drafts = [consultation.begin_at_random(1) for _ in range(50)]
    assert consultation.publish() == 2
    newcomers = [consultation.begin_at_random(2) for _ in range(25)]
    for person in [*drafts, *newcomers]:
        consultation.finish(person)
    consultation.mix_and_store()

    with consultation.database.reading() as session:
        stored = session.execute(select(Response.edition, Response.answers)).all()
        assert session.scalar(select(func.count()).select_from(Intake)) == 0
    assert Counter(edition for edition, _ in stored) == {1: 50, 2: 25}
    kept = sorted(str(sorted(decode(answers).items(), key=str)) for _, answers in stored)
    assert kept == sorted(str(sorted(person.said.items(), key=str)) for person in consultation.people)

    tables = consultation.tables()
    for question in ("why", "topics", "returns"):
        assert tables[question, ""] == recount(consultation.people, question), question
    for question in ("topics", "returns"):
        assert tables[question, "why"] == recount(consultation.people, question, "why"), question
    assert tables["returns", ""][NOT_ASKED, ""] == 50
    assert sum(tables["age", ""].values()) == 75


def test_a_release_over_editions_names_them_and_the_map_and_can_be_verified(consultation: Consultation) -> None:
    for _ in range(30):
        consultation.finish(consultation.begin_at_random(1))
    consultation.publish()
    for _ in range(30):
        consultation.finish(consultation.begin_at_random(2))
    consultation.mix_and_store()
    made = consultation.draft()
    with consultation.database.transaction() as session:
        process = process_by_slug(session, "labour")
        release = service.freeze(session, process, made, by=None, now=consultation.now, keys=consultation.keys)
        (dataset,) = content_of(release.content).datasets
        assert [number for number, _ in dataset.editions] == [1, 2]
        (published,) = [
            one for one in questionnaires.queries.documents(session, consultation.activity_id) if one.number == 2
        ]
        assert dataset.maps == ((2, maps.digest(published.answer_map)),)
        assert maps.decode(published.answer_map).codes == {
            "why": {"study": ("studies",), "family": ()},
            "topics": {"money": ("transfers",)},
        }
    family = next(one for one in dataset.variable("why").categories if one.code == "family@1")
    assert (family.until, family.label["en"]) == (1, "Family")
    with consultation.database.reading() as session:
        process = process_by_slug(session, "labour")
        verdict = service.verify(
            session,
            process,
            queries.release(session, process.id, 1),
            keys=consultation.keys,
            store=consultation.settings.column_store,
            engine=ibis.duckdb.connect(),
        )
    assert verdict == (True, True, True)
    consultation.publish(FIRST, Decisions({("why", "studies"): ("study",), ("topics", "transfers"): ("money",)}))
    with consultation.database.reading() as session:
        process = process_by_slug(session, "labour")
        release = queries.release(session, process.id, 1)
        assert service.verify(
            session,
            process,
            release,
            keys=consultation.keys,
            store=consultation.settings.column_store,
            engine=ibis.duckdb.connect(),
        ) == (True, True, True), "an edition nobody has answered changes nothing"


def test_what_was_sent_on_the_first_edition_is_corrected_on_the_first(consultation: Consultation) -> None:
    people = [consultation.begin(1, why="family", topics=("money",)) for _ in range(12)]
    for person in people:
        consultation.finish(person)
    consultation.mix_and_store()
    consultation.publish()
    one = people[0]
    assert to(send(one.client, "/correct")) == "/check"
    page = one.client.get("/en/q/survey/page/1").text
    assert re.search(r'value="family"[^>]*checked', page)
    assert "Returns" not in page
    one.answer("/page/1", why="study", topics=("vote", "money"))
    assert to(send(one.client, "/submit")) == "/receipt"
    for _ in range(10):
        consultation.finish(consultation.begin_at_random(2))
    consultation.mix_and_store()
    tables = consultation.tables()
    assert tables["why", ""] == recount(consultation.people, "why")
    assert tables["why", ""]["studies", ""] > 0
    assert tables["topics", ""] == recount(consultation.people, "topics")


def test_a_choice_that_vanished_has_to_be_decided_on_once_people_may_have_answered(
    consultation: Consultation,
) -> None:
    with pytest.raises(Refused) as refused:
        consultation.publish(SECOND, Decisions())
    told = {(problem.code, problem.params["question"], problem.params["choice"]) for problem in refused.value.problems}
    assert told == {
        ("questionnaires.map.undecided", question, choice)
        for question, choice in (("why", "study"), ("why", "family"), ("topics", "money"))
    }


def test_another_meaning_makes_a_variable_of_each_side(consultation: Consultation) -> None:
    reworded = form(
        [("select_one main", "why"), ("select_multiple topics", "topics"), ("integer", "age*"), ("text", "wish")],
        main=MAIN,
        topics=TOPICS,
    )
    changed = _with(reworded, why={"label": LocalisedText({"en": "Why do you stay?"})})
    for _ in range(20):
        consultation.finish(consultation.begin(1, why=consultation.rng.choice(MAIN), topics=("vote",)))
    consultation.publish(changed, Decisions(meaning=frozenset({"why"})))
    for _ in range(20):
        consultation.finish(consultation.begin(2, why=consultation.rng.choice(MAIN), topics=("vote",)))
    consultation.mix_and_store()
    tables = consultation.tables()
    sides = {edition: [person for person in consultation.people if person.edition == edition] for edition in (1, 2)}
    plain = {
        edition: dict(Counter((str(person.said["why"]), "") for person in side)) for edition, side in sides.items()
    }
    assert tables["why@1", ""] == plain[1] | {(NOT_ASKED, ""): 20}
    assert tables["why", ""] == plain[2] | {(NOT_ASKED, ""): 20}
    (dataset,) = consultation.draft().content.datasets
    before, since = dataset.variable("why@1"), dataset.variable("why")
    assert (before.label["en"], before.until, before.name) == ("Why", 1, "why@1")
    assert (since.label["en"], since.since) == ("Why do you stay?", 2)


def test_what_is_computed_now_is_not_counted_with_what_people_wrote(consultation: Consultation) -> None:
    for number in range(20):
        consultation.finish(consultation.begin(1, why=MAIN[number % 4], topics=("vote",)))
    computed = _with(FIRST, wish={"type": QuestionType.CALCULATE, "calculation": "1 + 1"})
    consultation.publish(computed, Decisions())
    for number in range(20):
        person = consultation.begin(2, why=MAIN[number % 4], topics=("vote",))
        assert person.answer("/page/2", age=30) == "/check"
        assert to(send(person.client, "/submit")) == "/receipt"
    consultation.mix_and_store()
    tables = consultation.tables()
    assert tables["wish@1", ""] == {(ANSWERED, ""): 20, (NOT_ASKED, ""): 20}
    assert ("wish", "") not in tables


def _with(form: Questionnaire, **changes: dict[str, Any]) -> Questionnaire:
    """The form with other fields of questions, by id."""

    def changed(node: Any) -> Any:
        if hasattr(node, "children"):
            return msgspec.structs.replace(node, children=tuple(map(changed, node.children)))
        return msgspec.structs.replace(node, **changes.get(node.id, {}))

    return msgspec.structs.replace(form, children=tuple(map(changed, form.children)))


def test_a_later_release_is_held_against_an_earlier_one_through_the_map(consultation: Consultation) -> None:
    def finish(edition: int, **often: int) -> None:
        for why, count in often.items():
            for _ in range(count):
                consultation.finish(consultation.begin(edition, why=why, topics=("vote",)))

    def freeze() -> None:
        made = consultation.draft()
        with consultation.database.transaction() as session:
            process = process_by_slug(session, "labour")
            release = service.freeze(session, process, made, by=None, now=consultation.now, keys=consultation.keys)
            service.publish(session, process, release, by=None, now=consultation.now, keys=consultation.keys)

    finish(1, visit=16, work=14, study=12)
    consultation.mix_and_store()
    freeze()
    merged = form(
        [("select_one main", "why"), ("select_multiple topics", "topics"), ("integer", "age*"), ("text", "wish")],
        main=("visit", "study", "family"),
        topics=TOPICS,
    )
    consultation.publish(merged, Decisions({("why", "work"): ("visit",)}))
    finish(2, visit=4, study=14)
    consultation.mix_and_store()
    with pytest.raises(Refused) as refused:
        freeze()
    told = {
        problem.params["cell"]: (problem.params["earlier"], problem.params["later"])
        for problem in refused.value.problems
        if problem.code == "results.release.difference"
    }
    assert told["why = visit"] == (30, 34), "16 who visited and 14 who worked count as one"
    finish(2, visit=60)
    consultation.mix_and_store()
    freeze()
