"""What is counted of consultations is called by what it is."""

from __future__ import annotations

import pytest

from consult.core.aggregation.tables import Kind, Variable
from consult.core.aggregation.variables import LOCALE
from consult.results import wording
from consult.results.presentation import Reader

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
