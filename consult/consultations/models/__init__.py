"""Tables of the slice: what is asked, what came, what was decided about it, what was answered."""
