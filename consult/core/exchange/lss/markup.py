"""Texts of LimeSurvey, which are HTML with expressions in braces, as plain texts with `${name}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from consult.core.exchange.lss.script import Lost, Number, Text, Variable, parse
from consult.core.exchange.lss.variables import Kind, Own, Variables
from consult.core.expressions.values import number_text
from consult.core.text import clean

LENGTH: Final = 20_000
"""Letters of a text that are read."""
LOST: Final = "…"
"""Stands where something in a text was lost."""
_BLOCKS: Final = frozenset(
    {
        *("p", "div", "br", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "thead", "tbody", "caption", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article", "header", "footer"),
        *("fieldset", "form", "address", "center", "figure", "figcaption"),
    }
)
_SILENT: Final = frozenset({"script", "style", "template", "noscript", "object", "iframe", "svg", "head", "title"})
"""Elements whose content is no text for readers."""
_TOLD: Final = frozenset(
    {
        *("script", "style", "iframe", "object", "embed", "applet", "img", "picture", "audio", "video", "source"),
        *("svg", "canvas", "map", "input", "button", "select", "textarea", "link"),
    }
)
"""Elements that show or do something that a plain text cannot."""
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_SPACED: Final = re.compile(r"\$\{(?=\s)")
_EXPRESSION: Final = re.compile(r"\{([^\s{}](?:[^{}]{0,2000}?[^\s{}])?)\}")


@dataclass(slots=True)
class Plain:
    """A text that was read, and what was lost of it."""

    text: str
    elements: list[str] = field(default_factory=list)
    """HTML elements that were left out."""
    expressions: list[str] = field(default_factory=list)
    """Expressions in braces that are no plain mention of an answer."""
    cut: bool = False


def read_text(html: str, variables: Variables, own: Own) -> Plain:
    """A text for readers. Never raises."""
    cut = len(html) > LENGTH
    found = Plain(clean(html[:LENGTH]), cut=cut)
    if "<" in found.text or "&" in found.text:
        parser = _Reader(found.elements)
        parser.feed(found.text)
        parser.close()
        found.text = parser.text()
    found.text = _SPACED.sub("$ {", found.text)  # no mention of ours
    found.text = _EXPRESSION.sub(lambda match: _piped(match[1], variables, own, found), clean(found.text)).strip()
    return found


def without_markup(html: str) -> str:
    """A short text for a place or a title."""
    return " ".join(read_text(html, Variables(), Own()).text.split())


def _piped(source: str, variables: Variables, own: Own, found: Plain) -> str:
    """`{Q1.shown}` as `${q1}`; a literal as itself; anything else is noted and lost."""
    try:
        match parse(source):
            case Variable(name=name):
                variable, _ = variables.find(name, own)
                if variable.kind in (Kind.NUMBER, Kind.TEXT, Kind.CODE):
                    return f"${{{variable.question}}}"
            case Number(value=value):
                return number_text(value)
            case Text(value=value):
                return value
    except Lost:
        pass
    found.expressions.append(source)
    return LOST


class _Reader(HTMLParser):
    """Collects what is to be read, with line ends between blocks."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._told = told
        self._parts: list[str] = []
        self._silent: list[str] = []
        self._address = ""
        self._since = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _TOLD and tag not in self._told:
            self._told.append(tag)
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BLOCKS:
            self._parts.append("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "a":
            self._address = next((value for name, value in attrs if name == "href" and value), "")
            self._since = len(self._parts)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "a" and self._address:
            words = "".join(self._parts[self._since :])
            shown = self._address.removeprefix("mailto:")
            if _ADDRESS.fullmatch(self._address) and shown not in words:
                self._parts.append(f" ({shown})")
            self._address = ""
        elif tag in _BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(" ".join(data.replace("\n", " ").split(" ")) if data.strip() else " ")

    def text(self) -> str:
        """The lines, without superfluous space."""
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line not in ("", "-"))
