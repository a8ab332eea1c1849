"""A Spark Connect server of the tests' own, in their process and on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pysail.spark import SparkConnectServer


@contextmanager
def served() -> Iterator[str]:
    """Its address while it runs, as `CONSULT_ENGINE` takes it."""
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        host, port = server.listening_address
        yield f"sc://{host}:{port}"
    finally:
        server.stop()
