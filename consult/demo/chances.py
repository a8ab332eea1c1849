"""The chances by which synthetic participants answer: invented, and only meant to look plausible.

Weights of a select_one need not add up to one; chances of a select_multiple stand each for itself. Keys are choices of
the questionnaire in this folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Weights = Mapping[str, float]

SKIPS: Final = 0.04
"""Chance that a question which is not required is left empty."""
WRITES: Final = 0.3
"""Chance that the open question is answered."""
PREFERS_SOURCE: Final = 0.08
"""Chance of answering in the source language where another one is usual."""

HIGH_WAGES: Final = frozenset({"europe", "northern_america", "oceania"})
CAPITALS_CLOSE: Final = frozenset({"TG", "BJ", "BF", "CI", "GB", "BE", "NL", "CH", "DK", "LU"})
"""Countries where most Ghanaians live near the embassy."""

LOCALES: Final = {
    **dict.fromkeys(("BE", "BF", "BJ", "CH", "CI", "FR", "GA", "GN", "ML", "NE", "SN", "TG"), "fr"),
    **dict.fromkeys(("AE", "EG", "JO", "KW", "LB", "LY", "MR", "QA", "SA"), "ar"),
    **dict.fromkeys(("BO", "CL", "CR", "EC", "ES", "VE"), "es"),
    **dict.fromkeys(("BR", "CV", "PT"), "pt"),
    "RU": "ru",
}
"""The language of the questionnaire that is usual in a country; elsewhere its source language."""

BANDS: Final = {
    "Y18T24": (18, 24),
    "Y25T34": (25, 34),
    "Y35T44": (35, 44),
    "Y45T54": (45, 54),
    "Y55T64": (55, 64),
    "Y_GE65": (65, 85),
}
AGES: Final = {
    "Y18T24": (0.19, 0.08),
    "Y25T34": (0.30, 0.22),
    "Y35T44": (0.23, 0.28),
    "Y45T54": (0.15, 0.23),
    "Y55T64": (0.08, 0.13),
    "Y_GE65": (0.05, 0.06),
}
"""Weight of each age band in Western Africa and elsewhere."""

LINK: Final = {"born": 0.88, "descent": 0.07, "family": 0.03, "other": 0.01, "prefer_not": 0.01}
LINK_YOUNG: Final = {"born": 0.70, "descent": 0.25, "family": 0.02, "other": 0.02, "prefer_not": 0.01}

EDUCATION: Final = {
    "isced_0_1": 0.20,
    "isced_2": 0.23,
    "isced_3": 0.30,
    "isced_4_5": 0.12,
    "isced_6": 0.11,
    "isced_7_8": 0.03,
    "prefer_not": 0.01,
}
EDUCATION_WEALTHY: Final = {
    "isced_0_1": 0.04,
    "isced_2": 0.09,
    "isced_3": 0.25,
    "isced_4_5": 0.20,
    "isced_6": 0.26,
    "isced_7_8": 0.15,
    "prefer_not": 0.01,
}


def activity(age: int, sex: str) -> Weights:
    """Main activity by age and sex."""
    if age < 25:
        return {"studying": 0.42, "employed": 0.35, "self_employed": 0.10, "looking": 0.10, "home": 0.03}
    if age >= 65:
        return {"retired": 0.72, "self_employed": 0.12, "employed": 0.08, "home": 0.06, "prefer_not": 0.02}
    home = 0.10 if sex == "F" else 0.02
    return {
        "employed": 0.58,
        "self_employed": 0.22,
        "looking": 0.07,
        "studying": 0.05 if age < 35 else 0.01,
        "home": home,
        "retired": 0.05 if age >= 55 else 0,
        "other": 0.02,
        "prefer_not": 0.01,
    }


_ANGLOPHONE: Final = frozenset({"NG", "US", "GB", "CA", "AU", "ZA", "LR", "SL", "IE", "ZM", "NA"})


def languages(country: str) -> Weights:
    """Languages spoken at home: those of the border regions are spoken across the border."""
    english = country in _ANGLOPHONE
    return {
        "ak": 0.62,
        "ee": 0.60 if country in {"TG", "BJ"} else 0.13,
        "gaa": 0.12,
        "dag": 0.25 if country == "BF" else 0.05,
        "ha": 0.35 if country in {"NG", "NE"} else 0.07,
        "en": 0.80 if english else 0.45,
        "local": 0.15 if english else 0.60,
        "other": 0.05,
    }


VISITS_NEAR: Final = {
    "several_a_year": 0.34,
    "yearly": 0.31,
    "every_few_years": 0.18,
    "hardly_ever": 0.11,
    "never": 0.06,
}
VISITS_FAR: Final = {
    "several_a_year": 0.06,
    "yearly": 0.29,
    "every_few_years": 0.42,
    "hardly_ever": 0.14,
    "never": 0.09,
}
DAYS_SINCE_VISIT: Final = {
    "several_a_year": (3, 200),
    "yearly": (10, 500),
    "every_few_years": (90, 1800),
    "hardly_ever": (700, 5000),
}
"""Fewest and most days since the last visit, by the answer to `visits`; the other answers ask for no date."""

OCCUPATION: Final = {
    "isco_1": 0.05,
    "isco_2": 0.05,
    "isco_3": 0.08,
    "isco_4": 0.07,
    "isco_5": 0.28,
    "isco_6": 0.06,
    "isco_7": 0.13,
    "isco_8": 0.12,
    "isco_9": 0.15,
    "prefer_not": 0.01,
}
OCCUPATION_DEGREE: Final = {
    "isco_1": 0.13,
    "isco_2": 0.47,
    "isco_3": 0.16,
    "isco_4": 0.08,
    "isco_5": 0.09,
    "isco_8": 0.03,
    "isco_9": 0.03,
    "prefer_not": 0.01,
}
QUALIFICATION: Final = {"yes": 0.22, "partly": 0.14, "no": 0.14, "not_applied": 0.28, "none": 0.22}
QUALIFICATION_DEGREE: Final = {"yes": 0.46, "partly": 0.24, "no": 0.14, "not_applied": 0.16}
SKILLS: Final = {
    "health": 0.10,
    "education": 0.09,
    "technology": 0.07,
    "business": 0.21,
    "farming": 0.14,
    "building": 0.20,
    "culture": 0.10,
}
SKILLS_DEGREE: Final = {
    "health": 0.27,
    "education": 0.31,
    "technology": 0.29,
    "business": 0.30,
    "farming": 0.09,
    "building": 0.07,
    "research": 0.20,
    "public": 0.15,
    "culture": 0.10,
}
CONTRIBUTION: Final = {"online": 0.34, "short_stay": 0.30, "long_stay": 0.10, "investment": 0.18, "not_now": 0.08}
CONTRIBUTION_NEAR: Final = {"online": 0.16, "short_stay": 0.34, "long_stay": 0.15, "investment": 0.27, "not_now": 0.08}

MEDIAN_SENT: Final = {
    "western_africa": 280,
    "rest_of_africa": 500,
    "europe": 1500,
    "northern_america": 2000,
    "latin_america": 600,
    "asia": 1200,
    "oceania": 1800,
}
"""Median amount sent in twelve months, in US dollars."""
FREQUENCY: Final = {"weekly": 0.06, "monthly": 0.45, "quarterly": 0.27, "yearly": 0.12, "when_needed": 0.10}
CHANNEL: Final = {"mobile": 0.19, "bank": 0.12, "operator": 0.24, "app": 0.35, "carried": 0.08, "other": 0.02}
CHANNEL_NEAR: Final = {"mobile": 0.42, "bank": 0.05, "operator": 0.14, "app": 0.05, "carried": 0.32, "other": 0.02}
PURPOSES: Final = {
    "daily": 0.74,
    "school": 0.46,
    "health": 0.42,
    "housing": 0.27,
    "business": 0.15,
    "savings": 0.09,
    "ceremony": 0.31,
    "community": 0.11,
    "other": 0.04,
}

SATISFACTION: Final = {"very_good": 0.10, "good": 0.30, "fair": 0.26, "bad": 0.22, "very_bad": 0.12}
SATISFACTION_NEAR: Final = {"very_good": 0.14, "good": 0.38, "fair": 0.25, "bad": 0.16, "very_bad": 0.07}


def agreement(lean: float) -> Weights:
    """Agreement with a statement; `lean` from −1 (nobody agrees) to 1 (everybody does)."""
    return {
        "strongly_agree": 0.14 * (1 + lean),
        "agree": 0.28 * (1 + lean),
        "neither": 0.18,
        "disagree": 0.22 * (1 - lean),
        "strongly_disagree": 0.12 * (1 - lean),
        "no_opinion": 0.06,
    }


VOTING: Final = {
    "certainly": 0.48,
    "probably": 0.24,
    "probably_not": 0.11,
    "not": 0.07,
    "no_right": 0.04,
    "prefer_not": 0.06,
}
VOTING_OTHERS: Final = {
    "certainly": 0.22,
    "probably": 0.18,
    "probably_not": 0.12,
    "not": 0.07,
    "no_right": 0.36,
    "prefer_not": 0.05,
}


def return_plan(age: int, years_abroad: int | None, *, near: bool) -> Weights:
    """Plans to go back: they move to retirement with age and fade with the years abroad."""
    settled = min(years_abroad or 0, 40) / 40
    return {
        "within_2_years": (0.16 if near else 0.07) * (1 - settled),
        "within_10_years": 0.22 * (1 - settled),
        "retirement": 0 if age >= 65 else 0.30 if age >= 45 else 0.15,
        "both": 0.14 + 0.12 * settled,
        "no": 0.10 + 0.12 * settled,
        "undecided": 0.20,
        "prefer_not": 0.03,
    }


PENSION: Final = {"yes": 0.17, "no": 0.60, "do_not_know": 0.20, "prefer_not": 0.03}
PENSION_WEALTHY: Final = {"yes": 0.58, "no": 0.20, "do_not_know": 0.19, "prefer_not": 0.03}


def priorities(age: int, sex: str, *, near: bool) -> Weights:
    """What the policy should deal with first, by age, sex and distance."""
    young, old, woman = age < 35, age >= 55, sex == "F"
    return {
        "documents": 0.34,
        "help_abroad": (0.30 if near else 0.18) + (0.06 if woman else 0),
        "voting": 0.20 if not young else 0.14,
        "citizenship": 0.10 if near else 0.24,
        "transfer_cost": 0.28,
        "investment": 0.26 if not woman else 0.19,
        "land": 0.22 if not young else 0.12,
        "skills": 0.26 if young else 0.16,
        "return": 0.20 if old else 0.13,
        "pensions": 0.36 if old else 0.10,
        "youth": (0.24 if woman else 0.14) if not near else 0.10,
        "voice": 0.17,
    }
