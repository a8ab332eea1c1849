"""Taking part: answering pages, and what one can do with one's code afterwards."""

from consult.responses.views import answering, importing, offline, own, preview
from consult.responses.views.visit import blueprint

__all__ = ["answering", "blueprint", "importing", "offline", "own", "preview"]
