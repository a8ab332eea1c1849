"""Pages of accounts, one module per place: the door, one's own account, people, institutions, the audit trail."""

from consult.accounts.views import door, institutions, links, own, people, secondstep, trail
from consult.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "door", "institutions", "links", "own", "people", "secondstep", "trail"]
