"""Texts of LimeSurvey, which are HTML with expressions in braces, as plain texts with `${name}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
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
_TAG: Final = re.compile(r"""<(/?)([A-Za-z][\w:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_HREF: Final = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
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
        found.text = _Reader(found.elements).read(found.text)
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


class _Reader:
    """Collects what is to be read, with line ends between blocks.

    Reads tags by itself, in one pass: parsers of HTML take time with the square of some broken texts.
    """

    def __init__(self, told: list[str]) -> None:
        self._told = told
        self._parts: list[str] = []
        self._address = ""
        self._since = 0

    def read(self, html: str) -> str:
        """The lines of a text, without superfluous space."""
        position = 0
        while (start := html.find("<", position)) >= 0:
            self._words(html[position:start])
            position = self._markup(html, start)
        self._words(html[position:])
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line not in ("", "-"))

    def _markup(self, html: str, start: int) -> int:
        """Read what begins with `<`; where reading goes on."""
        if html.startswith("<!--", start):
            end = html.find("-->", start)
            return end + 3 if end >= 0 else len(html)
        tag = _TAG.match(html, start)
        if tag is None:
            self._words("<")
            return start + 1
        name = tag[2].lower()
        if tag[1]:
            self._close(name)
            return tag.end()
        if name in _TOLD and name not in self._told:
            self._told.append(name)
        if name in _SILENT and not tag[0].endswith("/>"):
            end = html.lower().find(f"</{name}", tag.end())
            return end if end >= 0 else len(html)
        self._open(name, tag[3])
        return tag.end()

    def _open(self, name: str, attributes: str) -> None:
        if name in _BLOCKS:
            self._parts.append("\n- " if name == "li" else "\n")
        elif name in ("td", "th"):
            self._parts.append(" ")
        elif name == "a":
            address = _HREF.search(attributes)
            self._address = unescape(address[1] or address[2] or "") if address else ""
            self._since = len(self._parts)

    def _close(self, name: str) -> None:
        if name == "a" and self._address:
            shown = self._address.removeprefix("mailto:")
            if _ADDRESS.fullmatch(self._address) and shown not in "".join(self._parts[self._since :]):
                self._parts.append(f" ({shown})")
            self._address = ""
        elif name in _BLOCKS:
            self._parts.append("\n")

    def _words(self, html: str) -> None:
        self._parts.append(unescape(html.replace("\n", " ")))
