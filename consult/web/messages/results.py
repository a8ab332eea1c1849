"""What can go wrong with releases."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    "results.release.empty": N_(
        "There is nothing to release yet: no questionnaire of this process has enough responses."
    ),
    "results.release.difference": N_(
        "“%(cell)s” was %(earlier)s in release %(number)s and would now be %(later)s: the difference is a small group."
    ),
    "results.release.alike": N_(
        "“%(cell)s” was %(earlier)s in release %(number)s and would now be %(later)s: what came in between "
        "would be known to be all alike in this."
    ),
    "results.release.noise": N_(
        "Release %(number)s has another threshold or other sensitive questions, and so another noise: both together "
        "would tell more than either. Use its threshold (%(threshold)s)."
    ),
    "results.release.together": N_(
        "“%(cell)s” is hidden, but could be worked out from this release and release %(number)s together."
    ),
    "results.release.ways": N_(
        "What helps: wait for more responses; merge small categories; break the results down by less, or by the same "
        "groups as before; or plan the release with counts that are changed a little (cell keys)."
    ),
    "results.release.published": N_("Release %(number)s has been published already."),
    "results.release.withdrawn": N_("Release %(number)s has been withdrawn already."),
    "results.release.unpublished": N_("Release %(number)s is not published: there is nothing to withdraw."),
    "results.release.broken": N_(
        "The auditor could still work out hidden numbers in this release, so it is not kept. Break the results down by "
        "fewer groups, and tell those who run this installation."
    ),
    "results.quote.gone": N_("This contribution cannot be quoted: it is not shown, or its author did not allow it."),
    "results.quote.many": N_("There are %(most)s quotes on this theme already. Take one away first."),
    "results.draft.gone": N_(
        "This draft of a release is not there any more: it was frozen or discarded, or its time was over."
    ),
    "results.withdrawal.note": N_("Write the note in this language."),
    "results.release.damaged": N_("Release %(number)s is not what was frozen: its hash does not fit."),
    "results.plan.too_many": N_(
        "This plan makes %(tables)s tables broken down by groups; at most %(most)s can be made. Choose fewer groups."
    ),
    "results.plan.too_deep": N_(
        "“%(groups)s” breaks results down by more than two things at a time. Choose two of them."
    ),
    "results.microdata.empty": N_("There is nothing to give out: choose questions that somebody has answered."),
    "results.engine.unknown": N_("This installation has no aggregation engine called “%(engine)s”."),
    "results.engine.missing": N_(
        "Tables are to be made on “%(engine)s”, but what speaks to it is not installed. Install consult with its extra "
        "“spark”."
    ),
    "results.engine.away": N_("The aggregation engine “%(engine)s” does not answer. Try again later."),
}
