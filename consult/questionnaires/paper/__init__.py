"""A questionnaire on paper: everything that is asked, with its routing in words, for clearance and to be filled in."""
