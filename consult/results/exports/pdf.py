"""PDF: the report, tagged for those who listen to it (PDF/UA-1), in any script and direction."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from consult.results.charts import Chart
from consult.results.content import Content
from consult.results.exports import picture
from consult.results.exports.safe import xml
from consult.results.presentation import Reader
from consult.results.report import chapters, report_of


def write(content: Content, _frozen: bytes, hash_: str, reader: Reader) -> Iterator[bytes]:
    """The report."""
    yield laid_out(html(content, hash_, reader))


def laid_out(page: str) -> bytes:
    """A page as PDF. Nothing is fetched: pictures are part of the page, all other addresses are refused."""
    from weasyprint import HTML  # noqa: PLC0415  # heavy, and only downloads need it
    from weasyprint.urls import URLFetcher  # noqa: PLC0415  # likewise

    made: bytes = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made


def html(content: Content, hash_: str, reader: Reader) -> str:
    """The report as the page that is laid out."""
    report = report_of(content, hash_, reader)

    def drawn(chart: Chart, title: str) -> str:
        svg = picture.for_pdf(chart, title, reader)
        return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"

    template = picture.environment().get_template("results/report/report.html")
    return xml(template.render(report=report, chapters=chapters(report.blocks), drawn=drawn))
