"""What participants are told about their data, and where they find help."""

from consult.privacy.views import helping, notices
from consult.privacy.views.blueprint import blueprint

__all__ = ["blueprint", "helping", "notices"]
