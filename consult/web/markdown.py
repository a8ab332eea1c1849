"""Authored Markdown: rendered, then sanitised; links never carry scripts, nothing is loaded from elsewhere."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "hr", "code"}
_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False})


def render(text: str) -> Markup:
    """Safe HTML of a Markdown text; its headings start at the second level."""
    html = _PARSER.render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    safe = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "http", "mailto", "tel"})
    return Markup(safe)  # noqa: S704  # sanitised on the line above


def paragraphs(text: str) -> list[str]:
    """A Markdown text as plain paragraphs: for what is printed elsewhere than on a page."""
    inline = (token for token in _PARSER.parse(text) if token.type == "inline")
    found = (
        "".join("\n" if part.type.endswith("break") else part.content for part in token.children or ())
        for token in inline
    )
    return [words for one in found if (words := one.strip())]
