"""The paper as PDF, tagged for those who listen to it (PDF/UA-1)."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader

from consult import paths
from consult.core.documents.printed import laid_out
from consult.core.exchange.safe import xml
from consult.questionnaires.paper.content import Paper
from consult.web.locale import locale_of


def write(paper: Paper) -> bytes:
    """The file."""
    return laid_out(html(paper))


def html(paper: Paper) -> str:
    """The paper as the page that is laid out."""
    loader = FileSystemLoader(paths.TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(direction=lambda code: locale_of(code).direction, kind=lambda part: type(part).__name__)
    return xml(environment.get_template("questionnaires/paper/paper.html").render(paper=paper))
