"""PDF: the report, tagged for those who listen to it (PDF/UA-1), in any script and direction."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from consult.core.documents.printed import laid_out
from consult.core.exchange.safe import xml
from consult.core.progress import Progress, Steps, unwatched
from consult.results.charts import Chart
from consult.results.content import Content
from consult.results.exports import picture
from consult.results.presentation import Reader
from consult.results.report import Report, chapters, report_of


def write(
    content: Content, _frozen: bytes, hash_: str, reader: Reader, progress: Progress = unwatched
) -> Iterator[bytes]:
    """The report of a release."""
    return written(report_of(content, hash_, reader), reader, progress)


def written(report: Report, reader: Reader, progress: Progress = unwatched) -> Iterator[bytes]:
    """A report; its steps are the charts drawn, the pages laid out, the file written."""
    steps = Steps(progress, 3)
    page = html(report, reader)
    steps.step()
    yield laid_out(page, steps.step)
    steps.step()


def html(report: Report, reader: Reader) -> str:
    """A report as the page that is laid out."""

    def drawn(chart: Chart, title: str) -> str:
        svg = picture.for_pdf(chart, title, reader)
        return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"

    template = picture.environment().get_template("results/report/report.html")
    return xml(template.render(report=report, chapters=chapters(report.blocks), drawn=drawn))
