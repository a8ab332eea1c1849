"""Pages laid out as PDF, in any script and direction."""

from __future__ import annotations

from collections.abc import Callable


def laid_out(page: str, step: Callable[[], None] = lambda: None, *, variant: str | None = "pdf/ua-1") -> bytes:
    """A page of HTML as PDF. Nothing is fetched: pictures are part of the page, all other addresses are refused. `step`
    is called between layout and writing."""
    from weasyprint import HTML  # noqa: PLC0415  # heavy, and only what is printed needs it
    from weasyprint.urls import URLFetcher  # noqa: PLC0415  # likewise

    fetcher = URLFetcher(allowed_protocols=("data",))
    document = HTML(string=page, url_fetcher=fetcher).render(pdf_variant=variant)
    step()
    made: bytes = document.write_pdf(pdf_variant=variant)
    return made
