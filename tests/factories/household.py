"""The household survey that is asked in many countries (RMS), with the file that it needs, and two households."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consult.core.exchange.xlsform import read
from consult.core.questionnaire.definition import Questionnaire

FORM = "unhcr_RMS_CAPI_v3.xlsx"
AREAS = "admin_level.csv"
"""Regions of countries, from which the form takes the choices of two questions."""
MEMBERS = 3
_FORMS = Path(__file__).parents[1] / "core" / "exchange" / "forms"

Said = str | int | tuple[str, ...]
"""An answer as it is stored: a code, words or an ISO date; a number; several codes."""


def files() -> tuple[bytes, dict[str, bytes]]:
    """The form, and what is attached to it."""
    return (_FORMS / FORM).read_bytes(), {AREAS: (_FORMS / AREAS).read_bytes()}


@cache
def form() -> Questionnaire:
    """The form as it is imported."""
    data, attached = files()
    return read(data, filename=FORM, attached=attached).questionnaire


@dataclass(frozen=True)
class Household:
    """Who is asked, and what they say."""

    locale: str
    says: Mapping[str, Said | Sequence[Said]]
    """By name of the question; a list by member. Whatever else is asked is answered with something that fits."""
    prefers: tuple[str, ...]
    """Codes that are chosen where they are offered and nothing else is said; else the first one is."""
    parts: Mapping[str, tuple[int, ...]]
    """Of the groups that are asked of each member, those members of whom they are asked."""
    taken_back: frozenset[str]
    """What is asked until another answer on the same page rules it out."""

    def answer(self, name: str, member: int) -> Said | None:
        """What is said to a question, of a member where it stands in a repeat."""
        said = self.says.get(name)
        return said[member - 1] if isinstance(said, list) else said  # type: ignore[return-value]  # a list by member

    def names(self) -> list[str]:
        """Who lives there, the head first."""
        return [str(self.says["HHH01_aux"]), *map(str, self.says["HH01_aux"][1:])]  # type: ignore[index]

    def computed(self, today: dt.date) -> dict[str, Said]:
        """What must follow from the answers, by name and member."""
        born = dt.date.fromisoformat(str(next(filter(None, self.says["HH06"]))))
        number = 1 + self.says["HH05"].index("1")  # type: ignore[union-attr]
        age = (today - born).days // 365
        return {
            "hh_size_001": str(MEMBERS),
            f"age-{number}": age,
            f"ind_age_year-{number}": str(age),
            **{f"name_individual-{member}": name for member, name in enumerate(self.names(), start=1)},
        }


def displaced(today: dt.date) -> Household:
    """A family displaced within Lebanon, asked in Arabic; a boy of eight does not go to school."""
    says: dict[str, Said | Sequence[Said]] = {
        "interviewdate": today.isoformat(),
        "Bureau": "rb_middleeast",
        "Country": "LBN",
        "pop_groups": "5",
        "HHH01_aux": "سارة",
        "HHH01_age": 41,
        "respondent": "سارة",
        "name_respondent": "سارة",
        "HH01_aux": ["", "ليلى", "آدم"],
        "HH03_aux": ["", "2", "3"],
        "HH04": ["1", "2", "2"],
        "HH05": ["0", "1", "0"],
        "HH06": ["", "1990-05-01", ""],
        "age_est": [41, 0, 8],
        "REF04": "CMR",
        "REF05": "LBN",
        "REF10b": "05/2019",
        "REF12b": "98/2019",
        "IDP01": [("1",), ("5",), ("7",)],
        "IDP02": ["1", "0", "1"],
        "IDP02b": "05/2019",
        "IDP03": "LB-BA",
        "IDP04": "LB-NA",
        "EDU02": "0",
        "HACC03": "0",
        "COOK02": "6",
        "LIGHT03": "1",
        "LIGHT05": "22",
        "LIGHT06": "11",
        "DWA01": "4",
        "DWA02": "3",
        "TOI01": "2",
        "TOI02": "98",
        "random_present": "2",
        "random_present_2": "1",
        "name_respondent_individual": "2",
        "UNEM01": "0",
        "UNEM02": "0",
        "UNEM03": "0",
        "UNEM04": "0",
        "UNEM05": "0",
        "UNEM06": "3",
        "BANK01": "0",
    }
    parts = {
        "P1_S2": (1, 2, 3),
        "P1_S3": (1, 2, 3),
        "P1_S4": (1, 2, 3),
        "P1_S5": (),
        "P1_S6": (1, 2, 3),
        "P1_S7": (1, 2, 3),
        "S8_edu": (3,),
        "S8_comm": (3,),
    }
    return Household("ar", says, (), parts, frozenset({"REF09", "BANK03"}))


def stateless(today: dt.date) -> Household:
    """A stateless mother in Cameroon, a boy of eight and a small child, asked in French; much is “no” or “other”."""
    born = today.replace(year=today.year - 1, month=1, day=1)
    says: dict[str, Said | Sequence[Said]] = {
        "interviewdate": today.isoformat(),
        "Bureau": "rb_westcentral",
        "Country": "CMR",
        "pop_groups": "7",
        "Intro03": "1",
        "Intro04": "1",
        "HHH01_aux": "Ngo Élodie",
        "HHH01_age": 17,
        "respondent": "Ngo Élodie",
        "name_respondent": "Ngo Élodie",
        "HH01_aux": ["", "Paul & <b>Jo</b>", "Bébé"],
        "HH03_aux": ["", "3", "3"],
        "HH04": ["1", "2", "1"],
        "HH05": ["0", "0", "1"],
        "HH06": ["", "", born.isoformat()],
        "age_est": [41, 8, 0],
        "REF01": ["0", "0", "98"],
        "REF02": "LBN",
        "REF03": "1",
        "REF04": "LBN",
        "REF05": "LBN",
        "REF07": "LBN",
        "REF08": "LBN",
        "REF09": ["0", "1", "1"],
        "REF10b": "05/2019",
        "REF11": "1",
        "REF12": ["1", "0", "1"],
        "REF12b": "98/2019",
        "REF13": "0",
        "REF14": "LBN",
        "REF16": ["96", "7", "7"],
        "REF16a": "96",
        "MMR01": "4",
        "MMR03": "1",
        "HACC01": "1",
        "EDU01": "1",
        "EDU02": "1",
        "COMM01": "1",
        "DWE06a_land": "1",
        "DWE06a_housing": "1",
        "DWE08": "1",
        "COOK01": "1",
        "LIGHT01": "1",
        "LIGHT03": "96",
        "LIGHT05": "11",
        "LIGHT06": "22",
        "BIR01": "1",
        "BIR02": "1",
        "BIR03": ("1", "96"),
        "name_respondent_individual": "1",
        "FRM01": "1",
        "FRM02": "0",
        "gbv_screen": "1",
        "contact_number": "1",
        "final_notes": "1",
    }
    parts = {
        "P1_S2": (1, 2, 3),
        "P1_S3": (),
        "P1_S4": (1, 2, 3),
        "P1_S5": (3,),
        "P1_S6": (1, 2),
        "P1_S7": (1, 2, 3),
        "S8_edu": (2,),
        "S8_comm": (2,),
    }
    return Household("fr", says, ("96", "0"), parts, frozenset({"TOI02", "BANK03"}))


HOUSEHOLDS = (displaced, stateless)
