"""Pages of a questionnaire for those who prepare it."""

from consult.questionnaires.views import (
    activity,
    approving,
    concepts,
    exchanging,
    fieldwork,
    media,
    paper,
    publishing,
    records,
    rounds,
    standing,
    translating,
)
from consult.questionnaires.views.blueprint import blueprint

__all__ = [
    "activity",
    "approving",
    "blueprint",
    "concepts",
    "exchanging",
    "fieldwork",
    "media",
    "paper",
    "publishing",
    "records",
    "rounds",
    "standing",
    "translating",
]
