"""The real server as operators start it: `consult serve`, in its own process group on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A running installation; `kill()` ends every process of it at once, `start()` begins anew on the same data."""

    def __init__(self, data: Path, *, port: int | None = None, environ: Mapping[str, str] | None = None) -> None:
        self.data, self.port = data, port or free_port()
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CONSULT_")},
            "CONSULT_DATA": str(data),
            "CONSULT_BASE_URL": f"http://127.0.0.1:{self.port}",
            **(environ or {}),
        }
        self.log = data / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> str:
        """Run a `consult` command on the installation; what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "consult.cli", *words],
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout

    def start(self) -> None:
        """Start serving and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "consult.cli", "serve", "--port", str(self.port), "--workers", "2"],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(b"GET /health HTTP/1.0\r\nHost: 127.0.0.1:%d\r\n\r\n" % self.port)
                    if b" 200 " in connection.recv(200):
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """kill −9 of the whole process group."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()
