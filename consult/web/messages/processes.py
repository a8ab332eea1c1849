"""What can be wrong with policy processes, core groups, themes and times."""

from consult.web.messages.marks import N_

MESSAGES = {
    "processes.threshold.low": N_("The disclosure threshold cannot be lower than %(floor)s."),
    "processes.title.missing": N_("Enter a title in the first language."),
    "processes.public.incomplete": N_("Enter this text in every language before the process is shown to the public."),
    "processes.public.contact": N_("Enter a contact before the process is shown to the public."),
    "processes.public.open": N_("The public can take part in an activity of this process. Close it first."),
    "processes.approval.scheduled": N_(
        "An activity of this process would open at its time without approval. "
        "Take its opening back, and schedule it again once it is approved."
    ),
    "processes.activity.title": N_("Enter a title in the first language."),
    "processes.activity.unit": N_("The unit cannot change any more: people have answered under it."),
    "processes.seat.expiry": N_("An adviser's seat needs a last day."),
    "processes.seat.past": N_("The last day has passed. Enter a later one."),
    "processes.seat.missing": N_("This person has no seat in the core group."),
    "processes.theme.label": N_("Enter a name in the first language."),
    "processes.theme.code": N_("Use letters, digits, hyphens, dots and underscores only."),
    "processes.theme.code_taken": N_("Another theme has the code %(code)s."),
    "processes.theme.parent": N_("Choose a theme of the first level. A theme that has themes under it stays there."),
    "processes.theme.target": N_(
        "%(target)s is not a target of the Sustainable Development Goals. Write it like 10.7."
    ),
    "processes.concept.standard": N_("“%(concept)s” has a standard code list already."),
    "processes.concept.taken": N_("“%(concept)s” has a code list already."),
    "processes.concept.code": N_("Use letters, digits, hyphens, dots and underscores only."),
    "time.skipped": N_("On %(day)s the clocks of %(zone)s skip %(time)s. Choose an earlier or later time."),
    "time.twice": N_("On %(day)s the clocks of %(zone)s show %(time)s twice. Choose an earlier or later time."),
}
