"""Pages of a questionnaire for those who prepare it."""

from consult.questionnaires.views import activity, concepts, fieldwork, media, publishing, rounds
from consult.questionnaires.views.blueprint import blueprint

__all__ = ["activity", "blueprint", "concepts", "fieldwork", "media", "publishing", "rounds"]
