"""Pages of results: for the core group, for those who release numbers, and for everybody."""

from consult.results.views import desk, held, losses, margins, microdata, public, quotes, releasing
from consult.results.views.blueprint import blueprint

__all__ = ["blueprint", "desk", "held", "losses", "margins", "microdata", "public", "quotes", "releasing"]
