"""An S3-compatible store of the tests' own, in their process and on loopback."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from pyarrow.fs import FileSystem
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "consult"
KEYS = {"AWS_ACCESS_KEY_ID": "us", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true"}


class Objects:
    """A running server, and what is done before it answers."""

    def __init__(self) -> None:
        self.before_writing: Callable[[], bool] = lambda: True
        """Says whether to go on."""
        application = DomainDispatcherApplication(create_backend_app)

        def answer(environ, start_response):
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD") and not self.before_writing():
                start_response("503 Service Unavailable", [])
                return []
            return application(environ, start_response)

        self.server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Silent)
        self.address = f"127.0.0.1:{self.server.server_port}"
        self.options = f"scheme=http&region=us-east-1&endpoint_override={self.address}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        system, _ = FileSystem.from_uri(f"s3://{BUCKET}?{self.options}&allow_bucket_creation=true")
        system.create_dir(BUCKET)

    def store(self) -> str:
        """The address of an empty column store, as `CONSULT_COLUMNS` takes it."""
        return f"s3://{BUCKET}/{uuid.uuid4()}/columns?{self.options}"


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass


@contextmanager
def served() -> Iterator[Objects]:
    """A server, with the keys to it in the environment: also those that Sail reads."""
    with patch.dict(os.environ, KEYS):
        found = Objects()
        named = {"AWS_ENDPOINT": f"http://{found.address}", "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}
        with patch.dict(os.environ, named):
            yield found
        found.server.shutdown()
