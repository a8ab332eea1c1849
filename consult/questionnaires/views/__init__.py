"""Pages of a questionnaire for those who prepare it."""

from consult.questionnaires.views import activity, fieldwork, media, publishing, rounds
from consult.questionnaires.views.blueprint import blueprint

__all__ = ["activity", "blueprint", "fieldwork", "media", "publishing", "rounds"]
