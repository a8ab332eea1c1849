"""PDF: the report, tagged for those who listen to it (PDF/UA-1), in any script and direction."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator

from consult.results.charts import Chart
from consult.results.content import Content
from consult.results.exports import picture
from consult.results.presentation import Reader
from consult.results.report import chapters, report_of


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The report. Nothing is fetched while it is laid out: pictures are part of it, all other addresses are refused."""
    from weasyprint import HTML  # noqa: PLC0415  # heavy, and only downloads need it
    from weasyprint.urls import URLFetcher  # noqa: PLC0415  # likewise

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # what it warns of are properties it leaves out
    page = html(content, hash_, reader)
    yield HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(pdf_variant="pdf/ua-1")


def html(content: Content, hash_: str, reader: Reader) -> str:
    """The report as the page that is laid out."""
    report = report_of(content, hash_, reader)

    def drawn(chart: Chart, title: str) -> str:
        svg = picture.for_pdf(chart, title, reader)
        return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"

    template = picture.environment().get_template("results/report/report.html")
    return template.render(report=report, chapters=chapters(report.blocks), drawn=drawn)
