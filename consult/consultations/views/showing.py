"""How contributions are told to everybody: what would be worded otherwise, how many share it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.consultations.models.contributed import Comment
from consult.consultations.models.moderated import Decision, Reason
from consult.consultations.parts import Block, Read
from consult.consultations.words import REASONS
from consult.core.bands import band
from consult.core.drafting.difference import Run, difference
from consult.core.text import LocalisedText
from consult.web.templating import number


@dataclass(frozen=True, slots=True)
class Teller:
    """What the comments on a part are told by."""

    words: Mapping[Read, LocalisedText]
    """Of what their authors read."""
    latest: Block
    source: str
    tombs: Mapping[uuid.UUID, Decision]
    """Why what is not shown any more is not."""
    threshold: int
    """Below how many nothing is told of persons."""

    @property
    def reasons(self) -> Mapping[Reason, str]:
        """The names of reasons."""
        return REASONS

    def reworded(self, comment: Comment) -> list[Run]:
        """How it would word the paragraph that its author read; nothing where it suggests nothing."""
        read = self.words.get((comment.part, comment.version))
        if not comment.suggestion or read is None:
            return []
        return difference(read.resolve(comment.locale, self.source).text, comment.suggestion)

    def outdated(self, comment: Comment) -> bool:
        """Whether the part has other words since."""
        if comment.version == self.latest.version or self.latest.words is None:
            return False
        return self.words.get((comment.part, comment.version)) != self.latest.words

    def shared(self, count: int) -> str:
        """How many others share a comment, in bands; empty where nobody does."""
        found = band(count, self.threshold)
        if found is None:
            return ""
        if found.least == 1:
            return str(_("A few others share this"))
        if found.most is None:
            return str(_("%(least)s or more others share this", least=number(found.least)))
        return str(_("%(least)s to %(most)s others share this", least=number(found.least), most=number(found.most)))

    def signatories(self, count: int) -> str:
        """How many people say nearly the same, in bands."""
        found = band(count, self.threshold)
        if found is None:
            return ""
        if found.least == 1:
            return str(_("A few people say nearly the same"))
        if found.most is None:
            return str(_("%(least)s or more people say nearly the same", least=number(found.least)))
        return str(
            _("%(least)s to %(most)s people say nearly the same", least=number(found.least), most=number(found.most))
        )
