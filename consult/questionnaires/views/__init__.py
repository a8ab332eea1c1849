"""Pages of a questionnaire for those who prepare it."""

from consult.questionnaires.views import activity, fieldwork, publishing, rounds
from consult.questionnaires.views.blueprint import blueprint

__all__ = ["activity", "blueprint", "fieldwork", "publishing", "rounds"]
