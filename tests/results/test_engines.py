"""Every aggregate is the same to the last byte on every engine, with any number of threads, over any database."""

from __future__ import annotations

import datetime as dt
import random
import socket
import sys
import uuid
from dataclasses import dataclass, replace

import msgspec
import pyarrow
import pyarrow.parquet
import pytest
from sqlalchemy import insert, select

from consult.config import Store
from consult.core.aggregation import coded
from consult.core.aggregation.orders import with_places
from consult.core.aggregation.readings import readings
from consult.core.aggregation.tables import Kind, Variable, canonical
from consult.core.aggregation.tabulate import Source, tabulate
from consult.core.aggregation.variables import CHANNEL, LOCALE, kept, kind, offered, variables
from consult.core.coding.codebook import Code, Codebook
from consult.core.errors import Refused
from consult.core.questionnaire.definition import QuestionType
from consult.core.questionnaire.maps import AnswerMap
from consult.core.text import LocalisedText
from consult.db.base import Base
from consult.processes.models import Activity
from consult.results import columns, engines, segments
from consult.results.content import Plan
from consult.results.segments import Line
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.factories.results import choices
from tests.results import households, sail
from tests.results.households import Households
from tests.results.surveying import PLAN, Survey

GROUPS = ("why", "order@1", "mood", "arrived", "sent", CHANNEL)
"""One of each kind that can be a group."""
BOUNDS = {"sent": (0.5, 99.999999, 1000.0), "children": (20.0, 30.0, 65.0)}
"""Where somebody has said where the bins of a number begin."""
ENGINES = ("duckdb", "duckdb on one thread", "spark")
WHY, TOPICS = ("visit", "study", "l'été", "back\\slash"), ("money", "skills", "vote", "gone")
HUGE = 10**12


def form(why, topics, *more):
    question = make_question
    return make_questionnaire(
        question("why", QuestionType.SELECT_ONE, choices="why"),
        question("topics", QuestionType.SELECT_MULTIPLE, choices="topics"),
        question("order", QuestionType.RANK, choices="abc"),
        question("sex", QuestionType.SELECT_ONE, choices="sexes", sensitive=True),
        question("age", QuestionType.INTEGER),
        question("sent", QuestionType.DECIMAL),
        question("owned", QuestionType.DECIMAL),
        question("rich", QuestionType.INTEGER),
        question("mood", QuestionType.RANGE, parameters={"start": "0", "end": "5", "step": "0.5"}),
        question("arrived", QuestionType.DATE),
        question("agreed", QuestionType.ACKNOWLEDGE),
        question("wish", QuestionType.TEXT),
        *more,
        lists=(
            choices("why", *why),
            choices("topics", *topics),
            choices("abc", "a", "b", "c"),
            choices("sexes", "f", "m"),
        ),
    )


FIRST = form(
    WHY,
    TOPICS,
    make_question("children", QuestionType.INTEGER),
    make_question("level", QuestionType.INTEGER),
    make_question("dropped", QuestionType.SELECT_ONE, choices="sexes"),
)
SECOND = form(
    ("visit", "studies", "work"),
    ("transfers", "skills", "vote"),
    make_question("level", QuestionType.SELECT_ONE, choices="abc"),
    make_question("added", QuestionType.SELECT_MULTIPLE, choices="abc"),
)
IDS = {question.name: question.id for form in (FIRST, SECOND) for question in form.questions()}
BOOK = Codebook(codes=tuple(Code(code=name, label=LocalisedText({"en": name})) for name in ("vote", "cost")))
MAP = AnswerMap(
    codes={
        IDS["why"]: {"study": ("studies",), "l'été": (), "back\\slash": ("visit",)},
        IDS["topics"]: {"money": ("transfers", "skills"), "gone": ("vote",)},
    },
    apart=(IDS["order"],),
)
"""Renamed, kept apart, two that became one, one that became several; a question that means something else now."""


def draw(rng, questionnaire):
    """Answers of one person by id: some skipped, some not relevant, some of any size."""
    drawn = {
        QuestionType.INTEGER: lambda: rng.randrange(18, 90),
        QuestionType.DECIMAL: lambda: round(rng.lognormvariate(5, 2), rng.randrange(7)),
        QuestionType.RANGE: lambda: rng.randrange(11) / 2,
        QuestionType.DATE: lambda: str(dt.date(rng.randrange(1900, 2030), 1, 31)),
        QuestionType.ACKNOWLEDGE: lambda: "OK",
        QuestionType.TEXT: lambda: "Peace",
    }
    lists = questionnaire.lists()
    answers = {}
    for question in questionnaire.questions():
        if rng.random() < 0.05:
            continue
        if question.choices:
            codes = [choice.name for choice in lists[question.choices].choices]
            several = rng.sample(codes, rng.randrange(1, len(codes)))
            value = several if question.type is QuestionType.SELECT_MULTIPLE else rng.choice(codes)
            value = rng.sample(codes, len(codes)) if question.type is QuestionType.RANK else value
        else:
            value = drawn[question.type]()
        if question.name == "rich":
            value = HUGE - rng.randrange(1000) if rng.random() < 0.5 else -rng.randrange(HUGE)
        if question.name == "owned":
            value = rng.choice([0.1, -2.5e11, 1e12, 1e-6, 0.0000005, -0.0000015])
        answers[question.id] = None if rng.random() < 0.1 else value
    return answers


