"""What participants are told about their data, how long these are kept, and where help is found."""

from consult.privacy.views import helping, notices, retention
from consult.privacy.views.blueprint import blueprint

__all__ = ["blueprint", "helping", "notices", "retention"]
