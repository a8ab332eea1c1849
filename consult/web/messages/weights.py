"""What can be wrong with data, margins and weights."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    "weights.empty": N_("This cell is empty. Fill it in, or leave the row out."),
    "weights.number": N_("“%(value)s” is not a number. Write it with a decimal point, without spaces or units."),
    "weights.low": N_("“%(value)s” is too low: the number must be above zero."),
    "weights.unanswered": N_("There is no answer in the column “%(header)s” to estimate anything from."),
    "weights.margin.twice": N_("The category “%(category)s” of “%(variable)s” stands in the margins more than once."),
    "weights.margin.unknown": N_(
        "The category “%(category)s” of “%(variable)s” has no total in the margins; respondents in it: %(count)s. "
        "Give it a total, or write the category as the margins do."
    ),
    "weights.margin.unanswered": N_(
        "“%(variable)s” is empty for some respondents (%(count)s). "
        "Fill it in, leave these rows out, or give the margins a category without a name."
    ),
    "weights.margin.empty": N_(
        "Nobody in the data is in the category “%(category)s” of “%(variable)s”, whose total is %(total)s. Merge it, "
        "for example with “%(neighbour)s” (respondents: %(count)s), both in the data and in the margins."
    ),
    "weights.margin.totals": N_(
        "The totals of “%(variable)s” add up to %(total)s, those of “%(first)s” to %(first_total)s. "
        "Take all from the same population, or scale them to the same sum."
    ),
    "weights.margin.unmet": N_(
        "No weights were found that meet all margins: after %(rounds)s rounds “%(category)s” of “%(variable)s” is "
        "%(percent)s %% off its total. Merge rare categories, or leave a variable out."
    ),
    "weights.margin.missed": N_(
        "These weights do not meet the margins: “%(category)s” of “%(variable)s” is %(percent)s %% off its total. "
        "If they were trimmed, standard errors are approximate; otherwise these are not the margins they were made for."
    ),
    "weights.bounds": N_(
        "No weights between %(lower)s and %(upper)s have the right sum: their mean must be %(mean)s. Set wider bounds."
    ),
    "weights.id.row": N_(
        "There is a column “%(header)s”. Say with --id %(header)s that it identifies respondents, or rename it."
    ),
    "weights.id.twice": N_(
        "The identifier “%(id)s” stands in several rows (%(count)s). Give each respondent one of their own."
    ),
    "weights.id.unweighted": N_(
        "There are respondents without a weight: %(count)s, the first with “%(id)s” in “%(header)s”. "
        "Use the weights that were made for these data."
    ),
    "weights.id.unknown": N_(
        "There are weights of nobody in the data: %(count)s, the first with “%(id)s” in “%(header)s”. "
        "Keep all respondents in the data, and break results down by groups instead."
    ),
    "weights.stratum.single": N_(
        "The stratum “%(stratum)s” has a single cluster or respondent, which tells nothing about its variance. "
        "Merge it with a similar one."
    ),
    "weights.fpc.varies": N_(
        "The size of the population varies within the stratum “%(stratum)s”, from %(least)s to %(most)s. "
        "Give one size for each stratum."
    ),
    "weights.fpc.small": N_(
        "The stratum “%(stratum)s” has %(size)s clusters or persons in the population, but %(drawn)s in the sample. "
        "Check the sizes of the population."
    ),
    "weights.margins.variable": N_(
        "There is no question with one answer called “%(variable)s”. Write its name or its concept. "
        "There are: %(names)s."
    ),
    "weights.margins.category": N_("“%(variable)s” has no category “%(category)s”. It has: %(codes)s."),
    "weights.margins.hidden": N_(
        "In “%(variable)s” too few chose some of these, or a release would hide them: %(categories)s. Give them one "
        "total, as “%(merged)s”; or leave the smallest out of the margins, and they keep their share of the responses."
    ),
    "weights.margins.few": N_("Too few have taken part for weights. Try again when there are more responses."),
    "weights.margins.bounds": N_("The mean of all weights is 1: the least must be under it, the greatest above."),
    "weights.margins.day": N_(
        "The responses were held against margins today already. Once a day is what is told before a release: try again "
        "tomorrow."
    ),
    "weights.margins.unfitted": N_("See how these margins fit before you accept them."),
    "weights.margins.decided": N_("This has been decided already."),
}