@pytest.fixture(scope="module")
def spark(s3):
    """It is told by the environment where objects are."""
    with sail.served() as address:
        yield address


@pytest.fixture
def connect(spark, settings):
    def connected(name):
        threads, engine = (1, "") if "one" in name else (2, spark if name == "spark" else "")
        return engines.connect(replace(settings, threads=threads, engine=engine))

    return connected


@dataclass
class Stored:
    """Segments of both editions."""

    paths: dict[int, list[Store]]
    known: tuple
    readings: dict
    given: dict
    """Codes of wishes, by key of the response."""

    def sources(self, engine):
        return [
            Source(
                engines.read(engine, self.paths[number]),
                {name: kind(question) for name, question in kept(edition).items()},
                self.readings[number],
                {IDS["wish"]: coded.given(self.given)},
            )
            for number, edition in ((1, FIRST), (2, SECOND))
        ]


@pytest.fixture(scope="module", params=["folder", "s3"])
def stored(request, tmp_path_factory, s3):
    store = s3.store() if request.param == "s3" else tmp_path_factory.mktemp("columns")
    activity, rng = uuid.UUID(int=1), random.Random(5)
    paths, given, coding = {1: [], 2: []}, {}, random.Random(6)
    for number, edition in ((1, FIRST), (1, FIRST), (2, SECOND), (2, SECOND)):
        lines = [
            Line(
                uuid.UUID(int=rng.getrandbits(128), version=4),
                rng.choice(["en", "fr"]),
                rng.choice(["open", "invited"]),
                msgspec.json.encode(draw(rng, edition)).decode(),
            )
            for _ in range(rng.randrange(200, 400))
        ]
        wished = [line.id.bytes for line in lines if msgspec.json.decode(line.answers).get(IDS["wish"])]
        given |= {key: coding.sample(["vote", "cost"], coding.randrange(3)) for key in wished if coding.random() < 0.7}
        name = uuid.UUID(int=rng.getrandbits(128), version=4)
        segments.write(store, activity, name, segments.columns(lines, kept(edition), number))
        paths[number].append(segments.path_of(store, activity, name))
    read = readings({1: offered(FIRST), 2: offered(SECOND)}, {2: MAP})
    circumstances = [Variable(id=name, name=name, kind=Kind.SINGLE) for name in (CHANNEL, LOCALE)]
    asked = variables((FIRST, SECOND), (read[1], read[2]))
    known = [msgspec.structs.replace(one, bounds=BOUNDS.get(one.name, ())) for one in asked]
    wishes = coded.variable(next(one for one in known if one.name == "wish"), BOOK)
    return Stored(paths, (*known, wishes, *circumstances), read, given)


def test_every_aggregate_is_the_same_on_every_engine(stored, connect):
    known = {name: tuple(with_places(stored.known, stored.sources(connect(name)))) for name in ENGINES}
    assert len(set(map(canonical, known.values()))) == 1
    pairs = [(row.id, by.id) for row in known["duckdb"] for by in stored.known if row is not by and by.name in GROUPS]
    found = {name: tabulate(stored.sources(connect(name)), known[name], pairs, 10) for name in ENGINES}

    answers = [
        [coded.answers(one.table, IDS["wish"], one.coded[IDS["wish"]]) for one in stored.sources(connect(name))]
        for name in ENGINES
    ]
    assert all(one == answers[0] for one in answers)
    first = found["duckdb"]
    for name in ENGINES[1:]:
        assert found[name].responses == first.responses
        for one, other in zip(found[name].variables, first.variables, strict=True):
            assert canonical(one) == canonical(other), one.name
        for one, other in zip(found[name].tables, first.tables, strict=True):
            assert canonical(one) == canonical(other), (name, one.variable, one.by)
    places = {one.id: one for one in first.variables if one.place}
    assert {one.place for one in places.values()} == {2, 3}, "each order without its first place"
    counted = [table for table in first.tables if table.variable in places and not table.by]
    assert all(row.counts[0] for table in counted for row in table.rows), "each choice has each place with somebody"
    summaries = {table.variable: table.summary for table in first.tables if table.summary}
    assert {IDS[name] for name in ("age", "sent", "rich", "mood", "children")} <= set(summaries)
    assert summaries[IDS["owned"]].mean is not None
    bins = {one.name: one.codes() for one in first.variables if one.bounds}
    assert bins["children"] == ("..20", "20..30", "30..65", "65..")
    assert bins["sent"] == ("..0.5", "0.5..99.999999", "99.999999..1000", "1000..")


@pytest.fixture
def postgresql(server):
    return server


