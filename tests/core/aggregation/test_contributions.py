"""A consultation as a questionnaire: what hangs on what, so that nothing hidden follows from it."""

from __future__ import annotations

import pytest

from consult.core.aggregation import contributions
from consult.core.aggregation.contributions import Asked, Labelled, Name
from consult.core.aggregation.dependencies import depended_on
from consult.core.aggregation.tables import Kind
from consult.core.aggregation.variables import variables
from consult.core.questionnaire import document
from consult.core.text import LocalisedText


def named(code, theme=""):
    return Labelled(code=code, label=LocalisedText({"en": code.title()}), theme=theme)


def asked(**given):
    usual = {
        "title": LocalisedText({"en": "Draft policy"}),
        "locales": ("en", "fr"),
        "stakeholders": ("citizen", "ngo"),
        "stances": ("support", "oppose"),
        "countries": ("GH", "TG"),
        "statements": (named("a1", "rights"), named("b2")),
        "parts": (named("p1", "money"), named("p2", "rights"), named("p3")),
        "questions": (named("q1"),),
        "codes": (named("vote", "rights"), named("fee", "money"), named("other")),
        "themes": (named("money"), named("rights")),
    }
    return Asked(**{**usual, **given})


def kinds(questionnaire, repeat=""):
    return {one.id: one.kind for one in variables([questionnaire], repeat=repeat)}


def test_participants_have_a_profile_and_a_vote_on_each_statement():
    made = contributions.questionnaire(asked(), ("A", "B"))

    assert list(kinds(made)) == ["stakeholder", "country", "opinion_group", "statement_a1", "statement_b2"]
    votes = {one.id: one for one in variables([made])}["statement_a1"]
    assert (votes.codes(), votes.theme, votes.scale) == (("agree", "pass", "disagree"), "rights", True)
    assert document.decode(document.encode(made)) == made


def test_without_groups_or_countries_there_is_no_such_question():
    made = contributions.questionnaire(asked(countries=(), statements=()), ())

    assert list(kinds(made)) == ["stakeholder"]


def test_what_people_write_are_entries_of_repeats():
    made = contributions.questionnaire(asked(), ())

    assert kinds(made, "comments") == {
        "comments_theme": Kind.SINGLE,
        "comments_part": Kind.SINGLE,
        "comments_reply": Kind.SINGLE,
        "comments_stance": Kind.SINGLE,
        "comments_alike": Kind.SINGLE,
        "comments_language": Kind.SINGLE,
        "comments_stakeholder": Kind.SINGLE,
        "comments_coded": Kind.SINGLE,
        "comments_codes": Kind.MULTIPLE,
    }
    assert "answers_question" in kinds(made, "answers")
    assert "submissions_language" in kinds(made, "submissions")


def test_nobody_codes_where_there_is_no_codebook():
    made = contributions.questionnaire(asked(codes=()), ())

    assert not [name for name in kinds(made, "comments") if "code" in name]


@pytest.mark.parametrize(
    ("of", "decisive"),
    [
        ("comments", {"comments_theme", "comments_reply", "comments_coded"}),
        ("answers", {"answers_coded"}),
        ("submissions", {"submissions_coded"}),
    ],
)
def test_the_auditor_knows_what_follows_from_the_theme_from_being_a_reply_and_from_being_coded(of, decisive):
    made = contributions.questionnaire(asked(), ())

    assert depended_on([made], variables([made], repeat=of), ()) == decisive


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("country", Name("participants", "country")),
        ("opinion_group", Name("participants", "opinion_group")),
        ("comments_part", Name("comments", "part")),
        ("answers_codes", Name("answers", "codes")),
    ],
)
def test_a_name_says_what_it_is_of(name, read):
    assert contributions.read(name) == read


def test_what_is_not_public_of_authors_is_sensitive():
    known = variables([contributions.questionnaire(asked(), ("A", "B"))])

    assert [(one.id, one.sensitive) for one in contributions.profile(known)] == [
        ("country", True),
        ("opinion_group", True),
    ]


@pytest.mark.parametrize(
    ("variable", "by", "may"),
    [
        ("comments_part", "comments_stance", True),
        ("comments_codes", "comments_stakeholder", True),
        ("comments_codes", "opinion_group", True),
        ("comments_part", "opinion_group", False),
        ("comments_coded", ":channel", False),
        ("comments_language", "country", False),
        ("comments_stance", "country*opinion_group", False),
    ],
)
def test_nothing_but_codes_is_broken_down_by_what_is_not_public_of_authors(variable, by, may):
    assert contributions.may_cross(variable, by) is may


def test_codes_belong_to_their_themes():
    made = contributions.questionnaire(asked(), ())

    (codes,) = (
        one
        for one in contributions.with_themes(variables([made], repeat="comments"), made)
        if one.id == "comments_codes"
    )

    assert {one.code: one.theme for one in codes.categories} == {"vote": "rights", "fee": "money", "other": ""}


def test_many_statements_are_broken_down_by_opinion_groups_alone():
    assert contributions.crossed_by(["sex"], 783) == ["opinion_group"]
    assert contributions.crossed_by(["sex"], 20) == ["opinion_group", "stakeholder", "sex"]
