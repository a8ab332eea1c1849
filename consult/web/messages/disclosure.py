"""What can be wrong with a table that is to be protected or attacked."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES: dict[str, str] = {
    "disclosure.column.missing": N_("There is no column “%(name)s”. Add it, with the number of each row."),
    "disclosure.column.none": N_("There is no column with categories. Put at least one beside the counts."),
    "disclosure.column.twice": N_("Two columns are called “%(name)s”. Rename one."),
    "disclosure.column.reserved": N_("“%(name)s” is what a bound is called. Rename this column."),
    "disclosure.category.missing": N_(
        "There is no category of “%(name)s” in this row. Write one, or _total for the margin."
    ),
    "disclosure.row.twice": N_("“%(cell)s” stands in row %(first)s already. Leave one out."),
    "disclosure.row.missing": N_(
        "There is no row for “%(cell)s”; rows missing in all: %(count)s. Write one for every combination of "
        "categories, with _total for the margins, and 0 where there is nobody."
    ),
    "disclosure.margin.missing": N_(
        "“%(name)s” has no margin. Add rows in which it is _total, for every combination of the other columns."
    ),
    "disclosure.count.missing": N_("There is no count in this row. Write 0 where there is nobody."),
    "disclosure.count.unreadable": N_("“%(value)s” is no count. Write a whole number, 0 or more, in digits alone."),
    "disclosure.count.beside": N_("This row is suppressed, but its count is there. Leave the count empty."),
    "disclosure.key.unreadable": N_("“%(value)s” is no cell key. Write a whole number, 0 or more, in digits alone."),
    "disclosure.sum": N_(
        "“%(cell)s” is %(count)s, but its parts make %(sum)s. Correct the counts, or compute the margins again from "
        "the cells inside."
    ),
    "disclosure.shared": N_(
        "“%(cell)s” is %(count)s here and %(other)s in another table. "
        "Give tables of the same people, or give columns that mean different things different names."
    ),
    "disclosure.contradiction": N_(
        "No counts fit all that is shown in these tables. Give tables of the same people; "
        "counts changed by cell keys do not add up and cannot be attacked so."
    ),
    "disclosure.unprotectable": N_(
        "“%(cell)s” cannot be protected, whatever is hidden beside it. Merge categories, or leave the table out."
    ),
    "disclosure.noise": N_("No noise has this bound and this variance. Raise the bound, or change the variance."),
}
