"""Pages of the door for those who run an activity: invitations, quotas, interviewers, measures against bots."""

from consult.participation.views import bots, interviewers, invitations, mails, quotas
from consult.participation.views.blueprint import blueprint

__all__ = ["blueprint", "bots", "interviewers", "invitations", "mails", "quotas"]
