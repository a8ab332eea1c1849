"""Pages of a questionnaire for those who prepare it."""

from consult.questionnaires.views import activity, concepts, fieldwork, media, papers, publishing, rounds, standing
from consult.questionnaires.views.blueprint import blueprint

__all__ = ["activity", "blueprint", "concepts", "fieldwork", "media", "papers", "publishing", "rounds", "standing"]
