"""Online consultations: draft texts, comments, statements and votes, submissions, moderation, official answers."""
