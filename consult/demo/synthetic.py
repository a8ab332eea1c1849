"""Synthetic participants: who they are follows the population, what they say is invented.

Nothing here is evidence of anything. The chances below were set by hand so that tables look alive: answers hang
together (age, year of departure, work, remittances), differ between regions, and leave some cells under the threshold.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from consult.core.questionnaire.definition import Questionnaire
from consult.demo import chances
from consult.demo.content import Stock

ACKNOWLEDGED: Final = "OK"
"""What XLSForm stores for an `acknowledge` that was ticked."""
ELSEWHERE: Final = "other"
PREFER_NOT: Final = "prefer_not"

Answers = dict[str, str]


def synthetic_answers(
    questionnaire: Questionnaire,
    population: tuple[Stock, ...],
    opinions: Mapping[str, tuple[str, ...]],
    *,
    count: int,
    seed: int,
    today: dt.date,
) -> Iterator[tuple[str, Answers]]:
    """`count` submissions as (locale, answers by question name), the same for the same arguments.

    Country of residence and sex are drawn from the population; values are as XLSForm writes them (codes, several
    codes separated by spaces, ISO dates, decimal points). Calculations are left to whoever stores the answers;
    questions and choices that the questionnaire does not have are not answered.
    """
    rng = random.Random(seed)  # noqa: S311  # reproducible fiction, no secret
    cells = [(stock, sex) for stock in population for sex in ("F", "M")]
    sizes = list(accumulate(stock.female if sex == "F" else stock.male for stock, sex in cells))
    choices = _choices(questionnaire)
    for stock, sex in rng.choices(cells, cum_weights=sizes, k=count):
        person = _Person(rng, choices, stock, sex, today)
        person.answer_profile()
        person.answer_ties()
        person.answer_work()
        person.answer_remittances()
        person.answer_services()
        person.answer_future()
        locale = _locale(rng, stock.country, questionnaire.locales)
        if "suggestion" in choices and opinions.get(locale) and rng.random() < chances.WRITES:
            person.answers["suggestion"] = rng.choice(opinions[locale])
        yield locale, person.answers


def _choices(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """The codes each question offers, by its name; none where it has no list."""
    lists = questionnaire.lists()
    return {
        question.name: lists[question.choices].names() if question.choices else ()
        for question in questionnaire.questions()
    }


def _locale(rng: random.Random, country: str, offered: tuple[str, ...]) -> str:
    """The language of the country where it is offered; some prefer the source language all the same."""
    usual = chances.LOCALES.get(country, offered[0])
    return usual if usual in offered and rng.random() >= chances.PREFERS_SOURCE else offered[0]


@dataclass(slots=True)
class _Person:
    """One participant, answering page by page: what is asked later follows from what was said before."""

    rng: random.Random
    choices: Mapping[str, tuple[str, ...]]
    stock: Stock
    sex: str
    today: dt.date
    answers: Answers = field(default_factory=dict)
    age: int = 0
    years_abroad: int | None = None

    def one(self, name: str, weights: Mapping[str, float], skip: float = chances.SKIPS) -> str:
        """Answer a select_one by weights (or not at all), and return the answer; empty where there is none."""
        known = [choice for choice in self.choices.get(name, ()) if weights.get(choice)]
        if not known or self.rng.random() < skip:
            return ""
        self.answers[name] = self.rng.choices(known, [weights[choice] for choice in known])[0]
        return self.answers[name]

    def several(self, name: str, chance: Mapping[str, float], limit: int | None = None) -> list[str]:
        """Answer a select_multiple, each choice by a chance of its own, in the order of the list."""
        known = self.choices.get(name, ())
        if self.rng.random() < chances.SKIPS:
            return []
        chosen = [choice for choice in known if self.rng.random() < chance.get(choice, 0)]
        if limit is not None and len(chosen) > limit:
            kept = set(self.rng.sample(chosen, limit))
            chosen = [choice for choice in chosen if choice in kept]
        if chosen:
            self.answers[name] = " ".join(chosen)
        return chosen

    def write(self, name: str, value: str, skip: float = chances.SKIPS) -> None:
        """Answer a question that has no choices."""
        if name in self.choices and self.rng.random() >= skip:
            self.answers[name] = value

    def said(self, name: str, *values: str) -> bool:
        """Whether the answer to an earlier question is one of these."""
        return self.answers.get(name) in values

    @property
    def near(self) -> bool:
        """Whether Ghana is a bus ride away."""
        return self.stock.region == "western_africa"

    @property
    def wealthy(self) -> bool:
        """Whether wages where they live are high."""
        return self.stock.region in chances.HIGH_WAGES

    def answer_profile(self) -> None:
        """Pages one and two."""
        self.write("consent", ACKNOWLEDGED, skip=0)
        band = self.rng.choices(list(chances.AGES), [w[not self.near] for w in chances.AGES.values()])[0]
        self.age = self.rng.randint(*chances.BANDS[band])
        self.one("ghana_link", chances.LINK_YOUNG if self.age < 30 else chances.LINK)
        country = self.stock.country if self.stock.country in self.choices.get("country", ()) else ELSEWHERE
        self.one("region", {self.stock.region: 1}, skip=0)
        self.one("country", {country: 1}, skip=0)
        self.one("sex", {self.sex: 0.985, PREFER_NOT: 0.015}, skip=0)
        self.one("age", {band: 0.98, PREFER_NOT: 0.02}, skip=0)
        if self.said("ghana_link", "born"):
            left_at = int(self.rng.triangular(12, min(self.age, 48), min(0.85 * self.age, 25)))
            self.write("year_of_departure", str(self.today.year - (self.age - left_at)), skip=0.08)
            if "year_of_departure" in self.answers:
                self.years_abroad = self.age - left_at
        self.one("education", chances.EDUCATION_WEALTHY if self.wealthy else chances.EDUCATION)
        self.one("activity", chances.activity(self.age, self.sex))

    def answer_ties(self) -> None:
        """Page three."""
        self.several("languages", chances.languages(self.stock.country))
        visits = self.one("visits", chances.VISITS_NEAR if self.near else chances.VISITS_FAR)
        if visits in chances.DAYS_SINCE_VISIT:
            fewest, most = chances.DAYS_SINCE_VISIT[visits]
            if self.years_abroad is not None:
                most = min(most, 30 + 365 * self.years_abroad)
            days = self.rng.randint(min(fewest, most), most)
            self.write("last_visit", (self.today - dt.timedelta(days=days)).isoformat(), skip=0.12)
        joins = 0.18 + 0.006 * min(self.age, 65) + (0.05 if self.sex == "M" else 0)
        if self.one("association", {"yes": joins, "no": 1 - joins, PREFER_NOT: 0.03}) == "yes":
            hours = min(300.0, round(2 * self.rng.gammavariate(1.4, 4)) / 2)
            self.write("volunteer_hours", f"{hours:g}", skip=0.1)

    def answer_work(self) -> None:
        """Page four."""
        degree = self.said("education", "isced_6", "isced_7_8")
        if self.said("activity", "employed", "self_employed"):
            self.one("occupation", chances.OCCUPATION_DEGREE if degree else chances.OCCUPATION)
        self.one("qualification", chances.QUALIFICATION_DEGREE if degree else chances.QUALIFICATION)
        skills = self.several("skills", chances.SKILLS_DEGREE if degree else chances.SKILLS)
        if not skills and "none" in self.choices.get("skills", ()) and self.rng.random() < 0.7:
            self.answers["skills"] = "none"
        elif skills:
            self.one("contribution", chances.CONTRIBUTION_NEAR if self.near else chances.CONTRIBUTION)

    def answer_remittances(self) -> None:
        """Page five."""
        sends = 0.78 if self.said("activity", "employed", "self_employed") else 0.45
        sends *= 1 if self.said("ghana_link", "born") else 0.6
        if self.one("sent_money", {"yes": sends, "no": 1 - sends, PREFER_NOT: 0.05}) != "yes":
            return
        median = chances.MEDIAN_SENT[self.stock.region] * (0.85 if self.sex == "F" else 1)
        amount = 10 * round(self.rng.lognormvariate(math.log(median), 0.8) / 10)
        self.write("amount", str(min(max(amount, 10), 200_000)), skip=0.2)
        self.one("frequency", chances.FREQUENCY)
        self.one("channel", chances.CHANNEL_NEAR if self.near else chances.CHANNEL)
        self.several("purposes", chances.PURPOSES)

    def answer_services(self) -> None:
        """Page six."""
        uses = 0.3 if self.near else 0.45
        if self.one("consulate", {"yes": uses, "no": 1 - uses, PREFER_NOT: 0.02}) == "yes":
            self.one("satisfaction", chances.SATISFACTION_NEAR if self.near else chances.SATISFACTION)
        self.one("easy_documents", chances.agreement(-0.2 if self.age < 45 else -0.6))
        self.one("near_services", chances.agreement(0.1 if self.stock.country in chances.CAPITALS_CLOSE else -0.8))
        self.one("listened_to", chances.agreement(-0.5 if self.said("satisfaction", "bad", "very_bad") else -0.1))

    def answer_future(self) -> None:
        """Page seven, but for the open question."""
        citizen = self.said("ghana_link", "born")
        self.one("voting", chances.VOTING if citizen else chances.VOTING_OTHERS)
        self.one("return_plan", chances.return_plan(self.age, self.years_abroad, near=self.near))
        if self.years_abroad is not None and self.years_abroad >= 5:
            self.one("pension", chances.PENSION_WEALTHY if self.wealthy else chances.PENSION)
        self.several("priorities", chances.priorities(self.age, self.sex, near=self.near), limit=3)
