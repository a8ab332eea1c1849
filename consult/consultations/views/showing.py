"""How contributions are told to everybody: what is blackened, what would be worded otherwise, how many share it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from consult.consultations.models.contributed import Comment
from consult.consultations.parts import Block, Read
from consult.core.bands import band
from consult.core.rewording import Piece, reworded
from consult.core.text import LocalisedText
from consult.web.templating import number


class Run(NamedTuple):
    """Some letters in a row, of which a moderator blackened all or none."""

    text: str
    """Empty where they are blackened: what nobody may read does not leave the server."""
    black: bool


def runs(body: str, redacted: Sequence[Sequence[int]]) -> Iterator[Run]:
    """A text with its blackened parts: `[[start, end], …]`."""
    at = 0
    for start, end in sorted((max(start, 0), end) for start, end in redacted):
        if end <= at:
            continue
        if body[at:start]:
            yield Run(body[at:start], black=False)
        yield Run("", black=True)
        at = end
    if body[at:]:
        yield Run(body[at:], black=False)


@dataclass(frozen=True, slots=True)
class Teller:
    """What the comments on a part are told by."""

    words: Mapping[Read, LocalisedText]
    """Of what their authors read."""
    latest: Block
    source: str
    threshold: int
    """Below how many nothing is told of persons."""

    def runs(self, comment: Comment) -> list[Run]:
        """What it says, as far as anybody may read it."""
        return list(runs(comment.body, comment.redacted))

    def reworded(self, comment: Comment) -> list[Piece]:
        """How it would word the paragraph that its author read; nothing where it suggests nothing."""
        read = self.words.get((comment.part, comment.version))
        if not comment.suggestion or read is None:
            return []
        return reworded(read.resolve(comment.locale, self.source).text, comment.suggestion)

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
