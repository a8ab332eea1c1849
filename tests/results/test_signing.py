"""What institutions signed is shown in full, each beside the others."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from sqlalchemy import update

from consult.accounts.models import Institution
from consult.core.access import Actor
from consult.core.aggregation.tables import Signed
from consult.core.questionnaire.definition import QuestionType
from consult.core.text import LocalisedText
from consult.db.installation import Installation
from consult.processes.models import Activity, Process, Unit
from consult.questionnaires.models import Edition
from consult.responses.joint.signing import Signing, sign
from consult.results import signing, upkeep
from consult.results.content import content_of
from consult.results.presentation import Reader
from tests.factories import accounts as make
from tests.factories.joint import make_joint
from tests.factories.questionnaires import make_question, make_questionnaire
from tests.factories.results import choices
from tests.results.surveying import Survey

STATES = ("GH", "TG", "KE")


def asked(unit_concept="institution"):
    return make_questionnaire(
        make_question("state", QuestionType.SELECT_ONE, choices="states", concept=unit_concept),
        make_question("strategy", QuestionType.SELECT_ONE, choices="yes_no", theme="remittances"),
        make_question("since", QuestionType.DATE, theme="remittances"),
        make_question("services", QuestionType.SELECT_MULTIPLE, choices="services"),
        make_question("staff", QuestionType.INTEGER),
        make_question("remarks", QuestionType.TEXT),
        make_question("telephone", QuestionType.TEXT, contact=True),
        make_question("unanswered", QuestionType.TEXT),
        lists=(
            choices("states", *STATES),
            choices("yes_no", "yes", "no"),
            choices("services", "passports", "votes"),
        ),
    )


ANSWERS = [
    {"state": "TG", "strategy": "no", "since": None, "services": ["votes", "passports"], "staff": 12, "remarks": None},
    {
        "state": "GH",
        "strategy": "yes",
        "since": "2019-05-01",
        "services": ["votes"],
        "staff": 1200,
        "remarks": "=1+1, said\nthe minister",
        "telephone": "+233",
        "unanswered": None,
    },
    {"state": None, "strategy": "yes"},
]


@pytest.fixture
def survey(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, unit=Unit.INSTITUTION, questionnaire=asked())
    survey.answer(ANSWERS)
    return survey


def test_answers_stand_in_full_under_the_names_of_institutions(survey):
    survey.freeze()
    content = content_of(survey.release().content)
    (dataset,) = content.datasets
    ids = survey.ids

    assert dataset.matrix.by == ids["state"]
    assert [row.institution for row in dataset.matrix.rows] == ["GH", "TG", ""]
    assert dataset.matrix.rows[1] == Signed(
        institution="TG",
        answers={ids["strategy"]: ("no",), ids["services"]: ("votes", "passports"), ids["staff"]: (12,)},
    )
    assert b"+233" not in survey.release().content, "contact data never get here"
    remittances, others = signing.parts(content, dataset, Reader("fr", str))
    assert remittances.rows == (
        ("GH (fr)", ("yes (fr)", "1 mai 2019")),
        ("TG (fr)", ("no (fr)", "")),
        ("Not named", ("yes (fr)", "")),
    )
    assert len(others.items) == 3, "what nobody answered is left out"
    assert others.rows[0][1] == ("votes (fr)", "1\u202f200", "=1+1, said\nthe minister")
    assert survey.verify() == (True, True, True)


def test_persons_have_no_matrix(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, questionnaire=asked())
    survey.answer([ANSWERS[0]] * 30)

    assert survey.draft().content.datasets[0].matrix is None


def test_without_a_name_there_is_no_matrix(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, unit=Unit.INSTITUTION, questionnaire=asked(""))
    survey.answer(ANSWERS)

    assert survey.draft().content.datasets[0].matrix is None


def test_everybody_reads_it_in_a_published_release_and_no_formula_starts(survey, app):
    survey.publish(survey.freeze())
    with survey.database.transaction() as session:
        session.get_one(Process, survey.process_id).public = True
    (dataset,) = content_of(survey.release().content).datasets
    browser, address = app.test_client(), f"/en/p/{survey.slug}/results/1"

    linked = browser.get(address).text
    page = browser.get(f"{address}/{dataset.slug}/matrix")
    file = browser.get(f"{address}/{dataset.slug}/matrix.csv")

    assert f"{address}/{dataset.slug}/matrix" in linked
    assert page.status_code == 200
    assert "said\nthe minister" in page.text
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert rows[0][0] == "Institution"
    assert rows[1][0] == "GH (en)"
    assert rows[1][-1] == "'=1+1, said\nthe minister"
    assert browser.get(f"{address}/nothing/matrix").status_code == 404


def test_without_a_question_institutions_go_by_what_they_signed_as(database, settings, keys, now):
    survey = Survey(database, settings, keys, now, unit=Unit.INSTITUTION, questionnaire=asked(""))
    with database.transaction() as session:
        edition = session.get_one(Edition, (survey.activity_id, 1))
        session.get_one(Activity, survey.activity_id).opens_at = now - dt.timedelta(days=1)
        for name, answer in (("Zambia’s statistics office", "yes"), ("Ministry of Labour", "no")):
            joint, hand = make_joint(session, edition, hands=1, place=make.institution(session, name))
            joint.edition, joint.version = 1, 1
            answers = {survey.ids["strategy"]: answer}
            wanted = Signing(1, "Ama", "en", answers)
            sign(session, joint, wanted, key=keys.codes, by=Actor(hand.id, hand.name), now=now)
    upkeep.refresh(Installation(settings, keys, database), [survey.activity_id])
    survey.publish(survey.freeze())
    content = content_of(survey.release().content)
    (dataset,) = content.datasets
    assert dataset.matrix.by == ""
    (part,) = signing.parts(content, dataset, Reader("en", str))
    assert part.rows == (("Ministry of Labour", ("no (en)",)), ("Zambia’s statistics office", ("yes (en)",)))
    with database.transaction() as session:
        session.execute(update(Institution).values(name=LocalisedText({"en": "Another name"})))
    assert survey.verify() == (True, True, True), "what they were called when they signed"
