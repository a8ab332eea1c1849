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
    "results.release.together": N_(
        "“%(cell)s” is hidden, but could be worked out from this release and release %(number)s together."
    ),
    "results.release.ways": N_(
        "What helps: wait for more responses; merge small categories; break the results down by less, or by the same "
        "groups as before; or plan the release with counts that are changed a little (cell keys)."
    ),
    "results.release.published": N_("Release %(number)s has been published already."),
    "results.release.damaged": N_("Release %(number)s is not what was frozen: its hash does not fit."),
    "results.plan.too_many": N_(
        "This plan makes %(tables)s tables broken down by groups; at most %(most)s can be made. Choose fewer groups."
    ),
    "results.engine.unknown": N_("This installation has no aggregation engine called “%(engine)s”."),
}
