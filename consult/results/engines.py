"""The engine that reads the column store: DuckDB in the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consult.config import Settings
from consult.core.errors import Refused

if TYPE_CHECKING:
    from ibis.backends import BaseBackend


def connect(settings: Settings) -> BaseBackend:
    """The engine an installation is set to; refuses `results.engine.unknown` for one that is not built in."""
    if settings.engine not in ("", "duckdb"):
        raise Refused.because("results.engine.unknown", engine=settings.engine)
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    return ibis.duckdb.connect(threads=settings.threads, autoinstall_known_extensions=False)


def version(engine: BaseBackend) -> str:
    """Name and versions, to stand beside a release."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    return f"{engine.name} {engine.version}, ibis {ibis.__version__}"
