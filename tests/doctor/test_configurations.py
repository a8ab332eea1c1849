"""What is shipped is clean; each line that leaks is named with its place and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from consult.doctor import nginx, units
from tests.architecture.sources import ROOT

DEPLOY = ROOT / "docs" / "deploy"
NGINX = DEPLOY.joinpath("nginx.conf").read_text(encoding="utf-8")
UNIT = DEPLOY.joinpath("consult.service").read_text(encoding="utf-8")


def test_what_is_shipped_leaks_nothing() -> None:
    assert [*nginx.found(DEPLOY / "nginx.conf")] == []
    for unit in DEPLOY.glob("*.service"):
        assert [*units.found(unit)] == []


BODY = "client_max_body_size 42m; client_body_buffer_size 42m;"
NO_ERRORS = "error_log /dev/null emerg;"


@pytest.mark.parametrize(
    ("shipped", "planted", "wanted"),
    [
        ("access_log off;", "access_log /var/log/nginx/access.log;", "access_log off;"),
        ("access_log off;", "", "access_log off;"),
        ("server_tokens off;", "error_log /var/log/nginx/error.log warn;", NO_ERRORS),
        ("error_log /dev/null emerg;", "error_log /var/log/nginx/error.log crit;", NO_ERRORS),
        ("error_log /dev/null emerg;", "", NO_ERRORS),
        ("location / {", "location / {\naccess_log syslog:server=10.0.0.1 combined;", "access_log off;"),
        ('X-Forwarded-For ""', "X-Forwarded-For $proxy_add_x_forwarded_for", 'proxy_set_header X-Forwarded-For "";'),
        ('X-Real-IP ""', "X-Real-IP $remote_addr", 'proxy_set_header X-Real-IP "";'),
        ('proxy_set_header User-Agent "";', "", 'proxy_set_header User-Agent "";'),
        ('proxy_set_header Referer "";', "", 'proxy_set_header Referer "";'),
        ('proxy_set_header Forwarded "";', "", 'proxy_set_header Forwarded "";'),
        ("client_body_buffer_size 42m;", "", BODY),
        ("client_max_body_size 42m;", "client_max_body_size 0;", BODY),
        ("client_body_timeout 30s;", "client_body_in_file_only clean;", "client_body_in_file_only off;"),
        ("proxy_max_temp_file_size 0;", "", "proxy_max_temp_file_size 0;"),
        ("ssl_session_tickets off;", "", "ssl_session_tickets off;"),
    ],
)  # fmt: skip
def test_a_leak_in_nginx_is_named_once_for_each_place(tmp_path: Path, shipped: str, planted: str, wanted: str) -> None:
    path = tmp_path / "nginx.conf"
    assert shipped in NGINX
    path.write_text(NGINX.replace(shipped, planted, 1), encoding="utf-8")

    found = [*nginx.found(path)]

    assert [problem.params["wanted"] for problem in found] == [wanted]
    place, _, line = str(found[0].params["place"]).rpartition(":")
    assert place == "nginx.conf"
    named = path.read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert named.split()[0].rstrip("{;") == str(found[0].params["found"]).split()[0]


def test_what_is_included_is_read_too(tmp_path: Path) -> None:
    """As Debian lays it out: the sites in files of their own, with what the file around them says."""
    sites = tmp_path / "sites-enabled"
    sites.mkdir()
    (tmp_path / "nginx.conf").write_text(
        "error_log /dev/null emerg;\nhttp {\n  access_log off;\n  include sites-enabled/*;\n}\n"
    )
    (sites / "consult").write_text(
        "# the site\nserver {\n  location / {\n"
        "    access_log /srv/log 'a; {strange} format';\n    proxy_pass http://consult;\n  }\n}\n"
    )

    found = [problem.params["place"] for problem in nginx.found(tmp_path / "nginx.conf")]

    assert found[0] == "consult:4"
    assert set(found[1:]) == {"consult:5"}


def test_headers_are_inherited_all_or_none(tmp_path: Path) -> None:
    """As nginx has it: who sets one header in an inner block has to set all."""
    path = tmp_path / "nginx.conf"
    emptied = " ".join(f'proxy_set_header {header} "";' for header in nginx.HEADERS)
    around = (
        "error_log /dev/null; http {{ access_log off; client_body_buffer_size 1m; proxy_max_temp_file_size 0; "
        "server {{ {} location / {{ {} proxy_pass http://x; }} }} }}"
    )
    path.write_text(around.format(emptied, ""))
    assert [*nginx.found(path)] == []

    path.write_text(around.format(emptied, "proxy_set_header Host $host;"))
    assert len([*nginx.found(path)]) == len(nginx.HEADERS)


def test_a_server_that_passes_nothing_on_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "nginx.conf"
    path.write_text("error_log /dev/null; http { access_log off; server { listen 443 ssl; root /srv/www; } }")

    assert [*nginx.found(path)] == []


@pytest.mark.parametrize(
    ("shipped", "planted", "wanted"),
    [
        ("UMask=0077", "UMask=0022", "UMask=0077"),
        ("UMask=0077", "", "UMask=0077"),
        ("LimitCORE=0", "LimitCORE=infinity", "LimitCORE=0"),
        ("LimitCORE=0", "", "LimitCORE=0"),
        ("User=consult\n", "", "User=consult"),
        ("User=consult", "User=root", "User=consult"),
        (
            "ExecStart=/opt/consult/bin/consult serve --host 127.0.0.1 --port 8000",
            "ExecStart=/opt/consult/bin/gunicorn --access-logfile - wsgi:app",
            "ExecStart=… consult serve",
        ),
        (
            "Type=exec",
            "Environment=CONSULT_SMTP_URL=smtp://user:secret@mail.example.org:587",
            "EnvironmentFile=/etc/consult/environment",
        ),
    ],
)
def test_a_leak_in_a_unit_is_named(tmp_path: Path, shipped: str, planted: str, wanted: str) -> None:
    path = tmp_path / "consult.service"
    assert shipped in UNIT
    path.write_text(UNIT.replace(shipped, planted, 1), encoding="utf-8")

    found = [*units.found(path)]

    assert [problem.params["wanted"] for problem in found] == [wanted]
    assert "secret" not in str(found)


def test_passwords_in_a_file_that_others_read_are_noticed(tmp_path: Path) -> None:
    environment, path = tmp_path / "environment", tmp_path / "consult.service"
    environment.write_text("CONSULT_DATABASE_URL=postgresql://consult:secret@db/consult\n")
    path.write_text(UNIT.replace("/etc/consult/environment", str(environment)), encoding="utf-8")

    environment.chmod(0o644)
    assert [problem.code for problem in units.found(path)] == ["doctor.leak.open"]
    environment.chmod(0o600)
    assert [*units.found(path)] == []


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    for found in (nginx.found(tmp_path / "nothing.conf"), units.found(tmp_path / "nothing.service")):
        assert [problem.code for problem in found] == ["doctor.fault.unread"]
