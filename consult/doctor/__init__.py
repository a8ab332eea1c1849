"""What leaks or is at fault in an installation, each with what to do about it."""
