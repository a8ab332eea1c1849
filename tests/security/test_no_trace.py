"""Promise 1: no trace of who answered, on anything that was written to disk, with and without the shipped nginx."""

from __future__ import annotations

import datetime as dt
import http.client
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from consult.core.questionnaire.definition import node_id
from consult.db import migrate
from consult.db.session import Database
from consult.participation import codes
from consult.processes.models import Activity
from tests.architecture.sources import ROOT
from tests.factories.events import make_event, make_occasion
from tests.factories.privacy import make_notice
from tests.factories.processes import make_activity, make_process
from tests.factories.questionnaires import make_edition, make_questionnaire
from tests.factories.responses import OPENED, make_open
from tests.factories.visitor import Visitor
from tests.faults.serving import Served, free_port

NGINX = "/usr/sbin/nginx"
ADDRESS = "203.0.113.77"
CANARIES = {
    "User-Agent": "CanaryAgent/7.7 (Canary-Phone)",
    "X-Forwarded-For": ADDRESS,
    "X-Real-IP": ADDRESS,
    "Forwarded": f"for={ADDRESS}",
    "Referer": "https://canary-referrer.example/page",
    "Accept-Language": "xx-CANARYLANG, en;q=0.5",
    "Cookie-Canary": "canary-header",
}
TRACES = (
    "CanaryAgent",
    "Canary-Phone",
    ADDRESS,
    "canary-referrer",
    "CANARYLANG",
    "canary-header",
    "canary-cookie",
    "canary-mail",
)
SLUG, EVENT = "survey", "abroad"


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    """The shipped configuration on loopback: only addresses, certificate and process file are replaced."""
    port = free_port()
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    replaced = {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "listen 80 default_server;": f"listen 127.0.0.1:{free_port()} default_server;",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;",
    }
    for shipped, local in replaced.items():
        assert shipped in text
        text = text.replace(shipped, local)
    lines = [line for line in text.splitlines() if not line.strip().startswith("ssl_")]
    paths = [f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    lines.insert(lines.index("http {") + 1, "\n".join(paths))
    configuration = folder / "nginx.conf"
    configuration.write_text("daemon off;\n" + "\n".join(lines), encoding="utf-8")
    command = [NGINX, "-c", str(configuration), "-p", str(folder), "-e", str(folder / "start.log")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(0.5)
            assert process.poll() is None, (folder / "start.log").read_text()
            yield port
        finally:
            process.terminate()
            process.wait(10)


@pytest.mark.parametrize("through_nginx", [False, True], ids=["alone", "nginx"])
def test_address_agent_and_cookie_are_nowhere_on_disk(tmp_path: Path, through_nginx: bool) -> None:
    data = tmp_path / "data"
    data.mkdir()
    database = Database(f"sqlite:///{data / 'consult.db'}")
    migrate.upgrade(database)
    with database.transaction() as session:
        activity = make_activity(
            session, make_process(session, threshold=1), slug=SLUG, locales=("en",), opens_at=OPENED
        )
        make_edition(session, activity, make_questionnaire(locales=("en",)))
        make_notice(session, activity)
        event = make_event(session, activity.process, slug=EVENT)
        starts_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
        make_occasion(session, event, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2))
    port = free_port()
    proxied = {"CONSULT_PROXIES": "1", "CONSULT_TRUSTED_HOSTS": "127.0.0.1"} if through_nginx else {}
    folder = tmp_path / "nginx"
    folder.mkdir()
    folder.chmod(0o777)
    with Served(data, port=port, environ=proxied) as server:
        if through_nginx:
            with nginx(folder, port) as front:
                known = [_journey(front), _signing_up(front)]
        else:
            known = [_journey(server.port), _signing_up(server.port)]
    with database.reading() as session:
        assert set(session.scalars(select(Activity.slug))) == {SLUG, EVENT}
    database.close()
    read = _everything(tmp_path)
    assert read, "there must be something to look through"
    found = {
        (trace, path) for trace in (*TRACES, *known) for path, content in read.items() if trace.encode() in content
    }
    assert found == set()
    assert any(b"canary wishes" in content for content in read.values()), "the answer itself must be there"


def _journey(port: int) -> str:
    """Answer, resume on another device, correct, fail on the way, and leave; the code of the participant."""
    visitor = Visitor("127.0.0.1", port, CANARIES)
    visitor.cookies["track"] = "canary-cookie"
    visitor.get("/en/")
    visitor.get(f"/en/q/{SLUG}")
    visitor.send({node_id("age"): "3"})
    assert visitor.status == 422
    visitor.send({node_id("age"): "40", node_id("country"): "gb"})
    visitor.send({node_id("wishes"): "canary wishes"})
    visitor.send()
    assert visitor.path.endswith("/receipt"), visitor.path
    code = next(value for name, value in visitor.cookies.items() if name != "track")
    other = Visitor("127.0.0.1", port, CANARIES)
    other.get(f"/en/q/{SLUG}/resume")
    other.send({"code": code})
    assert other.status == 200
    for path in ("/en/nothing-here", f"/en/q/{SLUG}/page/99", f"/en/q/{SLUG}/exit", "/en/help"):
        visitor.get(path)
    spelled = codes.read(code)
    assert spelled is not None
    return spelled


def _signing_up(port: int) -> str:
    """Sign up for an event, fail on the way, come back, change it, cancel, and leave; the code of who did."""
    visitor = Visitor("127.0.0.1", port, CANARIES)
    visitor.cookies["track"] = "canary-cookie"
    visitor.get(f"/en/e/{EVENT}/1/sign-up")
    visitor.send({"name": "Ama"})
    assert visitor.status == 422
    visitor.send({"name": "Ama", "address": "ama@canary-mail.example", "of_age": "yes", "agreed": "yes"})
    assert visitor.path.endswith("/receipt"), visitor.path
    code = visitor.cookies[f"seat-{EVENT}"]
    other = Visitor("127.0.0.1", port, CANARIES)
    other.get(f"/en/e/{EVENT}/own")
    other.send({"code": code})
    assert "Ama" in other.body
    for page in ("change", "cancel"):
        other.get(f"/en/e/{EVENT}/own/{page}")
        other.send()
        assert "/own?sent=" in other.path, other.path
    other.get(f"/en/e/{EVENT}/exit")
    return code


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_large_file_passes_the_shipped_nginx_without_touching_its_disk(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "nginx"
    for made in (data, folder):
        made.mkdir()
    folder.chmod(0o777)
    database = Database(f"sqlite:///{data / 'consult.db'}")
    migrate.upgrade(database)
    with database.transaction() as session:
        make_open(session, "uploads", slug=SLUG)
    database.close()
    noise = Image.effect_noise((1600, 1600), 100).convert("RGB")
    noise.save(tmp_path / "noise.png")
    content = (tmp_path / "noise.png").read_bytes()
    assert 2_000_000 < len(content) < 8_000_000
    parts = [("edition", b"1", ""), ("photo", b"", ""), ("letter", b"", ""), ("age", b"", "")]
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (name.encode(), called.encode(), value)
        for name, value, called in [*parts, ("photo", content, '; filename="a.png"')]
    )
    port = free_port()
    environ = {"CONSULT_PROXIES": "1", "CONSULT_TRUSTED_HOSTS": "127.0.0.1"}
    with Served(data, port=port, environ=environ), nginx(folder, port) as front:
        shutil.rmtree(folder / "client_body")  # a body that nginx wanted to put aside would be a fault now
        connection = http.client.HTTPConnection("127.0.0.1", front, timeout=60)
        headers = {"Content-Type": "multipart/form-data; boundary=x", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", f"/en/q/{SLUG}", body + b"--x--\r\n", headers)
        answer = connection.getresponse()
        connection.close()
    assert answer.status == 303
    assert len([path for path in (data / "uploads").rglob("*") if path.is_file()]) == 1
