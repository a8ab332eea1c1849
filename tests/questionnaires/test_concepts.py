"""What questions measure: decided at the desk, suggested where code or name leave no doubt, kept over rounds."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consult.accounts.models import Institution, Role
from consult.core.errors import Refused
from consult.core.questionnaire.definition import Choice, ChoiceList, QuestionType
from consult.core.text import LocalisedText
from consult.db.session import Database
from consult.processes import concepts
from consult.processes.models import Activity, Concept, Process
from consult.questionnaires import mapping, rounds
from consult.questionnaires.models import Mapping
from tests.factories import accounts as make
from tests.factories.accounts import sign_in, token
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_question, make_questionnaire

NAMES = {"1": {"en": "Ghana", "ar": "غانا"}, "2": {"en": "Togo"}, "GB": {"en": "Britain"}, "9": {"en": "Elsewhere"}}
SURVEY = make_questionnaire(
    make_question("country", QuestionType.SELECT_ONE, choices="countries", concept="country_of_residence"),
    make_question("wish", QuestionType.SELECT_MULTIPLE, choices="wishes"),
    make_question("age", QuestionType.INTEGER),
    lists=(
        ChoiceList(
            name="countries",
            choices=tuple(Choice(name=name, label=LocalisedText(label)) for name, label in NAMES.items()),
        ),
        ChoiceList(name="wishes", choices=(Choice(name="vote"), Choice(name="skills"))),
    ),
)


def asked(session: Session, slug: str = "survey", lead: Institution | None = None) -> Activity:
    activity = make_activity(session, make_process(session, lead=lead), slug=slug)
    make_edition(session, activity, SURVEY)
    return activity


def measured(session: Session, activity: Activity) -> dict[str, mapping.Measured]:
    lists = concepts.code_lists(session, activity.process_id)
    return {one.name: one for one in mapping.measured(session, activity, lists)}


def decide(
    session: Session, activity: Activity, name: str, concept: str, codes: dict[str, str], now: dt.datetime
) -> None:
    lists = concepts.code_lists(session, activity.process_id)
    mapping.decide(session, activity, measured(session, activity)[name], concept, codes, lists, by=None, now=now)


def test_before_anybody_decides_only_the_same_code_counts(session: Session) -> None:
    found = measured(session, asked(session))

    assert list(found) == ["country", "wish", "age"]
    assert found["country"].codes == {"GB": "GB"}
    assert found["country"].without() == ["1", "2", "9"]
    assert (found["wish"].concept, found["wish"].codes) == ("", {})


def test_what_is_decided_goes_before_the_questionnaire(session: Session, now: dt.datetime) -> None:
    activity = asked(session)

    decide(session, activity, "country", "citizenship", {"1": "GH", "2": "TG", "GB": "", "9": ""}, now)

    found = measured(session, activity)["country"]
    assert (found.concept, found.codes, found.decided) == ("citizenship", {"1": "GH", "2": "TG"}, True)


def test_a_code_that_the_concept_has_not_is_refused_by_its_choice(session: Session, now: dt.datetime) -> None:
    activity = asked(session)

    with pytest.raises(Refused) as refused:
        decide(session, activity, "country", "country_of_residence", {"1": "XX", "2": "TG"}, now)

    assert [(one.code, one.place.field) for one in refused.value.problems] == [("questionnaires.mapping.code", "1")]
    assert session.get(Mapping, (activity.id, measured(session, activity)["country"].id)) is None


def test_a_process_makes_the_choices_of_a_question_a_code_list(session: Session, now: dt.datetime) -> None:
    activity = asked(session)
    process = session.get_one(Process, activity.process_id)
    choices = measured(session, activity)["wish"].choices

    concepts.adopt(session, process, "wishes", choices, by=None, now=now)

    assert concepts.code_lists(session, process.id)["wishes"].codes == ("vote", "skills")
    for code, problem in (("wishes", "taken"), ("sex", "standard")):
        with pytest.raises(Refused) as refused:
            concepts.adopt(session, process, code, choices, by=None, now=now)
        assert refused.value.problems[0].code == f"processes.concept.{problem}"


def test_the_next_round_measures_the_same(session: Session, now: dt.datetime) -> None:
    activity = asked(session)
    decide(session, activity, "wish", "interest", {}, now)

    made = rounds.next_round(session, activity, title="Next", by=None, now=now)

    assert measured(session, made)["wish"].concept == "interest"


@pytest.fixture
def officer(database: Database, client: FlaskClient) -> FlaskClient:
    with database.transaction() as session:
        ministry = make.institution(session)
        asked(session, lead=ministry)
        person = make.user(session, ministry, Role.OFFICER)
    sign_in(client, person)
    return client


def address(database: Database, name: str = "") -> str:
    with database.reading() as session:
        activity = session.query(Activity).one()
        page = f"/en/desk/processes/{activity.process.slug}/concepts"
        return f"{page}/survey/{measured(session, activity)[name].id}" if name else page


def test_the_editor_suggests_and_only_what_is_saved_counts(database: Database, officer: FlaskClient) -> None:
    page = officer.get(address(database, "country"))
    assert page.status_code == 200
    for suggested in ('value="GH"', 'value="TG"', 'value="GB"'):
        assert suggested in page.text
    with database.reading() as session:
        assert measured(session, session.query(Activity).one())["country"].codes == {"GB": "GB"}

    form = {"csrf_token": token(officer), "concept": "country_of_residence", "code-1": "GH", "code-2": "XX"}
    refused = officer.post(address(database, "country"), data=form)
    assert "“XX” is no code of this concept" in refused.text
    assert 'value="XX"' in refused.text, "what was typed stays"

    saved = officer.post(address(database, "country"), data={**form, "code-2": "TG", "code-3": "", "code-4": ""})
    assert saved.status_code == 302
    with database.reading() as session:
        assert measured(session, session.query(Activity).one())["country"].codes == {"1": "GH", "2": "TG"}
    assert "2 of 4" in officer.get(address(database)).text


def test_another_concept_is_looked_at_before_it_is_saved(database: Database, officer: FlaskClient) -> None:
    own = officer.get(address(database, "wish"), query_string={"concept": "wishes"})
    assert "has no code list" in own.text
    form = {"csrf_token": token(officer), "concept": "wishes", "do": "adopt"}
    assert officer.post(address(database, "wish"), data=form).status_code == 302
    with database.reading() as session:
        assert session.query(Concept).one().code == "wishes"
        assert measured(session, session.query(Activity).one())["wish"].codes == {"vote": "vote", "skills": "skills"}
    odd = officer.post(address(database, "wish"), data={**form, "concept": "a b"})
    assert "letters, digits" in odd.text


STAGES = {"young": LocalisedText({"en": "Young"}), "grown": LocalisedText({"en": "Grown"}), "old": LocalisedText()}


def stages(session: Session, activity: Activity, now: dt.datetime) -> dict[str, concepts.CodeList]:
    process = session.get_one(Process, activity.process_id)
    concepts.adopt(session, process, "stage", STAGES, by=None, now=now)
    return concepts.code_lists(session, process.id)


def test_a_number_is_the_code_that_begins_last_below_it(session: Session, now: dt.datetime) -> None:
    activity = asked(session)
    lists, age = stages(session, activity, now), measured(session, activity)["age"]
    assert (age.starts, age.choices, age.decimals) == ({}, {}, 0)

    bounds = {"young": 18.0, "grown": 30.0, "old": 65.0}
    mapping.decide_bounds(session, activity, age, "stage", bounds, 100.0, lists, by=None, now=now)

    made = rounds.next_round(session, activity, title="Next", by=None, now=now)
    for found in (measured(session, one)["age"] for one in (activity, made)):
        assert found.concept == "stage"
        assert list(found.starts.items()) == [(18, "young"), (30, "grown"), (65, "old"), (100, "")]


@pytest.mark.parametrize(
    ("bounds", "end", "problems"),
    [
        ({}, None, []),
        ({"young": 18, "grown": 30, "old": 65}, None, []),
        ({"young": 65, "grown": 30, "old": 18}, None, []),
        ({"young": 18, "grown": 30}, 65, []),
        ({"grown": 30, "old": 65}, None, []),
        ({"young": 18, "grown": 18, "old": 65}, None, [("order", "grown")]),
        ({"young": 18, "grown": 70, "old": 65}, None, [("order", "old")]),
        ({"young": 18, "old": 65}, None, [("gap", "grown")]),
        ({"young": 65, "old": 18}, None, [("gap", "grown")]),
        ({"young": 18, "grown": 30}, None, [("open", mapping.END)]),
        ({"grown": 30, "old": 18}, None, [("open", mapping.END)]),
        ({"young": 18, "grown": 30}, 30, [("end", mapping.END)]),
        ({"young": 18.5, "grown": 30, "old": 2e12}, None, [("number", "young"), ("number", "old")]),
    ],
)
def test_codes_need_numbers_that_leave_no_doubt(
    session: Session, bounds: dict[str, float], end: float | None, problems: list[tuple[str, str]]
) -> None:
    age = measured(session, asked(session))["age"]

    found = mapping.problems_of(age, tuple(STAGES), bounds, end)

    assert [(one.code.removeprefix("questionnaires.bound."), one.place.field) for one in found] == problems


def test_the_editor_of_numbers_shows_ranges_before_they_are_saved(
    database: Database, officer: FlaskClient, now: dt.datetime
) -> None:
    suggested = officer.get(address(database, "age"), query_string={"concept": "age_group"}).text
    assert 'value="15"' in suggested and "15–19" in suggested and "100 and over" in suggested
    with database.transaction() as session:
        stages(session, session.query(Activity).one(), now)
    bare = officer.get(address(database, "age"), query_string={"concept": "interest"}).text
    assert "has no code list yet" in bare

    form = {"csrf_token": token(officer), "concept": "stage", "code-1": "18", "code-2": "٣٠", "code-4": "65"}
    for typed, said in (
        ("", "From here on there is no code"),
        ("many", "Enter a number"),
        ("30", "a number of its own"),
    ):
        wrong = {**form, "code-3": typed, "code-4": form["code-4"] if typed else "20"}
        assert said in officer.post(address(database, "age"), data=wrong).text
    looked = officer.post(address(database, "age"), data={**form, "do": "look"}).text
    for words in ("18–29", "30–64", "under 18; 65 and over"):
        assert words in looked
    with database.reading() as session:
        assert not measured(session, session.query(Activity).one())["age"].decided

    assert officer.post(address(database, "age"), data=form).status_code == 302
    with database.reading() as session:
        found = measured(session, session.query(Activity).one())["age"]
        assert dict(found.starts) == {18: "young", 30: "grown", 65: ""}
    assert "2 ranges" in officer.get(address(database)).text
    assert "under 18; 65 and over" in officer.get(address(database, "age")).text


def test_nobody_else_sees_it(database: Database, officer: FlaskClient, app) -> None:
    with database.transaction() as session:
        other = make.user(session, make.institution(session), Role.OFFICER)
    stranger = app.test_client()
    sign_in(stranger, other)
    for page in (address(database), address(database, "wish")):
        assert stranger.get(page).status_code == 404
