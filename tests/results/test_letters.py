"""Opinion groups keep their letters from one release to the next, and the rule of differences follows the groups."""

from __future__ import annotations

import pytest

from consult.consultations.models.contributed import Participant
from consult.consultations.models.opinions import Vote
from consult.core.aggregation import contributions, joint
from consult.core.aggregation.tables import Category, Kind, Variable
from consult.core.errors import Refused
from consult.results import letters
from consult.results.content import SUPPRESSION, Plan
from tests.factories.consultations import OPENED
from tests.results.gathering import Consultation, crossed, one_way

PLAN = Plan(method=SUPPRESSION, crossings=())


class Divided(Consultation):
    """A consultation of two opinions on all statements but the first, on which both are divided."""

    def join(self, side, *, agree=0, disagree=0):
        """So many people of an opinion, who agree or disagree with the first statement."""
        with self.database.transaction() as session:
            for first in (1,) * agree + (-1,) * disagree:
                code, side_of = self.rng.randbytes(32), (1, -1)[side]
                row = {"channel": "open", "locale": "en", "stakeholder": "citizen", "country": ""}
                session.add(Participant(activity_id=self.activity_id, code=code, day=OPENED.date(), **row))
                for at, statement in enumerate(self.statements):
                    value = side_of * (-1) ** at if at else first
                    session.add(Vote(activity_id=self.activity_id, code=code, statement_id=statement, value=value))

    def first(self):
        return contributions.statement(self.statements[0].hex)


def told(refused):
    """The cells whose difference would tell of few."""
    return [problem.params["cell"] for problem in refused.problems if problem.code == "results.release.difference"]


@pytest.fixture
def database(sqlite):
    """Numbers do not depend on the database, as a test of their own holds: SQLite is enough here."""
    return sqlite


@pytest.fixture
def divided(database, settings, keys, now):
    """120 people of one opinion and 60 of the other, in a release that is not published yet."""
    made = Divided(database, settings, keys, now)
    made.join(0, agree=60, disagree=60)
    made.join(1, agree=30, disagree=30)
    made.freeze(PLAN)
    return made


@pytest.fixture
def released(divided):
    divided.publish(1)
    return divided


def test_the_largest_group_is_a_at_first(divided):
    assert {name: one_way(divided.datasets(PLAN)["participants"], "opinion_group")[name] for name in "AB"} == {
        "A": 120,
        "B": 60,
    }


def test_a_group_keeps_its_letter_when_the_other_becomes_larger(released):
    released.join(1, agree=33, disagree=33)

    found = released.datasets(PLAN)["participants"]

    sizes, votes = one_way(found, "opinion_group"), crossed(found, released.first(), "opinion_group")
    assert (sizes["A"], sizes["B"]) == (120, 126)
    assert (votes["agree", "A"], votes["agree", "B"]) == (60, 63)


def test_few_who_came_to_a_group_are_not_told_because_the_other_became_larger(released):
    released.join(0, disagree=3)
    released.join(1, agree=55, disagree=15)

    with pytest.raises(Refused) as refused:
        released.draft(PLAN)

    assert f"opinion_group = A, {released.first()} = disagree" in told(refused.value)


def test_a_release_with_letters_of_its_own_is_held_against_groups_and_not_letters(divided):
    divided.join(0, disagree=3)
    divided.join(1, agree=55, disagree=15)
    made = divided.draft(PLAN)
    assert one_way(made.content.datasets[0], "opinion_group")["A"] == 130, "the group that was smaller"
    divided.publish(1)

    with pytest.raises(Refused) as refused:
        divided.keep(made)

    assert f"opinion_group = B, {divided.first()} = disagree" in told(refused.value)


def test_a_release_is_recomputed_with_its_own_letters(released):
    released.join(1, agree=33, disagree=33)
    number = released.freeze(PLAN)

    assert released.verify(number) == (True, True, True)
    released.publish(number)
    assert released.verify(number) == (True, True, True)


def test_letters_stand_in_combinations_of_groups_too():
    group, country = (
        Variable(id=name, name=name, kind=Kind.SINGLE, categories=tuple(Category(code=code) for code in codes))
        for name, codes in (("opinion_group", "AB"), ("country", ("GB", "A")))
    )
    both = joint.join((country, group))

    found = letters.translation((group, country, both), {"A": {}, "B": {}}, {"A": "B"})

    assert found.key((("opinion_group", "A"),)) == (("opinion_group", "B"),)
    assert found.key((("opinion_group", "B"),)) == (("opinion_group", "B-"),), "who is no group any more"
    assert found.key((("country", "A"),)) == (("country", "A"),)
    assert found.key(((both.id, "A&A"),)) == ((both.id, "A&B"),)
    assert found.key(((both.id, "GB&:skipped"),)) == ((both.id, "GB&:skipped"),)
