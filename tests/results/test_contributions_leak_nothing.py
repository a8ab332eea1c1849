"""What contributions would tell of who wrote them, by attacks on the published numbers of releases.

Everybody can read every comment: which of them have what is public together is known exactly.
"""

from __future__ import annotations

import pytest

from consult.core.aggregation import contributions
from consult.core.errors import Refused
from consult.results import contributed
from consult.results.content import SUPPRESSION, Plan
from tests.results.gathering import Consultation, crossed, one_way

PLAN = Plan(method=SUPPRESSION, crossings=("country_of_residence", "channel", "locale"))
BY_GROUP = Plan(method=SUPPRESSION, crossings=("opinion_group",))
PUBLIC = {"theme", "part", "reply", "stance", "alike", "language", "stakeholder"}


@pytest.fixture
def database(sqlite):
    """Numbers do not depend on the database, as a test of their own holds: SQLite is enough here."""
    return sqlite


@pytest.fixture
def consultation(database, settings, keys, now):
    return Consultation(database, settings, keys, now)


def test_two_sets_of_comments_that_differ_by_one_do_not_tell_its_author(consultation):
    """70 nearly identical comments in French, and one more in French: what the tables of both say by group differs by
    the group of one person."""
    who = consultation.take_part(300)
    alike = consultation.comment([*who[:80:2], *who[1:61:2]], locale="fr", alike_id=consultation.id())
    consultation.comment(who[80:81], 1, locale="fr")
    others = consultation.comment([*who[100:278], *who[100:102]], 1, stance="oppose")
    consultation.code([*alike, *others[:60]], "vote")

    comments = consultation.datasets(PLAN)["comments"]

    assert (one_way(comments, "comments_alike")["yes"], one_way(comments, "comments_language")["fr"]) == (70, 71)
    told = {(one.variable, one.by) for one in comments.tables if one.by}
    by_profile = {variable for variable, by in told if contributions.read(by).of == "participants"}
    assert by_profile == {"comments_codes"}
    assert not [one for one in told if contributions.read(one[0]).of == "participants"]
    public = {contributions.read(by).what for variable, by in told if contributions.read(by).of == "comments"}
    assert public and public <= PUBLIC
    by_group = crossed(comments, "comments_codes", "opinion_group")
    assert by_group["vote", "A"] + by_group["vote", "B"] == 130


def test_codes_do_not_tell_where_all_live_whose_comments_have_one(consultation):
    """45 write of the vote and live in Eritrea; those who write of costs and schools live everywhere."""
    there = consultation.take_part(45, country="ER")
    who = consultation.take_part(200)
    consultation.code(consultation.comment(there), "vote")
    others = consultation.comment([*who, *who[:2]])
    for some, codes in ((others[:80], ("cost", "school")), (others[80:140], ("cost",)), (others[140:], ("school",))):
        consultation.code(some, *codes)

    comments = consultation.datasets(PLAN)["comments"]

    assert one_way(comments, "comments_codes")["vote"] == 45
    by_country = crossed(comments, "comments_codes", "country")
    assert by_country["cost", "GB"] > 50
    assert by_country["vote", "ER"] is None
    assert all(one.sensitive for one in comments.variables if contributions.read(one.id).of == "participants")


def test_whom_one_speaks_for_counts_as_it_stands_beside_the_comment(consultation):
    """Who does not say it, and who speaks for themselves, look the same there."""
    who = consultation.take_part(200)
    for at, said in enumerate(("ngo", "citizen", "")):
        consultation.comment(who[at * 60 : at * 60 + 60], at % 2, stakeholder=said)
    consultation.comment(who[:1] * 2)

    comments = consultation.datasets(PLAN)["comments"]

    found = one_way(comments, "comments_stakeholder")
    assert (found["ngo"], found["citizen"]) == (60, 122)
    assert "stakeholder" not in {one.id for one in comments.variables}
    assert crossed(comments, "comments_stance", "comments_stakeholder")["support", "ngo"] == 60


def test_noise_is_not_drawn_from_the_ids_that_everybody_sees(consultation, keys):
    made = consultation.comment([None] * 20)

    with consultation.database.reading() as session:
        people = contributed.read(session, consultation.activity(session), keys.codes, apart=False).people

    assert len({one.record for one in people}) == 20
    assert not {one.record for one in people} & {int.from_bytes(name.bytes[:4], "big") for name in made}


@pytest.fixture
def released(consultation):
    """82 of 300 participants wrote of the vote, of both opinions, one of them twice; and so a release says."""
    consultation.who = consultation.take_part(300)
    consultation.code(consultation.comment([*consultation.who[:82], consultation.who[0]]), "vote")
    consultation.publish(consultation.freeze(BY_GROUP))
    return consultation


def test_two_releases_do_not_tell_the_opinion_of_all_who_wrote_in_between(released):
    """45 more comments, all by people of one opinion, who had voted before."""
    released.code(released.comment(released.who[100:190:2]), "vote", "cost")

    with pytest.raises(Refused) as refused:
        released.draft(BY_GROUP)

    problems = refused.value.problems
    assert {problem.code for problem in problems} == {"results.release.alike", "results.release.ways"}
    assert any(problem.params["cell"].startswith("opinion_group = ") for problem in problems[:-1])


def test_a_further_release_is_made_where_people_of_both_opinions_wrote_in_between(released):
    more = released.comment(released.who[100:220])
    released.code(more[:60], "cost", "vote")
    released.code(more[60:], "school")

    comments = next(one for one in released.draft(BY_GROUP).content.datasets if one.slug.endswith(".comments"))

    assert one_way(comments, "comments_codes")["school"] == 60