def test_the_same_responses_make_the_same_release_on_every_engine_database_and_store(
    sqlite, postgresql, settings, keys, now, connect, tmp_path, s3
):
    survey = Survey(sqlite, settings, keys, now)
    survey.answer_at_random(300)
    with sqlite.reading() as session, postgresql.transaction() as other:
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in session.execute(select(table)).mappings()]
            if rows and table.name != "segments":
                other.execute(insert(table), [{**row, "stored": False} if "stored" in row else row for row in rows])
    elsewhere = replace(settings, data=tmp_path / "elsewhere", columns=s3.store())
    columns.refresh(postgresql, survey.activity_id, store=elsewhere.column_store, least=10, rng=random.Random(8))
    made = {}
    for database, own in ((sqlite, settings), (postgresql, elsewhere)):
        survey.database, survey.settings = database, own
        for name in ENGINES:
            survey.engine = connect(name)
            made[database.sqlite, name] = survey.draft(Plan(title=PLAN.title, crossings=("sex", "age")))
    first = made[True, "duckdb"]
    assert {one.content.encoded() for one in made.values()} == {first.content.encoded()}
    assert {one.engine.split()[0] for one in made.values()} == {"duckdb", "pyspark"}
    assert first.content.datasets[0].responses == 300


def test_entries_of_repeats_make_the_same_release_on_every_engine(sqlite, settings, keys, now, connect, store):
    survey = Households(sqlite, replace(settings, columns=str(store)), keys, now)
    survey.ask(200)
    made = []
    for name in ENGINES:
        survey.engine = connect(name)
        made.append(survey.draft(households.PLAN))

    assert len({canonical(one.restricted.datasets[1].tables) for one in made}) == 1
    assert len({one.content.encoded() for one in made}) == 1
    assert made[0].content.datasets[1].responses == sum(len(members) for _, members in survey.held)


# --- engines that are not there ---


def refused(settings, engine):
    with pytest.raises(Refused) as found:
        engines.connect(replace(settings, engine=engine))
    (problem,) = found.value.problems
    return problem.code, problem.params["engine"]


def test_an_engine_nobody_knows_is_refused(settings):
    assert refused(settings, "postgresql") == ("results.engine.unknown", "postgresql")


def test_a_server_that_does_not_answer_is_named_without_what_is_secret(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        port = taken.getsockname()[1]
        assert refused(settings, f"sc://127.0.0.1:{port}/;token=hush") == ("results.engine.away", f"127.0.0.1:{port}")


def test_a_server_that_goes_away_meanwhile_is_told(stored, settings):
    with sail.served() as address:
        engine = engines.connect(replace(settings, engine=address))
        sources = stored.sources(engine)
    with pytest.raises(Refused) as found, engines.reached(engine):
        tabulate(sources, stored.known, [], 10)
    assert found.value.problems[0].code == "results.engine.away"


def test_without_its_package_spark_connect_says_what_to_install(settings, spark, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert refused(settings, spark) == ("results.engine.missing", spark.removeprefix("sc://"))


def test_old_segments_that_say_dictionary_are_still_read_and_merged(database, settings, keys, now):
    survey = Survey(database, settings, keys, now)
    survey.answer_at_random(40)
    with database.reading() as session:
        (path,) = [
            segments.path_of(settings.column_store, survey.activity_id, one.id)
            for one in columns.manifest(session, survey.activity_id)
        ]
    table = pyarrow.parquet.read_table(path)
    words = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    old = pyarrow.schema(
        [field.with_type(words) if pyarrow.types.is_string(field.type) else field for field in table.schema]
    )
    shuffled = random.Random(1).sample(range(40), 40)
    before = survey.draft().content.encoded()
    pyarrow.parquet.write_table(table.cast(old).take(shuffled), path)
    assert survey.draft().content.encoded() == before

    with database.transaction() as session:
        session.get_one(Activity, survey.activity_id).sealed_at = None
    survey.answer_at_random(20)

    with database.reading() as session:
        assert [one.rows for one in columns.manifest(session, survey.activity_id)] == [60]


@pytest.mark.parametrize("name", ENGINES)
def test_a_table_of_this_process_is_lent_to_every_engine_and_forgotten(connect, name):
    words = pyarrow.array(["agree", "pass", "agree", ":skipped"]).dictionary_encode()
    codes = pyarrow.array([["vote"], [":skipped"], ["vote", "cost"], [":not-relevant"]])
    engine = connect(name)

    with engines.lent(engine, pyarrow.table({"key": [1, 2, 3, 4], "vote": words, "codes": codes})) as lent:
        rows = lent.select("vote", code=lent.codes.unnest()).to_pyarrow().to_pylist()
        called = lent.get_name()

    assert sorted((row["vote"], row["code"]) for row in rows) == [
        (":skipped", ":not-relevant"),
        ("agree", "cost"),
        ("agree", "vote"),
        ("agree", "vote"),
        ("pass", ":skipped"),
    ]
    assert called not in engine.list_tables()


def test_the_first_fault_is_told_though_the_engine_can_forget_no_more(settings):
    engine = engines.connect(settings)

    with pytest.raises(KeyError), engines.lent(engine, pyarrow.table({"key": [1]})):
        engine.con.close()
        raise KeyError
