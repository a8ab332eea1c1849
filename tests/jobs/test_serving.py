"""`consult serve` keeps a worker beside the web and takes everything down with it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from consult.db.session import Database

AGENT = "canary-agent/1.0"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def server(sqlite: Database, tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "CONSULT_DATA": str(tmp_path),
        "CONSULT_BASE_URL": f"http://127.0.0.1:{port}",
    }
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "consult.cli", "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    until(lambda: answers(port))
    until(lambda: worker_of(process.pid) is not None)
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health", headers={"User-Agent": AGENT})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if f"\nPPid:\t{pid}\n" in status.read_text():
                found.append(int(status.parent.name))
        except OSError:
            continue
    return found


def worker_of(pid: int) -> int | None:
    for child in children(pid):
        try:
            if b"\0worker\0" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        except OSError:
            continue
    return None


def alive(pid: int) -> bool:
    try:
        return not re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return False


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_a_worker_that_dies_is_started_again(server: subprocess.Popen[bytes]) -> None:
    first = worker_of(server.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: worker_of(server.pid) not in (None, first))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_everything_ends_with_the_server(server: subprocess.Popen[bytes], port: int, how: signal.Signals) -> None:
    family = children(server.pid)
    os.kill(server.pid, how)
    server.wait(30)
    until(lambda: not any(alive(pid) for pid in family))
    assert not answers(port)


def test_nothing_about_clients_is_logged(server: subprocess.Popen[bytes], port: int, tmp_path: Path) -> None:
    assert answers(port)
    server.terminate()
    server.wait(30)
    log = (tmp_path / "log").read_text()
    assert AGENT not in log and "/health" not in log and "GET" not in log
