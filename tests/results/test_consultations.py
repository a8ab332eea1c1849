"""Consultations in releases: participants, votes and what people write, under the rules that protect respondents."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from consult.coding import codebooks
from consult.consultations.models.contributed import Comment
from consult.consultations.models.opinions import Vote
from consult.core.aggregation import contributions
from consult.core.aggregation.tables import canonical
from consult.core.aggregation.variables import CHANNEL
from consult.core.errors import Refused
from consult.results.content import CELL_KEY, SUPPRESSION, Plan, content_of
from consult.results.crossings import SET_APART
from tests.factories.coding import make_code, make_codebook
from tests.factories.consultations import make_statement
from tests.results.gathering import PLAN, Consultation, crossed, one_way


@pytest.fixture
def database(sqlite):
    """Numbers do not depend on the database, as a test of their own holds: SQLite is enough here."""
    return sqlite


@pytest.fixture
def consultation(database, settings, keys, now):
    return Consultation(database, settings, keys, now)


@pytest.fixture
def written(consultation):
    return written_to(consultation)


def written_to(consultation):
    """Of 200 participants 120 comment: 60 on the first paragraph, 50 on the second, three on the third."""
    who = consultation.take_part(200)
    consultation.comment(who[:60], 0)
    consultation.comment(who[60:110], 1, stance="oppose", locale="fr")
    consultation.few = consultation.comment(who[110:113], 2, stance="oppose")
    return consultation


def statement(consultation, place=0):
    return contributions.statement(consultation.statements[place].hex)


# --- what is counted ---


def test_participants_are_counted_with_their_votes_by_opinion_group(consultation):
    consultation.take_part(200)

    found = consultation.datasets()["participants"]

    assert found.responses == 200
    groups = one_way(found, "opinion_group")
    assert min(groups["A"], groups["B"]) > 80
    assert groups["A"] + groups["B"] == 200
    votes = one_way(found, statement(consultation))
    assert sum(votes.values()) == 200
    by_group = crossed(found, statement(consultation), "opinion_group")
    assert {by_group["agree", "A"] > 50, by_group["agree", "B"] > 50} == {True, False}
    assert by_group["agree", "A"] + by_group["agree", "B"] == votes["agree"]
    assert found.contributions.stability[1] > 0.5


def test_comments_are_counted_by_part_theme_stance_and_language(written):
    found = written.datasets()["comments"]

    assert found.responses == 113
    assert one_way(found, "comments_stance") == {
        "support": 60,
        "oppose": 53,
        "suggest": 0,
        "question": 0,
        ":skipped": 0,
        ":not-relevant": 0,
    }
    assert one_way(found, "comments_theme")["money"] == 60
    assert found.title["fr"] == "Draft policy – Commentaires"


def test_codes_are_counted_with_their_themes_and_by_who_wrote(consultation):
    who = consultation.take_part(200)
    made = consultation.comment([*who[:149], who[0]])
    consultation.code(made[:80], "vote", "cost")
    consultation.code(made[80:])

    found = consultation.datasets()["comments"]

    assert one_way(found, "comments_coded")["yes"] == 150
    codes = one_way(found, "comments_codes")
    assert (codes["vote"], codes["cost"], codes[":skipped"], codes[":not-relevant"]) == (80, 80, 70, 0)
    assert {one.code: one.theme for one in found.variable("comments_codes").categories}["vote"] == "vote"
    by_group = crossed(found, "comments_codes", "opinion_group")
    assert by_group["vote", "A"] + by_group["vote", "B"] == 80


def test_a_code_that_stands_under_another_is_called_after_both(consultation, database, now):
    with database.transaction() as session:
        process = consultation.process(session)
        make_codebook(session, process)
        codebooks.write(session, process, make_code("post", parent="vote"), by=None, now=now)
        codebooks.publish(session, process, {}, by=None, now=now)
    consultation.comment(consultation.take_part(40))

    codes = consultation.datasets()["comments"].variable("comments_codes").categories

    labels = [one.label["en"] for one in codes]
    assert {"Vote", "Vote – Post"} <= {*labels}
    assert "Post" not in labels


def test_what_waits_was_refused_withdrawn_or_set_apart_or_is_a_concern_counts_nowhere(consultation):
    who = consultation.take_part(60)
    consultation.comment(who[:40])
    for state in ("waiting", "refused", "withdrawn", "concern"):
        consultation.comment(who[40:], state=state)
    consultation.comment(who, state="set_apart")

    found = consultation.datasets()

    assert found["comments"].responses == 40
    assert found["participants"].contributions.apart == 60


def test_whoever_was_set_apart_counts_by_what_a_moderator_showed_of_theirs_and_not_by_votes(consultation):
    consultation.take_part(100)
    apart = consultation.take_part(40, channel="suspect")
    consultation.comment(apart[:30], channel="suspect")
    consultation.comment(apart[30:], channel="suspect", state="set_apart")

    found = consultation.datasets()["participants"]

    channels = one_way(found, CHANNEL)
    assert (channels["open"], channels["suspect"], sum(channels.values())) == (100, 30, 130)
    assert one_way(found, statement(consultation))[":skipped"] == 30


def test_a_plan_can_count_what_was_set_apart(consultation):
    who = consultation.take_part(100)
    apart = consultation.take_part(40, channel="suspect")
    consultation.comment(who[:40])
    consultation.comment(apart, channel="suspect", state="set_apart")
    consultation.comment(who[40:], state="refused")
    plan = Plan(crossings=(SET_APART,))

    found = consultation.datasets(plan)

    assert one_way(found["participants"], CHANNEL)["suspect"] == 40
    assert one_way(found["participants"], statement(consultation)).get(":skipped", 0) == 0
    assert (found["comments"].responses, found["participants"].contributions.apart) == (80, 40)
    assert consultation.verify(consultation.freeze(plan)) == (True, True, True)


def test_campaigns_are_counted_text_by_text(consultation):
    who = consultation.take_part(100)
    first = consultation.id()
    consultation.comment(who[:40], alike_id=first)
    consultation.comment(who[40:80])

    assert one_way(consultation.datasets()["comments"], "comments_alike")["yes"] == 40


def test_whom_no_code_belongs_to_is_a_participant_each(consultation):
    who = consultation.take_part(40)
    consultation.comment([None] * 20)

    assert consultation.datasets()["participants"].responses == len(who) + 20


def test_changed_counts_are_of_participants_alone(consultation):
    who = consultation.take_part(200)
    consultation.comment(who)

    found = consultation.datasets(Plan(method=CELL_KEY))

    assert set(found) == {"participants"}
    assert all(table.noise for table in found["participants"].tables if not table.withheld)


# --- what is protected ---


def test_nobodys_single_comment_or_vote_can_be_told(consultation):
    """Three comment on the third paragraph, three are of the one language, three vote otherwise than all others."""
    who = consultation.take_part(200)
    consultation.comment(who[:60], 0)
    consultation.comment(who[60:110], 1, stance="oppose")
    consultation.comment(who[110:113], 2, stance="question", locale="fr")
    with consultation.database.transaction() as session:
        lonely = consultation.statements[0]
        session.execute(update(Vote).where(Vote.statement_id == lonely).values(value=1))
        odd = Vote.code.in_(who[:3])
        session.execute(update(Vote).where(Vote.statement_id == lonely, odd).values(value=-1))

    found = consultation.datasets()

    parts = one_way(found["comments"], "comments_part")
    assert parts[consultation.parts[2]] is None
    assert list(parts.values()).count(None) > 1, "else it could be worked out"
    assert one_way(found["comments"], "comments_stance")["question"] is None
    votes = one_way(found["participants"], statement(consultation))
    assert votes["disagree"] is None
    assert votes["agree"] is None
    for dataset in found.values():
        for table in dataset.tables:
            assert not [n for row in table.rows for n in row.counts if n is not None and 0 < n < 10]


def test_who_writes_much_stands_behind_no_number_alone(consultation):
    who = consultation.take_part(100)
    consultation.comment(who[:40], 0)
    consultation.comment(who[:1] * 60, 1)

    parts = one_way(consultation.datasets()["comments"], "comments_part")

    assert parts[consultation.parts[1]] is None


def test_a_handful_of_participants_are_not_shown(consultation):
    consultation.comment(consultation.take_part(9))

    found = consultation.datasets()

    assert found["participants"].responses is None
    assert all(table.withheld for table in found["participants"].tables)
    assert "comments" not in found


def test_a_group_smaller_than_the_threshold_is_none(consultation):
    consultation.take_part(9)
    consultation.take_part(100)

    groups = one_way(consultation.datasets()["participants"], "opinion_group")

    assert all(n is None or n == 0 or n >= 10 for n in groups.values())


def test_a_second_release_must_not_tell_of_who_came_in_between(written):
    plan = Plan(method=SUPPRESSION, crossings=PLAN.crossings)
    written.publish(written.freeze(plan))
    written.take_part(2)

    with pytest.raises(Refused) as refused:
        written.draft(plan)

    assert "results.release.difference" in {problem.code for problem in refused.value.problems}


def test_the_same_again_is_no_difference(written):
    plan = Plan(method=SUPPRESSION, crossings=PLAN.crossings)
    written.publish(written.freeze(plan))

    assert written.publish(written.freeze(plan)) is None


# --- verifying ---


def test_a_release_is_recomputed_while_nothing_has_changed(written):
    number = written.freeze()

    assert written.verify(number) == (True, True, True)


def test_a_release_is_not_recomputed_once_somebody_took_back_what_they_wrote(written):
    number = written.freeze()
    with written.database.transaction() as session:
        session.execute(delete(Comment).where(Comment.id == written.few[0]))

    assert written.verify(number) == (True, True, None)


def test_every_database_gives_the_same(sqlite, server, settings, keys, now):
    first, second = (written_to(Consultation(each, settings, keys, now)).draft() for each in (sqlite, server))

    assert canonical([one.tables for one in first.content.datasets]) == canonical(
        [one.tables for one in second.content.datasets]
    )


def test_what_is_read_is_named_by_its_hash_under_seal_alone(written):
    made = written.draft()
    (of_people,) = {part.segments for part in made.restricted.datasets}

    assert [one.id for one in of_people] == [str(written.activity_id)]
    assert of_people[0].hash.encode() not in made.content.encoded()


def test_more_statements_are_more_questions(written):
    before = content_of(written.release(written.freeze()).content)
    with written.database.transaction() as session:
        make_statement(session, written.activity(session), "Another one.")

    after = written.draft().content

    counts = [sum(one.id.startswith("statement_") for one in found.datasets[0].variables) for found in (before, after)]
    assert counts == [8, 9]
