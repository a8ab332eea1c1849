"""Taking part: answering pages, and what one can do with one's code afterwards."""

from consult.responses.views import answering, files, importing, own, preview
from consult.responses.views.visit import blueprint

__all__ = ["answering", "blueprint", "files", "importing", "own", "preview"]
