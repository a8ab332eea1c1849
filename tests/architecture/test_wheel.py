"""The wheel builds, installs into a clean environment with the locked versions, and serves a page from there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.faults.serving import free_port


@pytest.mark.xdist_group("wheel")
def test_the_wheel_serves_a_page_from_a_clean_environment(tmp_path: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("consult-*.whl")
    clean = tmp_path / "clean"
    run(str(uv), "venv", "-q", "--python", sys.executable, str(clean))
    python = str(clean / "bin" / "python")
    run(
        str(uv),
        "pip",
        "install",
        "-q",
        "--python",
        python,
        "--require-hashes",
        "-r",
        str(ROOT / "requirements" / "run.lock"),
    )
    run(str(uv), "pip", "install", "-q", "--python", python, "--no-deps", str(wheel))
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "CONSULT_DATA": str(tmp_path / "data"),
        "CONSULT_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = str(clean / "bin" / "consult")
    elsewhere = {"cwd": tmp_path, "env": environ}
    subprocess.run([command, "migrate"], check=True, timeout=60, **elsewhere)
    with subprocess.Popen([command, "serve", "--port", str(port), "--workers", "1"], **elsewhere) as server:
        try:
            page = fetch(f"http://127.0.0.1:{port}/ar/help")
        finally:
            server.terminate()
            server.wait(30)
    assert '<html lang="ar" dir="rtl">' in page
    assert "المساعدة" in page, "the catalogues travel compiled"


def run(*command: str) -> None:
    """Run a command; what it said is shown where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def fetch(address: str) -> str:
    """A page, once the server answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
