"""Which concept each question measures, and which of its codes each category is, when a release is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy.orm import Session

from consult.core.aggregation.tables import Kind, Variable, code
from consult.processes.concepts import code_lists
from consult.processes.models import Activity
from consult.questionnaires import mapping


def measuring(session: Session, activity: Activity, variables: Iterable[Variable]) -> Iterator[Variable]:
    """The variables with the concepts that officers have decided; else as the questionnaire says."""
    decided = mapping.decided(session, activity.id)
    for variable in variables:
        row = decided.get(variable.id)
        yield variable if row is None else msgspec.structs.replace(variable, concept=row.concept)


def measures(session: Session, activity: Activity, variables: Iterable[Variable]) -> dict[str, dict[str, str]]:
    """By variable, the codes of its concept that its categories are."""
    decided, lists = mapping.decided(session, activity.id), code_lists(session, activity.process_id)
    found: dict[str, dict[str, str]] = {}
    for variable in variables:
        if variable.concept not in lists or variable.kind not in (Kind.SINGLE, Kind.MULTIPLE):
            continue
        row = decided.get(variable.id)
        codes = (
            mapping.by_itself(variable.concept, variable.codes(), lists)
            if row is None
            else {code(choice): target for choice, target in row.codes.items()}
        )
        if codes:
            found[variable.id] = codes
    return found
