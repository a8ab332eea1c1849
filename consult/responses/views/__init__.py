"""Taking part: answering pages, for oneself or for somebody, and what one can do with one's code afterwards."""

from consult.responses.views import (
    answering,
    away,
    files,
    importing,
    interviewing,
    inviting,
    joint,
    media,
    offline,
    own,
    preview,
    trial,
    trials,
)
from consult.responses.views.blueprint import blueprint

__all__ = [
    "answering",
    "away",
    "blueprint",
    "files",
    "importing",
    "interviewing",
    "inviting",
    "joint",
    "media",
    "offline",
    "own",
    "preview",
    "trial",
    "trials",
]
