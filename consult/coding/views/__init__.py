"""Pages of codebooks and coding."""

from consult.coding.views import codebook, coding, deciding, overview, translating
from consult.coding.views.blueprint import blueprint

__all__ = ["blueprint", "codebook", "coding", "deciding", "overview", "translating"]
