"""What can be wrong at the door of an activity."""

from consult.web.messages.marks import N_

MESSAGES = {
    "participation.trial.opened": N_("The activity has opened, so it cannot be tried any more."),
    "participation.interviewer.missing": N_("This person is no interviewer of this activity."),
}
