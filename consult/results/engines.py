"""The engine that reads the column store: DuckDB in the process, or whatever speaks Spark Connect."""

from __future__ import annotations

import socket
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from consult.config import Settings, Store
from consult.core.errors import Refused
from consult.results import stores

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends import BaseBackend

SPARK: Final = "sc"
_PORT: Final = 15002
"""Where Spark Connect listens if nobody says otherwise."""
_PATIENCE: Final = 5.0
"""Seconds in which a server must take the connection."""
_RETRIES: Final = 3
"""How often a request is repeated, a second in all; the client itself would go on trying for ten minutes."""


def connect(settings: Settings) -> BaseBackend:
    """The engine an installation is set to.

    Refuses `results.engine.unknown` for one that there is not, `results.engine.missing` where the package that speaks
    Spark Connect is not installed, and `results.engine.away` where nobody answers.
    """
    if urlsplit(settings.engine).scheme == SPARK:
        return _spark(settings.engine)
    if settings.engine not in ("", "duckdb"):
        raise Refused.because("results.engine.unknown", engine=settings.engine)
    return _duckdb(settings)


def read(engine: BaseBackend, paths: Sequence[Store]) -> ir.Table:
    """Segments as one table of the engine. Spark reads a distant store itself, DuckDB through pyarrow."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    name = ibis.util.gen_name("segments")
    if engine.name == "pyspark":  # of which Ibis itself reads one path at a time
        named = [str(path) if isinstance(path, Path) else f"s3a://{stores.located(path)[1]}" for path in paths]
        engine._session.read.parquet(*named).createOrReplaceTempView(name)
    elif isinstance(paths[0], Path):
        return engine.read_parquet(paths)
    else:
        from pyarrow.dataset import dataset  # noqa: PLC0415  # heavy, and only the column store needs it

        found = [stores.located(path) for path in paths]
        engine.con.register(name, dataset([path for _, path in found], filesystem=found[0][0]))
    return engine.table(name)


@contextmanager
def lent(engine: BaseBackend, table: pa.Table) -> Iterator[ir.Table]:
    """A table of this process as one of the engine, which forgets it afterwards."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it
    import pyarrow as pa  # noqa: PLC0415  # heavy, and only aggregation needs it

    name = ibis.util.gen_name("lent")
    if engine.name == "pyspark":
        plain = [
            one.with_type(one.type.value_type) if pa.types.is_dictionary(one.type) else one for one in table.schema
        ]
        engine._session.createDataFrame(table.cast(pa.schema(plain))).createOrReplaceTempView(name)
        forget = partial(engine._session.catalog.dropTempView, name)
    else:
        engine.con.register(name, table)
        forget = partial(engine.con.unregister, name)
    try:
        yield engine.table(name)
    finally:
        with suppress(Exception):  # an engine that is away raised already; what it keeps goes with its session
            forget()


@contextmanager
def reached(engine: BaseBackend) -> Iterator[None]:
    """What is asked of an engine meanwhile refuses `results.engine.away` once it answers no more."""
    if engine.name != "pyspark":
        yield
        return
    from pyspark.errors import RetriesExceeded  # noqa: PLC0415  # an extra, and heavy

    try:
        yield
    except RetriesExceeded as away:
        raise Refused.because("results.engine.away", engine=engine._session.client.host) from away


def version(engine: BaseBackend) -> str:
    """Name and versions, to stand beside a release."""
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    return f"{engine.name} {engine.version}, ibis {ibis.__version__}"


def _duckdb(settings: Settings) -> BaseBackend:
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    engine = ibis.duckdb.connect(
        threads=settings.threads,
        memory_limit=f"{settings.engine_megabytes}MiB",
        temp_directory=str(settings.data / "spill"),
        temp_file_encryption=True,  # answers lie there for a moment
        autoinstall_known_extensions=False,
    )
    engine.raw_sql("SET enable_progress_bar = false")  # it would write between the lines of a command
    return engine


def _spark(address: str) -> BaseBackend:
    server = urlsplit(address)
    named = f"{server.hostname}:{server.port or _PORT}"  # without a token, which the address can hold
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415  # an extra, and heavy
        from pyspark.sql import SparkSession  # noqa: PLC0415  # an extra, and heavy
        from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415  # an extra, and heavy
    except ImportError as missing:
        raise Refused.because("results.engine.missing", engine=named) from missing
    import ibis  # noqa: PLC0415  # half a second to load, and only aggregation needs it

    try:
        socket.create_connection((server.hostname or "", server.port or _PORT), timeout=_PATIENCE).close()
        session = SparkSession.builder.remote(address).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
        engine = ibis.pyspark.connect(session)
    except (OSError, ValueError, PySparkException) as away:
        raise Refused.because("results.engine.away", engine=named) from away
    weakref.finalize(engine, session.stop).atexit = False  # the server forgets by itself who is gone
    return engine
