"""What is counted of consultations is called by what it is."""

from __future__ import annotations

import msgspec
import pytest

from consult.core.aggregation.contributions import COMMENTS
from consult.core.aggregation.tables import Contributions, Kind, Variable
from consult.core.aggregation.variables import LOCALE
from consult.results import method, wording
from consult.results.comparing import compare
from consult.results.presentation import Reader
from tests.factories.releases import release

READER = Reader("en", str)


@pytest.mark.parametrize(
    ("name", "code", "called"),
    [
        (LOCALE, "no", ""),  # whoever shows it knows languages
        ("comments_language", "no", "Norwegian"),
        ("comments_reply", "no", "No"),
        ("submissions_coded", "yes", "Yes"),
        ("statement_0123456789ab", "pass", "Pass"),
        ("channel", "pass", ""),
    ],
)
def test_yes_no_and_votes_are_answers_to_what_asks_for_them(name, code, called):
    variable = Variable(id=name, name=name, kind=Kind.SINGLE)

    assert wording.answer(variable, code, READER) == called


def test_where_a_consultation_is_compared_its_numbers_are_not_called_responses():
    surveyed = release()
    datasets = tuple(
        msgspec.structs.replace(one, contributions=Contributions(of=COMMENTS)) for one in surveyed.datasets
    )
    consulted = msgspec.structs.replace(surveyed, datasets=datasets)

    assert compare(surveyed, surveyed, READER).counted == "Responses"
    assert compare(consulted, consulted, READER).counted == "How many"
    assert not set(method.tabulation(surveyed, READER)) & set(method.tabulation(consulted, READER))
