"""Pages of the door for those who run an activity: who is invited, how many may come, who interviews."""

from consult.participation.views import interviewers, invitations, mails, quotas
from consult.participation.views.blueprint import blueprint

__all__ = ["blueprint", "interviewers", "invitations", "mails", "quotas"]
