"""LimeSurvey's .lss files: bytes in, a questionnaire and all that was lost on the way, or all problems, out."""

from consult.core.exchange.lss.container import looks_like
from consult.core.exchange.lss.reading import Imported, read

__all__ = ["Imported", "looks_like", "read"]
