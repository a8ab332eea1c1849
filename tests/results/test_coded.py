"""Codes of answers in words, as a release counts them beside the questions that were asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consult.coding import codebooks, flagging, gathering, service
from consult.coding.models import Item
from consult.coding.queries import latest
from consult.core.aggregation.tables import NO_CODE, NOT_RELEVANT, codes_of
from consult.core.coding import unlinking
from consult.core.errors import Refused
from consult.core.questionnaire import maps
from consult.core.questionnaire.maps import AnswerMap
from consult.processes.models import Activity, Process
from consult.questionnaires.models import Edition
from consult.responses.models import Response, Tombstone
from consult.results import columns
from consult.results.content import content_of
from consult.results.exports import FORMATS
from consult.results.presentation import Reader, items
from consult.results.themes import themes
from tests.factories.coding import KEY, acting, make_code, make_codebook, make_coder
from tests.factories.questionnaires import make_edition
from tests.factories.results import make_responses
from tests.results.surveying import Survey

READER = Reader("en", str)


class Coded(Survey):
    """A survey whose question of wishes is answered and coded."""

    def __init__(self, *given):
        super().__init__(*given)
        with self.database.transaction() as session:
            process = session.get_one(Process, self.process_id)
            make_codebook(session, process)
            self.coders = [acting(make_coder(session, process)) for _ in range(3)]
        self.wishes = self.ids["wishes"]

    def write(self, sex, count, *codes, edition=1):
        """So many of a sex write a wish, to which one coder gives these codes; the names of the answers."""
        with self.database.transaction() as session:
            edition = session.get_one(Edition, (self.activity_id, edition))
            answers = [{"sex": sex, "wishes": f"Wish {number}"} for number in range(count)]
            made = make_responses(session, edition, self.questionnaire, answers)
            names = unlinking.names(KEY, self.activity_id, self.wishes, [one.id for one in made])
        gathering.gather(self.database, KEY, self.activity_id)
        self.code(names, *codes)
        return names

    def code(self, names, *codes, by=0):
        with self.database.transaction() as session:
            known = latest(session, self.process_id)
            for name in names:
                service.code(session, self.item(session, name), codes, known, by=self.coders[by])

    def item(self, session, name):
        return session.get_one(Item, (self.activity_id, name))

    def withdraw_responses(self, names):
        with self.database.transaction() as session:
            for response in unlinking.responses(KEY, self.activity_id, self.wishes, names):
                session.delete(session.get_one(Response, (self.activity_id, response)))
                session.add(Tombstone(activity_id=self.activity_id, id=response))

    def store(self):
        with self.database.transaction() as session:
            session.get_one(Activity, self.activity_id).sealed_at = self.now
        columns.refresh(self.database, self.activity_id, store=self.settings.column_store, least=10, rng=self.rng)

    def table(self, content, by="", wishes=""):
        """The counts of codes by group. `wishes`: the question as earlier editions had it."""
        name = codes_of(wishes or self.wishes)
        (found,) = [
            one for one in content.datasets[0].tables if one.variable == name and one.by == self.ids.get(by, "")
        ]
        return {row.code: dict(zip(found.groups, row.counts, strict=True)) for row in found.rows}


@pytest.fixture
def survey(database, settings, keys, now):
    found = Coded(database, settings, replace(keys, codes=KEY), now)
    found.write("female", 60, "vote")
    found.write("female", 14, "school", "vote")
    found.write("female", 4, "cost")
    found.write("male", 40, "vote")
    found.write("male", 30, "cost", "school")
    found.write("male", 20)
    return found


def uncoded(survey, count, edition=1):
    """Answers that nobody codes."""
    names = survey.write("male", count, edition=edition)
    with survey.database.transaction() as session:
        for name in names:
            service.take_back(session, survey.item(session, name), by=survey.coders[0])
    return names


def test_codes_by_sex_have_small_cells_hidden_and_are_verified(survey):
    uncoded(survey, 25)
    survey.store()

    made = survey.draft()

    assert survey.table(made.content)["vote"] == {"": 114}
    assert survey.table(made.content)[NO_CODE] == {"": 20}
    assert survey.table(made.content)[NOT_RELEVANT] == {"": 25}, "nobody coded these"
    by_sex = survey.table(made.content, "sex")
    assert by_sex["school"] == {"female": 14, "male": 30}
    assert by_sex["cost"] == {"female": None, "male": None}, "four women"
    assert by_sex["vote"] == {"female": None, "male": None}, "four women wrote of something else"
    number = survey.keep(made)
    survey.write("female", 20, "cost")
    assert survey.verify(number) == (True, True, True), "codes are kept as they were"


def test_what_a_third_decided_counts_and_what_is_flagged_withdrawn_or_undecided_does_not(survey, database, now):
    decided, differing, flagged, gone = (survey.write("female", 15, "vote") for _ in range(4))
    survey.store()
    survey.code([*decided, *differing], "cost", by=1)
    with database.transaction() as session:
        known, activity = latest(session, survey.process_id), session.get_one(Activity, survey.activity_id)
        for name in decided:
            service.decide(session, survey.item(session, name), ["school"], known, by=survey.coders[2])
        for name in flagged:
            flagging.flag(session, activity, survey.item(session, name), "Danger", by=survey.coders[0], now=now)
    survey.withdraw_responses(gone)

    found = survey.table(survey.draft().content)

    assert (found["vote"], found["school"], found["cost"]) == ({"": 114}, {"": 59}, {"": 34})
    assert found[NOT_RELEVANT] == {"": 45}, "the withdrawn ones are in the column store yet, without a code"


def test_a_few_answers_that_nobody_coded_are_not_told_from_those_left_out_with_them(survey):
    uncoded(survey, 3)
    survey.store()

    found = survey.table(survey.draft().content)

    assert found[NOT_RELEVANT] == {"": 10}
    assert found["vote"][""] in range(107, 115)


def test_of_a_question_that_means_something_else_by_now_both_are_counted_by_themselves(survey, database):
    uncoded(survey, 40)
    with database.transaction() as session:
        activity = session.get_one(Activity, survey.activity_id)
        edition = make_edition(session, activity, survey.questionnaire, number=2)
        edition.answer_map = maps.encode(AnswerMap(apart=(survey.wishes,)))
    survey.write("female", 60, "cost", edition=2)
    uncoded(survey, 3, edition=2)
    survey.store()

    content = survey.draft().content

    before = next(one.coded for one in content.datasets[0].variables if one.coded not in ("", survey.wishes))
    assert survey.table(content, wishes=before)["vote"] == {"": 114}, "40 that nobody coded are many"
    assert survey.table(content)["cost"] == {"": 53}, "three are few"


def test_a_second_release_with_a_few_more_coded_is_refused_and_with_many_is_not(survey):
    names = uncoded(survey, 60)
    survey.store()
    survey.publish(survey.freeze())

    survey.code(names[:3], "vote")
    with pytest.raises(Refused, match=r"results\.release\.difference"):
        survey.draft()
    survey.code(names[:45], "vote", "cost")

    assert survey.table(survey.draft().content)["vote"] == {"": 159}


def test_a_release_in_a_later_codebook_is_held_against_what_its_codes_were(survey, database, now):
    names = uncoded(survey, 40)
    survey.store()
    survey.publish(survey.freeze())
    with database.transaction() as session:
        process = session.get_one(Process, survey.process_id)
        codebooks.remove(session, process, "school", by=None, now=now)
        codebooks.write(session, process, make_code("schools", theme="school"), by=None, now=now)
        codebooks.publish(session, process, {"school": "schools"}, by=None, now=now)

    assert survey.table(survey.draft().content)["schools"] == {"": 44}, "the same under another name"
    survey.code(names[:15], "vote")
    survey.code(names[15:18], "schools")
    with pytest.raises(Refused, match=r"results\.release\.difference"):
        survey.draft()


def test_codes_stand_under_the_themes_they_belong_to_and_in_every_download(survey, client):
    survey.store()
    number = survey.freeze()
    survey.publish(number)
    release = survey.release(number)
    content = content_of(release.content)

    found = {theme.code: [entry.finding for entry in theme.entries] for theme in themes(content, READER)}
    assert found["vote"] == ["Vote: 67.9% (of the answers that were coded)."]
    item = next(one for one in items(content.datasets[0], READER) if one.variable.coded)
    assert item.one_way.basis == "of the answers that were coded"
    files = {name: b"".join(one.write(content, release.content, release.hash, READER)) for name, one in FORMATS.items()}
    assert all(b"wishes:codes" in files[name] for name in ("csv", "json", "xml"))
    page = client.get(f"/en/p/{survey.slug}/results/{number}/{content.datasets[0].slug}/{item.variable.id}").text
    assert "School" in page
