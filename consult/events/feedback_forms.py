"""Form of officers: what is expected of the feedback of participants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import DecimalField
from wtforms.validators import NumberRange, Optional

from consult.core.questionnaire.definition import Question
from consult.events.feedback import LEAST, MOST
from consult.web.fields import StaffForm
from consult.web.locale import current


def expected_form(scales: Sequence[Question], expected: Mapping[str, float]) -> StaffForm:
    """A field for each question that is answered by a number."""
    fields = {
        one.name: DecimalField(
            one.label.resolve(current().code, "en").text,
            [Optional(), NumberRange(LEAST, MOST)],
            places=1,
            default=expected.get(one.name),
        )
        for one in scales
    }
    form: StaffForm = type("ExpectedForm", (StaffForm,), fields)()
    return form
