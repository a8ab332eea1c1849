"""Institutions answer: who asks them, who of them answers, what they write together, and who signs it."""

from consult.responses.views.joint import answering, asking, naming, overview, signing

__all__ = ["answering", "asking", "naming", "overview", "signing"]
