"""Focus groups, hearings and meetings: sign-up, selection, the day itself, what was said."""
